#!/usr/bin/env bash
# Debian packages of the runtime images. Needs root, apt-get and the network.
set -euo pipefail
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq
apt-get install -y -qq --no-install-recommends \
  bash ca-certificates tini python3 python3-venv libgomp1 eprover bubblewrap
if [ "${QUOD_WITH_JAVA:-0}" = 1 ]; then # ENHSP, the numeric planner
  apt-get install -y -qq --no-install-recommends default-jre-headless
fi
if [ "${QUOD_WITH_ROCQ:-0}" = 1 ]; then
  apt-get install -y -qq --no-install-recommends \
    coq libcoq-mathcomp-ssreflect libcoq-mathcomp-algebra libcoq-mathcomp-zify libcoq-mathcomp-algebra-tactics \
    libcoq-coquelicot libcoq-interval coinor-csdp
fi
rm -rf /var/lib/apt/lists/*
