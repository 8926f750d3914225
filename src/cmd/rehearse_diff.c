#include "rehearse_diff.h"

#include <string.h>

#include "base/text.h"

#define MOVED (15 * MS_MINUTE) /* less is the way messages are paced */
#define LISTED 40
#define CHART 30

enum kind { GAIN, LOSS, MOVE, CHANGE, KINDS };
static const char *const kinds[KINDS] = { "gain", "loss", "move", "change" };
static const char signs[KINDS] = { '+', '-', '>', '~' };

struct difference {
	enum kind kind;
	const struct rehearse_touch *old, *new; /* NULL: there is none */
	const json_t
	    *why; /* the verdict on the side that has none; NULL: never planned */
};

struct diff {
	const struct rehearse_side *old, *new;
	GArray *list; /* struct difference, by time */
	int64_t count[KINDS];
	GHashTable *customers; /* a set */
};

static const char *
text(const json_t *j, const char *name)
{
	const char *s = json_string_value(json_object_get(j, name));

	return s == NULL ? "" : s;
}

/* ---- comparing ---- */

/* Past a code of the message's own: of a short link, a pixel, a way to unsubscribe. */
static const char *
past_code(const char *p)
{
	if (p[0] != '/' || strchr("lou", p[1]) == NULL || p[1] == '\0' || p[2] != '/')
		return p;
	return p + 3 +
	       strspn(p + 3,
		   "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
		   "-_.");
}

static bool
same_words(const char *a, const char *b)
{
	while (*a != '\0' && *a == *b) {
		a = past_code(a + 1);
		b = past_code(b + 1);
	}
	return *a == *b;
}

static bool
same(const struct rehearse_touch *a, const struct rehearse_touch *b)
{
	static const char *const members[] = { "channel", "template", "variant" };

	for (size_t i = 0; i < G_N_ELEMENTS(members); i++)
		if (strcmp(text(a->json, members[i]), text(b->json, members[i])) != 0)
			return false;
	return same_words(text(a->json, "text"), text(b->json, "text"));
}

static void
note(struct diff *d, struct difference f)
{
	const json_t *j = f.new != NULL ? f.new->json : f.old->json;

	d->count[f.kind]++;
	g_hash_table_add(d->customers, (gpointer)text(j, "customer"));
	g_array_append_val(d->list, f);
}

static ms_t
instant(const struct difference *f)
{
	return f->new != NULL ? f->new->at : f->old->at;
}

static int
by_time(gconstpointer a, gconstpointer b)
{
	const struct difference *x = a, *y = b;
	ms_t p = instant(x), q = instant(y);

	if (p != q)
		return p < q ? -1 : 1;
	return strcmp(x->new != NULL ? x->new->key : x->old->key,
	    y->new != NULL ? y->new->key : y->old->key);
}

static void
find(struct diff *d)
{
	for (guint i = 0; i < d->new->touches->len; i++) {
		const struct rehearse_touch *n = d->new->touches->pdata[i];
		const struct rehearse_touch *o =
		    g_hash_table_lookup(d->old->by_key, n->key);

		if (o == NULL)
			note(d, (struct difference){ GAIN, NULL, n,
				    g_hash_table_lookup(d->old->refused, n->key) });
		else if (!same(o, n))
			note(d, (struct difference){ CHANGE, o, n, NULL });
		else if (ABS(o->at - n->at) >= MOVED)
			note(d, (struct difference){ MOVE, o, n, NULL });
	}
	for (guint i = 0; i < d->old->touches->len; i++) {
		const struct rehearse_touch *o = d->old->touches->pdata[i];

		if (g_hash_table_lookup(d->new->by_key, o->key) == NULL)
			note(d, (struct difference){ LOSS, o, NULL,
				    g_hash_table_lookup(d->new->refused, o->key) });
	}
	g_array_sort(d->list, by_time);
}

/* ---- days ---- */

