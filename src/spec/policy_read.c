/* policy_read.c - the house's rules made into plain data. */
#include <stdlib.h>
#include <string.h>

#include "core/quiet.h"
#include "core/reply.h"
#include "read.h"
#include "spec/schema.h"

#define ALL_CHANNELS (BIT(CHANNELS) - 1)
#define ALL_CATEGORIES (BIT(CATEGORIES) - 1)
#define EVERY_DAY 127U
#define CONTROL_MAX 50.0
#define OPEN_MIN (4 * 60)

static const char *const day_names[] = { "mon", "tue", "wed", "thu", "fri", "sat", "sun",
	NULL };

/* What no file needs to state. */
static const struct quiet_window default_quiet[] = {
	{ "night", { 0 }, 22 * 60, 8 * 60, EVERY_DAY, ALL_CHANNELS, ALL_CATEGORIES },
	{ "lunch", { 0 }, 11 * 60 + 30, 13 * 60 + 30, EVERY_DAY, ALL_CHANNELS,
	    ALL_CATEGORIES },
	{ "dinner", { 0 }, 17 * 60 + 30, 19 * 60, EVERY_DAY, ALL_CHANNELS,
	    ALL_CATEGORIES },
};
static const char *const default_keywords[KEYWORDS][32] = {
	/* Never less than 发短信 or 发了: 不要发票 is no refusal. */
	[KEYWORD_OPT_OUT] = { "退订", "拒收", "取消", "取消订阅", "不要再发", "不要发了",
	    "别发了", "别再发", "不要发短信", "不要给我发短信", "不要给我发信息",
	    "不要给我发消息", "别给我发短信", "别给我发信息", "别给我发消息", "别再联系",
	    "不要再联系", "别联系我", "不要联系我", "勿扰", "不要打扰", "不要再打扰",
	    "别打扰", "别再打扰", "TD", "T", "R", "N", "STOP", "UNSUBSCRIBE", NULL },
	[KEYWORD_OPT_IN] = { "START", NULL },
	[KEYWORD_COMPLAINT] = { "投诉", "举报", "骚扰", "工信部", "12321", "12315",
	    NULL },
	[KEYWORD_WRONG_PERSON] = { "发错了", "我不是", NULL },
	[KEYWORD_COURTESY] = { "好", "好的", "好滴", "好嘞", "嗯", "嗯嗯", "收到", "知道了",
	    "明白", "明白了", "谢谢", "谢谢您", "谢谢你", "谢了", "多谢", "感谢",
	    "辛苦了", "OK", "okay", "thanks", "thank you", "thx", NULL },
};
static const char *const keyword_keys[KEYWORDS] = { "opt_out", "opt_in", "complaint",
	"wrong_person", "courtesy" };

static bool
is_list(const struct yaml *y, const char *key, struct report *r)
{
	if (y->kind == YAML_LIST)
		return true;
	report_add(r, SEV_ERROR, y->at, "type", "begin each with \"- \"",
	    "\"%s\" is a list", key);
	return false;
}

static bool
required(const struct yaml *map, const char *key, struct report *r)
{
	if (yaml_get(map, key) != NULL)
		return true;
	schema_missing(map, key, "", r);
	return false;
}

/* ---- quiet windows ---- */

