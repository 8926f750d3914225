#!/bin/sh
# proves: S25 - `reachd check --registered` and `reachd render --account` against what a
# running daemon knows of a gateway's books.
set -eu
umask 077
build=$(cd "${BUILD:-build}" && pwd)
scratch=$(mktemp -d)
daemon=
finish() {
	code=$?
	trap - EXIT INT TERM
	[ -z "$daemon" ] || kill "$daemon" 2>/dev/null || :
	wait
	rm -rf "$scratch"
	exit $code
}
trap finish EXIT INT TERM

fail() {
	echo "registered_test: $*" >&2
	exit 1
}
port() { python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }
# says CODE WORDS ARGUMENT...
says() {
	code=$1 words=$2
	shift 2
	got=0
	"$build/reachd" "$@" >"$scratch/out" 2>&1 || got=$?
	[ "$got" = "$code" ] || fail "$* exits $got instead of $code: $(cat "$scratch/out")"
	grep -qF "$words" "$scratch/out" || fail "$* does not say $words: $(cat "$scratch/out")"
}
registered() { # text status
	printf 'code,text,status\nSMS_1,%s,%s\n' "$1" "$2" >list.csv
	says 0 '1 texts taken' template import list.csv --account ali -c config
}

cd "$scratch"
mkdir -p config/secrets config/playbooks templates/sms
public=$(port)
cat >config/reachd.yaml <<-EOF
	entity: { name: 示例汽车, tz: Asia/Shanghai }
	state: $scratch/state/
	listen: { public: "127.0.0.1:$public", staff: "127.0.0.1:$(port)" }
	public_url: http://127.0.0.1:$public
	credentials: secrets
	providers:
	  - { name: ali, type: aliyun, channels: [sms], url: "http://127.0.0.1:1", internal: true,
	      access_key_id: LTAI-example, access_key_secret: { credential: key } }
EOF
printf example >config/secrets/key
printf 'tiers:\n  high: { cap: 12 }\n' >config/policy.yaml
cat >templates/sms/a.liquid <<-'EOF'
	---
	title: x
	category: service
	providers: { aliyun: { template_code: SMS_1, params: { who: customer.salutation } } }
	---
	{{ customer.salutation }}您好，车已备好
EOF
printf '{"customer":{"salutation":"王先生"}}' >data.json

says 4 'not running' render -t templates/sms/a.liquid -d data.json --account ali -c config
"$build/reachd" run --config config >log 2>&1 &
daemon=$!
i=0
while [ ! -S state/reachd.sock ]; do
	i=$((i + 1))
	[ $i -lt 100 ] || fail "the daemon does not start: $(cat log)"
	sleep 0.1
done

says 0 'SMS_1 is not in the registry of "ali"' check config templates --registered -c config
says 1 'is not in the registry' render -t templates/sms/a.liquid -d data.json --account ali -c config
registered '${who}您好，车备好了' 审核通过
says 1 '"‹customer.salutation›您好，车▸备好了"' check config templates --registered -c config
says 1 '"‹customer.salutation›您好，车▸已备好": they part at' check config templates --registered -c config
says 0 '【示例汽车】王先生您好，车备好了' render -t templates/sms/a.liquid -d data.json --account ali -c config
says 0 'they part at character 8' render -t templates/sms/a.liquid -d data.json --account ali -c config
registered '${who}您好，车已备好' 审核中
says 1 'the text of SMS_1 is pending at "ali"' check config templates --registered -c config
registered '${who}您好，车已备好' 审核通过
says 0 'no mistakes' check config templates --registered -c config
says 0 'they read the same' render -t templates/sms/a.liquid -d data.json --account ali -c config
says 0 '"same": true' render -t templates/sms/a.liquid -d data.json --account ali -c config --json
says 1 'there is no account "nobody"' render -t templates/sms/a.liquid -d data.json --account nobody -c config
