/* report.c - the table of reports, what is asked of one, and how it is answered. */
#include "report.h"

#include <string.h>

#include "base/check.h"
#include "base/report.h"

#define OF_CUSTOMER                                                               \
	(BIT(DIM_PRIORITY) | BIT(DIM_CAUSE) | BIT(DIM_STORE) | BIT(DIM_ADVISOR) | \
	    BIT(DIM_TIER) | BIT(DIM_STAGE))
#define OF_RUN                                                                       \
	(OF_CUSTOMER | BIT(DIM_PLAYBOOK) | BIT(DIM_CAMPAIGN) | BIT(DIM_VARIANT) |    \
	    BIT(DIM_DURATION) | BIT(DIM_OFFER) | BIT(DIM_CHANNEL) | BIT(DIM_MONTH) | \
	    BIT(DIM_DAY))
#define OF_TOUCH (OF_RUN | BIT(DIM_STEP) | BIT(DIM_REASON) | BIT(DIM_CATEGORY))
#define OF_SENT (OF_TOUCH | BIT(DIM_HOUR))

/* By name. Lines are long: texts of a manual. The last four: what to do next, and why
 * there may be nothing. */
/* clang-format off */
static const struct report_kind table[] = {
	{ { "ab", "A/B tests", "A/B 测试",
	    "Each arm with its share and 95 % interval, and whether the best is better than it, corrected for several arms (Holm).",
	    "各方案的比例与 95% 区间，以及最佳方案是否优于它（多方案按 Holm 校正）。",
	    0, { 0 }, 0,
	    "",
	    "",
	    "Only playbooks with a step that has `split` are tested: see docs/playbooks.md.",
	    "只有步骤里写了 split 的剧本才做测试：见 docs/playbooks.zh-CN.md。" }, report_ab, READ_TESTS },
	{ { "advisors", "Advisors", "顾问业绩",
	    "Calls made, reached, booked and late; customers won back after a call, and the base of the commission.",
	    "拨打、接通、预约与超时；通话后挽回的客户与提成基数。",
	    BIT(DIM_STORE) | BIT(DIM_ADVISOR) | BIT(DIM_MONTH), { DIM_MONTH, DIM_ADVISOR }, 2,
	    "Who is called late is listed by `reachd task list --to NAME`.",
	    "谁手上有逾期的电话：reachd task list --to 姓名。",
	    "Nobody has been asked to call: a playbook asks by a step `call`.",
	    "还没有人被安排打电话：剧本用 call 步骤来安排。" }, report_advisors, READ_MEN | READ_RUNS | READ_CALLS },
	{ { "balance", "Balance", "收支平衡表",
	    "Every touch in exactly one column; the columns sum to the touches.",
	    "每次触达恰好在一列，各列之和等于触达总数。",
	    OF_TOUCH, { DIM_PLAYBOOK }, 1,
	    "Why touches were held or not sent: --by playbook,reason.",
	    "为什么暂缓或没发：--by playbook,reason。",
	    "No playbook has planned a touch yet: `reachd status` shows which are live.",
	    "还没有剧本排定触达：reachd status 显示哪些剧本在运行。" }, report_balance, READ_MEN | READ_RUNS | READ_TOUCHES },
	{ { "budgets", "Budgets", "预算",
	    "What messages have cost, what is planned will cost, and what is left of the budgets, by playbook, campaign or store, per day or month.",
	    "消息已花的费用、已排消息的预计费用和预算剩余，可按剧本、活动、门店，按日或按月查看。",
	    OF_RUN | BIT(DIM_STEP) | BIT(DIM_CATEGORY), { DIM_PLAYBOOK }, 1,
	    "",
	    "",
	    "No playbook has planned a touch yet: `reachd status` shows which are live.",
	    "还没有剧本排定触达：reachd status 显示哪些剧本在运行。" }, report_budgets, READ_MEN | READ_RUNS | READ_TOUCHES },
	{ { "campaign", "Campaign", "活动成效",
	    "Listed, targeted, reached, answered, tried, recalled, stayed; cost, income, margin, net gain. Campaigns are named under `reports:` in policy.yaml.",
	    "名单、目标、触达、回应、体验、召回、留存；成本、收入、毛利、净收益。活动在 policy.yaml 的 reports: 下命名。",
	    OF_RUN, { DIM_CAMPAIGN, DIM_PRIORITY }, 2,
	    "Where people are lost on the way: `reachd report funnel --by campaign,step`.",
	    "人在哪一步流失：reachd report funnel --by campaign,step。",
	    "",
	    "" }, report_campaigns, READ_WAY },
	{ { "channels", "Channels compared", "渠道对比",
	    "Answers per touch that invited an answer and where one can be seen; opens as reported; cost of an answer, and a customer and year.",
	    "以邀请回应且可观察回应的触达为同一口径的回应率；打开率为回报数；每次回应成本、每位客户每年成本。",
	    OF_SENT, { DIM_CHANNEL }, 1,
	    "By store or tier: --by channel,store or channel,tier.",
	    "按门店或层级：--by channel,store 或 channel,tier。",
	    "Nothing has been sent yet.",
	    "还没有发出任何消息。" }, report_channels, READ_WAY },
	{ { "control", "Against control", "与对照组比较",
	    "From entry, whatever became of the run: who reached the goal among the treated and the held out, the difference with its 95 % interval, income a customer likewise.",
	    "自进入起计（意向性分析）：处理组与对照组的目标达成率、差值及 95% 区间，人均收入同理。",
	    OF_RUN & ~(BIT(DIM_CHANNEL) | BIT(DIM_VARIANT)), { DIM_PLAYBOOK }, 1,
	    "",
	    "",
	    "No playbook has taken anybody in yet.",
	    "还没有剧本收入任何人。" }, report_control, READ_WAY | READ_SHARES },
	{ { "dashboard", "Dashboard", "看板",
	    "Reach, response, trial, recall and stay against the targets.",
	    "触达率、回应率、体验率、召回率、留存率，与目标对照。",
	    OF_RUN, { DIM_PLAYBOOK }, 1,
	    "✗ is below the target of `reports:` in policy.yaml. Where people are lost: `reachd report funnel`; why touches did not go: `reachd report balance --by playbook,reason`.",
	    "✗ 低于 policy.yaml 中 reports: 的目标。人在哪一步流失：reachd report funnel；为什么没发：reachd report balance --by playbook,reason。",
	    "No playbook has taken anybody in yet.",
	    "还没有剧本收入任何人。" }, report_dashboard, READ_WAY },
	{ { "defence", "Three lines of defence", "三道防线",
	    "Effort of each line, customers who stand there, and the share of the first two.",
	    "各道防线的投入与所在客户数，以及前两道防线的投入占比。",
	    0, { 0 }, 0,
	    "",
	    "",
	    "",
	    "" }, report_defence, READ_MEN | READ_RUNS | READ_TOUCHES },
	{ { "depth", "Stay by depth of touch", "触达深度与留存",
	    "Of customers known a year ago and touched since: who came within the year, by the deepest kind of touch they had.",
	    "一年前已有到店记录且其后被触达的客户中，按最深触达类型统计一年内再次到店的比例。",
	    0, { 0 }, 0,
	    "",
	    "",
	    "No customer has been known for a year and touched since: this report needs a year of visits (`reachd import orders`).",
	    "还没有一年前就到过店、之后又被触达的客户：本报表需要一年的到店记录（reachd import orders）。" }, report_depth, READ_MEN | READ_TOUCHES | READ_EVENTS },
	{ { "economics", "Economics", "经济账",
	    "What a campaign cost, item by item, and what it brought.",
	    "活动的逐项成本与带来的价值。",
	    0, { 0 }, 0,
	    "",
	    "",
	    "",
	    "" }, report_economics, READ_WAY },
	{ { "expected", "Expected and actual", "预期与实际",
	    "Of those who entered long enough ago: who met the goal in the time the playbook expects it in, beside its `expect:`; playbooks below it are named for the monthly review.",
	    "进入已满观察期的客户中，在剧本 expect: 所定期限内达成目标的比例，与预期对照；低于预期的剧本会在备注中点名，供月度复盘。",
	    BIT(DIM_PLAYBOOK), { DIM_PLAYBOOK }, 1,
	    "Where people are lost on the way: `reachd report funnel`; what outreach itself added: `reachd report control`.",
	    "人在哪一步流失：reachd report funnel；触达本身带来多少：reachd report control。",
	    "No playbook with `expect` has taken anybody in long enough ago.",
	    "写了 expect 的剧本还没有满观察期的客户。" }, report_expected, READ_MEN | READ_RUNS },
	{ { "funnel", "Funnel", "漏斗",
	    "Planned, sent, delivered, opened as reported, clicked, answered, goal.",
	    "计划、发出、送达、回报打开、点击、回应、达成目标。",
	    OF_TOUCH, { DIM_PLAYBOOK, DIM_STEP }, 2,
	    "What the texts of a step say: `reachd render`; two texts against each other: `split` in the step.",
	    "某一步写了什么：reachd render；两种写法比一比：在步骤里写 split。",
	    "No playbook has planned a touch yet: `reachd status` shows which are live.",
	    "还没有剧本排定触达：reachd status 显示哪些剧本在运行。" }, report_funnel, READ_WAY },
	{ { "hours", "Hours of calls", "通话时段",
	    "Share of calls that somebody answered, by hour of workdays and store; the hours that are better than the store's own rate are proposed.",
	    "工作日各时段、各门店的接通率；高于本店水平的时段予以推荐。",
	    BIT(DIM_STORE) | BIT(DIM_HOUR) | BIT(DIM_ADVISOR), { DIM_STORE, DIM_HOUR }, 2,
	    "Good hours are set as `hours` under `tasks` in policy.yaml.",
	    "合适的时段写在 policy.yaml 的 tasks: hours。",
	    "Nobody has called yet: a playbook asks by a step `call`.",
	    "还没有人打过电话：剧本用 call 步骤来安排。" }, report_hours, READ_MEN | READ_CALLS },
	{ { "payback", "Paid back", "获客回本",
	    "Customers past the visits that pay back what winning them cost.",
	    "到店次数已超过获客回本次数的客户。",
	    OF_CUSTOMER, { DIM_TIER }, 1,
	    "Who is to come again soonest: --by stage.",
	    "谁最该再来一次：--by stage。",
	    "There are no customers yet: `reachd import customers FILE`.",
	    "还没有客户：reachd import customers 文件。" }, report_payback, READ_MEN },
	{ { "presence", "Presence", "存在感",
	    "Contacts of the last 30 days against the floor of the tier: touches, visits and answers. --by customer lists who is below.",
	    "最近 30 天的接触（触达、到店、回应）与层级下限对照。--by customer 列出低于下限者。",
	    OF_CUSTOMER | BIT(DIM_CUSTOMER), { DIM_TIER }, 1,
	    "Who they are: --by customer,advisor.",
	    "都是谁：--by customer,advisor。",
	    "Nobody: there are no customers, or with --by customer none is below his floor.",
	    "没有人：还没有客户；或 --by customer 时没有客户低于下限。" }, report_presence, READ_MEN | READ_PROFILES | READ_TOUCHES | READ_EVENTS },
	{ { "ratings", "Ratings", "评分",
	    "Mean score on a scale of 10, and the net promoter score of those who were asked it; never mixed.",
	    "折算为十分制的平均分，以及净推荐值；两者分开统计。",
	    OF_CUSTOMER | BIT(DIM_MONTH), { DIM_STORE }, 1,
	    "Scores are told as shares of their scale, so 4 of 5 is 8 of 10; NPS runs from -100 to 100.",
	    "各种量表都折算：5 分制的 4 分即 10 分制的 8 分；净推荐值从 −100 到 100。",
	    "Nobody has rated yet: send events `rating` with score, scale and, for NPS, question: nps.",
	    "还没有评分：请发送 rating 事件，带 score、scale；净推荐值另带 question: nps。" }, report_ratings, READ_MEN | READ_EVENTS },
	{ { "silence", "The cost of silence", "沉默的代价",
	    "Lost customers times what they brought a year, against what touching them would have cost.",
	    "流失客户数乘以其年均价值，与触达他们所需的花费对照。",
	    0, { 0 }, 0,
	    "Who they are: `reachd report presence --by customer`.",
	    "都是谁：reachd report presence --by customer。",
	    "",
	    "" }, report_silence, READ_MEN | READ_TOUCHES | READ_EVENTS },
	{ { "timeliness", "Timeliness", "时效",
	    "Of service notices where it can be seen: a click, answer or booking within 2 h and 24 h.",
	    "可观察的服务通知中，2 小时内与 24 小时内有点击、回复或预约的比例。",
	    OF_SENT, { DIM_PLAYBOOK }, 1,
	    "",
	    "",
	    "No service notice has gone yet whose answer could be seen.",
	    "还没有发出可以观察回应的服务通知。" }, report_timeliness, READ_WAY },
	{ { "value", "Value", "价值",
	    "Cost and income as measured; value to cost and net ROI are different things.",
	    "实测成本与收入；价值成本比与净投资回报率是两个不同的指标。",
	    OF_RUN, { DIM_PLAYBOOK }, 1,
	    "",
	    "",
	    "No playbook has taken anybody in yet.",
	    "还没有剧本收入任何人。" }, report_worth, READ_WAY },
};
/* clang-format on */

