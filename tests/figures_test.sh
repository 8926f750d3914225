#!/bin/sh
# What each playbook that ships is expected to reach, and what a rehearsal of the shipped
# configuration says it takes: the tables in docs/playbooks*.md.
#
#   tests/figures_test.sh          they are current
#   tests/figures_test.sh --write  writes them
#
# 200 invented customers with a car each, a year. What only events begin is counted from its
# scenario instead (tests/scenario/shipped-*.yaml), a text as one part.
set -eu
reachd=${BUILD:-build}/reachd
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

"$reachd" people --seed 1 --count 200 --today 2027-01-04 |
	awk -F, -v OFS=, 'NR == 1 { print $0, "points", "points_expire"; next }
		{ print $0, NR % 4 ? "" : 1200, NR % 4 ? "" : sprintf("2027-%02d-20", NR % 12 + 1) }' \
		>"$scratch/customers.csv"
awk -F, 'NR == 1 { print "id,customer,vin,plate,bought,every_months,last_service,warranty_end,inspection_due,insurance_end" }
	NR > 1 { m = NR % 12 + 1
		printf "V%d,%s,LTEST%012d,京A%05d,%d-%02d-10,6,%s,%s,2027-%02d-15,2027-%02d-25\n", NR, $1,
		    NR, NR, 2022 + NR % 5, m, $15, NR % 3 ? "" : sprintf("2027-%02d-05", m), m, m }' \
	"$scratch/customers.csv" >"$scratch/vehicles.csv"
"$reachd" rehearse --config config --customers "$scratch/customers.csv" \
	--vehicles "$scratch/vehicles.csv" --from 2027-01-04 --days 365 --json >"$scratch/rehearsed" ||
	{ cat "$scratch/rehearsed" >&2; exit 1; }
"$reachd" test --show tests/scenario/shipped-*.yaml >"$scratch/played"

python3 - "$scratch" "${1-}" <<'END'
import collections, glob, json, os, re, sys

scratch, write = sys.argv[1], sys.argv[2] == '--write'
price = dict(re.findall(r'(\w+): ([\d.]+)', re.search(
    r'^costs: \{(.*)\}', open('config/policy.yaml').read(), re.M).group(1)))
rehearsed, played = collections.defaultdict(list), collections.defaultdict(list)
for line in open(scratch + '/rehearsed'):
    m = json.loads(line)
    if m['type'] == 'message':
        rehearsed[m['playbook']].append((m['customer'], m['channel'], m['cost']))
scenario = 0
for line in open(scratch + '/played'):
    scenario += line.startswith('ok ')
    m = re.match(r'\s+day \d+\s+\S+ \S+\s+(\S+)  (\S+)  \S+  (\S+)  ', line)
    if m:
        played[m[2]].append((f'{scenario} {m[1]}', m[3], float(price[m[3]])))

def expected(text):
    m = re.search(r'^expect: \{ goal: (\d+%), by: (\d+)d(, basis: assumption)? \}', text, re.M)
    return m and (m[1], m[2], bool(m[3]))

def table(zh):
    yield ('| 剧本 | 预期达成 | 人均触达 | 每百人通话 | 每百人花费（元） | 数据来自 |' if zh else
           '| playbook | expected to reach its goal | touches a customer | calls per 100 |'
           ' yuan per 100 | counted in |')
    yield '|---|---|---:|---:|---:|---|'
    for path in sorted(glob.glob('config/playbooks/*.yaml')):
        name = os.path.basename(path)[:-5]
        e = expected(open(path).read())
        rows, source = rehearsed[name], '预演' if zh else 'rehearsal'
        if not rows:
            rows, source = played[name], '场景' if zh else 'scenario'
        n = len({r[0] for r in rows})
        say = '—'
        if e and zh:
            say = f'{e[1]} 天内 {e[0]}' + ('（假设）' if e[2] else '')
        elif e:
            say = f'{e[0]} in {e[1]} days' + (', assumed' if e[2] else '')
        if n == 0:
            figures = ['0', '0', '0']
        else:
            figures = ['%.1f' % (len(rows) / n),
                       '%.0f' % (100 * sum(r[1] == 'phone' for r in rows) / n),
                       '%.1f' % (100 * sum(r[2] for r in rows) / n)]
        yield f'| `{name}` | {say} | ' + ' | '.join(figures) + f' | {source} |'

def months(zh):
    text = open('config/lifecycle.yaml').read()
    rates = collections.defaultdict(list)
    for rate, away in re.findall(r'rate: (\d+)%.*lost_duration == "([^"]+)"', text):
        rates[away].append(int(rate))
    yield '| 离开月数 | 赢回 |' if zh else '| months away | won back |'
    yield '|---|---:|'
    for away, some in rates.items():
        yield f'| {away} | ' + (f'{some[0]} %' if len(set(some)) == 1
                                else f'{min(some)}–{max(some)} %') + ' |'

for path, zh in (('docs/playbooks.md', False), ('docs/playbooks.zh-CN.md', True)):
    text = open(path).read()
    for mark, make in (('figures', table), ('months', months)):
        begin, end = f'<!-- {mark}: tests/figures_test.sh --write -->\n', f'<!-- /{mark} -->'
        a = text.index(begin) + len(begin)
        text = text[:a] + '\n'.join(make(zh)) + '\n' + text[text.index(end):]
    if write:
        open(path, 'w').write(text)
    elif text != open(path).read():
        sys.exit(f'{path}: its figures are not those of the shipped files: tests/figures_test.sh --write')
    print(f'[  PASSED  ] 1 test(s). {path}: the figures are current')
END