static void
window_read(const struct yaml *y, struct policy *p, struct report *r)
{
	struct quiet_window *w = &p->quiet[p->n_quiet];
	int i;

	w->id = "";
	w->at = y->at;
	w->weekdays = EVERY_DAY;
	w->channels = ALL_CHANNELS;
	w->categories = ALL_CATEGORIES;
	if (!schema_check(y, &schema_window, r))
		return;
	if (required(y, "id", r))
		word_read(yaml_get(y, "id"), "a window", false, &w->id, r);
	for (i = 0; i < p->n_quiet; i++) {
		if (w->id[0] != '\0' && strcmp(p->quiet[i].id, w->id) == 0)
			report_add(r, SEV_ERROR, yaml_get(y, "id")->at, "duplicate-id",
			    "choose another name",
			    "two windows are called \"%s\", the first on line %d", w->id,
			    p->quiet[i].at.line);
	}
	word_set(yaml_get(y, "days"), day_names, &w->weekdays, r);
	word_set(yaml_get(y, "channels"), channel_names, &w->channels, r);
	word_set(yaml_get(y, "categories"), category_names, &w->categories, r);
	if (!required(y, "from", r) || !required(y, "to", r) ||
	    !yaml_time(yaml_get(y, "from"), &w->from, r) ||
	    !yaml_time(yaml_get(y, "to"), &w->to, r))
		return;
	if (w->from != w->to && w->from != 24 * 60)
		p->n_quiet++;
	else
		report_add(r, SEV_ERROR, yaml_get(y, "from")->at, "window",
		    "write when it begins and when it ends; all day is 00:00 to 24:00",
		    "from %s to %s could mean nothing or the whole day",
		    yaml_get(y, "from")->text, yaml_get(y, "to")->text);
}

static void
quiet_read(struct arena *a, const struct yaml *y, struct policy *p, struct report *r)
{
	size_t k;
	int i;

	if (y == NULL) {
		p->n_quiet = G_N_ELEMENTS(default_quiet);
		p->quiet = arena_array(a, struct quiet_window, p->n_quiet);
		for (k = 0; k < G_N_ELEMENTS(default_quiet); k++) {
			p->quiet[k] = default_quiet[k];
			p->quiet[k].at = (struct pos){ p->file, 1, 1 };
		}
		return;
	}
	if (!is_list(y, "quiet", r))
		return;
	if (y->n == 0)
		report_add(r, SEV_WARNING, y->at, "quiet",
		    "delete the line to get the usual windows",
		    "no quiet windows: customers may be disturbed at any hour");
	p->quiet = arena_array(a, struct quiet_window, y->n);
	for (i = 0; i < y->n; i++)
		window_read(y->items[i], p, r);
}

/* The longest window over a channel and category: the one to shorten. */
static const struct quiet_window *
longest(const struct policy *p, int channel, int category)
{
	const struct quiet_window *found = NULL;
	int most = 0;

	for (int i = 0; i < p->n_quiet; i++) {
		const struct quiet_window *w = &p->quiet[i];
		int span = w->to - w->from + (w->to < w->from ? 24 * 60 : 0);

		if ((w->channels & BIT(channel)) && (w->categories & BIT(category)) &&
		    span > most) {
			most = span;
			found = w;
		}
	}
	return found;
}

/* One error: the worst channel and category stand for the rest. */
static void
check_open(const struct policy *p, struct pos at, struct report *r)
{
	int channel, category, worst = 24 * 60, wc = 0, wk = 0;
	const struct quiet_window *w;

	for (channel = 0; channel < CHANNELS; channel++) {
		for (category = 0; category < CATEGORIES; category++) {
			int open = quiet_open_minutes(
			    p, (enum channel)channel, (enum category)category);

			if (open < worst) {
				worst = open;
				wc = channel;
				wk = category;
			}
		}
	}
	w = longest(p, wc, wk);
	if (worst < OPEN_MIN)
		report_add(r, SEV_ERROR, w != NULL ? w->at : at, "quiet",
		    "at least 4 h a day must stay open",
		    "the quiet windows leave %d h %02d min a day for %s by %s",
		    worst / 60, worst % 60, category_name(wk), channel_name(wc));
}

/* ---- limits ---- */

