#!/usr/bin/env bash
# Install the Debian packages that widen what quod can do: Rocq, E, Redis, PostgreSQL, a browser for the tests.
# Where we may not (no apt-get, or not root) it says what is missing and goes on: quod runs without them.
set -euo pipefail

packages=(
  coq libcoq-mathcomp-ssreflect libcoq-mathcomp-algebra libcoq-mathcomp-zify libcoq-mathcomp-algebra-tactics
  libcoq-coquelicot libcoq-interval coinor-csdp
  eprover
  bubblewrap
  redis-server postgresql
  chromium
  shellcheck
)

missing=()
for package in "${packages[@]}"; do
  [ "$(dpkg-query --show --showformat='${db:Status-Status}' "$package" 2>/dev/null)" = installed ] || missing+=("$package")
done
[ ${#missing[@]} -gt 0 ] || exit 0

if ! command -v apt-get >/dev/null || [ "$(id -u)" -ne 0 ]; then
  echo "not installed (needs root and apt-get): ${missing[*]}; what depends on them is left out" >&2
  exit 0
fi
echo "installing Debian packages: ${missing[*]}"
export DEBIAN_FRONTEND=noninteractive
# Services must not start by themselves: the tests start their own, on free ports.
policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ]; then
  printf '#!/bin/sh\nexit 101\n' >"$policy" && chmod +x "$policy"
  trap 'rm -f "$policy"' EXIT
fi
apt-get update -qq
apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
