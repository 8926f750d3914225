#!/bin/sh
# `make run`: a gateway with people behind it, the daemon, customers; a day in a few
# seconds. Ends with the balance; exit 1 if it does not balance.
#
# DAYS=0 goes on until Ctrl-C; with SPEED=1 in real time. CUSTOMERS=FILE your own
# customers, CONFIG=DIR another configuration, DEMO=DIR where its files go.
set -eu
build=${BUILD:-build} days=${DAYS:-30} speed=${SPEED:-21600}
customers=${CUSTOMERS:-} config=${CONFIG:-config} dir=${DEMO:-${BUILD:-build}/demo}
reachd=$build/reachd

pids=
stop() {
	trap - EXIT INT TERM
	# shellcheck disable=SC2086
	[ -z "$pids" ] || kill $pids 2>/dev/null || :
	wait 2>/dev/null || :
}
trap stop EXIT
trap 'stop; exit 130' INT TERM

# The value of a key of reachd.yaml.
setting() {
	sed -n "s/^ *$1: *\([^ #]*\).*/\1/p" "$config/reachd.yaml" | head -n 1
}

if [ -n "$customers" ] && [ ! -r "$customers" ]; then
	echo "$customers cannot be read: give CUSTOMERS= a file such as \`$reachd people\` writes" >&2
	exit 1
fi
if [ -S "$dir/state/reachd.sock" ] &&
	"$reachd" status --socket "$dir/state/reachd.sock" >/dev/null 2>&1; then
	echo "another demonstration runs in $dir: stop it first, or name another place with DEMO=" >&2
	exit 3
fi
rm -rf "$dir"
mkdir -p "$dir"
dir=$(cd "$dir" && pwd)
state=$dir/state

# The days are days of the entity: it starts at midnight there.
clock=
[ "$speed" = 1 ] ||
	clock="--epoch $(TZ=$(setting tz) date +%Y-%m-%dT00:00:00%:z) --speed $speed"
gateway=$(sed -n 's|.*type: sandbox.*url: "http://\([^/"]*\)".*|\1|p' "$config/reachd.yaml" | head -n 1)
# In a session of its own: Ctrl-C is for the daemon.
# shellcheck disable=SC2086
setsid "$reachd" sandbox --listen "${gateway:-127.0.0.1:8090}" --ledger "$dir/ledger.jsonl" $clock \
	>"$dir/sandbox.log" 2>&1 &
pids=$!

# wait_for PID LOG NAME COMMAND...: until the command succeeds.
wait_for() {
	pid=$1 log=$2 name=$3 i=0
	shift 3
	until "$@" 2>/dev/null; do
		i=$((i + 1))
		if [ $i -gt 100 ] || ! kill -0 "$pid" 2>/dev/null; then
			echo "$name did not start:" >&2
			tail -n 5 "$log" >&2
			exit 1
		fi
		sleep 0.1
	done
}
wait_for $! "$dir/sandbox.log" "the sandbox" grep -q listening "$dir/sandbox.log"

invented=
if [ -z "$customers" ]; then
	customers=$dir/customers.csv invented=yes
	"$reachd" people --seed 1 --count 2000 >"$customers"
fi

# The dealer's own system: while the house is open, four customers every three hours.
visits() {
	row=2
	while sleep "$(awk "BEGIN { print 10800 / $speed }")"; do
		now=$("$reachd" status --json --socket "$state/reachd.sock" |
			sed 's/.*"now":"\([^"]*\)".*/\1/')
		case $now in *T09* | *T1[0-8]*) ;; *) continue ;; esac
		tail -n +$row "$customers" | head -n 4 | awk -F, -v now="$now" '{
			printf "{\"id\": \"visit-%s-%s\", \"customer\": \"%s\", ", $1, now, $1
			printf "\"type\": \"visit\", \"at\": \"%s\"}\n", now }' |
			"$reachd" event - --socket "$state/reachd.sock"
		row=$((row % 1990 + 37))
	done
}

# The dealer's staff: at each hour of work they look at their list and do what is on it;
# one in two calls is answered, one task in twenty is never done.
staff() {
	while sleep "$(awk "BEGIN { print 3600 / $speed }")"; do
		"$reachd" task list --json --socket "$state/reachd.sock" |
			tr '{' '\n' | sed -n 's/.*"id": *"\([0-9]*\)".*"kind": *"\([a-z_]*\)".*/\1 \2/p' |
			awk 'BEGIN { srand() } rand() > 0.05 { r = rand()
				print $1, $2 != "call" ? "done" : r < 0.5 ? "reached" : r < 0.6 ? "refused" : "none" }' |
			while read -r id outcome; do
				"$reachd" task done "$id" --outcome "$outcome" --socket "$state/reachd.sock" ||
					"$reachd" task done "$id" --outcome none --socket "$state/reachd.sock"
			done
	done
}

echo "nobody real is reached: a sandbox stands in for every provider and plays the customers"
if [ "$speed" = 1 ]; then
	echo "in real time, until Ctrl-C; what you edit in $config takes effect at once"
else
	cat <<-END
	a line a day: sent by channel; held now, and until when the first of them; then what
	the day brought: capped, replies, opt-outs (stop), goals met. Ctrl-C stops.
	END
fi
echo "meanwhile, in another terminal, with the id of a customer for C000001:"
for verb in status "why C000001"; do
	echo "  $reachd $verb --socket $state/reachd.sock"
done

[ "$days" != 0 ] || days=4000
# shellcheck disable=SC2086
"$reachd" run --config "$config" --state "$state" $clock --days "$days" 2>"$dir/reachd.log" &
daemon=$!
pids="$pids $daemon"
wait_for $daemon "$dir/reachd.log" reachd test -S "$state/reachd.sock"
"$reachd" import customers "$customers" --socket "$state/reachd.sock"

if [ -n "$invented" ] && [ "$speed" != 1 ]; then
	visits >"$dir/visits.log" 2>&1 &
	pids="$pids $!"
	staff >"$dir/staff.log" 2>&1 &
	pids="$pids $!"
fi

# Ctrl-C: the daemon shows its balance before it ends.
trap 'echo; kill -INT $daemon 2>/dev/null || :' INT
code=130
while [ $code -gt 128 ] && kill -0 $daemon 2>/dev/null; do
	code=0
	wait $daemon || code=$?
done
trap '' INT
echo "the gateway's ledger has $(wc -l <"$dir/ledger.jsonl") messages: $dir/ledger.jsonl"
[ $code -le 1 ] || tail -n 5 "$dir/reachd.log" >&2
exit $code
