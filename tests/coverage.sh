#!/bin/sh
# Which of the dealers' needs (tests/domain.txt) a test proves. Writes
# docs/domain-coverage.md; with --check only says whether that is up to date.
#
# A test proves what it says it proves: a scenario by its key `proves: [1.2, S19]`, any
# other test by a comment `proves: 1.2, S19`, a test function by its name, d05_06_... for
# 5.6 and s19_... for S19. STRICT=1 with --check: a number without a
# test and without a reason in tests/domain.txt fails. A reason beside tests says what
# they leave open.
set -eu
cd "$(dirname "$0")/.."
page=docs/domain-coverage.md
proofs=$(mktemp) made=$(mktemp)
trap 'rm -f "$proofs" "$made"' EXIT

# "NUMBER<TAB>FILE", sorted, each once.
find tests -type f \( -name '*.yaml' -o -name '*.c' -o -name '*.h' -o -name '*_test.sh' \) | sort |
	xargs awk '/(^|[ *#])proves: *\[?(S?[0-9])/ {
		s = $0
		sub(/.*proves: */, "", s)
		while (match(s, /^[[ ,]*(S[0-9]+|[0-9]\.[0-9]+[a-f]?)/)) {
			n = substr(s, 1, RLENGTH)
			s = substr(s, RLENGTH + 1)
			gsub(/[[ ,]/, "", n)
			print n "\t" FILENAME
		}
	}
	/^s[0-9][0-9]_[a-z]/ { print "S" substr($0, 2, 2) + 0 "\t" FILENAME }
	/^d[0-9][0-9]_[0-9][0-9][a-f]?_[a-z]/ {
		letter = substr($0, 7, 1)
		print substr($0, 2, 2) + 0 "." substr($0, 5, 2) + 0 \
			(letter == "_" ? "" : letter) "\t" FILENAME
	}' | sort -u >"$proofs"

unknown=$(awk -F'\t' 'NR == FNR { if ($0 !~ /^#/) known[$1] = 1; next }
	!($1 in known) { print $2 ": there is no number " $1 }' tests/domain.txt "$proofs")
[ -z "$unknown" ] || {
	echo "$unknown" >&2
	exit 1
}

awk -F'\t' '
NR == FNR { files[$1] = files[$1] (files[$1] == "" ? "" : "<br>") \
	sprintf("[%s](../%s)", substr($2, 7), $2); next }
/^#/ { next }
{
	n++
	if ($3 != "") { said++; state = $3 ($1 in files ? "; " files[$1] : "") }
	else if ($1 in files) {
		covered++
		state = files[$1]
		if (state !~ /scenario\//) { units++; state = "unit tests only: " state }
	}
	else { open++; state = "open" }
	lines[n] = sprintf("| %s | %s | %s |", $1, $2, state)
}
END {
	print "# What dealers need, and the tests that prove it\n"
	print "Made by `tests/coverage.sh` from `tests/domain.txt` and what tests say they prove;"
	print "do not edit. Scenarios can be played: `reachd test FILE`; those called shipped-... play the"
	print "playbooks as they ship. What a scenario cannot say, as the figures of a report, stands in"
	print "unit tests.\n"
	printf "%d numbers: %d proved by a test, %d of them by unit tests only, %d open, %d with a reason.\n\n",
		n, covered, units, open, said
	print "| number | need | proved by |"
	print "|---|---|---|"
	for (i = 1; i <= n; i++)
		print lines[i]
}' "$proofs" tests/domain.txt >"$made"

if [ "${1:-}" != --check ]; then
	cp "$made" "$page"
	sed -n '/^[0-9]* numbers/p' "$page"
	exit 0
fi
diff -u "$page" "$made" || {
	echo "$page is not up to date: run sh tests/coverage.sh" >&2
	exit 1
}
[ "${STRICT:-0}" = 0 ] || ! grep '| open |$' "$page"