static void
limits_read(struct arena *a, const struct yaml *y, struct policy *p, struct report *r)
{
	int64_t n;
	int i;

	if (y == NULL) {
		p->limits = arena_new_of(a, struct limit);
		p->limits[0] = (struct limit){ { p->file, 1, 1 }, 7 * MS_DAY, 3,
			BIT(CATEGORY_MARKETING) };
		p->n_limits = 1;
		return;
	}
	if (!is_list(y, "limits", r))
		return;
	p->limits = arena_array(a, struct limit, y->n);
	for (i = 0; i < y->n; i++) {
		const struct yaml *item = y->items[i];
		struct limit *l = &p->limits[p->n_limits++];

		l->at = item->at;
		l->categories = BIT(CATEGORY_MARKETING);
		if (!schema_check(item, &schema_limit, r))
			continue;
		if (required(item, "window", r))
			yaml_duration(yaml_get(item, "window"), &l->window, r);
		if (required(item, "max", r) &&
		    yaml_int(yaml_get(item, "max"), 0, 10000, &n, r))
			l->max = (int)n;
		word_set(yaml_get(item, "category"), category_names, &l->categories, r);
	}
}

static void
service_read(const struct yaml *y, struct policy *p, struct report *r)
{
	int64_t n;

	p->service_per_day = 1;
	p->service_per_month = 6;
	p->service_at = (struct pos){ p->file, 1, 1 };
	if (y == NULL || !schema_check(y, &schema_service, r))
		return;
	p->service_at = y->at;
	if (yaml_int(yaml_get(y, "per_day"), 0, 1000, &n, r))
		p->service_per_day = (int)n;
	if (yaml_int(yaml_get(y, "per_month"), 0, 1000, &n, r))
		p->service_per_month = (int)n;
}

static void
gap_read(const struct yaml *y, struct policy *p, struct report *r)
{
	p->min_gap = MS_DAY;
	p->min_gap_at = y != NULL ? y->at : (struct pos){ p->file, 1, 1 };
	if (y != NULL && y->kind == YAML_SCALAR && strcmp(y->text, "none") == 0)
		p->min_gap = 0;
	else
		yaml_duration(y, &p->min_gap, r);
}

static void
lookahead_read(const struct yaml *y, struct policy *p, struct report *r)
{
	p->lookahead = 7 * MS_DAY;
	if (yaml_duration(y, &p->lookahead, r) && p->lookahead > 31 * MS_DAY)
		report_add(r, SEV_ERROR, y->at, "range", "",
		    "a cap counts a month: look ahead for 31d at most");
}

static void
stale_read(const struct yaml *y, struct policy *p, struct report *r)
{
	p->stale_after = 36 * MS_HOUR;
	p->stale_at = y != NULL ? y->at : (struct pos){ p->file, 1, 1 };
	if (y != NULL && y->kind == YAML_SCALAR && strcmp(y->text, "never") == 0)
		p->stale_after = MS_NEVER;
	else
		yaml_duration(y, &p->stale_after, r);
}

/* ---- keywords and costs ---- */

static char *
folded(const char *word)
{
	char *wide = g_utf8_normalize(word, -1, G_NORMALIZE_ALL_COMPOSE);
	char *fold = g_utf8_casefold(wide, -1);

	g_free(wide);
	return fold;
}

/* A word means one thing; within its own list twice is harmless but a slip. */
static void
check_overlap(const struct yaml *y, const char *kind, GHashTable *seen, struct report *r)
{
	int i, n = y->kind == YAML_LIST ? y->n : 1;

	for (i = 0; i < n; i++) {
		const struct yaml *word = y->kind == YAML_LIST ? y->items[i] : y;
		char *key = folded(word->text);
		const char *other = g_hash_table_lookup(seen, key);

		if (other == NULL) {
			g_hash_table_insert(seen, key, (char *)kind);
			continue;
		}
		g_free(key);
		report_add(r, strcmp(other, kind) == 0 ? SEV_WARNING : SEV_ERROR,
		    word->at, "keyword", "delete one of them",
		    "\"%s\" is already a word of %s", word->text, other);
	}
}

