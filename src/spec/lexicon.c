/* lexicon.c - texts held against what the services that may carry them do not take. */
#include "set.h"

#include <string.h>

#include "read.h"

static bool
is_named(const struct copy_rule *rule, const struct account *acc)
{
	return rule->providers == NULL || g_strv_contains(rule->providers, acc->type) ||
	       g_strv_contains(rule->providers, acc->name);
}

/* The first that may carry the text and does not take the words; NULL: none. */
static const struct account *
taker(const struct set *s, const struct template *t, const struct copy_rule *rule)
{
	for (int i = 0; s->config != NULL && i < s->config->n_accounts; i++) {
		const struct account *acc = &s->config->accounts[i];

		if (acc->channels & BIT(t->channel) && is_named(rule, acc))
			return acc;
	}
	return NULL;
}

void
lexicon_check(const struct set *s, const struct template *t, struct copy_made *made)
{
	for (int i = 0; i < s->lexicon.n; i++) {
		const struct copy_rule *rule = &s->lexicon.items[i];
		const struct account *acc;
		char *who;

		if (!copy_applies(rule, t) || (acc = taker(s, t, rule)) == NULL)
			continue;
		who = g_strdup_printf("\"%s\" (%s)", acc->name, acc->type);
		copy_places_own(s, t, rule, who);
		copy_made_places(s, made, rule, who);
		g_free(who);
	}
}

struct carrier {
	const struct set *set;
	const struct account *acc;
};

static bool
takes_it(void *arg, const struct copy_rule *rule, const struct template *t)
{
	const struct carrier *one = arg;

	return copy_applies(rule, t) && taker(one->set, t, rule) == one->acc;
}

void
lexicon_check_shared(const struct set *s)
{
	for (int i = 0; s->config != NULL && i < s->lexicon.n; i++)
		for (int k = 0; k < s->config->n_accounts; k++) {
			struct carrier one = { s, &s->config->accounts[k] };
			char *who;

			if (!is_named(&s->lexicon.items[i], one.acc))
				continue;
			who =
			    g_strdup_printf("\"%s\" (%s)", one.acc->name, one.acc->type);
			copy_places_shared(s, &s->lexicon.items[i], takes_it, &one, who);
			g_free(who);
		}
}

static bool
is_account(const struct set *s, const char *name)
{
	return (s->config != NULL && config_account(s->config, name) != NULL) ||
	       catalog_has_type(name);
}

void
lexicon_check_names(const struct set *s)
{
	for (int i = 0; s->config != NULL && i < s->lexicon.n; i++) {
		const struct copy_rule *rule = &s->lexicon.items[i];

		for (int k = 0; rule->providers != NULL && rule->providers[k] != NULL;
		     k++)
			if (!is_account(s, rule->providers[k]))
				report_add(s->report, SEV_ERROR, rule->providers_at,
				    "provider",
				    "name a type (reachd help providers) or an account "
				    "of reachd.yaml",
				    "no provider is called \"%.80s\"",
				    rule->providers[k]);
	}
}
