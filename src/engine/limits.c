#include "limits.h"

#include <string.h>

#include "base/log.h"
#include "provider/provider.h"
#include "proof.h"
#include "spam.h"
#include "store/customer.h"
#include "store/device.h"
#include "store/launch.h"
#include "store/msg.h"

/* More than any window of a limit may hold is enough to know. */
#define HANDED_MAX 512

struct limiting {
	struct work *w;
	struct person *p; /* NULL: an address of nobody's in particular */
};

static bool
advertises(const struct account *acc)
{
	const struct provider *p = provider_find(acc->type);
	struct capabilities caps = { 0 };

	if (p != NULL)
		p->capabilities(acc, &caps);
	return caps.advertises;
}

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

/* Messages, and texts to one's own people: a service sees no difference. */
static int
handed(const struct limiting *g, const struct handed_query *ask, struct handed *all)
{
	struct err e = { 0 };
	int n = msg_handed(g->w->store, ask, all, HANDED_MAX, &e), tests = -1;

	if (n >= 0)
		tests = testsend_handed(g->w->store, ask, all + n, HANDED_MAX - n, &e);
	if (tests < 0)
		log_error("limits_unread", "error=\"%s\"", e.text);
	return tests < 0 ? -1 : n + tests;
}

/* What he was sent by the service, through whichever of its accounts. */
static int
handed_by(const struct limiting *g, const struct account *acc,
    const struct handed_query *ask, ms_t *at)
{
	struct handed all[HANDED_MAX];
	int n = handed(g, ask, all), kept = 0;

	for (int i = 0; i < n; i++) {
		const struct account *by =
		    config_account(g->w->cat->config, all[i].account);

		if (by != NULL && account_alike(by, acc))
			at[kept++] = all[i].at;
	}
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

bool
limits_number(struct work *w, const struct account *acc,
    const struct handed_query *number, struct verdict *v)
{
	const struct limiting g = { w, NULL };
	struct number_limit *limits = NULL;
	struct handed_query ask = *number;
	const struct number_limit *l;
	int n = limits_of(w, acc, &limits), had, used = 0;
	ms_t at[HANDED_MAX], window = 0;
	char text[CLOCK_TEXT];

	for (int i = 0; i < n; i++)
		window = MAX(window, limits[i].window);
	if (n == 0)
		return false;
	ask.since = w->now - window;
	had = handed_by(&g, acc, &ask, at);
	if (had < 0)
		return uncounted(&g, v);
	l = number_full(limits, n, at, had, w->now, &v->next, &used);
	if (l == NULL)
		return false;
	v->rule = "per_number";
	v->at = l->at.file != NULL ? l->at : acc->at;
	g_snprintf(v->detail, sizeof(v->detail), "%d of %d to this number in %s by %s",
	    used, l->max, clock_duration_format(l->window, text), acc->type);
	return true;
}

/* ---- telephones ---- */

/* Marketing that went to whoever has this telephone, today where he is; -1: not known. */
static int
pushed_today(const struct limiting *g, int64_t device, ms_t midnight)
{
	struct handed all[HANDED_MAX];
	int kept = 0, n = handed(g,
			  &(struct handed_query){ .channel = CHANNEL_PUSH,
			      .address = device,
			      .since = midnight,
			      .person = true },
			  all);

	for (int i = 0; i < n; i++) {
		const struct account *acc =
		    config_account(g->w->cat->config, all[i].account);

		kept += all[i].category == CATEGORY_MARKETING ||
			(acc != NULL && advertises(acc));
	}
	return n < 0 ? -1 : kept;
}

/* The day of the telephone. */
static ms_t
midnight(const struct limiting *g, int days)
{
	struct local l;

	zone_local(g->p->zone, g->w->now, &l);
	return zone_instant(g->p->zone, l.day + days, 0);
}

/* Does the vendor deliver no more of it today? */
static bool
used_up(const struct limiting *g, int64_t device, const char *vendor, int *had, int *most)
{
	*most = policy_vendor_daily(g->w->cat->policy, vendor);
	*had = *most < 0 ? 0 : pushed_today(g, device, midnight(g, 0));
	return *most >= 0 && (*had < 0 || *had >= *most);
}

bool
limits_device(struct work *w, struct person *p, const struct account *acc, int category,
    const struct device *d)
{
	const struct limiting g = { w, p };
	int had, most;

	return (category == CATEGORY_MARKETING || advertises(acc)) &&
	       used_up(&g, d->h, d->vendor, &had, &most);
}

/* His first telephone decides: he has had his pushes for today. */
static bool
telephone(const struct limiting *g, const struct account *acc, const struct template *t,
    struct verdict *v)
{
	struct device *d = arena_array(g->w->arena, struct device, DEVICES_MAX);
	int64_t first =
	    customer_hash(g->w->store, CHANNEL_PUSH, g->p->row.c.address[CHANNEL_PUSH]);
	const char *vendor = "";
	struct err e = { 0 };
	int n, had, most;

	if (t->category != CATEGORY_MARKETING && !advertises(acc))
		return false;
	n = device_list(g->w->store, g->p->row.c.id, d, &e);
	for (int i = 0; i < n; i++)
		if (d[i].h == first)
			vendor = d[i].vendor;
	if (!used_up(g, first, vendor, &had, &most))
		return false;
	v->rule = "vendor_daily";
	v->at = g->w->cat->policy->vendors_at;
	v->next = midnight(g, 1);
	g_snprintf(v->detail, sizeof(v->detail),
	    "%d of %d marketing pushes today to %s%s", had, most,
	    *vendor == '\0' ? "a telephone of unknown vendor" : vendor,
	    had < 0 ? ": they cannot be read" : "");
	return true;
}

bool
limits_full(struct work *w, struct person *p, const struct account *acc,
    const struct template *t, int64_t but, struct verdict *v)
{
	const struct limiting g = { w, p };
	const struct customer *c = &p->row.c;
	/* Who else has a telephone is not marked. */
	bool sole = t->channel != CHANNEL_PUSH && !(c->ties & TIE_NUMBER);
	const struct handed_query number = { .channel = (int)t->channel,
		.address = customer_hash(w->store, t->channel, c->address[t->channel]),
		.sole = sole ? c->id : 0,
		.but = but };

	return spam_halts(w, acc, t, v) || proof_halts(w, acc, t, v) ||
	       limits_number(w, acc, &number, v) ||
	       (t->channel == CHANNEL_PUSH && telephone(&g, acc, t, v));
}
