#!/bin/sh
# Makes the passwords at the first run and keeps them in a volume.
set -eu
umask 077
cd "${1:-/secrets}"
make() { [ -s "$1" ] || head -c 32 /dev/urandom | od -An -tx1 | tr -d ' \n' >"$1"; }
make postgres_password
make redis_password
printf 'requirepass %s\n' "$(cat redis_password)" >redis.conf
# One group reads them: 10001 (quod), to which the compose file adds PostgreSQL and Redis.
if [ "$(id -u)" = 0 ]; then chgrp -R 10001 .; fi
chmod 0750 .
chmod 0640 postgres_password redis_password redis.conf
