#include "outlet.h"

#include <string.h>

#include "base/log.h"
#include "outlet_alarm.h"
#include "pocket.h"
#include "provider/mail.h"
#include "stock.h"

#define BACK_MAX MS_MINUTE

static void
free_one(gpointer p)
{
	struct outlet *o = p;

	g_free(o->name);
	g_free(o);
}

void
outlet_catalog(struct engine *en)
{
	const struct config *cfg = en->catalog->config;
	GPtrArray *old = en->outlets;

	en->outlets = g_ptr_array_new_with_free_func(free_one);
	for (int i = 0; i < cfg->n_accounts; i++) {
		struct outlet *o = g_new0(struct outlet, 1);

		o->told = true;
		for (guint k = 0; old != NULL && k < old->len; k++) {
			struct outlet *was = old->pdata[k];

			if (strcmp(was->name, cfg->accounts[i].name) != 0)
				continue;
			*o = *was;
			was->told = false; /* this one's now */
			/* A changed account is given another chance. */
			o->frozen = false;
			o->doubts = 0;
		}
		o->chance_at = en->world->now(en->world);
		o->name = g_strdup(cfg->accounts[i].name);
		g_ptr_array_add(en->outlets, o);
	}
	for (guint k = 0; old != NULL && k < old->len; k++) {
		struct outlet *was = old->pdata[k];

		if (was->frozen && was->told)
			outlet_alarm_over(en, was->name);
	}
	if (old != NULL)
		g_ptr_array_unref(old);
}

struct outlet *
outlet_of(struct engine *en, const struct account *acc)
{
	for (guint i = 0; i < en->outlets->len; i++) {
		struct outlet *o = en->outlets->pdata[i];

		if (strcmp(o->name, acc->name) == 0)
			return o;
	}
	return NULL;
}

/* Unused tokens are not carried over: at most one second's worth. A new life
 * starts with an empty bucket, so a restart never exceeds the rate. */
static int
tokens(struct outlet *o, double rate, ms_t boot)
{
	double burst = MAX(rate, 1);

	if (rate <= 0)
		return OUTLET_MAX;
	if (o->refilled == 0)
		o->refilled = boot;
	o->tokens = MIN(burst, o->tokens + rate * (double)(boot - o->refilled) / 1000);
	o->refilled = boot;
	return (int)o->tokens;
}

/* What this part of the house may send by it a second. */
static double
rate_of(const struct engine *en, const struct account *acc)
{
	return acc->rate / MAX(en->options.portion.of, 1);
}

bool
outlet_budget(struct engine *en, int i, ms_t boot, struct budget *b, ms_t *ready)
{
	const struct account *acc = &en->catalog->config->accounts[i];
	struct outlet *o = en->outlets->pdata[i];
	struct capabilities caps = { 0 };
	double rate = rate_of(en, acc);
	int room;

	b->left = b->calls = 0;
	b->frozen = o->frozen;
	b->usable = !o->frozen && o->back_until <= boot;
	if (!b->usable) {
		if (!o->frozen)
			*ready = MIN(*ready, o->back_until);
		return false;
	}
	if (!pocket_ready(en, acc, boot, ready) || !stock_ready(en, acc, boot, ready)) {
		b->usable = false;
		return false;
	}
	provider_find(acc->type)->capabilities(acc, &caps);
	/* A T2 for every socket that comes free would be a commit for every message:
	 * wait until a quarter of them is. The call that ends then looks again. */
	if (o->busy > 0 && acc->connections - o->busy < acc->connections / 4)
		return false;
	room = (acc->connections - o->busy) * MAX(caps.batch, 1);
	/* In doubt one at a time, until one is taken. */
	if (o->doubts > 0)
		room = o->busy == 0;
	b->calls = OUTLET_CALLS;
	b->left = CLAMP(tokens(o, rate, boot), 0, MAX(room, 0));
	if (b->left == 0 && room > 0)
		*ready =
		    MIN(*ready, boot + MAX(1, (ms_t)((1 - o->tokens) / rate * 1000) + 1));
	b->left = MIN(b->left, stock_room(en, acc));
	return b->left > 0;
}

static void
freeze(struct engine *en, struct outlet *o, enum freeze cause, const char *code)
{
	if (o->frozen)
		return;
	o->frozen = true;
	o->told = true;
	g_snprintf(o->frozen_why, sizeof(o->frozen_why), "code %s", code);
	log_error("account_frozen", "account=%s code=%s", o->name, code);
	outlet_alarm(en, o->name, cause, code);
}

void
outlet_freeze(struct engine *en, const struct account *acc, const char *code)
{
	struct outlet *o = outlet_of(en, acc);

	if (o != NULL)
		freeze(en, o, FREEZE_REFUSED, code);
}

void
outlet_news(struct engine *en, const GArray *list)
{
	for (guint i = 0; i < list->len; i++) {
		const struct account_news *d = &g_array_index(list, struct account_news, i);
		const struct account *acc =
		    config_account(en->catalog->config, d->account);
		struct outlet *o = acc == NULL ? NULL : outlet_of(en, acc);

		if (o == NULL)
			continue;
		if (d->code == NULL) {
			o->mails = d->sent;
			o->complaints = d->complaints;
			o->spam = d->spam;
		} else if (d->begun_at >= o->chance_at) {
			freeze(en, o, FREEZE_DISTRUSTED, d->code);
		}
	}
}

/* It took a message: whatever stood against it is over. */
static void
works(struct outlet *o, const struct call *c)
{
	pocket_good(c->en, c->it->account);
	o->refusals = o->doubts = o->stumbles = 0;
	if (o->told && !o->frozen) {
		o->told = false;
		outlet_alarm_over(c->en, o->name);
	}
}

