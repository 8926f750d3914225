/* report_group.c - rows told apart by what was asked, in order. */
#include <stdlib.h>
#include <string.h>

#include "core/reason.h"
#include "core/words.h"
#include "report.h"

static const struct {
	const char *name, *title, *title_zh;
} dims[DIMS] = {
	[DIM_PLAYBOOK] = { "playbook", "playbook", "剧本" },
	[DIM_CAMPAIGN] = { "campaign", "campaign", "活动" },
	[DIM_STEP] = { "step", "step", "步骤" },
	[DIM_VARIANT] = { "variant", "variant", "版本" },
	[DIM_CHANNEL] = { "channel", "channel", "渠道" },
	[DIM_REASON] = { "reason", "reason", "原因" },
	[DIM_CATEGORY] = { "category", "category", "类别" },
	[DIM_PRIORITY] = { "priority", "priority", "优先级" },
	[DIM_DURATION] = { "duration", "months away", "离开月数" },
	[DIM_CAUSE] = { "cause", "cause", "流失原因" },
	[DIM_OFFER] = { "offer", "offer", "方案" },
	[DIM_STORE] = { "store", "store", "门店" },
	[DIM_ADVISOR] = { "advisor", "advisor", "顾问" },
	[DIM_TIER] = { "tier", "tier", "层级" },
	[DIM_STAGE] = { "stage", "stage", "阶段" },
	[DIM_MONTH] = { "month", "month", "月份" },
	[DIM_DAY] = { "day", "day", "日期" },
	[DIM_HOUR] = { "hour", "hour", "小时" },
	[DIM_CUSTOMER] = { "customer", "customer", "客户" },
};

const char *
reports_dim_name(int dim)
{
	return dims[dim].name;
}

int
reports_dim_find(const char *name)
{
	for (int i = 0; i < DIMS; i++)
		if (strcmp(dims[i].name, name) == 0)
			return i;
	return -1;
}

/* Away for less than the first band of lifecycle.yaml. */
#define SHORTER "shorter"

static const char *
duration_of(const struct reports *r, const struct walk *w)
{
	const struct lifecycle *lc = r->ask.lifecycle;
	const char *name = SHORTER;
	int64_t days;

	if (w->away_since == 0 || lc == NULL || lc->n_durations == 0)
		return "";
	days = report_day(r, w->entered_at) - w->away_since;
	for (int i = 0; i < lc->n_durations; i++)
		if (days >= lc->durations[i].days)
			name = lc->durations[i].name;
	return name;
}

static const char *
date_of(struct reports *r, int dim, ms_t at)
{
	struct local l;
	char buf[16];

	if (at == 0)
		return "";
	zone_local(r->ask.zone, at, &l);
	if (dim == DIM_HOUR)
		g_snprintf(buf, sizeof(buf), "%02d", l.minute / 60);
	else if (dim == DIM_MONTH)
		g_snprintf(buf, sizeof(buf), "%04d-%02d", l.date.year, l.date.month);
	else
		g_snprintf(buf, sizeof(buf), "%04d-%02d-%02d", l.date.year, l.date.month,
		    l.date.day);
	return g_string_chunk_insert_const(r->words, buf);
}

/* Of a touch its own; of a run the channel that reached him, else the first. */
static const char *
channel_of(const struct walk *w, const struct touch *t)
{
	if (t == NULL && w != NULL)
		t = w->reach != NULL ? w->reach : w->first;
	return t != NULL ? channel_name(t->channel) : "";
}

static const char *
of_touch(struct reports *r, int dim, const struct touch *t)
{
	switch (dim) {
	case DIM_STEP:
		return t->step;
	case DIM_REASON:
		return t->reason == REASON_NONE ? "" : reason_name(t->reason);
	case DIM_CATEGORY:
		return category_name(t->category);
	case DIM_HOUR:
		return date_of(r, dim, t->at);
	default:
		return "";
	}
}

static const char *
of_run(struct reports *r, int dim, const struct walk *w, const struct touch *t)
{
	int playbook = t != NULL ? t->playbook : w->playbook;
	const struct campaign *c;

	switch (dim) {
	case DIM_PLAYBOOK:
		return report_playbook(r, playbook);
	case DIM_CAMPAIGN:
		c = report_campaign(r, playbook);
		return c != NULL ? c->name : "";
	case DIM_VARIANT:
		return t != NULL ? t->variant : w->variant;
	case DIM_MONTH:
	case DIM_DAY:
		return date_of(r, dim, t != NULL ? t->planned_at : w->entered_at);
	case DIM_DURATION:
		return w != NULL ? duration_of(r, w) : "";
	case DIM_OFFER:
		return w != NULL ? w->offer : "";
	case DIM_PRIORITY:
		return w != NULL ? w->priority : "";
	default:
		return "";
	}
}