/* What asks or refuses is for a person to read, whatever the list says. */
static void
check_courtesy(const struct yaml *y, struct report *r)
{
	for (int i = 0; i < (y->kind == YAML_LIST ? y->n : 1); i++) {
		const struct yaml *word = y->kind == YAML_LIST ? y->items[i] : y;

		if (reply_is_doubt(word->text))
			report_add(r, SEV_ERROR, word->at, "keyword", "delete it",
			    "\"%s\" asks or refuses: a person must read that",
			    word->text);
	}
}

static void
keywords_read(struct arena *a, const struct yaml *y, struct policy *p, struct report *r)
{
	GHashTable *seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	int k, n;

	if (y != NULL)
		schema_check(y, &schema_keywords, r);
	for (k = 0; k < KEYWORDS; k++) {
		const struct yaml *list = yaml_get(y, keyword_keys[k]);

		p->keywords[k] = (const char **)default_keywords[k];
		if (list == NULL || !yaml_strings(a, list, &p->keywords[k], &n, r))
			continue;
		if (n == 0 && k == KEYWORD_OPT_OUT)
			report_add(r, SEV_ERROR, list->at, "keyword",
			    "name at least 退订",
			    "customers would have no word to opt out with");
		check_overlap(list, keyword_keys[k], seen, r);
		if (k == KEYWORD_COURTESY)
			check_courtesy(list, r);
	}
	g_hash_table_destroy(seen);
}

static void
costs_read(const struct yaml *y, struct policy *p, struct report *r)
{
	int c;

	if (y == NULL || !schema_check(y, &schema_costs, r))
		return;
	for (c = 0; c < CHANNELS; c++)
		yaml_number(yaml_get(y, channel_name(c)), 0, 10000, &p->costs[c], r);
}

void
policy_read(struct arena *a, const struct yaml *root, struct policy *p, struct report *r)
{
	const struct yaml *quiet = yaml_get(root, "quiet"), *send_time, *tiers;
	int errors = r->errors;
	int64_t n;

	p->file = root->at.file;
	if (!schema_check(root, &schema_policy, r))
		return;
	quiet_read(a, quiet, p, r);
	if (r->errors == errors)
		check_open(p, quiet == NULL ? root->at : quiet->at, r);
	tiers = yaml_get(root, "tiers");
	if (tiers == NULL)
		required(root, "tiers", r);
	else
		tier_read_all(a, tiers, p, r);
	limits_read(a, yaml_get(root, "limits"), p, r);
	gap_read(yaml_get(root, "min_gap"), p, r);
	service_read(yaml_get(root, "service"), p, r);
	p->send_time = 10 * 60;
	send_time = yaml_get(root, "send_time");
	if (yaml_time(send_time, &p->send_time, r) && p->send_time == 24 * 60)
		report_add(r, SEV_ERROR, send_time->at, "type", "write 00:00 to 23:59",
		    "\"24:00\" is not a time of day");
	lookahead_read(yaml_get(root, "lookahead"), p, r);
	stale_read(yaml_get(root, "stale_after"), p, r);
	keywords_read(a, yaml_get(root, "keywords"), p, r);
	costs_read(yaml_get(root, "costs"), p, r);
	task_rules_read(yaml_get(root, "tasks"), p, r);
	p->max_segments = 2;
	if (yaml_int(yaml_get(root, "max_segments"), 1, 10, &n, r))
		p->max_segments = (int)n;
	presence_read(yaml_get(root, "presence"), &p->presence, r);
	p->control_at = yaml_key_at(root, "control");
	share_read(yaml_get(root, "control"), CONTROL_MAX, &p->control, r);
	yaml_bool(yaml_get(root, "stop_all"), &p->stop_all, r);
	p->reports = report_rules_read(a, yaml_get(root, "reports"), r);
	budgets_read(yaml_get(root, "budgets"), p->budgets, r);
	push_read(a, yaml_get(root, "push"), p, r);
	launch_read(yaml_get(root, "launch"), &p->launch, r);
	approvals_read(yaml_get(root, "approvals"), &p->approvals, r);
}
