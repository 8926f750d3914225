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
	    "spend_12m": 3860.5, "lost_cause": "convenience", "points": 320,
	    "points_expire": "2026-12-27" },
	  "signals": { "days_since_visit": 288, "last_score": 0.6, "score_trend": -0.2,
	    "refusals": 3, "complaints_open": 1 },
	  "vehicle": { "plate": "京A·00000", "model": "示例轿车", "next_service": "2026-12-20",
	    "inspection_due": "2026-12-31", "insurance_end": "2026-12-28",
	    "warranty_end": "2026-12-26", "battery_check": "2026-12-22" },
	  "advisor": { "name": "司马晓燕" },
	  "vehicles": [ CAR, CAR, CAR, CAR, CAR, CAR, CAR, CAR, CAR, CAR, CAR, CAR ],
	  "appointment": { "at": "2026-11-30 14:30" },
	  "store": { "name": "示例汽车服务滨江店", "address": "示例路1号", "phone": "0000000" },
	  "entity": { "name": "示例汽车服务", "phone": "0000000" },
	  "event": { "score": 2, "comment": "等得太久" },
	  "message": { "unsubscribe": "https://www.example.com/u/0" },
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
sed 's/"plate": "[^"]*", "model": "[^"]*", //g; s/"visits": 9, //; s/"offer": {[^}]*}/"x": 1/;
	s/"store": {[^}]*},//; s/"tags": \["ev"\],//' "$scratch/known.json" >"$scratch/carless.json"
holes='.{0,9}(，，|。。|、、|，。|。，|：。|：，|、。|，、|“”|（）|「」|的您的|的的|我是的|[。，：]的|由[。，]|请联系[。，]|我是[，。]|在[，。]等|离的|把的|有辆|\{\{|Liquid error).{0,6}'

# Then every variable in turn. What is always there: the house, and the day that a reminder is
# counted from, without which no playbook comes to send it.
always=' entity.name message.unsubscribe appointment.at '
always="$always vehicle.next_service vehicle.inspection_due vehicle.insurance_end vehicle.warranty_end "
mkdir "$scratch/without"
python3 - "$scratch" <<-'END'
	import copy, json, sys
	known = json.load(open(sys.argv[1] + "/known.json"))
	for root, one in known.items():
	    items = one if isinstance(one, list) else [one]
	    for name in items[0]:
	        rest = copy.deepcopy(known)
	        for item in rest[root] if isinstance(one, list) else [rest[root]]:
	            del item[name]
	        json.dump(rest, open(f"{sys.argv[1]}/without/{root}.{name}.json", "w"))
END

# says FILE: with its partials and its layout, where nobody before it took them.
took=' '
says() {
	cat "$1" >>"$scratch/says"
	for part in $(grep -oE "render '[a-z-]+'|^layout: [a-z-]+" "$1" | grep -oE "[a-z-]+'?$" | tr -d "'"); do
		case $took in *" $part "*) continue ;; esac
		took="$took$part "
		says "templates/partials/$part.liquid"
	done
}

# variables: the names it uses; a car of a list is called v.
variables() {
	grep -oE '\{[{%][^}]*\}' "$scratch/says" | sed 's/"[^"]*"//g' |
		grep -oE '(^|[^a-z_.])(customer|signals|vehicle|advisor|store|offer|entity|event|appointment|order|message|v)\.[a-z_0-9]+' |
		sed 's/^[^a-z]//; s/^v\./vehicles./' | sort -u
}

find templates -name '*.liquid' ! -path '*/partials/*' >"$scratch/all"
tried=0
while read -r t; do
	people='known unknown nameless carless'
	: >"$scratch/says"
	says "$t"
	for v in $(variables); do
		case $always in *" $v "*) continue ;; esac
		[ -e "$scratch/without/$v.json" ] ||
			fail "$t uses $v: give it to the customer we know well"
		people="$people without/$v" tried=$((tried + 1))
	done
	for who in $people; do
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
		*/tips/*) [ "$who" != known ] || { cat "$scratch/out" && echo; } >>"$scratch/tips.known" ;;
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
[ "$tried" -gt 700 ] || fail "only $tried variables were tried: is their list right?"
echo "$(wc -l <"$scratch/all") templates, $tips tips, $tried variables"
