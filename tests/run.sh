#!/bin/sh
# Runs test programs given by path, and the checks written as scripts; ends with one
# line "N passed, N failed". A program's own output is shown when it fails.
set -u
# GLib's slices look like races to ThreadSanitizer.
export G_SLICE=always-malloc
passed=0 failed=0
log=$(mktemp)
trap 'rm -f "$log"' EXIT

# cmocka says "[  PASSED  ] N test(s)." and lists failures; scripts count as one.
count() {
	n=$(sed -n 's/^\[  PASSED  \] \([0-9]*\) test(s)\..*/\1/p' "$log" | awk '{s+=$1} END {print s+0}')
	f=$(sed -n 's/^ \{0,1\}\([0-9]*\) FAILED TEST(S).*/\1/p' "$log" | awk '{s+=$1} END {print s+0}')
	[ "$1" = 0 ] || [ "$f" -gt 0 ] || f=1
	[ "$1" != 0 ] || [ "$n" -gt 0 ] || n=1
	passed=$((passed + n)) failed=$((failed + f))
}

for t in "$@" tests/*_test.sh tests/*/*_test.sh tests/layers.sh; do
	[ -e "$t" ] || continue
	start=$(date +%s)
	case $t in *.sh) sh "$t" >"$log" 2>&1 ;; *) "$t" >"$log" 2>&1 ;; esac
	code=$?
	count $code
	if [ $code = 0 ]; then
		printf 'ok    %-44s %3ss\n' "$(basename "$t")" $(($(date +%s) - start))
	else
		printf 'FAIL  %s (exit %s)\n' "$t" $code
		tail -60 "$log"
	fi
done
echo "$passed passed, $failed failed"
[ $failed = 0 ]
