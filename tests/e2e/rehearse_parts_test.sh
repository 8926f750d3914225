#!/bin/sh
# `reachd rehearse --part`: a house in parts tells what it tells whole, whoever plays them,
# and what all share is never exceeded.
set -eu
build=$(cd "${BUILD:-build}" && pwd)
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

fail() {
	echo "rehearse_parts_test: $*" >&2
	exit 1
}
# play NAME SET [OPTION...]
play() {
	name=$1
	set=$2
	shift 2
	"$build/reachd" rehearse --config "$scratch/$set/config" --customers "$scratch/customers.csv" \
		--vehicles "$scratch/vehicles.csv" --orders "$scratch/orders.csv" \
		--from 2026-11-02 --days 30 --json "$@" >"$scratch/$name.json" || fail "$name: exit $?"
}
# truth EXPRESSION NAME...: about their lines, a list for each.
truth() {
	expression=$1
	shift
	(cd "$scratch" && python3 - "$expression" "$@") <<'END' || fail "$expression ($*)"
import json, sys
l = [[json.loads(x) for x in open(n + ".json")] for n in sys.argv[2:]]
def kind(x, k): return [y for y in x if y["type"] == k]
def sums(x):
    b = dict(x[-1])
    return {k: b[k] for k in b if k not in ("hash",)}
def days(x): return [{k: y[k] for k in y} for y in kind(x, "day")]
def said(x): return sorted((y["customer"], y["playbook"], y["step"], y["channel"], y["at"][:10])
                           for y in kind(x, "message"))
def per_day(x, playbook):
    n = {}
    for y in kind(x, "message"):
        if y["playbook"] == playbook:
            n[y["at"][:10]] = n.get(y["at"][:10], 0) + 1
    return n
sys.exit(not eval(sys.argv[1]))
END
}
set_of() {
	mkdir "$scratch/$1"
	cp -r config templates "$scratch/$1"
	shift
	for f in "$scratch/$set_made/config/playbooks"/*.yaml; do
		keep=no
		for k; do [ "$(basename "$f")" = "$k.yaml" ] && keep=yes; done
		[ $keep = yes ] || rm "$f"
	done
}

for t in customers vehicles orders; do
	"$build/reachd" people --seed 5 --count 120 --today 2026-11-02 --table $t >"$scratch/$t.csv"
done

# Nothing is shared: birthdays and inspections, and nobody answers.
set_made=free
set_of free birthday inspection insurance
sed -i 's/^  per_day: .*/  per_day: 0/' "$scratch/free/config/policy.yaml"
play whole free --people none
play parts free --people none --part 25
truth 'sums(l[0])["touches"] > 20 and sums(l[0]) == sums(l[1])' whole parts
truth 'days(l[0]) == days(l[1]) and said(l[0]) == said(l[1]) and len(said(l[0])) > 10' whole parts
truth 'l[0][0]["type"] == "parts" and l[0][0]["parts"] == 5 and l[0][0]["customers"] == 120' parts
truth 'all(y["type"] != "parts" for y in l[0])' whole
truth '[y["at"] for y in l[0] if "at" in y] == sorted(y["at"] for y in l[0] if "at" in y)' parts
truth 'len({(y["run"], y["customer"]) for y in l[0] if "run" in y}) == len({y["run"] for y in l[0] if "run" in y})' parts

# How many play at a time changes nothing, with people who answer neither.
play one free --part 25 --jobs 1
play three free --part 25 --jobs 3
cmp "$scratch/one.json" "$scratch/three.json" || fail "the jobs change the result"

# What all share: entries a day, budget, calls a day. The parts together stay below.
set_made=shared
set_of shared dormant-21d overdue-care
sed -i 's/^  limit: 500\/day/  limit: 3\/day/' "$scratch/shared/config/playbooks/dormant-21d.yaml"
sed -i 's/^  per_day: .*/  per_day: 1/' "$scratch/shared/config/policy.yaml"
play shared shared --people none --part 25
truth 'sums(l[0])["runs"]["entered"] > 3' shared
truth 'all(n <= 3 for n in per_day([y for y in l[0] if y.get("step") == "hello"], "dormant-21d").values())' shared

# Differences go over all parts too.
"$build/reachd" rehearse --diff "$scratch/free/config" "$scratch/free/config" \
	--customers "$scratch/customers.csv" --from 2026-11-02 --days 10 --part 30 --json \
	>"$scratch/diff.json" || fail "diff: exit $?"
truth 'l[0][-1]["type"] == "difference" and l[0][-1]["customers"] == 0 and l[0][-1]["parts"] == 4 and l[0][-1]["balanced"]' diff

# A person's rows that are no good are told of once, by their own numbers.
printf 'id,customer,plate\nX1,nobody,京I00001\n' >>"$scratch/vehicles2.csv"
"$build/reachd" rehearse --config "$scratch/free/config" --customers "$scratch/customers.csv" \
	--vehicles "$scratch/vehicles2.csv" --from 2026-11-02 --days 1 --part 50 \
	>"$scratch/out" 2>"$scratch/err" || fail "a stranger's car: exit $?"
[ "$(grep -c 'names no customer' "$scratch/err")" = 1 ] || fail "a stranger's car is not told of once"
grep -q '120 customers, played in 3 parts' "$scratch/out" || fail "the parts are not told of"

"$build/reachd" rehearse --config config --customers "$scratch/customers.csv" --from 2026-11-02 \
	--part 0 >/dev/null 2>&1 && code=0 || code=$?
[ $code = 2 ] || fail "--part 0: exit $code"
