#!/bin/sh
# The shipped texts: enough tips and no two alike; every template makes a text of the data
# of a customer we know well and of one we hardly know; an SMS is never too long; every text
# speaks to one person.
set -eu
reachd=$(cd "${BUILD:-build}" && pwd)/reachd
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

fail() {
	echo "content_test: $*" >&2
	exit 1
}

# Long names: what fits for them fits for most.
cat >"$scratch/known.json" <<-'END'
	{ "customer": { "name": "欧阳明远", "salutation": "欧阳先生", "tags": ["ev"],
	    "visits": 9, "first_visit": "2021-03-14", "last_visit": "2026-02-11",
	    "spend_12m": 3860.5, "lost_cause": "convenience" },
	  "signals": { "days_since_visit": 288, "last_score": 0.6, "score_trend": -0.2,
	    "refusals": 3, "complaints_open": 1 },
	  "vehicle": { "plate": "京A·00000", "model": "示例轿车", "next_service": "2026-12-20",
	    "inspection_due": "2026-12-31", "insurance_end": "2026-12-28",
	    "warranty_end": "2026-12-26", "battery_check": "2026-12-22" },
	  "advisor": { "name": "司马晓燕" },
	  "vehicles": [ CAR, CAR, CAR, CAR, CAR, CAR, CAR, CAR, CAR, CAR, CAR, CAR ],
	  "appointment": { "at": "2026-11-30 14:30" },
	  "store": { "name": "示例汽车服务滨江店", "address": "示例路1号" },
	  "offer": { "expires": "2026-12-25" } }
END
cat >"$scratch/unknown.json" <<-'END'
	{ "customer": { "id": "C1" },
	  "vehicle": { "next_service": "2026-12-20", "inspection_due": "2026-12-31",
	    "insurance_end": "2026-12-28", "warranty_end": "2026-12-26" },
	  "vehicles": [ { "next_service": "2026-12-20", "inspection_due": "2026-12-31",
	      "insurance_end": "2026-12-28" }, {}, {} ],
	  "appointment": { "at": "2026-11-30 14:30" } }
END

# A fleet: plates of eight characters.
car='{ "plate": "京AD00000", "model": "示例轿车", "next_service": "2026-12-20", "inspection_due": "2026-12-31", "insurance_end": "2026-12-28" }'
sed -i "s/CAR/$car/g" "$scratch/known.json"

# Every playbook that ships is played as it ships, from a start to its ends.
played=$(sed -n '/^playbooks: \[/,/\]/p' tests/scenario/*.yaml)
for f in config/playbooks/*.yaml; do
	name=$(basename "$f" .yaml)
	printf '%s\n' "$played" | grep -Eq "[[, ]$name[],]" ||
		fail "no scenario plays $name as it ships: name it in playbooks: [...]"
done

tips=$(find templates/wecom/tips -name '*.liquid' | wc -l)
[ "$tips" -ge 52 ] || fail "$tips tips, a year has 52 weeks"

# One thing unknown at a time, and what a text looks like that was not meant for that.
sed 's/"name": "欧阳明远", "salutation": "欧阳先生", //' "$scratch/known.json" >"$scratch/nameless.json"
sed 's/"advisor": {[^}]*},//' "$scratch/known.json" >"$scratch/unadvised.json"
sed 's/"plate": "[^"]*", "model": "[^"]*", //g; s/"visits": 9, //; s/"offer": {[^}]*}/"x": 1/;
	s/"store": {[^}]*},//; s/"tags": \["ev"\],//' "$scratch/known.json" >"$scratch/carless.json"
holes='.{0,9}(，，|。。|、、|，。|。，|：。|：，|、。|，、|“”|（）|「」|的您的|的的|我是的|[。，：]的|由[。，]|请联系[。，]|我是[，。]|在[，。]等|离的|把的|有辆|\{\{|Liquid error).{0,6}'

find templates -name '*.liquid' ! -path '*/partials/*' >"$scratch/all"
while read -r t; do
	for who in known unknown nameless unadvised carless; do
		"$reachd" render -t "$t" -d "$scratch/$who.json" -c config --tz Asia/Shanghai \
			--signature 示例汽车服务 --json >"$scratch/out" 2>"$scratch/err" ||
			fail "$t for a customer $who: $(cat "$scratch/err")"
		case $t in
		*/phone/*) ;;
		*)
			! grep -Eo "$holes" "$scratch/out" >"$scratch/hole" ||
				fail "$t for a customer $who has a hole: $(cat "$scratch/hole")"
			;;
		esac
		case $t in
		*/sms/*)
			grep -Eq '"segments": ?[12][,}]' "$scratch/out" ||
				fail "$t is too long: $(cat "$scratch/out")"
			;;
		esac
		case $t in
		*/tips/*) cat "$scratch/out" >>"$scratch/tips.$who" && echo >>"$scratch/tips.$who" ;;
		esac
	done
	case $t in
	*/phone/*) ;; # for staff, and about more than one way to say it
	*)
		grep -Eq 'customer\.(salutation|name)' "$t" || fail "$t names nobody"
		! grep -q '您怎么\|您应该' "$t" || fail "$t demands or blames"
		;;
	esac
done <"$scratch/all"

[ -z "$(sort "$scratch/tips.known" | uniq -d | grep .)" ] || fail "two tips say the same"
echo "$(wc -l <"$scratch/all") templates, $tips tips"
