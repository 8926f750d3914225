#!/bin/sh
# `reachd rehearse --diff`: what an edit changes, touch by touch.
set -eu
build=$(cd "${BUILD:-build}" && pwd)
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

fail() {
	echo "rehearse_test: $*" >&2
	exit 1
}
# set NAME: a copy of what ships, with two playbooks only.
set_of() {
	mkdir "$scratch/$1"
	cp -r config templates "$scratch/$1"
	find "$scratch/$1/config/playbooks" -name '*.yaml' ! -name dormant-21d.yaml \
		! -name presence.yaml ! -name member-day.yaml -delete
}
# diff NAME [OPTION...]: from the set `base` to it, as JSON.
diff_to() {
	name=$1
	shift
	"$build/reachd" rehearse --diff "$scratch/base/config" "$scratch/$name/config" \
		--customers "$scratch/people.csv" --from 2026-11-02 --days 40 --json "$@" \
		>"$scratch/$name.json" || fail "$name: exit $?"
}
# of NAME EXPRESSION: a truth about its lines (l) and the last of them (d).
of() {
	python3 - "$scratch/$1.json" "$2" <<'END' || fail "$1: $2"
import json, sys
l = [json.loads(x) for x in open(sys.argv[1])]
d = l[-1]
kind = lambda k: [x for x in l if x["type"] == k]
days = kind("day")
assert d["type"] == "difference" and d["balanced"]
for side in ("old", "new"):
    for what in ("messages", "tasks"):
        assert sum(x[side][what] for x in days) == d[side][what], (side, what)
for name, k in (("gained", "gain"), ("lost", "loss"), ("moved", "move"), ("changed", "change")):
    assert d[name] == len(kind(k)), name
assert d["old"]["messages"] + d["gained"] - d["lost"] == d["new"]["messages"]
sys.exit(not eval(sys.argv[2]))
END
}

"$build/reachd" people --seed 3 --count 150 >"$scratch/people.csv"

set_of base
set_of same
diff_to same
of same 'd["customers"] == 0 and d["old"] == d["new"] and d["old"]["messages"] > 20'

set_of cap # the fourth touch of tier at-risk does not fit any more
sed -i 's/at-risk:  { cap: 6/at-risk:  { cap: 3/' "$scratch/cap/config/policy.yaml"
diff_to cap --people none
of cap 'd["lost"] > 5 and d["gained"] == 0 and d["moved"] == 0'
of cap 'all(x["reason"] == "capped" and x["step"] == "farewell" for x in kind("loss"))'

set_of day
sed -i 's/at: day 7$/at: day 9/' "$scratch/day/config/playbooks/dormant-21d.yaml"
diff_to day --people none
of day 'd["moved"] > 0 and d["gained"] == d["lost"] == d["changed"] == 0'
of day 'all(x["step"] == "care" and x["old"]["at"][8:10] != x["new"]["at"][8:10] for x in kind("move"))'

set_of step
sed -i 's/^  - id: last-wait/  - { id: more, at: day 25, send: dormant\/farewell }\n&/' \
	"$scratch/step/config/playbooks/dormant-21d.yaml"
diff_to step --people none
of step 'd["gained"] > 5 and d["lost"] == 0'
of step 'all(x["step"] == "more" and x["old"] is None and "reason" not in x for x in kind("gain"))'
of step 'd["new"]["cost"] > d["old"]["cost"]'

set_of text
sed -i 's/有一阵没联系您了/好久不见/' "$scratch/text/templates/sms/dormant/hello.liquid"
diff_to text --people none
of text 'd["changed"] > 5 and d["gained"] == d["lost"] == d["moved"] == 0'

# What is different is said, and both instants where it moves as well.
sed -i 's/at: day 1 10:00$/at: day 2 10:00/;s/at: day 1$/at: day 2/' "$scratch/text/config/playbooks/dormant-21d.yaml"
"$build/reachd" rehearse --diff "$scratch/base/config" "$scratch/text/config" --customers "$scratch/people.csv" \
	--from 2026-11-02 --days 40 --people none >"$scratch/out" || fail "text: exit $?"
grep -Eq '^~ 2026-[-0-9]* [:0-9]* -> 2026-[-0-9]* [:0-9]*  C[0-9]*  dormant-21d/hello  sms dormant/hello  \(another text\)$' \
	"$scratch/out" || fail "a change does not say what changed"

# With people who react the difference is that of the edit and of what people do then.
diff_to cap
of cap 'd["lost"] > 0'

# As text: a chart of days, steps, names and reasons.
"$build/reachd" rehearse --diff "$scratch/base/config" "$scratch/cap/config" --customers "$scratch/people.csv" \
	--from 2026-11-02 --days 40 --people none >"$scratch/out" || fail "text: exit $?"
grep -q '^2026-11-22 .*#*-' "$scratch/out" || fail "no chart"
grep -q '^dormant-21d/farewell  *0' "$scratch/out" || fail "no steps"
grep -q '^- 2026-11-22 10:00  C[0-9]*  dormant-21d/farewell .*(now capped: 3 of 3 this month)' \
	"$scratch/out" || fail "no reasons"
grep -q ' 0 gained, [0-9]* lost, 0 moved, 0 changed$' "$scratch/out" || fail "no sum"

# What cannot be meant.
usage() {
	"$build/reachd" rehearse "$@" >"$scratch/out" 2>&1 && code=0 || code=$?
	[ $code = 2 ] || fail "$*: exit $code"
}
usage --diff config --customers "$scratch/people.csv" --from 2026-11-02
usage --diff config config --config config --customers "$scratch/people.csv" --from 2026-11-02
usage --config config config --customers "$scratch/people.csv" --from 2026-11-02
usage --config config --customers "$scratch/people.csv" --from 2026-11-02 --react past
usage --config config --customers "$scratch/people.csv" --from 2026-11-02 --react past \
	--history x --people none
"$build/reachd" rehearse --config config --customers "$scratch/people.csv" --from 2026-11-02 \
	--react past --history "$scratch" >"$scratch/out" 2>&1 && code=0 || code=$?
[ $code = 4 ] || fail "a history that is not there: exit $code"