static const char *
of_man(int dim, const struct man *m)
{
	switch (dim) {
	case DIM_PRIORITY:
		return m->priority;
	case DIM_CAUSE:
		return *m->cause != '\0' ? m->cause : m->was;
	case DIM_STORE:
		return m->store;
	case DIM_ADVISOR:
		return m->advisor;
	case DIM_TIER:
		return m->tier;
	case DIM_STAGE:
		return m->stage;
	case DIM_CUSTOMER:
		return m->ext;
	default:
		return "";
	}
}

static const char *
value_in(struct reports *r, int dim, const struct man *m, const struct walk *w,
    const struct touch *t)
{
	const char *v = "";

	if (dim == DIM_CHANNEL)
		return channel_of(w, t);
	if (t != NULL)
		v = of_touch(r, dim, t);
	if (*v == '\0' && (t != NULL || w != NULL))
		v = of_run(r, dim, w, t);
	return *v == '\0' && m != NULL ? of_man(dim, m) : v;
}

struct group *
report_group(
    struct reports *r, const struct man *m, const struct walk *w, const struct touch *t)
{
	const char *key[DIMS_ASKED] = { NULL };
	GString *joined = g_string_new("");
	struct group *g;

	for (int i = 0; i < r->ask.n_by; i++) {
		key[i] = value_in(r, (int)r->ask.by[i], m, w, t);
		g_string_append_printf(joined, "%s\x1f", key[i]);
	}
	g = g_hash_table_lookup(r->groups, joined->str);
	if (g == NULL) {
		g = g_new0(struct group, 1);
		memcpy(g->key, key, sizeof(key));
		g_hash_table_insert(r->groups, g_strdup(joined->str), g);
		g_ptr_array_add(r->group, g);
	}
	g_string_free(joined, TRUE);
	return g;
}

/* Where a word stands in the table of the configuration it is of; 0: in none. */
static int
place(const struct reports *r, enum dim dim, const char *word)
{
	const struct lifecycle *lc = r->ask.lifecycle;

	if (lc != NULL && dim == DIM_DURATION)
		for (int i = 0; i < lc->n_durations; i++)
			if (strcmp(lc->durations[i].name, word) == 0)
				return i + 1;
	if (lc != NULL && dim == DIM_PRIORITY)
		for (int i = 0; i < lc->n_priority; i++)
			if (strcmp(lc->priority[i].is, word) == 0)
				return i + 1;
	return 0;
}

/* As the configuration lists them, else by the alphabet; what is unknown after all. */
static int
by_key(const struct reports *r, enum dim dim, const char *a, const char *b)
{
	int x = place(r, dim, a), y = place(r, dim, b);

	if ((*a == '\0') != (*b == '\0'))
		return *a == '\0' ? 1 : -1;
	return x != y ? x - y : strcmp(a, b);
}

static int
by_keys(const void *a, const void *b, void *arg)
{
	const struct group *x = *(struct group *const *)a, *y = *(struct group *const *)b;
	const struct reports *r = arg;
	int c = 0;

	for (int i = 0; i < r->ask.n_by && c == 0; i++)
		c = by_key(r, r->ask.by[i], x->key[i], y->key[i]);
	return c;
}

void
report_columns(const struct reports *r, struct sheet *s)
{
	for (int i = 0; i < r->ask.n_by; i++)
		sheet_column(s, dims[r->ask.by[i]].name, dims[r->ask.by[i]].title,
		    dims[r->ask.by[i]].title_zh,
		    r->ask.by[i] == DIM_DAY ? SHEET_DATE : SHEET_TEXT);
}

void
report_rows(struct reports *r, struct sheet *s,
    void (*row)(struct reports *r, struct sheet *s, const struct group *g))
{
	g_ptr_array_sort_with_data(r->group, by_keys, r);
	for (guint i = 0; i < r->group->len; i++) {
		const struct group *g = r->group->pdata[i];

		sheet_row(s);
		for (int k = 0; k < r->ask.n_by; k++)
			if (strcmp(g->key[k], SHORTER) == 0 &&
			    r->ask.by[k] == DIM_DURATION)
				sheet_words(s, dims[DIM_DURATION].name, SHORTER, "更短");
			else if (*g->key[k] != '\0')
				sheet_text(s, dims[r->ask.by[k]].name, g->key[k]);
		row(r, s, g);
	}
}
