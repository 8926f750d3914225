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

/* By name. Lines are long: texts of a manual. */
/* clang-format off */
static const struct report_kind table[] = {
	{ { "ab", "A/B tests", "A/B 测试",
	    "Each arm with its share and 95 % interval, and whether the best is better than it, corrected for several arms (Holm).",
	    "各方案的比例与 95% 区间，以及最佳方案是否优于它（多方案按 Holm 校正）。",
	    0, { 0 }, 0 }, report_ab, READ_TESTS },
	{ { "advisors", "Advisors", "顾问业绩",
	    "Calls made, reached, booked and late; customers won back after a call, and the base of the commission.",
	    "拨打、接通、预约与超时；通话后挽回的客户与提成基数。",
	    BIT(DIM_STORE) | BIT(DIM_ADVISOR) | BIT(DIM_MONTH), { DIM_MONTH, DIM_ADVISOR }, 2 }, report_advisors, READ_MEN | READ_RUNS | READ_CALLS },
	{ { "balance", "Balance", "收支平衡表",
	    "Every touch in exactly one column; the columns sum to the touches.",
	    "每次触达恰好在一列，各列之和等于触达总数。",
	    OF_TOUCH, { DIM_PLAYBOOK }, 1 }, report_balance, READ_MEN | READ_RUNS | READ_TOUCHES },
	{ { "campaign", "Campaign", "活动成效",
	    "Listed, targeted, reached, answered, tried, recalled, stayed; cost, income, margin, net gain. Campaigns are named under `reports:` in policy.yaml.",
	    "名单、目标、触达、回应、体验、召回、留存；成本、收入、毛利、净收益。活动在 policy.yaml 的 reports: 下命名。",
	    OF_RUN, { DIM_CAMPAIGN, DIM_PRIORITY }, 2 }, report_campaigns, READ_WAY },
	{ { "channels", "Channels compared", "渠道对比",
	    "Answers per touch that invited an answer and where one can be seen; opens as reported; cost of an answer, and a customer and year.",
	    "以邀请回应且可观察回应的触达为同一口径的回应率；打开率为回报数；每次回应成本、每位客户每年成本。",
	    OF_SENT, { DIM_CHANNEL }, 1 }, report_channels, READ_WAY },
	{ { "control", "Against control", "与对照组比较",
	    "From entry, whatever became of the run: who reached the goal among the treated and the held out, the difference with its 95 % interval, income a customer likewise.",
	    "自进入起计（意向性分析）：处理组与对照组的目标达成率、差值及 95% 区间，人均收入同理。",
	    OF_RUN & ~(BIT(DIM_CHANNEL) | BIT(DIM_VARIANT)), { DIM_PLAYBOOK }, 1 }, report_control, READ_WAY },
	{ { "dashboard", "Dashboard", "看板",
	    "Reach, response, trial, recall and stay against the targets.",
	    "触达率、回应率、体验率、召回率、留存率，与目标对照。",
	    OF_RUN, { DIM_PLAYBOOK }, 1 }, report_dashboard, READ_WAY },
	{ { "defence", "Three lines of defence", "三道防线",
	    "Effort of each line, customers who stand there, and the share of the first two.",
	    "各道防线的投入与所在客户数，以及前两道防线的投入占比。",
	    0, { 0 }, 0 }, report_defence, READ_MEN | READ_RUNS | READ_TOUCHES },
	{ { "depth", "Stay by depth of touch", "触达深度与留存",
	    "Of customers known a year ago and touched since: who came within the year, by the deepest kind of touch they had.",
	    "一年前已有到店记录且其后被触达的客户中，按最深触达类型统计一年内再次到店的比例。",
	    0, { 0 }, 0 }, report_depth, READ_MEN | READ_TOUCHES | READ_EVENTS },
	{ { "economics", "Economics", "经济账",
	    "What a campaign cost, item by item, and what it brought.",
	    "活动的逐项成本与带来的价值。",
	    0, { 0 }, 0 }, report_economics, READ_WAY },
	{ { "funnel", "Funnel", "漏斗",
	    "Planned, sent, delivered, opened as reported, clicked, answered, goal.",
	    "计划、发出、送达、回报打开、点击、回应、达成目标。",
	    OF_TOUCH, { DIM_PLAYBOOK, DIM_STEP }, 2 }, report_funnel, READ_WAY },
	{ { "hours", "Hours of calls", "通话时段",
	    "Share of calls that somebody answered, by hour of workdays and store; the hours that are better than the store's own rate are proposed.",
	    "工作日各时段、各门店的接通率；高于本店水平的时段予以推荐。",
	    BIT(DIM_STORE) | BIT(DIM_HOUR) | BIT(DIM_ADVISOR), { DIM_STORE, DIM_HOUR }, 2 }, report_hours, READ_MEN | READ_CALLS },
	{ { "payback", "Paid back", "获客回本",
	    "Customers past the visits that pay back what winning them cost.",
	    "到店次数已超过获客回本次数的客户。",
	    OF_CUSTOMER, { DIM_TIER }, 1 }, report_payback, READ_MEN },
	{ { "presence", "Presence", "存在感",
	    "Contacts of the last 30 days against the floor of the tier: touches, visits and answers. --by customer lists who is below.",
	    "最近 30 天的接触（触达、到店、回应）与层级下限对照。--by customer 列出低于下限者。",
	    OF_CUSTOMER | BIT(DIM_CUSTOMER), { DIM_TIER }, 1 }, report_presence, READ_MEN | READ_PROFILES | READ_TOUCHES | READ_EVENTS },
	{ { "ratings", "Ratings", "评分",
	    "Mean score on a scale of 10, and the net promoter score of those who were asked it; never mixed.",
	    "折算为十分制的平均分，以及净推荐值；两者分开统计。",
	    OF_CUSTOMER | BIT(DIM_MONTH), { DIM_STORE }, 1 }, report_ratings, READ_MEN | READ_EVENTS },
	{ { "silence", "The cost of silence", "沉默的代价",
	    "Lost customers times what they brought a year, against what touching them would have cost.",
	    "流失客户数乘以其年均价值，与触达他们所需的花费对照。",
	    0, { 0 }, 0 }, report_silence, READ_MEN | READ_TOUCHES | READ_EVENTS },
	{ { "timeliness", "Timeliness", "时效",
	    "Of service notices where it can be seen: a click, answer or booking within 2 h and 24 h.",
	    "可观察的服务通知中，2 小时内与 24 小时内有点击、回复或预约的比例。",
	    OF_SENT, { DIM_PLAYBOOK }, 1 }, report_timeliness, READ_WAY },
	{ { "value", "Value", "价值",
	    "Cost and income as measured; value to cost and net ROI are different things.",
	    "实测成本与收入；价值成本比与净投资回报率是两个不同的指标。",
	    OF_RUN, { DIM_PLAYBOOK }, 1 }, report_worth, READ_WAY },
};
/* clang-format on */

const struct reports_line *
reports_at(int i)
{
	return i >= 0 && (size_t)i < G_N_ELEMENTS(table) ? &table[i].line : NULL;
}

const struct reports_line *
reports_find(const char *name)
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

	out->line = reports_find(name);
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
	int rc;

	for (int i = 0; i < DIMS; i++)
		if (line->dims & BIT(i))
			g_string_append_printf(known, "%s%s", known->len > 0 ? ", " : "",
			    reports_dim_name(i));
	if (known->len > 0)
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

struct sheet *
reports_sheet(struct reports *r)
{
	const struct reports_line *line = r->ask.line;
	struct sheet *s = sheet_new(line->name, line->title, line->title_zh);

	report_fold(r);
	for (size_t i = 0; i < G_N_ELEMENTS(table); i++)
		if (&table[i].line == line)
			table[i].sheet(r, s);
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
