#!/bin/sh
# Runs the checks written as scripts and test programs given by path, as many side by side
# as there are processors (JOBS=N: so many; SCRIPTS=...: other scripts); ends with one line
# "N passed, N failed". A failed program's own output follows behind the others.
set -u
# GLib's slices look like races to ThreadSanitizer.
export G_SLICE=always-malloc

# One program: its line, and into $RUN what it says and how many of its tests passed and failed.
# cmocka says "[  PASSED  ] N test(s)." and lists failures; scripts count as one.
one() {
	file=$RUN/$(echo "$1" | tr / _) start=$(date +%s)
	case $1 in *.sh) sh "$1" ;; *) "$1" ;; esac >"$file.log" 2>&1
	code=$?
	n=$(sed -n 's/^\[  PASSED  \] \([0-9]*\) test(s)\..*/\1/p' "$file.log" | awk '{s+=$1} END {print s+0}')
	f=$(sed -n 's/^ \{0,1\}\([0-9]*\) FAILED TEST(S).*/\1/p' "$file.log" | awk '{s+=$1} END {print s+0}')
	[ "$code" = 0 ] || [ "$f" -gt 0 ] || f=1
	[ "$code" != 0 ] || [ "$n" -gt 0 ] || n=1
	echo "$n $f" >"$file.count"
	if [ "$code" = 0 ]; then
		printf 'ok    %-44s %3ss\n' "$(basename "$1")" $(($(date +%s) - start))
	else
		printf 'FAIL  %s (exit %s)\n' "$1" "$code" | tee "$file.failed"
		tail -60 "$file.log" >>"$file.failed"
	fi
}
if [ "${1:-}" = --one ]; then
	one "$2"
	exit
fi

RUN=$(mktemp -d)
export RUN
trap 'rm -rf "$RUN"' EXIT
for t in ${SCRIPTS:-tests/*_test.sh tests/*/*_test.sh tests/layers.sh} "$@"; do
	[ -e "$t" ] && echo "$t"
done >"$RUN/programs"
xargs -P "${JOBS:-$(nproc)}" -n 1 sh "$0" --one <"$RUN/programs"
cat "$RUN"/*.failed 2>/dev/null
# One that left no count never came to its end.
awk -v of="$(wc -l <"$RUN/programs")" '{ p += $1; f += $2; n++ }
	END { f += of - n; print p + 0 " passed, " f + 0 " failed"; exit f > 0 }' "$RUN"/*.count
