#!/bin/sh
# The systemd units, as systemd itself reads them: sound, and closed up to a score of 1.1.
# The binary need not be installed: they are checked with the built one's path.
set -eu
binary=$(cd "$(dirname "$1")" && pwd)/$(basename "$1")
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
for unit in reachd.service reachd-dns.service reachd-dns.timer; do
	sed "s|^ExecStart=/usr/sbin/reachd|ExecStart=$binary|" "systemd/$unit" >"$dir/$unit"
done
for unit in reachd.service reachd-dns.service reachd-dns.timer; do
	systemd-analyze verify --man=no "$dir/$unit"
done
for unit in reachd.service reachd-dns.service; do
	systemd-analyze security --offline=true --threshold=11 "systemd/$unit" >"$dir/score" || {
		cat "$dir/score"
		exit 1
	}
	tail -n 1 "$dir/score"
done
