/* profile_join.c - the profiles of two customers who are one, and of the one who is two. */
#include "profile.h"

#include "store/event.h"

struct gathered {
	GArray *events;
	ms_t since;
};

static void
gather(void *arg, const struct event *ev)
{
	struct gathered *g = arg;

	if (ev->recv_at > g->since)
		g_array_append_val(g->events, *ev);
}

static gint
by_time(gconstpointer a, gconstpointer b)
{
	const struct event *x = a, *y = b;

	return x->at != y->at ? (x->at > y->at) - (x->at < y->at)
			      : (x->id > y->id) - (x->id < y->id);
}

/* Folds what `from` has since then into p, in the order in which it happened. */
static int
fold(struct work *w, struct person *p, int64_t from, ms_t since, struct err *e)
{
	struct gathered g = { g_array_new(FALSE, FALSE, sizeof(struct event)), since };
	int rc = event_of_customer(w->store, from, gather, &g, e);

	g_array_sort(g.events, by_time);
	for (guint i = 0; rc == 0 && i < g.events->len; i++)
		rc = profile_history(w, p, &g_array_index(g.events, struct event, i), e);
	g_array_unref(g.events);
	return rc;
}

int
profile_join(struct work *w, int64_t a, int64_t b, struct err *e)
{
	struct person pa, pb;
	struct profile *x, *y;

	if (person_load(w, a, &pa, e) != 1 || person_load(w, b, &pb, e) != 1)
		return -1;
	x = profile_view(&pa)->p;
	y = profile_view(&pb)->p;
	view_fetch(pa.view);
	view_fetch(pb.view);
	x->touches += y->touches;
	if (x->month == y->month)
		x->month_touches += y->month_touches;
	x->touched = MAX(x->touched, y->touched);
	pa.look.day = 0;
	return profile_save(w, &pa, e) != 0 ? -1 : fold(w, &pa, b, 0, e);
}

int
profile_part(struct work *w, int64_t a, ms_t since, struct err *e)
{
	struct person p;

	if (person_load(w, a, &p, e) != 1)
		return -1;
	return fold(w, &p, a, since, e);
}
