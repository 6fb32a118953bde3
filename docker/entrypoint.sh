#!/usr/bin/env bash
# Reads the secrets that the `secrets` service made, and becomes the command. Nothing secret is on a command line.
set -euo pipefail
if [ -r /secrets/postgres_password ]; then
  QUOD_DATABASE_URL="postgresql://quod:$(cat /secrets/postgres_password)@postgres:5432/quod"
  QUOD_BROKER_URL="redis://:$(cat /secrets/redis_password)@redis:6379/0"
  export QUOD_DATABASE_URL QUOD_BROKER_URL
fi
exec "$@"