/* The dates on which anything went out on either side. */
static GPtrArray *
dates_of(const struct diff *d)
{
	GHashTable *set = g_hash_table_new(g_str_hash, g_str_equal);
	const struct rehearse_side *sides[] = { d->old, d->new };
	GPtrArray *dates;
	GHashTableIter it;
	gpointer date;

	for (int i = 0; i < 2; i++) {
		g_hash_table_iter_init(&it, sides[i]->days);
		while (g_hash_table_iter_next(&it, &date, NULL))
			g_hash_table_add(set, date);
	}
	dates = text_keys(set);
	g_hash_table_unref(set);
	return dates;
}

static struct rehearse_sum
day_of(const struct rehearse_side *s, const char *date)
{
	static const struct rehearse_sum nothing;
	const struct rehearse_sum *day = g_hash_table_lookup(s->days, date);

	return day != NULL ? *day : nothing;
}

static int64_t
touches(struct rehearse_sum s)
{
	return s.messages + s.tasks;
}

/* What both send, then what one of them does. */
static void
draw(char bar[CHART + 1], int64_t old, int64_t new, int64_t most)
{
	int both = (int)(MIN(old, new) * CHART / most),
	    all = (int)((MAX(old, new) * CHART + most - 1) / most);

	/* A difference shows, however small; so does what is the same. */
	if (old == new)
		both = all;
	else if (all == both)
		both--;
	memset(bar, '#', (size_t)both);
	memset(bar + both, new > old ? '+' : '-', (size_t)(all - both));
	bar[all] = '\0';
}

static void
print_days(const struct diff *d, FILE *out)
{
	GPtrArray *dates = dates_of(d);
	char bar[CHART + 1];
	int64_t most = 1;

	for (guint i = 0; i < dates->len; i++)
		most = MAX(most, MAX(touches(day_of(d->old, dates->pdata[i])),
				     touches(day_of(d->new, dates->pdata[i]))));
	fprintf(out, "%-10s %15s %17s %11s\n", "", "messages", "yuan", "tasks");
	fprintf(out, "%-10s %7s %7s %8s %8s %5s %5s\n", "day", "old", "new", "old", "new",
	    "old", "new");
	for (guint i = 0; i < dates->len; i++) {
		struct rehearse_sum o = day_of(d->old, dates->pdata[i]),
				    n = day_of(d->new, dates->pdata[i]);

		draw(bar, touches(o), touches(n), most);
		fprintf(out,
		    "%-10s %7" G_GINT64_FORMAT " %7" G_GINT64_FORMAT
		    " %8.2f %8.2f %5" G_GINT64_FORMAT " %5" G_GINT64_FORMAT " %s\n",
		    (const char *)dates->pdata[i], o.messages, n.messages, o.cost, n.cost,
		    o.tasks, n.tasks, bar);
	}
	g_ptr_array_unref(dates);
}

/* ---- steps ---- */

static void
print_steps(const struct diff *d, FILE *out)
{
	GHashTable *steps =
	    g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	GPtrArray *names;

	for (guint i = 0; i < d->list->len; i++) {
		const struct difference *f =
		    &g_array_index(d->list, struct difference, i);
		const json_t *j = f->new != NULL ? f->new->json : f->old->json;
		char *name = g_strconcat(text(j, "playbook"), "/", text(j, "step"), NULL);
		int64_t *n = g_hash_table_lookup(steps, name);

		if (n == NULL) {
			n = g_new0(int64_t, KINDS);
			g_hash_table_insert(steps, g_strdup(name), n);
		}
		n[f->kind]++;
		g_free(name);
	}
	names = text_keys(steps);
	if (names->len > 0)
		fprintf(out, "\n%-32s %7s %7s %7s %7s\n", "step", "gained", "lost",
		    "moved", "changed");
	for (guint i = 0; i < names->len; i++) {
		const int64_t *n = g_hash_table_lookup(steps, names->pdata[i]);

		fprintf(out,
		    "%-32s %7" G_GINT64_FORMAT " %7" G_GINT64_FORMAT " %7" G_GINT64_FORMAT
		    " %7" G_GINT64_FORMAT "\n",
		    (const char *)names->pdata[i], n[GAIN], n[LOSS], n[MOVE], n[CHANGE]);
	}
	g_ptr_array_unref(names);
	g_hash_table_unref(steps);
}

