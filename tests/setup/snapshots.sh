#!/usr/bin/env bash
# Refuses snapshot files that no test of the last run looked at.
# Argument: the file in which insta listed those that were.
set -euo pipefail
cd "$(dirname "$0")/../.."

looked_at=$(sort -u "$1" | xargs --no-run-if-empty realpath --canonicalize-missing)
left=$(git ls-files 'crates/*.snap' | xargs --no-run-if-empty realpath | grep -vxF "$looked_at" || true)
[ -z "$left" ] || { echo "No test looks at these snapshots; remove them:"; echo "$left"; exit 1; }
