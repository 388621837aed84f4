# Functions that make a PostgreSQL primary and its standby in a folder that belongs to the caller, for tests; sourced with
# `bin` (the server's programs), `room` (the folder) and `port` (free, as the next one is). Nothing leaves loopback.
set -eu
export LC_ALL=C PGUSER=shop PGDATABASE=shop PGHOST="$room" PGCONNECT_TIMEOUT=10
serve() { "$bin/pg_ctl" -D "$room/$1" -l "$room/$1.log" -w -t 60 start >/dev/null; }
halt() { "$bin/pg_ctl" -D "$room/$1" -m fast -w -t 60 stop >/dev/null; }
sql() { PGPORT=$1 psql -X -A -t -q -v ON_ERROR_STOP=1 -c "$2"; }
make_primary() {
  "$bin/initdb" -D "$room/primary" -A trust -U shop --no-sync >/dev/null
  {
    echo "port = $port"
    echo "listen_addresses = '127.0.0.1'"
    echo "unix_socket_directories = '$room'"
    echo 'max_wal_senders = 4'
    echo 'fsync = off'
    echo 'timezone = UTC'
    echo 'shared_buffers = 16MB'
    echo "log_line_prefix = ''"
  } >>"$room/primary/postgresql.conf"
  serve primary
  PGDATABASE=postgres sql "$port" 'CREATE DATABASE shop'
  sql "$port" 'CREATE ROLE guest LOGIN'
  sql "$port" 'CREATE TABLE things (one int)'
}
make_standby() {
  "$bin/pg_basebackup" -h 127.0.0.1 -p "$port" -U shop -D "$room/standby" -R -X stream --no-sync -c fast
  echo "port = $((port + 1))" >>"$room/standby/postgresql.conf"
  serve standby
}
# Waits until a query on a server says `t`.
until_true() { while [ "$(sql "$1" "$2")" != t ]; do sleep 0.1; done; }
