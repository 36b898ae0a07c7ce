#!/usr/bin/env bash
# Installs the Debian packages that are missing. Arguments: run, test, bench.
set -euo pipefail

declare -A wanted=(
  [run]="build-essential pkg-config libssl-dev libpq-dev ca-certificates"
  [test]="postgresql chromium fonts-liberation python3-venv curl softhsm2 jq iproute2 util-linux"
  [bench]="wrk"
)

missing=()
for purpose in "$@"; do
  for package in ${wanted[$purpose]}; do
    dpkg-query --show --showformat='${db:Status-Status}\n' "$package" 2>/dev/null | grep -qx installed || missing+=("$package")
  done
done
[ ${#missing[@]} -gt 0 ] || exit 0

echo "Installing: ${missing[*]}"
as_root=()
if [ "$(id -u)" -ne 0 ]; then
  command -v sudo >/dev/null || { echo "Install these as root: apt-get install ${missing[*]}" >&2; exit 1; }
  as_root=(sudo)
fi
"${as_root[@]}" apt-get update -qq
"${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -qq --yes --no-install-recommends "${missing[@]}" >/dev/null