const struct reports_line *
reports_at(int i)
{
	return i >= 0 && (size_t)i < G_N_ELEMENTS(table) ? &table[i].line : NULL;
}

static const struct reports_line *
find(const char *name)
{
	for (size_t i = 0; i < G_N_ELEMENTS(table); i++)
		if (strcmp(table[i].line.name, name) == 0)
			return &table[i].line;
	return NULL;
}

/* ---- what is asked ---- */

static int
find_line(struct reports_ask *out, const char *name, struct err *e)
{
	const char *names[G_N_ELEMENTS(table) + 1] = { NULL }, *near;

	out->line = find(name);
	if (out->line != NULL)
		return 0;
	for (size_t i = 0; i < G_N_ELEMENTS(table); i++)
		names[i] = table[i].line.name;
	near = report_nearest(name, names);
	if (near != NULL)
		return err_set(e, ERR_NOTFOUND,
		    "there is no report \"%.40s\"; did you mean \"%s\"?", name, near);
	return err_set(e, ERR_NOTFOUND,
	    "there is no report \"%.40s\"; `reachd help reports` lists them", name);
}

/* "playbook, store and tier" */
static int
refuse_dim(const struct reports_line *line, const char *word, struct err *e)
{
	GString *known = g_string_new("");
	const char *names[DIMS + 1] = { NULL }, *near;
	int rc, n = 0;

	for (int i = 0; i < DIMS; i++) {
		if (!(line->dims & BIT(i)))
			continue;
		names[n++] = reports_dim_name(i);
		g_string_append_printf(
		    known, "%s%s", known->len > 0 ? ", " : "", reports_dim_name(i));
	}
	near = report_nearest(word, names);
	if (near != NULL)
		rc = err_set(e, ERR_NOTFOUND,
		    "the report %s cannot be told apart by \"%.40s\"; did you mean "
		    "\"%s\"?",
		    line->name, word, near);
	else if (known->len > 0)
		rc = err_set(e, ERR_NOTFOUND,
		    "the report %s cannot be told apart by \"%.40s\"; it knows %s",
		    line->name, word, known->str);
	else
		rc = err_set(e, ERR_NOTFOUND,
		    "the report %s is one table: leave out --by", line->name);
	g_string_free(known, TRUE);
	return rc;
}

