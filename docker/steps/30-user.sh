#!/usr/bin/env bash
# The unprivileged user that everything runs as.
set -euo pipefail
groupadd --gid 10001 quod
useradd --uid 10001 --gid 10001 --home-dir /home/quod --create-home --shell /usr/sbin/nologin quod
install -d -o quod -g quod -m 0700 /home/quod/.quod
install -d -o quod -g quod -m 0755 /opt/lean
