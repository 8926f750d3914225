#!/bin/sh
# Two days of `make run` at a day a second: it exits 0 and balances, the gateway has
# exactly the messages that the daemon calls sent or unknown, and none of them came
# inside a quiet window of its customer, read off local time by other means.
set -eu
build=$(cd "${BUILD:-build}" && pwd)
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
trap 'exit 130' INT TERM

fail() {
	echo "demo_test: $*" >&2
	cat "$scratch/out" "$scratch"/demo/*.log >&2 || :
	exit 1
}

cp -r config templates "$scratch"
# shellcheck disable=SC2046
set -- $(python3 -c '
import socket
s = [socket.socket() for i in range(3)]
[x.bind(("127.0.0.1", 0)) for x in s]
print(*[x.getsockname()[1] for x in s])')
sed -i "s|8080|$1|g; s|8081|$2|g; s|8090|$3|g" "$scratch/config/reachd.yaml"
# Planned for the middle of lunch, so that a window has something to hold; however
# long the import takes, the day's message is still wanted.
sed -i 's|^priority: .*|&\non_past: now|' "$scratch/config/playbooks/dormant-21d.yaml"
sed -i 's|^send_time: .*|send_time: "12:00"|' "$scratch/config/policy.yaml"
"$build/reachd" people --seed 7 --count 200 >"$scratch/people.csv"

BUILD=$build CONFIG=$scratch/config DEMO=$scratch/demo CUSTOMERS=$scratch/people.csv \
	DAYS=2 SPEED=86400 sh tests/demo.sh >"$scratch/out" 2>&1 || fail "exit code $?"

days=$(grep -cE '^(Mon|Tue|Wed|Thu|Fri|Sat|Sun) [0-9]{2}-[0-9]{2} ' "$scratch/out") || :
[ "$days" = 2 ] || fail "$days lines of days, not 2"
grep -q '^it balances' "$scratch/out" || fail "it does not say that it balances"

column() {
	awk -v name="$1" '$1 == name { print $2 }' "$scratch/out"
}
sent=$(column sent) unknown=$(column unknown)
ledger=$(wc -l <"$scratch/demo/ledger.jsonl")
[ "$sent" -gt 0 ] || fail "nothing was sent"
[ "$ledger" = $((sent + unknown)) ] ||
	fail "the ledger has $ledger messages, the balance $sent sent and $unknown unknown"

python3 - "$scratch" 86400 <<'END' || fail "a message came in a quiet window"
import csv, datetime, json, sys, zoneinfo
folder, speed = sys.argv[1], int(sys.argv[2])
QUIET = [("22:00", "24:00"), ("00:00", "08:00"), ("11:30", "13:30"), ("17:30", "19:00")]
minutes = lambda hhmm: int(hhmm[:2]) * 60 + int(hhmm[3:])
# From the wire to the gateway's clock takes real milliseconds; the speed makes minutes
# of them. This much after the beginning of a window is no offence; its end is exact.
slack = speed * 0.02 / 60
zones = {}
for row in csv.DictReader(open(f"{folder}/people.csv")):
    for key in ("phone", "email", "wecom", "push"):
        if row[key]:
            zones[row[key]] = row["tz"] or "Asia/Shanghai"
wrong = 0
for line in open(f"{folder}/demo/ledger.jsonl"):
    m = json.loads(line)
    zone = zones[m["to"].removeprefix("+86")]
    t = datetime.datetime.fromisoformat(m["at"]).astimezone(zoneinfo.ZoneInfo(zone))
    at = t.hour * 60 + t.minute
    for begin, end in QUIET:
        if minutes(begin) + (0 if begin == "00:00" else slack) <= at < minutes(end):
            print(f"{m['channel']} {m['id']} at {t:%m-%d %H:%M} in {zone}: {begin}-{end}")
            wrong += 1
sys.exit(wrong > 0)
END