static int
read_by(struct reports_ask *out, const char *by, struct err *e)
{
	char **words = g_strsplit(by, ",", -1);
	int rc = 0;

	out->n_by = 0;
	for (int i = 0; words[i] != NULL && rc == 0; i++) {
		int dim = reports_dim_find(g_strstrip(words[i]));

		if (dim < 0 || !(out->line->dims & BIT(dim)))
			rc = refuse_dim(out->line, words[i], e);
		else if (out->n_by == DIMS_ASKED)
			rc = err_set(
			    e, ERR_INPUT, "--by takes %d words at most", DIMS_ASKED);
		for (int k = 0; k < out->n_by && rc == 0; k++)
			if (out->by[k] == (enum dim)dim)
				rc = err_set(
				    e, ERR_INPUT, "--by names %s twice", words[i]);
		if (rc == 0)
			out->by[out->n_by++] = (enum dim)dim;
	}
	g_strfreev(words);
	return rc;
}

static int
read_day(const struct zone *z, const char *text, int later, ms_t *out, struct err *e)
{
	struct date d;

	if (*text == '\0')
		return 0;
	if (date_parse(text, &d) != 0)
		return err_set(e, ERR_INPUT,
		    "\"%.40s\" is not a date: write it as 2026-11-22", text);
	*out = zone_instant(z, date_days(d) + later, 0);
	return 0;
}

