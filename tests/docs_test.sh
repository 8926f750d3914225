#!/bin/sh
# What README and docs show is true: their commands run (fenced blocks marked sh, in a
# scratch copy, on free ports), their examples are accepted, their links lead somewhere,
# the Chinese pages show the same commands as the English ones.
set -eu
build=$(cd "${BUILD:-build}" && pwd)
scratch=$(mktemp -d)
pids=$scratch/pids
: >"$pids"
finish() {
	code=$?
	trap - EXIT INT TERM
	# shellcheck disable=SC2046
	kill $(cat "$pids") 2>/dev/null || :
	rm -rf "$scratch"
	exit $code
}
trap finish EXIT INT TERM

fail() {
	echo "docs_test: $*" >&2
	exit 1
}

# shell FILE: its commands; comments stay, for what the reader is told to type is run.
shell() {
	awk '/^```sh$/ { on = 1; next } /^```/ { on = 0 } on' "$1"
}

# block FILE WORD: the first block marked so.
block() {
	awk -v mark="\`\`\`$2" '$0 == mark && !n++ { on = 1; next } /^```/ { on = 0 } on' "$1"
}

# ---- pages against each other, links, verbs ----

for page in README docs/marketer docs/operator docs/developer; do
	for lang in .md .zh-CN.md; do
		shell "$page$lang" | sed 's/ *#.*//' >"$scratch/shell$lang"
	done
	diff "$scratch/shell.md" "$scratch/shell.zh-CN.md" ||
		fail "$page.md and its translation show different commands"
done
for page in README*.md docs/*.md CONTRIBUTING.md; do
	for link in $(grep -o '](\([^)#:]*\))' "$page" | sed 's/](\(.*\))/\1/'); do
		[ -e "$(dirname "$page")/$link" ] || fail "$page: $link is not there"
	done
	for verb in $(grep -o '`reachd [a-z]*' "$page" | sed 's/.* //' | sort -u); do
		[ "$verb" = VERB ] || "$build/reachd" help "$verb" >/dev/null ||
			fail "$page: there is no verb $verb"
	done
done

# ---- a scratch copy on free ports ----

cp -r config templates "$scratch"
ln -s "$build" "$scratch/build"
mkdir "$scratch/tmp" "$scratch/bin"
printf '#!/bin/sh\n' >"$scratch/bin/make" # it is built
chmod +x "$scratch/bin/make"
# shellcheck disable=SC2046
set -- $(python3 -c '
import socket
s = [socket.socket() for i in range(3)]
[x.bind(("127.0.0.1", 0)) for x in s]
print(*[x.getsockname()[1] for x in s])')
here="s|8080|$1|g; s|8081|$2|g; s|8090|$3|g; s|/tmp/|$scratch/tmp/|g"
sed -i "$here" "$scratch/config/reachd.yaml"
staff=$2 public=$1

# What runs until it is stopped goes to the background and is waited for.
background() {
	awk -v pids="$pids" '
	/^reachd sandbox/ { print $0 " >sandbox.log 2>&1 & echo $! >>" pids
		print "wait_for grep -q listening sandbox.log"; next }
	/^reachd run/ { print $0 " 2>reachd.log & echo $! >>" pids
		print "wait_for reachd status"; next }
	{ print }'
}

cat >"$scratch/tour.sh" <<'END'
set -eu
wait_for() {
	n=0
	until "$@" >/dev/null 2>&1; do
		n=$((n + 1))
		[ $n -lt 100 ] || { echo "never: $*" >&2; exit 1; }
		sleep 0.1
	done
}
set -x
END
shell README.md | sed "$here" | background >>"$scratch/tour.sh"

# ---- the tour ----

cd "$scratch"
PATH=$scratch/bin:$PATH
sh tour.sh >tour.out 2>&1 || {
	cat tour.out ./*.log >&2 2>/dev/null || :
	fail "a command of README.md failed"
}
said() {
	grep -q -- "$1" tour.out || {
		cat tour.out >&2
		fail "README.md: its commands do not say \"$1\""
	}
}
said 'no mistakes'
said '张伟您好'
said '"segments": 2'
said '"rule": "lunch"'
said '"balanced":true'
said '"type":"nonmessage"'
said '200 imported'
said '1 event: 1 new'
said '^presence  running'
said '^200 customers'
cd - >/dev/null

# ---- what the pages promise of a daemon that runs ----

export PATH="$build:$PATH"

# until TEXT COMMAND...: the command says it, within 10 s.
until_said() {
	text=$1 n=0
	shift
	until "$@" 2>&1 | grep -q -- "$text"; do
		n=$((n + 1))
		[ $n -lt 100 ] || fail "never \"$text\" from: $*"
		sleep 0.1
	done
}
# A bad set is refused whole and status says so; a good one takes over.
sed -i 's/from: "11:30"/form: "11:30"/' "$scratch/config/policy.yaml"
until_said '^REFUSED' reachd status --socket "$scratch/var/reachd.sock"
until_said 'policy.yaml:14:19: unknown key "form"' reachd status --socket "$scratch/var/reachd.sock"
sed -i 's/form: "11:30"/from: "11:45"/' "$scratch/config/policy.yaml"
until_said '^reloaded' reachd reload --socket "$scratch/var/reachd.sock"
reachd status --socket "$scratch/var/reachd.sock" | grep -q REFUSED && fail "still refused"
reachd run --config "$scratch/config" --state "$scratch/var" 2>/dev/null && code=0 || code=$?
[ $code = 3 ] || fail "a second reachd on one state exits $code, not 3"

# Under systemd: state where it says, the socket where \`reachd status\` looks for it.
mkdir "$scratch/lib" "$scratch/run"
sed 's/listen: .*/listen: { public: 127.0.0.1:0, staff: 127.0.0.1:0 }/' \
	"$scratch/config/reachd.yaml" >"$scratch/tmp/reachd.yaml"