/* ---- who ---- */

/* "2026-11-22 10:30" */
static void
put_instant(GString *s, const struct rehearse_touch *t)
{
	g_string_append_len(s, text(t->json, "at"), 10);
	g_string_append_c(s, ' ');
	g_string_append_len(s, text(t->json, "at") + 11, 5);
}

static void
put_why(GString *s, const struct difference *f)
{
	const char *detail;

	if (f->kind > LOSS)
		return;
	if (f->why == NULL) {
		g_string_append_printf(s, "  (%s)",
		    f->kind == GAIN ? "was not planned" : "is not planned any more");
		return;
	}
	detail = text(f->why, "detail");
	g_string_append_printf(s, "  (%s %s%s%s)", f->kind == GAIN ? "was" : "now",
	    text(f->why, "reason"), *detail == '\0' ? "" : ": ", detail);
}

/* By another channel, or another template. */
static bool
elsewhere(const struct difference *f)
{
	return strcmp(text(f->old->json, "channel"), text(f->new->json, "channel")) != 0 ||
	       strcmp(text(f->old->json, "template"), text(f->new->json, "template")) != 0;
}

static void
put_change(GString *s, const struct difference *f)
{
	const char *old = text(f->old->json, "variant"), *new = text(f->new->json, "variant");

	if (strcmp(old, new) != 0)
		g_string_append_printf(s, "  (arm %s -> %s)", *old == '\0' ? "none" : old,
		    *new == '\0' ? "none" : new);
	else if (!elsewhere(f))
		g_string_append(s, "  (another text)");
}

static void
print_one(const struct difference *f, FILE *out)
{
	const struct rehearse_touch *t = f->new != NULL ? f->new : f->old;
	GString *s = g_string_new(NULL);

	g_string_append_printf(s, "%c ", signs[f->kind]);
	/* What is changed may be moved as well. */
	if (f->kind == MOVE || (f->kind == CHANGE && ABS(f->old->at - f->new->at) >= MOVED)) {
		put_instant(s, f->old);
		g_string_append(s, " -> ");
	}
	put_instant(s, t);
	g_string_append_printf(s, "  %s  %s/%s  ", text(t->json, "customer"),
	    text(t->json, "playbook"), text(t->json, "step"));
	if (f->kind == CHANGE && elsewhere(f))
		g_string_append_printf(s, "%s %s -> ", text(f->old->json, "channel"),
		    text(f->old->json, "template"));
	g_string_append_printf(
	    s, "%s %s", text(t->json, "channel"), text(t->json, "template"));
	if (f->kind == CHANGE)
		put_change(s, f);
	put_why(s, f);
	fprintf(out, "%s\n", s->str);
	g_string_free(s, TRUE);
}

static void
print_text(const struct diff *d, const char *old, const char *new, FILE *out)
{
	const struct rehearse_sum *o = &d->old->sum, *n = &d->new->sum;

	fprintf(out, "old: %s\nnew: %s\n\n", old, new);
	print_days(d, out);
	print_steps(d, out);
	if (d->list->len > 0)
		fprintf(out,
		    "\n+ gains, - loses, > gets it at another time, ~ gets another "
		    "text or channel\n");
	for (guint i = 0; i < MIN(d->list->len, LISTED); i++)
		print_one(&g_array_index(d->list, struct difference, i), out);
	if (d->list->len > LISTED)
		fprintf(
		    out, "and %u more: --json lists them all\n", d->list->len - LISTED);
	fprintf(out,
	    "\n%" G_GINT64_FORMAT " -> %" G_GINT64_FORMAT
	    " messages, %.2f -> %.2f yuan, %" G_GINT64_FORMAT " -> %" G_GINT64_FORMAT
	    " tasks\n",
	    o->messages, n->messages, o->cost, n->cost, o->tasks, n->tasks);
	fprintf(out,
	    "%u customers: %" G_GINT64_FORMAT " gained, %" G_GINT64_FORMAT
	    " lost, %" G_GINT64_FORMAT " moved, %" G_GINT64_FORMAT " changed\n",
	    g_hash_table_size(d->customers), d->count[GAIN], d->count[LOSS],
	    d->count[MOVE], d->count[CHANGE]);
	if (d->new->parts > 0)
		fprintf(out,
		    "played in %d parts: of every limit that all share a part has its "
		    "share, A/B tests and the stops of a ramp are judged in each part "
		    "(--part)\n",
		    d->new->parts);
}

