#!/bin/sh
# A streaming replica (hot standby) of this checkout's test PostgreSQL, or of the cluster that
# LANYARD_TEST_CLUSTER names; see tests/postgres.sh, which must have started it.
#
#   tests/replica.sh           make and start it, and print its address: postgres://lanyard@127.0.0.1:PORT
#   tests/replica.sh remove    stop it and delete its data
#
# It lies beside the cluster it copies, and nothing but the tests uses it.
set -eu
here=$(cd "$(dirname "$0")" && pwd -P)
home=$("$here/postgres.sh" home)
standby=$home/standby

bin=
for candidate in /usr/lib/postgresql/*/bin /opt/homebrew/opt/postgresql*/bin /usr/local/opt/postgresql*/bin; do
    if [ -x "$candidate/pg_basebackup" ]; then bin=$candidate; fi
done
if [ "$(id -u)" = 0 ]; then
    as() { (cd / && runuser -u postgres -- "$@"); }
else
    as() { "$@"; }
fi

case ${1:-start} in
start) ;;
remove)
    if [ -d "$standby" ]; then as "$bin/pg_ctl" -D "$standby" -m immediate -w stop >&2 || true; fi
    rm -rf "$standby"
    exit 0
    ;;
*)
    echo "tests/replica.sh: \`$1\` is not something to do; use remove or nothing" >&2
    exit 2
    ;;
esac

primary=$(sed -n 's/^port = //p' "$home/settings")
port=$((primary + 10000))
if [ ! -f "$standby/PG_VERSION" ]; then
    as "$bin/pg_basebackup" -h 127.0.0.1 -p "$primary" -U lanyard -D "$standby" -X stream -c fast -R
    as sh -c "echo 'port = $port' >>'$standby/postgresql.auto.conf'"
fi
if ! as "$bin/pg_ctl" -D "$standby" status >/dev/null 2>&1; then
    as "$bin/pg_ctl" -D "$standby" -l "$home/standby.log" -w -t 60 start >/dev/null ||
        { tail -n 20 "$home/standby.log" >&2; exit 1; }
fi
echo "postgres://lanyard@127.0.0.1:$port"
