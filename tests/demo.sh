#!/bin/sh
# `make run`: a gateway with people behind it, the daemon, customers; a day in a few
# seconds. Ends with the balance; exit 1 if it does not balance.
#
# DAYS=0 SPEED=1 stays up in real time until Ctrl-C.
set -eu
build=${BUILD:-build} days=${DAYS:-30} speed=${SPEED:-21600}
customers=${CUSTOMERS:-}
dir=$build/demo state=$build/demo/state
reachd=$build/reachd
rm -rf "$dir"
mkdir -p "$dir"
dir=$(cd "$dir" && pwd)
state=$dir/state

pids=
stop() {
	trap - EXIT INT TERM
	for p in $pids; do kill "$p" 2>/dev/null || :; done
	wait 2>/dev/null || :
}
trap stop EXIT
trap 'stop; exit 130' INT TERM

if [ -z "$customers" ]; then
	customers=$dir/customers.csv
	"$reachd" people --seed 1 --count 2000 >"$customers"
fi

epoch=$(date +%Y-%m-%dT05:00:00%:z)
clock=
[ "$speed" = 1 ] || clock="--epoch $epoch --speed $speed"
# shellcheck disable=SC2086
"$reachd" sandbox --listen 127.0.0.1:8090 --ledger "$dir/ledger.jsonl" $clock \
	>"$dir/sandbox.log" 2>&1 &
pids="$pids $!"

limit=
[ "$days" = 0 ] || limit="--days $days"
# shellcheck disable=SC2086
"$reachd" run --config config --state "$state" $clock $limit 2>"$dir/reachd.log" &
daemon=$!
pids="$pids $daemon"

i=0
until [ -S "$state/reachd.sock" ]; do
	i=$((i + 1))
	if [ $i -gt 100 ] || ! kill -0 $daemon 2>/dev/null; then
		echo "reachd did not start:" >&2
		tail -5 "$dir/reachd.log" "$dir/sandbox.log" >&2
		exit 1
	fi
	sleep 0.1
done
"$reachd" import customers "$customers" --socket "$state/reachd.sock"
echo "logs and the gateway's ledger are in $dir; ask with:"
echo "  $reachd status --socket $state/reachd.sock"
code=0
wait $daemon || code=$?
exit $code
