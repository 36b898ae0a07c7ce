#!/usr/bin/env bash
# The house has one direction of flow. This refuses a dependency that turns it:
# each rule names a crate from outside, or a room, and the rooms that may use it.
set -euo pipefail
cd "$(dirname "$0")/../.."

tree() { cargo tree --quiet --offline --edges normal --prefix none --format '{p}' --package "$1" 2>/dev/null | cut -d' ' -f1 | sort -u; }
direct() { cargo tree --quiet --offline --edges normal --depth 1 --prefix none --format '{p}' --package "$1" | tail -n +2 | cut -d' ' -f1 | sort -u; }
cargo fetch --quiet

failed=0
rooms=$(ls crates)

# Only these rooms may name the crate among their own dependencies.
only() {
  local crate=$1; shift
  for room in $rooms; do
    if direct "$room" | grep -qx "$crate" && ! grep -qw "$room" <<<"$*"; then
      echo "rules: $room depends on $crate; only these may: $*" >&2
      failed=1
    fi
  done
}
# The room must not reach the crate by any road.
never() {
  local room=$1; shift
  for crate in "$@"; do
    if tree "$room" | grep -qx "$crate"; then
      echo "rules: $room reaches $crate" >&2
      failed=1
    fi
  done
}

only diesel registry testkit
only diesel_migrations registry
only josekit jose
only openssl jose
only actix-web api lanyard
only reqwest verification
only cryptoki pkcs11
only krilla print
# What verifies Data Integrity is to run in a browser one day: no sockets, no files
# watched, no C.
for core in model proof; do
  never "$core" tokio mio hyper reqwest rustls diesel actix-web josekit openssl openssl-sys native-tls ring aws-lc-rs
done
never model proof
never artwork tokio reqwest diesel actix-web josekit proof model
never wallet tokio reqwest diesel actix-web registry signing verification
never web tokio reqwest diesel actix-web josekit registry signing
never signing diesel actix-web reqwest registry
never registry actix-web reqwest josekit signing proof
never issuing actix-web reqwest verification
never signing cryptoki
never print tokio reqwest diesel actix-web josekit model
never verification pkcs11 signing registry issuing diesel actix-web

[ $failed -eq 0 ] && echo "rules: the house flows one way"
exit $failed
