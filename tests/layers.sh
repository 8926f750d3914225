#!/bin/sh
# Who may include whom: the include path names the layer (ARCHITECTURE.md, Layers).
# Private headers lie beside their .c and are included by bare name. And no file is too long.
set -u
bad=0
allowed() {
	case $1 in
	base) echo base ;;
	core) echo 'base core' ;;
	spec) echo 'base core spec' ;;
	store) echo 'base core store' ;;
	provider) echo 'base core spec/liquid.h spec/catalog.h provider' ;;
	engine) echo 'base core spec store provider engine' ;;
	web) echo 'base core spec store provider engine web' ;;
	world) echo 'base world web/http.h' ;;
	sim) echo 'base core spec store provider engine web world sim' ;;
	cmd | main) echo 'base core spec store provider engine web world sim cmd' ;;
	esac
}
check() { # file layer
	for inc in $(sed -n 's/^#include "\([a-z]*\/[a-z_]*\.h\)".*/\1/p' "$1"); do
		ok=0
		for a in $(allowed "$2"); do
			case $inc in "$a" | "$a"/*) ok=1 ;; esac
		done
		[ $ok = 1 ] || {
			echo "$1 includes $inc: $2 may not"
			bad=1
		}
	done
}
for f in $(find src include -name '*.[ch]'); do
	case $f in
	src/main.c) layer=main ;;
	src/*) layer=${f#src/} layer=${layer%%/*} ;;
	include/*) layer=${f#include/} layer=${layer%%/*} ;;
	esac
	check "$f" "$layer"
done
# Only the two worlds may ask the machine for time, dice, sockets and threads.
outside='clock_gettime|gettimeofday|[^_a-z]time\(NULL|getrandom|random\(\)|rand\(\)|pthread_create|uv_thread_create|socket\(AF_|curl_easy'
if grep -nE "$outside" $(find src -path src/world -prune -o -path src/sim -prune -o -path src/cmd -prune -o -name '*.c' -print) |
	grep -v 'RAND_bytes'; then
	echo 'a clock, dice, socket or thread outside world/ and sim/'
	bad=1
fi
# One noun a file: who needs more lines than this has two.
for f in $(find src include -name '*.[ch]'); do
	[ "$(wc -l <"$f")" -le 500 ] || {
		echo "$f is longer than 500 lines"
		bad=1
	}
done
exit $bad
