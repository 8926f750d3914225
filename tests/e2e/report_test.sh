#!/bin/sh
# `reachd report`: of a running daemon, of its database when it has stopped, in every
# form, and the exit code of what cannot be told.
set -eu
build=$(cd "${BUILD:-build}" && pwd)
scratch=$(mktemp -d)
daemon=
finish() {
	code=$?
	trap - EXIT INT TERM
	[ -z "$daemon" ] || kill "$daemon" 2>/dev/null || :
	wait
	rm -rf "$scratch"
	exit $code
}
trap finish EXIT INT TERM

fail() {
	echo "report_test: $*" >&2
	exit 1
}
port() { python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }
report() { "$build/reachd" report "$@"; }
# refused CODE WORD ARGUMENT...
refused() {
	code=$1 word=$2
	shift 2
	got=0
	report "$@" >"$scratch/out" 2>&1 || got=$?
	[ "$got" = "$code" ] || fail "$* exits $got instead of $code: $(cat "$scratch/out")"
	grep -q "$word" "$scratch/out" || fail "$* does not say $word: $(cat "$scratch/out")"
}

cp -r config templates "$scratch"
config=$scratch/config
sed -i "s|^state: .*|state: $scratch/state/|; s/:8080/:$(port)/g; s/:8081/:$(port)/; s/:8090/:$(port)/g" \
	"$config/reachd.yaml"

refused 1 'no database yet' value --config "$config"
refused 4 'not running' value --socket "$scratch/none.sock"
refused 1 'did you mean "value"' valu --config "$config"
refused 1 'it knows playbook' value --by colour --config "$config"
refused 2 'one of --json' value --json --csv
refused 2 'en or zh' value --lang de
[ "$(report | wc -l)" = "$("$build/reachd" help reports | grep -c '^[a-z][a-z]*  ')" ] ||
	fail "the list and the manual differ"

"$build/reachd" run --config "$config" >"$scratch/log" 2>&1 &
daemon=$!
i=0
until "$build/reachd" status --config "$config" >/dev/null 2>&1; do
	i=$((i + 1))
	[ $i -lt 100 ] && kill -0 $daemon 2>/dev/null || fail "no daemon: $(cat "$scratch/log")"
	sleep 0.1
done
"$build/reachd" people --seed 4 --count 40 >"$scratch/people.csv"
"$build/reachd" import customers "$scratch/people.csv" --config "$config" >/dev/null

for f in running stopped; do
	if [ $f = stopped ]; then
		kill $daemon
		wait $daemon || fail "the daemon ended badly"
		daemon=
	fi
	report payback --by none --json --config "$config" >"$scratch/$f.json"
	report payback --csv --lang zh --config "$config" >"$scratch/$f.csv"
	report payback --config "$config" >"$scratch/$f.txt"
	report payback --xlsx "$scratch/$f.xlsx" --config "$config"
done
# The same figures, whoever read them.
for f in json csv txt; do
	cmp -s "$scratch/running.$f" "$scratch/stopped.$f" || fail "$f differs"
done
python3 - "$scratch/stopped.json" <<'END' || fail "the JSON is wrong"
import json, sys
s = json.load(open(sys.argv[1]))
assert s["report"] == "payback" and s["title_zh"]
assert [c["name"] for c in s["columns"]][0] == "customers"
assert s["rows"][0]["customers"] == 40
END
grep -q '█' "$scratch/stopped.txt" || fail "nothing is drawn"
grep -q '^.*层级,客户数' "$scratch/stopped.csv" || fail "no Chinese headings"
python3 -m zipfile -t "$scratch/stopped.xlsx" >/dev/null || fail "no workbook"
refused 4 'No such file' payback --xlsx "$scratch/none/x.xlsx" --config "$config"

# Somebody has the directory, and does not answer where we ask.
python3 -c 'import fcntl, sys, time
f = open(sys.argv[1]); fcntl.flock(f, fcntl.LOCK_EX); print("held", flush=True); time.sleep(60)' \
	"$scratch/state/lock" >"$scratch/held" &
daemon=$!
until grep -q held "$scratch/held"; do sleep 0.1; done
refused 3 'answers elsewhere' payback --config "$config"
