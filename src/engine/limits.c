#include "limits.h"

#include <string.h>

#include "base/log.h"
#include "provider/provider.h"
#include "store/customer.h"
#include "store/msg.h"

/* More than any window of a limit may hold is enough to know. */
#define HANDED_MAX 512

struct limiting {
	struct work *w;
	struct person *p;
	const struct message *m;
};

/* The service's own limits and the account's. */
static int
limits_of(struct work *w, const struct account *acc, struct number_limit **out)
{
	const struct provider *p = provider_find(acc->type);
	struct capabilities caps = { 0 };
	int n;

	if (p != NULL)
		p->capabilities(acc, &caps);
	n = caps.n_per_number + acc->n_per_number;
	if (n == 0)
		return 0;
	*out = arena_array(w->arena, struct number_limit, n);
	if (caps.n_per_number > 0)
		memcpy(*out, caps.per_number, sizeof(**out) * (size_t)caps.n_per_number);
	if (acc->n_per_number > 0)
		memcpy(*out + caps.n_per_number, acc->per_number,
		    sizeof(**out) * (size_t)acc->n_per_number);
	return n;
}

/* What he was sent by the service, through whichever of its accounts. */
static int
handed_by(const struct limiting *g, const struct account *acc,
    const struct handed_query *ask, ms_t *at)
{
	const struct config *cfg = g->w->cat->config;
	struct handed *all = arena_array(g->w->arena, struct handed, HANDED_MAX);
	struct err e = { 0 };
	int n = msg_handed(g->w->store, ask, all, HANDED_MAX, &e), kept = 0;

	if (n < 0)
		log_error("limits_unread", "error=\"%s\"", e.text);
	for (int i = 0; i < n; i++)
		for (int k = 0; k < cfg->n_accounts; k++)
			if (strcmp(cfg->accounts[k].name, all[i].account) == 0 &&
			    account_alike(&cfg->accounts[k], acc))
				at[kept++] = all[i].at;
	return n < 0 ? -1 : kept;
}

/* What cannot be counted is full: it is asked again in a minute. */
static bool
uncounted(const struct limiting *g, struct verdict *v)
{
	v->rule = "per_number";
	v->next = g->w->now + MS_MINUTE;
	g_strlcpy(
	    v->detail, "what went to this number cannot be read", sizeof(v->detail));
	return true;
}

static bool
number(const struct limiting *g, const struct account *acc, const struct template *t,
    struct verdict *v)
{
	struct number_limit *limits = NULL;
	const struct number_limit *l;
	int n = limits_of(g->w, acc, &limits), handed, used = 0;
	ms_t *at, window = 0;
	char text[CLOCK_TEXT];

	for (int i = 0; i < n; i++)
		window = MAX(window, limits[i].window);
	if (n == 0)
		return false;
	at = arena_array(g->w->arena, ms_t, HANDED_MAX);
	handed = handed_by(g, acc,
	    &(struct handed_query){ .channel = (int)t->channel,
		.address = customer_hash(
		    g->w->store, t->channel, g->p->row.c.address[t->channel]),
		.since = g->w->now - window,
		.but = g->m->id },
	    at);
	if (handed < 0)
		return uncounted(g, v);
	l = number_full(limits, n, at, handed, g->w->now, &v->next, &used);
	if (l == NULL)
		return false;
	v->rule = "per_number";
	v->at = l->at.file != NULL ? l->at : acc->at;
	g_snprintf(v->detail, sizeof(v->detail), "%d of %d to this number in %s by %s",
	    used, l->max, clock_duration_format(l->window, text), acc->type);
	return true;
}

bool
limits_full(struct work *w, struct person *p, const struct message *m,
    const struct account *acc, const struct template *t, struct verdict *v)
{
	const struct limiting g = { w, p, m };

	return number(&g, acc, t, v);
}