int
reports_ask_read(struct reports_ask *out, const char *name, const char *by,
    const char *from, const char *to, const struct zone *zone, struct err *e)
{
	memset(out, 0, sizeof(*out));
	out->to = MS_NEVER;
	out->zone = zone;
	if (find_line(out, name, e) != 0)
		return -1;
	out->n_by = out->line->n_by;
	memcpy(out->by, out->line->by, sizeof(out->line->by));
	if (strcmp(by, "none") == 0)
		out->n_by = 0;
	else if (*by != '\0' && read_by(out, by, e) != 0)
		return -1;
	if (read_day(zone, from, 0, &out->from, e) != 0 ||
	    read_day(zone, to, 1, &out->to, e) != 0)
		return -1;
	if (out->to <= out->from)
		return err_set(e, ERR_INPUT, "--to %s lies before --from %s", to, from);
	return 0;
}

/* ---- how it is answered ---- */

bool
report_by(const struct reports *r, enum dim dim)
{
	for (int i = 0; i < r->ask.n_by; i++)
		if (r->ask.by[i] == dim)
			return true;
	return false;
}

static unsigned
reads_of(const struct reports *r)
{
	const struct report_kind *kind = table;
	unsigned reads;

	while (&kind->line != r->ask.line)
		kind++;
	reads = kind->reads;
	if (report_by(r, DIM_CAUSE))
		reads |= READ_PROFILES | READ_EVENTS;
	if (report_by(r, DIM_DURATION))
		reads |= READ_EVENTS;
	if (report_by(r, DIM_CHANNEL))
		reads |= READ_TOUCHES | READ_CLICKS | READ_EVENTS;
	return reads;
}

