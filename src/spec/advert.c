/* advert.c - what the law wants of a marketing mail or SMS: its subject says what it is (China, mail
 * rules Art. 13), it carries the way to have no more of them (Art. 14; Advertising Law 43), and it
 * says who writes and how to reach him (Art. 43). */
#include <string.h>

#include "core/region.h"
#include "read.h"
#include "set.h"

#define DEEP 8

struct search {
	const struct set *set;
	bool found; /* the way out */
	bool name, contact;
	bool no_phone; /* it asks for entity.phone, which is not written */
	int depth;
};

#define PHONE_DIGITS 7

static bool
is_one_of(const char *word, const char *const *all)
{
	return g_strv_contains(all, word);
}

static void
see_path(void *arg, const char *dotted, struct pos at, bool has_default)
{
	struct search *f = arg;

	static const char *const names[] = { "entity.name", "store.name", NULL },
				 *const contacts[] = { "store.phone", "store.address",
					 "advisor.phone", NULL };
	const struct config *cfg = f->set->config;
	bool phone = strcmp(dotted, "entity.phone") == 0;

	(void)at;
	(void)has_default;
	f->found = f->found || strcmp(dotted, "message.unsubscribe") == 0;
	f->name = f->name || is_one_of(dotted, names);
	f->no_phone |= phone && cfg != NULL &&
		       (cfg->entity.phone == NULL || *cfg->entity.phone == '\0');
	f->contact = f->contact || is_one_of(dotted, contacts) || (phone && !f->no_phone);
}

/* A number or an address, written out. */
static bool
writes_contact(const char *text)
{
	int digits = 0;

	for (; *text != '\0'; text++) {
		if (g_ascii_isdigit(*text)) {
			if (++digits >= PHONE_DIGITS)
				return true;
		} else if (strchr("- ()+", *text) == NULL) {
			digits = 0;
		}
		if (g_str_has_prefix(text, "地址"))
			return true;
	}
	return false;
}

/* What stands in the text itself. */
static void
see_words(struct search *f, const char *text)
{
	const struct set *s = f->set;

	if (text == NULL)
		return;
	f->contact = f->contact || writes_contact(text);
	f->name = f->name || (s->config != NULL && s->config->entity.name != NULL &&
				 strstr(text, s->config->entity.name) != NULL);
	for (int i = 0; i < s->stores.n; i++)
		f->name = f->name || strstr(text, s->stores.items[i].name) != NULL;
}

static void see_partial(void *arg, const char *name, struct pos at);

static void
see(struct search *f, const struct liquid *l)
{
	if (l == NULL || f->depth > DEEP)
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
		/* not here to be looked at: that is told, or not asked */
		f->found = f->name = f->contact = true;
	else {
		see(f, p->liquid);
		see_words(f, p->text);
	}
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

/* Sent by a layout, the house's own words may stand there. */
static void
check_sender(const struct set *s, const struct template *t, const struct search *f)
{
	if (!f->name)
		report_add(s->report, SEV_WARNING, t->at, "sender",
		    "put {{ entity.name }} or {{ store.name }} into it, or a layout: "
		    "that has "
		    "it",
		    "a marketing mail says who writes");
	if (!f->contact)
		report_add(s->report, SEV_WARNING, t->at, "sender",
		    f->no_phone
			? "write entity: phone in reachd.yaml, or name store.phone or "
			  "store.address"
			: "put {{ entity.phone }}, {{ store.phone }} or "
			  "{{ store.address }} into it, or a layout: that has one",
		    "a marketing mail says how to reach who writes: a telephone number "
		    "or an "
		    "address");
}

/* Whoever is written to by SMS can answer, and is told how to refuse (lint.c); who writes stands
 * in the signature, where the service puts one. */
static void
check_sms(const struct set *s, const struct template *t)
{
	struct search f = { .set = s };

	see(&f, t->body);
	see_words(&f, t->body_source);
	for (int i = 0; s->config != NULL && !f.name && i < s->config->n_accounts; i++) {
		const struct account *acc = &s->config->accounts[i];

		if ((acc->channels & BIT(CHANNEL_SMS)) && catalog_bare(acc)) {
			report_add(s->report, SEV_WARNING, t->at, "sender",
			    "put {{ entity.name }} or {{ store.name }} into it",
			    "a marketing SMS by \"%s\" says who writes: no signature "
			    "is put before it",
			    acc->name);
			return;
		}
	}
}

void
advert_check(const struct set *s, const struct template *t)
{
	struct search f = { .set = s };
	bool sure = s->config != NULL && in_china(s);

	if (t->channel == CHANNEL_SMS && t->category == CATEGORY_MARKETING)
		check_sms(s, t);
	if (t->channel != CHANNEL_EMAIL || t->category != CATEGORY_MARKETING)
		return;
	if (t->subject_text != NULL && !says_advert(t->subject_text))
		report_add(s->report, sure ? SEV_ERROR : SEV_WARNING, t->subject_at,
		    "advert", "begin it with 广告",
		    "to people in China the subject of a marketing mail begins with 广告 "
		    "or "
		    "AD");
	see(&f, t->body);
	see(&f, t->text);
	see_words(&f, t->body_source);
	see_words(&f, t->text_source);
	if (t->layout != NULL)
		see_partial(&f, t->layout, t->at);
	if (!f.found)
		report_add(s->report, SEV_ERROR, t->at, "way-out",
		    "put a link to {{ message.unsubscribe }} into it, or a layout: that "
		    "has "
		    "one",
		    "a marketing mail says how to get no more of them");
	if (s->config != NULL)
		check_sender(s, t, &f);
}
