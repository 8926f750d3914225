/* lint.c - what can be proved about a text before anybody gets it. */
#include <string.h>

#include "base/text.h"
#include "core/segment.h"
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

/* The text with every variable empty or at its default; longest: by its longest branches. */
static char *
sample(const struct set *s, const struct template *t, bool longest, struct arena *a)
{
	struct scope scope = scope_of_map(value_map_new(a), NULL);
	struct liquid_env env = {
		.scope = &scope,
		.lenient = true,
		.longest = longest,
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
	(void)liquid_render(t->body, &env, out, &e);
	return g_string_free(out, FALSE);
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
	return longest;
}

#define VARIABLE_SHORTER 6

static void
check_segments(const struct set *s, const struct template *t, const char *text)
{
	int max = s->policy == NULL ? SEGMENTS_DEFAULT : s->policy->max_segments,
	    variables = 0, sure;
	struct segments n;

	segment_count(SEGMENT_CHINA, signature(s), text, &n);
	if (n.segments <= max)
		return;
	liquid_paths(t->body, count_path, &variables);
	/* What is in the text for a variable may be longer than what comes for it. */
	sure = n.units - VARIABLE_SHORTER * variables;
	report_add(s->report, sure > (max == 1 ? 70 : 67 * max) ? SEV_ERROR : SEV_WARNING,
	    t->at, "segments", "shorten it, or raise max_segments in the policy",
	    "with its signature the text has %d characters: %d segments, the policy "
	    "allows %d",
	    n.units, n.segments, max);
}

/* By the longest way through it: some customer is on that. */
static void
check_longest(const struct set *s, const struct template *t, struct arena *a)
{
	char *text = text_clean(sample(s, t, true, a), true);

	check_segments(s, t, text);
	g_free(text);
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
check_accounts(const struct set *s, const struct template *t, const char *text)
{
	for (int i = 0; s->config != NULL && i < s->config->n_accounts; i++)
		if (s->config->accounts[i].channels & BIT(t->channel))
			catalog_lint(&s->config->accounts[i], t, text, s->report);
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
		char *text;

		if (t->body == NULL)
			continue;
		text = text_clean(sample(s, t, false, a), true);
		copy_check(s, t, text);
		lexicon_check(s, t);
		advert_check(s, t);
		check_accounts(s, t, text);
		if (t->channel == CHANNEL_SMS)
			check_longest(s, t, a);
		if (t->channel == CHANNEL_SMS && t->category == CATEGORY_MARKETING)
			check_way_out(s, t, text);
		g_free(text);
		arena_reset(a);
	}
	arena_free(a);
	copy_check_shared(s);
	lexicon_check_shared(s);
	copy_check_plans(s);
	lexicon_check_names(s);
}
