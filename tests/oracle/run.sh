#!/bin/sh
# The services' own SDKs as judges. Installs them by the lock file into tests/oracle/node_modules,
# and Node 20 beside them where the machine's is older. Ends with "N passed, N failed".
set -eu
cd "$(dirname "$0")"
major() { "$1" -p 'process.versions.node.split(".")[0]' 2>/dev/null || echo 0; }

[ node_modules/.package-lock.json -nt package-lock.json ] ||
	npm ci --no-audit --no-fund --ignore-scripts --loglevel=error >/dev/null
node=node
if [ "$(major node)" -lt 20 ]; then
	node=$PWD/node_modules/.node/node_modules/node/bin/node
	[ "$(major "$node")" -ge 20 ] || npm install --prefix node_modules/.node --no-audit --no-fund --loglevel=error node@20.20.2 >/dev/null
fi
cd ../..
log=$(mktemp)
trap 'rm -f "$log"' EXIT
code=0
DRIVE=${BUILD:-build}/tests/oracle/drive REACHD=${BUILD:-build}/reachd timeout 600 "$node" --test --test-reporter=tap tests/oracle/*.mjs >"$log" 2>&1 || code=$?
passed=$(sed -n 's/^# pass \([0-9]*\)$/\1/p' "$log") failed=$(sed -n 's/^# fail \([0-9]*\)$/\1/p' "$log")
[ "$code" = 0 ] || grep -vE '^ *(#|ok |duration|type:|\.\.\.|---)' "$log" | head -150
echo "${passed:-0} passed, ${failed:-1} failed"
exit "$code"
