#!/bin/sh
# Redis with a password that is made at the first start and kept in a volume of its own: redis.conf for the server, url
# for the service, each readable by its own user only (999 in the image of Redis, 1000 in that of bounced).
set -eu
folder=${REDIS_ACCESS:-/redis-access}
umask 077
if [ ! -s "$folder/redis.conf" ]; then
  password=$(od -An -tx1 -N32 /dev/urandom | tr -d ' \n')
  printf 'requirepass %s\n' "$password" > "$folder/redis.conf.new"
  printf 'redis://:%s@redis:6379\n' "$password" > "$folder/url"
  # Last: what is there is complete.
  mv "$folder/redis.conf.new" "$folder/redis.conf"
fi
if [ "$(id -u)" = 0 ]; then
  chown 999 "$folder/redis.conf"
  chown 1000 "$folder/url"
  chmod 755 "$folder"
fi
exec "${REDIS_ENTRYPOINT:-docker-entrypoint.sh}" redis-server "$folder/redis.conf" "$@"
