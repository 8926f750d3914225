#!/bin/sh
# Every row of the table of bad inputs has a test that is named after it: fails and names
# the rows that have none.
#
# A row is named by a string in a test ("Y5 duplicate", "case T4 ...", "template T1 ...")
# or by a test's function (h12_pipelined, template_t6_..., case_t10_...). "T" is the name of
# two tables: of templates, and of cases from other systems' bugs.
set -u
cd "$(dirname "$0")/.."

rows() { # prefix, numbers and ranges
	prefix=$1
	shift
	for n in "$@"; do
		i=${n%-*}
		while [ "$i" -le "${n#*-}" ]; do
			echo "$prefix$i"
			i=$((i + 1))
		done
	done
}

wanted() {
	rows Y 1-30
	rows 'template T' 1-9
	rows C 1-17
	rows G 1-8 10 12
	rows K 2-5 7
	rows W 1-18
	rows L 1 2 5 6
	rows A 1-20
	rows H 1-3 6-15
	rows 'case T' 1-24
}

# The tests without their comments; a name in one is no test.
text=$(mktemp)
trap 'rm -f "$text"' EXIT
find tests -name '*_test*.[ch]' | while read -r f; do
	gcc -fpreprocessed -dD -E -P "$f" 2>/dev/null
done >"$text"
find tests -name '*_test*.sh' ! -name rows_test.sh -exec sed 's/^[[:space:]]*#.*//' {} + >>"$text"

# "Y5 duplicate", 'Y5 ...' and "Y4, Y5 ..."; also bare "Y5" where it can be nothing else
# (C1 is a customer, A1 a cell, K2 a key); or test(y5_duplicate).
named() { # row
	name=$(echo "$1" | tr 'A-Z ' 'a-z_')
	case $1 in
	[YGWLH]*) behind="([\"']|[ :,;+&/])" ;;
	*) behind="[ :,;+&/]+[^\"' ]" ;;
	esac
	grep -Eq "[\"'](test )?((case |template )?[A-Z][0-9]+(, | and |\+|/))*$1$behind" "$text" ||
		grep -Eq "\((test_)?([a-z]+[0-9]+_)*${name}_" "$text"
}

missing=$(wanted | while read -r row; do
	named "$row" || echo "$row"
done)
[ -z "$missing" ] || {
	echo "$missing" | sed 's/$/: no test is named after this row/'
	exit 1
}
