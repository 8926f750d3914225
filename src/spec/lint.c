/* lint.c - what can be proved about a text before anybody gets it. */
#include <string.h>

#include "base/text.h"
#include "core/segment.h"
#include "longest.h"
#include "read.h"
#include "set.h"

#define SEGMENTS_DEFAULT 2

static const char *const ways_out[] = { "退订", "拒收", "TD", "STOP", "unsubscribe" };

static const struct liquid *
partial(void *arg, const char *name)
{
	const struct set *s = arg;
	const struct set_partial *p = g_hash_table_lookup(s->partials, name);

	return p == NULL ? NULL : p->liquid;
}

static const char *
short_link(void *arg, struct arena *a, const char *target)
{
	const struct set *s = arg;

	(void)target;
	return arena_printf(a, "%s/l/0123456789",
	    s->config == NULL ? "http://127.0.0.1:8080" : s->config->public_url);
}

/* What a text, or a parameter of one, says then. */
char *
lint_sample(const struct set *s, const struct template *t, const struct liquid *l,
    enum sample kind, struct arena *a)
{
	struct scope scope = scope_of_map(
	    kind == SAMPLE_LONGEST ? longest_values(s, t, a) : value_map_new(a), NULL);
	struct liquid_env env = {
		.scope = &scope,
		.lenient = true,
		.silent = true,
		.hole = kind >= SAMPLE_READ ? "\n" : NULL,
		.longest = kind != SAMPLE_BARE && kind != SAMPLE_READ,
		.escape = LIQUID_PLAIN,
		.zone = s->config != NULL && s->config->entity.zone != NULL
			    ? s->config->entity.zone
			    : zone_get("Asia/Shanghai"),
		.partial = partial,
		.partial_arg = (void *)s,
		.short_link = short_link,
		.link_arg = (void *)s,
		.arena = a,
	};
	struct err e = { .kind = ERR_NONE };
	GString *out = g_string_new(NULL);

	/* A text that breaks without its variables is the render's business. */
	(void)liquid_render(l, &env, out, &e);
	return text_clean(g_string_free(out, FALSE), true);
}

static void
count_path(void *arg, const char *dotted, struct pos at, bool has_default)
{
	int *n = arg;

	(void)dotted;
	(void)at;
	(void)has_default;
	(*n)++;
}

/* The longest signature an SMS may go out with. */
static const char *
signature(const struct set *s)
{
	const char *longest = "";
	int i;

	for (i = 0; s->config != NULL && i < s->config->n_accounts; i++) {
		const struct account *acc = &s->config->accounts[i];
		const char *own =
		    acc->signature != NULL ? acc->signature : s->config->entity.name;

		if ((acc->channels & BIT(CHANNEL_SMS)) &&
		    g_utf8_strlen(own, -1) > g_utf8_strlen(longest, -1))
			longest = own;
	}
	for (i = 0; i < s->stores.n; i++) {
		const char *own = s->stores.items[i].signature;

		if (own != NULL && g_utf8_strlen(own, -1) > g_utf8_strlen(longest, -1))
			longest = own;
	}
	return longest;
}

#define VARIABLE_SHORTER 6

static int
room_of(int segments)
{
	return segments == 1 ? 70 : 67 * segments;
}

static void
tell_segments(const struct set *s, const struct template *t, const struct segments *n,
    int max, bool sure, const char *with, const char *free)
{
	char *hint =
	    g_strconcat("shorten it, or raise max_segments in the policy", free, NULL);

	report_add(s->report, sure ? SEV_ERROR : SEV_WARNING, t->at, "segments", hint,
	    "with its signature%s the text has %d characters: %d segments, the policy "
	    "allows %d",
	    with, n->units, n->segments, max);
	g_free(hint);
}

/* By the longest way through it: some customer is on that. */
static void
check_segments(
    const struct set *s, const struct template *t, const char *longest, struct arena *a)
{
	int max = s->policy == NULL ? SEGMENTS_DEFAULT : s->policy->max_segments,
	    variables = 0;
	char *text = lint_sample(s, t, t->body, SAMPLE_BRANCHES, a);
	struct segments n;

	segment_count(SEGMENT_CHINA, signature(s), text, &n);
	liquid_paths(t->body, count_path, &variables);
	/* What is in the text for a variable may be longer than what comes for it. */
	if (n.units - VARIABLE_SHORTER * variables > room_of(max)) {
		tell_segments(s, t, &n, max, true, "", "");
	} else {
		segment_count(SEGMENT_CHINA, signature(s), longest, &n);
		if (n.segments > max) {
			char *free = longest_free(s, t, a);

			tell_segments(s, t, &n, max, false,
			    " and the longest names and dates", free);
			g_free(free);
		}
	}
	g_free(text);
}

