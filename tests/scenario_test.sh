#!/bin/sh
# The scenarios that ship, told as cmocka tells tests so that each counts.
set -u
out=$("${BUILD:-build}/reachd" test -j 2 tests/scenario) && code=0 || code=$?
printf '%s\n' "$out"
printf '%s\n' "$out" | sed -n '$s/^\([0-9]*\) passed, 0 failed$/[  PASSED  ] \1 test(s)./p'
printf '%s\n' "$out" | sed -n '$s/^[0-9]* passed, \([1-9][0-9]*\) failed$/\1 FAILED TEST(S)/p'
exit $code