struct reports *
reports_new(const struct reports_ask *ask)
{
	struct reports *r = g_new0(struct reports, 1);

	CHECK(ask->line != NULL && ask->rules != NULL && ask->policy != NULL);
	r->ask = *ask;
	r->reads = reads_of(r);
	r->cursor_word = g_string_new("");
	r->words = g_string_chunk_new(4096);
	r->man = g_ptr_array_new_with_free_func(g_free);
	r->men = g_hash_table_new(g_int64_hash, g_int64_equal);
	r->playbooks = g_hash_table_new(NULL, NULL);
	r->runs = g_hash_table_new(g_int64_hash, g_int64_equal);
	r->hits = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, g_free);
	r->linked = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
	r->touches = g_array_new(FALSE, FALSE, sizeof(struct touch));
	r->walks = g_array_new(FALSE, FALSE, sizeof(struct walk));
	r->happened = g_array_new(FALSE, FALSE, sizeof(struct happened));
	r->given = g_array_new(FALSE, FALSE, sizeof(struct given));
	r->milestones = g_array_new(FALSE, FALSE, sizeof(struct milestone));
	r->called = g_array_new(FALSE, FALSE, sizeof(struct called));
	r->tested = g_array_new(FALSE, FALSE, sizeof(struct tested));
	r->shares = g_array_new(FALSE, FALSE, sizeof(struct held_share));
	r->groups = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	r->group = g_ptr_array_new();
	return r;
}

