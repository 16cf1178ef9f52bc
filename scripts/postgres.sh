#!/usr/bin/env bash
# A PostgreSQL of one's own in a folder, for tests and measurements: no port, a socket in the folder.
#
#   scripts/postgres.sh start FOLDER [SETTING=VALUE…]   makes it if it is not there, starts it, prints its address
#   scripts/postgres.sh stop FOLDER                     stops it, as an operator would (waits for nobody)
#   scripts/postgres.sh remove FOLDER                   stops it and takes the folder away
set -euo pipefail

die() { printf 'postgres.sh: %s\n' "$*" >&2; exit 1; }

[ $# -ge 2 ] || { sed -n '4,6s/^# \{0,1\}//p' "$0" >&2; exit 2; }
task=$1 folder=$2
shift 2

# Debian keeps the programs of each version in a folder of its own.
programs=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -n 1)
[ -n "$programs" ] || programs=$(dirname "$(command -v initdb || true)")
[ -x "$programs/initdb" ] || die "initdb is missing: install the package postgresql"

# PostgreSQL refuses to run as root.
as_owner() {
  if [ "$(id -u)" -eq 0 ]; then
    setpriv --reuid=postgres --regid=postgres --clear-groups "$@"
  else
    "$@"
  fi
}

start() {
  mkdir -p "$folder"
  folder=$(cd "$folder" && pwd)
  if [ "$(id -u)" -eq 0 ]; then chown postgres: "$folder"; fi
  chmod 700 "$folder"
  cd "$folder"
  if [ ! -d data ]; then
    as_owner "$programs/initdb" --pgdata=data --username=thread --auth=trust --encoding=UTF8 --no-locale --no-sync \
      >initdb.log 2>&1 || die "$(cat initdb.log)"
    {
      echo "listen_addresses = ''"
      echo "unix_socket_directories = '$folder'"
      echo "max_connections = 400"
      echo "shared_buffers = 64MB"
      local setting
      for setting in "$@"; do echo "${setting%%=*} = '${setting#*=}'"; done
    } >>data/postgresql.conf
  fi
  as_owner "$programs/pg_ctl" --pgdata=data --log=server.log --wait --silent start >/dev/null 2>&1 </dev/null ||
    die "$(tail -n 20 server.log)"
  echo "postgres://thread@localhost/postgres?host=$folder"
}

stop() {
  [ -d "$folder/data" ] || return 0
  cd "$folder"
  as_owner "$programs/pg_ctl" --pgdata=data --mode=fast --wait --silent stop >/dev/null 2>&1 || true
  cd / # The folder may be removed.
}

case "$task" in
  start) start "$@" ;;
  stop) stop ;;
  remove) stop; rm -rf "$folder" ;;
  *) die "unknown task: $task" ;;
esac
