#!/usr/bin/env bash
# quod in a virtual environment of its own at /opt/quod, from the hashed lock. Run in the folder of the sources.
set -euo pipefail
prefix=${QUOD_PREFIX:-/opt/quod}
sources=${1:-$PWD}
python3 -m venv "$prefix"
"$prefix/bin/python" -m pip install --quiet --disable-pip-version-check --no-cache-dir \
  --require-hashes -r "$sources/requirements-uv.lock"
VIRTUAL_ENV="$prefix" "$prefix/bin/uv" pip install --quiet --no-cache --require-hashes -r "$sources/requirements.lock"
VIRTUAL_ENV="$prefix" "$prefix/bin/uv" pip install --quiet --no-cache --no-deps --no-build-isolation "$sources"
"$prefix/bin/quod" --version