void
reports_free(struct reports *r)
{
	if (r == NULL)
		return;
	g_ptr_array_unref(r->group);
	g_hash_table_destroy(r->groups);
	g_array_unref(r->shares);
	g_array_unref(r->tested);
	g_array_unref(r->called);
	g_array_unref(r->milestones);
	g_array_unref(r->given);
	g_array_unref(r->happened);
	g_array_unref(r->walks);
	g_array_unref(r->touches);
	g_hash_table_destroy(r->linked);
	g_hash_table_destroy(r->hits);
	g_hash_table_destroy(r->runs);
	g_hash_table_destroy(r->playbooks);
	g_hash_table_destroy(r->men);
	g_ptr_array_unref(r->man);
	g_string_chunk_free(r->words);
	g_string_free(r->cursor_word, TRUE);
	g_free(r);
}

int
reports_page(struct reports *r, struct store *s, struct err *e)
{
	return report_read(r, s, e);
}

void
report_day_text(const struct reports *r, ms_t at, char out[16])
{
	struct local l;

	zone_local(r->ask.zone, at, &l);
	g_snprintf(out, 16, "%04d-%02d-%02d", l.date.year, l.date.month, l.date.day);
}

/* Of which days it is, for whoever finds it in a file a month later. */
static void
tell_days(const struct reports *r, struct sheet *s)
{
	char today[16], from[16] = "", to[16] = "", *en, *zh;

	report_day_text(r, r->ask.now, today);
	if (r->ask.from != 0)
		report_day_text(r, r->ask.from, from);
	if (r->ask.to != MS_NEVER)
		report_day_text(r, r->ask.to - 1, to);
	if (*from == '\0' && *to == '\0') {
		en = g_strdup_printf("All days, as of %s.", today);
		zh = g_strdup_printf("全部日期，截至 %s。", today);
	} else {
		en = g_strdup_printf(
		    "Only the days %s … %s, as of %s; without --from and --to: all.",
		    from, to, today);
		zh = g_strdup_printf(
		    "只含 %s … %s，截至 %s；不写 --from 和 --to 则为全部日期。", from, to,
		    today);
	}
	sheet_note(s, en, zh);
	g_free(en);
	g_free(zh);
}

struct sheet *
reports_sheet(struct reports *r)
{
	const struct reports_line *line = r->ask.line;
	struct sheet *s = sheet_new(line->name, line->title, line->title_zh);

	report_fold(r);
	for (size_t i = 0; i < G_N_ELEMENTS(table); i++)
		if (&table[i].line == line)
			table[i].sheet(r, s);
	if (s->n_rows > 0 && *line->next != '\0')
		sheet_note(s, line->next, line->next_zh);
	if (s->n_rows == 0 && *line->empty != '\0')
		sheet_note(s, line->empty, line->empty_zh);
	tell_days(r, s);
	return s;
}

struct sheet *
reports_at_once(const struct reports_ask *ask, struct store *s, struct err *e)
{
	struct reports *r = reports_new(ask);
	struct sheet *out = NULL;
	int rc;

	while ((rc = reports_page(r, s, e)) == 1)
		;
	if (rc == 0)
		out = reports_sheet(r);
	reports_free(r);
	return out;
}