/* ---- JSON ---- */

static void
put_json(json_t *j, FILE *out)
{
	json_dumpf(j, out, JSON_COMPACT);
	fputc('\n', out);
	json_decref(j);
}

static json_t *
sum_json(struct rehearse_sum s)
{
	return json_pack("{sI sI sf}", "messages", (json_int_t)s.messages, "tasks",
	    (json_int_t)s.tasks, "cost", s.cost);
}

static json_t *
side_json(const struct rehearse_touch *t)
{
	return t == NULL
		   ? json_null()
		   : json_pack("{ss ss ss ss sf}", "at", text(t->json, "at"), "channel",
			 text(t->json, "channel"), "template", text(t->json, "template"),
			 "variant", text(t->json, "variant"), "cost", t->cost);
}

static void
difference_json(const struct difference *f, FILE *out)
{
	const struct rehearse_touch *t = f->new != NULL ? f->new : f->old;
	json_t *j = json_pack("{ss ss ss ss sO? so so}", "type", kinds[f->kind],
	    "customer", text(t->json, "customer"), "playbook", text(t->json, "playbook"),
	    "step", text(t->json, "step"), "occurrence",
	    json_object_get(t->json, "occurrence"), "old", side_json(f->old), "new",
	    side_json(f->new));

	if (f->why != NULL)
		json_object_set_new(j, "reason", json_string(text(f->why, "reason")));
	put_json(j, out);
}

static void
print_json(const struct diff *d, bool balanced, FILE *out)
{
	GPtrArray *dates = dates_of(d);

	for (guint i = 0; i < d->list->len; i++)
		difference_json(&g_array_index(d->list, struct difference, i), out);
	for (guint i = 0; i < dates->len; i++)
		put_json(
		    json_pack("{ss ss so so}", "type", "day", "date", dates->pdata[i],
			"old", sum_json(day_of(d->old, dates->pdata[i])), "new",
			sum_json(day_of(d->new, dates->pdata[i]))),
		    out);
	put_json(json_pack("{ss so so sI sI sI sI sI sb si}", "type", "difference", "old",
		     sum_json(d->old->sum), "new", sum_json(d->new->sum), "customers",
		     (json_int_t)g_hash_table_size(d->customers), "gained",
		     (json_int_t)d->count[GAIN], "lost", (json_int_t)d->count[LOSS],
		     "moved", (json_int_t)d->count[MOVE], "changed",
		     (json_int_t)d->count[CHANGE], "balanced", balanced, "parts",
		     d->new->parts),
	    out);
	g_ptr_array_unref(dates);
}

int
rehearse_diff_print(const struct rehearse_side *old, const struct rehearse_side *new,
    const char *old_name, const char *new_name, bool json, FILE *out)
{
	struct diff d = { .old = old,
		.new = new,
		.list = g_array_new(FALSE, FALSE, sizeof(struct difference)),
		.customers = g_hash_table_new(g_str_hash, g_str_equal) };
	bool balanced = balance_ok(&old->balance) && balance_ok(&new->balance);

	find(&d);
	if (json)
		print_json(&d, balanced, out);
	else
		print_text(&d, old_name, new_name, out);
	if (!json && !balanced)
		fprintf(out, "THE BOOKS DO NOT BALANCE\n");
	g_array_unref(d.list);
	g_hash_table_unref(d.customers);
	return balanced ? 0 : 1;
}