mkdir "$scratch/etc"
cp -r "$scratch/config/." "$scratch/templates" "$scratch/etc"
cp "$scratch/tmp/reachd.yaml" "$scratch/etc"
STATE_DIRECTORY=$scratch/lib RUNTIME_DIRECTORY=$scratch/run \
	reachd run --config "$scratch/etc" 2>"$scratch/systemd.log" &
echo $! >>"$pids"
until_said '^0 customers' reachd status --socket "$scratch/run/reachd.sock"
[ -e "$scratch/lib/reachd.db" ] || fail "the state is not where systemd says"

# ---- examples ----

for lang in .md .zh-CN.md; do
	set="$scratch/set$lang"
	mkdir "$set"
	cp -r config templates "$set"
	mkdir -p "$set/templates/sms/battery" "$set/templates/wecom/battery"
	block docs/marketer$lang yaml >"$set/config/playbooks/battery-check.yaml"
	block docs/marketer$lang liquid >"$set/templates/sms/battery/sms.liquid"
	cp "$set/templates/sms/battery/sms.liquid" "$set/templates/sms/battery/sms-again.liquid"
	sed 's/channel: sms/channel: wecom/' "$set/templates/sms/battery/sms.liquid" \
		>"$set/templates/wecom/battery/wecom.liquid"
	mkdir "$set/scenarios" "$set/old"
	cp -r config templates "$set/old"
	block docs/marketer$lang yml >"$set/scenarios/battery.yaml"
	cp "$scratch/tmp/people.csv" "$set/customers.csv"
	cp "$scratch/tmp/one.json" "$set"
	ln -s "$scratch/var" "$set/var" # `why` asks the daemon of the tour
	printf 'id,consent\nC1024,marketing\n' |
		reachd import customers - --socket "$scratch/var/reachd.sock" >/dev/null
	shell docs/marketer$lang >"$set/shell"
	(cd "$set" && sh -eux ./shell) >"$set/out" 2>&1 || {
		cat "$set/out" >&2
		fail "a command of docs/marketer$lang failed"
	}
	grep -q '1 segment' "$set/out" || fail "docs/marketer$lang: the example is not one segment"
	grep -q '^C1024' "$set/out" || fail "docs/marketer$lang: why does not answer"

	rm "$set"/config/playbooks/* # its one gateway has no WeCom
	block docs/operator$lang yaml >"$set/config/reachd.yaml"
	out=$(reachd check "$set/config" 2>&1) || fail "docs/operator$lang: $out"

	block docs/developer$lang http >"$set/event"
	awk '/^```http$/ { n++; next } /^```/ { n += n == 2 } n == 2' docs/developer$lang >"$set/hook"
	python3 - "$set" "$staff" "$public" <<'END'
import datetime, http.client, re, sys
folder, staff, public = sys.argv[1:]
now = datetime.datetime.now().astimezone().isoformat(timespec="seconds")

def post(name, port, path, headers):
    text = open(f"{folder}/{name}").read()
    body = re.sub(r'"at": "[^"]*"', f'"at": "{now}"', text[text.index("{"):])
    c = http.client.HTTPConnection("127.0.0.1", int(port))
    c.request("POST", path, body.encode(), headers)
    r = c.getresponse()
    return r.status, r.read().decode().strip()

key = re.search(r"Idempotency-Key: (\S+)", open(f"{folder}/event").read())[1]
path = re.search(r"POST (\S+)", open(f"{folder}/event").read())[1]
answer = post("event", staff, path, {"Content-Type": "application/json",
    "Idempotency-Key": key + folder[-5:]})
assert answer[0] in (200, 201), answer
answer = post("hook", public, "/hooks/sandbox/demo-sms", {})
assert answer == (200, '{"ok":true}'), answer
END
done