/* What the daemon would refuse when somebody's name is long. */
static void
check_refused(const struct set *s, const struct template *t, const struct account *acc,
    const char *longest, struct arena *a)
{
	const struct registered *g = template_registered(t, acc->name, acc->type);
	int n = g == NULL ? 0 : g->n_params;
	const char **values = arena_array(a, const char *, n + 1), *why;

	for (int i = 0; i < n; i++) {
		char *value =
		    g->params[i].value == NULL
			? g_strdup("")
			: lint_sample(s, t, g->params[i].value, SAMPLE_LONGEST, a);

		values[i] = arena_strdup(a, value);
		g_free(value);
	}
	why = catalog_refuses(acc, t, longest, values, a);
	if (why != NULL)
		report_add(s->report, SEV_WARNING, g != NULL ? g->at : t->at, "longest",
		    "shorten it, or cut what may be long: | truncate: 12",
		    "with the longest names and dates it would not go: %s", why);
}

struct search {
	const struct set *set;
	bool found;
	int depth;
};

static bool
names_a_way_out(const char *text)
{
	size_t i;

	for (i = 0; i < G_N_ELEMENTS(ways_out); i++) {
		if (strstr(text, ways_out[i]) != NULL)
			return true;
	}
	return false;
}

static void
search_partial(void *arg, const char *name, struct pos at)
{
	struct search *f = arg;
	const struct set_partial *p = g_hash_table_lookup(f->set->partials, name);

	(void)at;
	if (p == NULL || p->liquid == NULL || f->found || f->depth > 8)
		return;
	f->found = names_a_way_out(p->text);
	f->depth++;
	liquid_partials(p->liquid, search_partial, f);
	f->depth--;
}

/* Its last characters, enough to see what is wrong with them. */
static const char *
tail_of(const char *text, size_t suffix)
{
	const char *end = text + strlen(text), *p = end;

	for (glong n = g_utf8_strlen(text, -1),
		   keep = MIN(n, (glong)MAX(8, suffix / 3 + 1));
	     keep > 0 && p[-1] != '\n'; keep--)
		p = g_utf8_prev_char(p);
	return p;
}

/* A marketing SMS says how to get no more of them, in the words of its provider. */
static void
check_way_out(const struct set *s, const struct template *t, const char *text)
{
	struct search f = { s, names_a_way_out(t->source), 0 };
	int i, with_suffix = 0;

	for (i = 0; s->config != NULL && i < s->config->n_accounts; i++) {
		const struct account *acc = &s->config->accounts[i];
		char *hint;

		if (!(acc->channels & BIT(CHANNEL_SMS)) || acc->optout_suffix == NULL)
			continue;
		with_suffix++;
		if (g_str_has_suffix(text, acc->optout_suffix))
			continue;
		hint = g_strdup_printf("end the text with %s", acc->optout_suffix);
		report_add(s->report, SEV_ERROR, t->at, "way-out", hint,
		    "a marketing SMS by \"%s\" ends with the words its provider "
		    "prescribes, byte for byte, not with \"…%s\"",
		    acc->name, tail_of(text, strlen(acc->optout_suffix)));
		g_free(hint);
	}
	liquid_partials(t->body, search_partial, &f);
	if (with_suffix == 0 && !f.found)
		report_add(s->report, SEV_ERROR, t->at, "way-out",
		    "end it with 拒收请回复R",
		    "a marketing SMS says how to get no more of them");
}

/* What each account that may carry it wants of it. */
static void
check_accounts(const struct set *s, const struct template *t, const char *text,
    const char *longest, struct arena *a)
{
	for (int i = 0; s->config != NULL && i < s->config->n_accounts; i++)
		if (s->config->accounts[i].channels & BIT(t->channel)) {
			const struct account *acc = &s->config->accounts[i];
			int before = s->report->errors;

			catalog_lint(acc, t, text, s->report);
			if (s->report->errors == before)
				check_refused(s, t, acc, longest, a);
		}
}

void
lint_check(const struct set *s)
{
	struct arena *a = arena_new();
	GHashTableIter it;
	gpointer v;

	g_hash_table_iter_init(&it, s->templates);
	while (g_hash_table_iter_next(&it, NULL, &v)) {
		const struct template *t = v;
		char *text, *longest, *part = NULL;
		struct copy_made *made;

		if (t->body == NULL)
			continue;
		text = lint_sample(s, t, t->body, SAMPLE_BARE, a);
		longest = lint_sample(s, t, t->body, SAMPLE_LONGEST, a);
		if (t->text != NULL)
			part = lint_sample(s, t, t->text, SAMPLE_BARE, a);
		made = copy_made_new(s, t, a);
		copy_check(s, t, text, part, made);
		lexicon_check(s, t, made);
		copy_made_free(made);
		advert_check(s, t);
		check_accounts(s, t, text, longest, a);
		if (t->channel == CHANNEL_SMS)
			check_segments(s, t, longest, a);
		if (t->channel == CHANNEL_SMS && t->category == CATEGORY_MARKETING)
			check_way_out(s, t, text);
		g_free(part);
		g_free(longest);
		g_free(text);
		arena_reset(a);
	}
	arena_free(a);
	copy_check_shared(s);
	lexicon_check_shared(s);
	copy_check_plans(s);
	lexicon_check_names(s);
}
