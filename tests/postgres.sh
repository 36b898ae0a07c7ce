#!/bin/sh
# A private PostgreSQL for the tests of this checkout.
#
#   . tests/postgres.sh        start it and set LANYARD_TEST_POSTGRES_URL
#   tests/postgres.sh          start it and print the line that sets it
#   tests/postgres.sh stop     stop it
#   tests/postgres.sh remove   stop it and delete its data
#   tests/postgres.sh home     print where it lies
#
# LANYARD_TEST_CLUSTER=NAME names another one, beside the one that the tests share: for a test that kills it.
# LANYARD_TEST_CLUSTER_CONF=FILE adds settings to one that is made.
#
# Starting it twice changes nothing. It installs nothing: PostgreSQL 15 or later must be there
# (`make setup`). initdb refuses to run as root, and the checkout may lie where the user
# `postgres` cannot reach, so the cluster lives under /var/tmp, named after the checkout's path.
# It stays durable (fsync on): the tests kill it.

lanyard_postgres() (
    set -eu
    checkout=$(cd "$1" && pwd -P)
    name=$(printf %s "$checkout${LANYARD_TEST_CLUSTER:+/$LANYARD_TEST_CLUSTER}" | cksum | cut -d ' ' -f 1)
    home=/var/tmp/lanyard-postgres-$name-$(id -u)
    port=$((20000 + name % 10000))

    bin=
    for candidate in /usr/lib/postgresql/*/bin /opt/homebrew/opt/postgresql*/bin /usr/local/opt/postgresql*/bin; do
        if [ -x "$candidate/initdb" ]; then bin=$candidate; fi
    done
    if [ -z "$bin" ]; then
        echo "tests/postgres.sh: PostgreSQL is not installed; run \`make setup\`, which installs it" >&2
        return 1
    fi

    if [ "$(id -u)" = 0 ]; then
        as() { (cd / && runuser -u postgres -- "$@"); }
    else
        as() { "$@"; }
    fi

    case ${2:-start} in
    start) ;;
    home)
        echo "$home"
        return 0
        ;;
    stop)
        if [ -d "$home/data" ]; then as "$bin/pg_ctl" -D "$home/data" -m fast -w stop >&2 || true; fi
        return 0
        ;;
    remove)
        if [ -d "$home/data" ]; then as "$bin/pg_ctl" -D "$home/data" -m immediate -w stop >&2 || true; fi
        rm -rf "$home"
        return 0
        ;;
    *)
        echo "tests/postgres.sh: \`$2\` is not something to do; use stop, remove, home or nothing" >&2
        return 2
        ;;
    esac

    mkdir -p "$home"
    chmod 700 "$home"
    if [ "$(id -u)" = 0 ]; then chown postgres "$home"; fi

    # Two runs at once start one cluster.
    exec 9>"$home/lock"
    if command -v flock >/dev/null; then flock 9; fi

    if [ ! -f "$home/data/PG_VERSION" ]; then
        rm -rf "$home/data"
        as "$bin/initdb" -D "$home/data" -U lanyard --auth=trust -E UTF8 --locale=C >"$home/initdb.log" 2>&1 9>&- ||
            { cat "$home/initdb.log" >&2; return 1; }
        # A zone that is not UTC shows at once where the registry forgets to say UTC.
        cat >"$home/settings" <<SETTINGS
listen_addresses = '127.0.0.1'
port = $port
unix_socket_directories = '$home'
max_connections = 200
timezone = 'Europe/London'
fsync = on
synchronous_commit = on
SETTINGS
        if [ -n "${LANYARD_TEST_CLUSTER_CONF:-}" ]; then cat "$LANYARD_TEST_CLUSTER_CONF" >>"$home/settings"; fi
        as sh -c "cat >>'$home/data/postgresql.conf'" <"$home/settings"
    fi
    if ! as "$bin/pg_ctl" -D "$home/data" status >/dev/null 2>&1 9>&-; then
        as "$bin/pg_ctl" -D "$home/data" -l "$home/log" -w -t 60 start >/dev/null 9>&- ||
            { tail -n 20 "$home/log" >&2; return 1; }
    fi
    echo "export LANYARD_TEST_POSTGRES_URL=postgres://lanyard@127.0.0.1:$port/postgres"
)

case ${0##*/} in
postgres.sh) lanyard_postgres "$(dirname "$0")/.." "$@" ;;
*)
    # Sourced: the checkout is the current directory.
    if lanyard_postgres_line=$(lanyard_postgres .); then eval "$lanyard_postgres_line"; fi
    unset lanyard_postgres_line
    ;;
esac
