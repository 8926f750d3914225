#!/bin/sh
# Runs each fuzz target given by path: first what it has found before (tests/fuzz/found),
# then new inputs for FUZZ_SECONDS. A finding is kept beside the old ones and fails the
# run. Ends with one line "N passed, N failed".
set -u
cd "$(dirname "$0")/../.."
passed=0 failed=0
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

seeds() { # target
	case $1 in
	yaml) find config templates tests/golden/check -name '*.yaml' -o -name '*.liquid' ;;
	liquid) find templates tests/golden/liquid -type f ;;
	mail) find tests/golden/provider/mail -name '*.eml' ;;
	csv) find tests/golden/import -name '*.csv' -o -name '*.xlsx' ;;
	*) find "tests/fuzz/seeds/$1" -type f ;;
	esac
}

for t in "$@"; do
	name=$(basename "$t" _fuzz)
	mkdir -p "$work/$name/seeds" "$work/$name/new"
	n=0
	for f in $(seeds "$name"); do
		n=$((n + 1))
		cp "$f" "$work/$name/seeds/$n"
	done
	set -- -timeout=10 -rss_limit_mb=1024 -malloc_limit_mb=256
	if (ls "tests/fuzz/found/$name"-* >/dev/null 2>&1 || exit 0
		"$t" "$@" "tests/fuzz/found/$name"-*) >"$work/log" 2>&1 &&
		"$t" "$@" -max_total_time="${FUZZ_SECONDS:-10}" -max_len=65536 -verbosity=0 \
			-print_final_stats=1 -artifact_prefix="tests/fuzz/found/$name-" \
			"$work/$name/new" "$work/$name/seeds" >"$work/log" 2>&1; then
		passed=$((passed + 1))
		printf 'ok    %-10s %9s inputs\n' "$name" \
			"$(sed -n 's/^stat::number_of_executed_units: *//p' "$work/log")"
	else
		failed=$((failed + 1))
		printf 'FAIL  %s\n' "$name"
		tail -60 "$work/log"
	fi
done
echo "$passed passed, $failed failed"
[ $failed = 0 ]