/* A whole answer that no table knows. When the service itself is ill it gets better; a code
 * that comes again and again is a refusal, and each message that meets it would count as sent.
 * These statuses alone promise nothing either way. */
static bool
is_ill(int status)
{
	return status >= 500 || status == 408 || status == 425 || status == 429;
}

bool
outlet_doubts(struct outlet *o, int status, const struct answer *a)
{
	bool told = *a->perr != '\0' && (!g_str_has_prefix(a->perr, "http-") ||
					    (status >= 400 && status < 500));

	if (a->outcome != OUTCOME_UNKNOWN || a->hopeless || is_ill(status) || !told)
		return false;
	o->doubts = strcmp(o->doubt, a->perr) == 0 ? o->doubts + 1 : 1;
	g_strlcpy(o->doubt, a->perr, sizeof(o->doubt));
	return o->doubts >= DOUBTS_MAX;
}

/* Longer and longer, up to a minute. */
static ms_t
longer(int n)
{
	return MIN(MS_SECOND << MIN(n, 6), BACK_MAX);
}

/* The service asks for patience, at its own measure or at ours. */
static ms_t
patience(struct outlet *o, const struct answer *a)
{
	return MAX(a->retry_after, longer(o->refusals++));
}

/* What the answer says about the account as a whole. */
void
outlet_learn(struct outlet *o, const struct call *c)
{
	ms_t boot = c->en->world->boot(c->en->world);
	ms_t pause = 0;
	bool asked = false, ill = false,
	     first_try =
		 c->http.end == HTTP_ANSWERED && !c->it->query && !c->it->settling;

	if (o == NULL)
		return;
	o->busy--;
	if (c->http.end == HTTP_NOT_WRITTEN && *c->http.req.url == '\0') {
		/* Another call's answer has cost it the token: nobody is out of reach. */
		log_info("token_awaited", "account=%s why=\"%s\"", o->name,
		    pocket_why(&c->http));
	} else if (c->http.end == HTTP_NOT_WRITTEN && !c->http.refused) {
		pause = longer(o->failures);
		g_strlcpy(o->failed_why, c->http.error, sizeof(o->failed_why));
		if (o->failures++ == 0)
			log_warn("provider_unreachable", "account=%s error=\"%s\"",
			    o->name, c->http.error);
	} else if (c->http.end == HTTP_ANSWERED) {
		if (o->failures > 0)
			log_info("provider_back", "account=%s", o->name);
		o->failures = 0;
	}
	for (int i = 0; i < c->it->n; i++) {
		const struct answer *a = &c->answers[i];

		if (a->freeze)
			freeze(c->en, o,
			    mail_distrust(a->perr) != NULL ? FREEZE_DISTRUSTED : FREEZE_REFUSED,
			    a->perr);
		if (a->stale_token &&
		    pocket_stale(c->en, c->it->account, c->http.req.url))
			freeze(c->en, o, FREEZE_REFUSED, a->perr);
		if (a->outcome == OUTCOME_ACCEPTED)
			works(o, c);
		if (first_try && outlet_doubts(o, c->http.status, a))
			freeze(c->en, o, FREEZE_UNKNOWN, a->perr);
		if (outlet_asks_for_patience(a) && !c->it->query) {
			/* Once a call, however many were in it. */
			pause = MAX(pause, asked ? a->retry_after : patience(o, a));
			asked = true;
		}
		ill |=
		    first_try && a->outcome == OUTCOME_UNKNOWN && is_ill(c->http.status);
		pause = MAX(pause, a->pause);
		o->sent += a->outcome == OUTCOME_ACCEPTED;
		o->failed += a->outcome == OUTCOME_REJECTED && !a->freeze &&
			     !a->no_code && !a->no_signature;
		o->unknown += a->outcome == OUTCOME_UNKNOWN;
	}
	/* It will be well again: until then as little as can be is put at stake. */
	if (ill && ++o->stumbles >= DOUBTS_MAX)
		pause = MAX(pause, longer(o->stumbles - DOUBTS_MAX));
	if (pause > 0)
		o->back_until = MAX(o->back_until, boot + pause);
}

bool
outlet_asks_for_patience(const struct answer *a)
{
	return a->outcome == OUTCOME_REFUSED_RETRY && !a->number && !a->alone &&
	       !a->stale_token;
}

bool
outlet_may(struct engine *en, const struct account *acc)
{
	struct outlet *o = outlet_of(en, acc);
	ms_t boot = en->world->boot(en->world), ready = MS_NEVER;

	if (!pocket_ready(en, acc, boot, &ready))
		return false;
	if (o == NULL || o->frozen || o->back_until > boot ||
	    o->busy >= acc->connections || tokens(o, rate_of(en, acc), boot) < 1)
		return false;
	o->tokens--;
	return true;
}

char *
outlet_out_of_reach(const struct engine *en, int channel)
{
	const struct config *cfg = en->catalog->config;
	GString *s = g_string_new(NULL);
	bool deaf = false;

	for (int i = 0; i < cfg->n_accounts; i++) {
		const struct outlet *o = en->outlets->pdata[i];

		if (!(cfg->accounts[i].channels & BIT(channel)))
			continue;
		if (!o->frozen && o->failures == 0) {
			g_string_free(s, TRUE);
			return NULL;
		}
		deaf |= !o->frozen;
		g_string_append_printf(s, "%s%s: %s (%s)", s->len > 0 ? "; " : "",
		    o->name, o->frozen ? "frozen" : "unreachable",
		    o->frozen ? o->frozen_why : o->failed_why);
	}
	/* All frozen is told by the gate. */
	return g_string_free(s, !deaf);
}
