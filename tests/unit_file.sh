#!/bin/sh
# The systemd unit, as systemd itself reads it: sound, and closed up to a score of 1.1.
# The binary need not be installed: the unit is checked with the built one's path.
set -eu
binary=$(cd "$(dirname "$1")" && pwd)/$(basename "$1")
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
sed "s|^ExecStart=/usr/sbin/reachd|ExecStart=$binary|" systemd/reachd.service >"$dir/reachd.service"
systemd-analyze verify --man=no "$dir/reachd.service"
systemd-analyze security --offline=true --threshold=11 systemd/reachd.service >"$dir/score" || {
	cat "$dir/score"
	exit 1
}
tail -n 1 "$dir/score"
