/* advert.c - what the law wants of a marketing mail: its subject says what it is (China, mail
 * rules Art. 13), and it carries the way to have no more of them (Art. 14; Advertising Law 43). */
#include <string.h>

#include "core/region.h"
#include "read.h"
#include "set.h"

#define DEEP 8

struct search {
	const struct set *set;
	bool found;
	int depth;
};

static void
see_path(void *arg, const char *dotted, struct pos at, bool has_default)
{
	struct search *f = arg;

	(void)at;
	(void)has_default;
	f->found = f->found || strcmp(dotted, "message.unsubscribe") == 0;
}

static void see_partial(void *arg, const char *name, struct pos at);

static void
see(struct search *f, const struct liquid *l)
{
	if (l == NULL || f->found || f->depth > DEEP)
		return;
	f->depth++;
	liquid_paths(l, see_path, f);
	liquid_partials(l, see_partial, f);
	f->depth--;
}

static void
see_partial(void *arg, const char *name, struct pos at)
{
	struct search *f = arg;
	const struct set_partial *p = g_hash_table_lookup(f->set->partials, name);

	(void)at;
	if (p == NULL || p->liquid == NULL)
		f->found = true; /* not here to be looked at: that is told, or not asked */
	else
		see(f, p->liquid);
}

/* Does the house, or a store of it, write to people in China? */
static bool
in_china(const struct set *s)
{
	bool yes = region_is_china(s->config->entity.zone);

	for (int i = 0; !yes && i < s->stores.n; i++)
		yes = region_is_china(s->stores.items[i].zone);
	return yes;
}

static bool
says_advert(const char *subject)
{
	return g_str_has_prefix(subject, "广告") || g_str_has_prefix(subject, "AD");
}

void
advert_check(const struct set *s, const struct template *t)
{
	struct search f = { .set = s };
	bool sure = s->config != NULL && in_china(s);

	if (t->channel != CHANNEL_EMAIL || t->category != CATEGORY_MARKETING)
		return;
	if (t->subject_text != NULL && !says_advert(t->subject_text))
		report_add(s->report, sure ? SEV_ERROR : SEV_WARNING, t->subject_at,
		    "advert", "begin it with 广告",
		    "to people in China the subject of a marketing mail begins with 广告 or "
		    "AD");
	see(&f, t->body);
	see(&f, t->text);
	if (t->layout != NULL)
		see_partial(&f, t->layout, t->at);
	if (!f.found)
		report_add(s->report, SEV_ERROR, t->at, "way-out",
		    "put a link to {{ message.unsubscribe }} into it, or a layout: that has "
		    "one",
		    "a marketing mail says how to get no more of them");
}
