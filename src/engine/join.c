/* join.c - one person twice: B goes into A with the stricter consent and the sum of both
 * months' touches, or comes out again; with a preview that changes nothing. */
#include <string.h>

#include <jansson.h>

#include "base/log.h"
#include "base/text.h"
#include "import_kind.h"
#include "plan.h"
#include "profile.h"
#include "store/join.h"
#include "store/optout.h"
#include "tags.h"

struct joining {
	engine_answer *cb;
	void *arg;
	char *a, *b;
	bool apart, dry_run;
	int status;
	char error[200];
	GString *text;
};

static int
refuse(struct joining *g, int status, const char *fmt, const char *who)
{
	g->status = status;
	g_snprintf(g->error, sizeof(g->error), fmt, who);
	text_mend(g->error);
	return 0;
}

static int
load(struct work *w, int64_t id, struct customer_row *out, struct err *e)
{
	return customer_get(w->store, id, out, e) == 1 &&
		       customer_open(w->store, out, e) == 0
		   ? 0
		   : -1;
}

/* ---- the profile of both ---- */

static struct date
earlier(struct date x, struct date y, bool later)
{
	if (x.year == 0 || y.year == 0)
		return x.year == 0 ? y : x;
	return (date_days(x) < date_days(y)) != later ? x : y;
}

static const char *
all_tags(struct work *w, const char *a, const char *b)
{
	char **each = g_strsplit(b, ";", -1);

	for (int i = 0; each[i] != NULL; i++)
		if (*each[i] != '\0')
			a = tags_add(w->arena, a, each[i]);
	g_strfreev(each);
	return a;
}

static const char *
all_attrs(struct work *w, const char *a, const char *b)
{
	json_t *ja = json_loads(a, 0, NULL), *jb = json_loads(b, 0, NULL);
	char *text;
	const char *out;

	json_object_update(jb, ja); /* A's word where both have one */
	text = json_dumps(jb, JSON_COMPACT | JSON_SORT_KEYS);
	out = arena_strdup(w->arena, text);
	free(text);
	json_decref(ja);
	json_decref(jb);
	return out;
}

/* Marketing is only what both said yes to; who said no on his own number said no. */
static int
stricter(struct joining *g, struct work *w, const struct customer *b,
    struct customer *out, struct err *e)
{
	static const char *const levels[] = { "none", "service", "marketing" };

	for (int c = 0; c < CHANNELS; c++) {
		unsigned char level = MIN(out->consent[c], b->consent[c]);
		int rc = *b->address[c] == '\0'
			     ? 0
			     : optout_has(w->store,
				   customer_hash(w->store, c, b->address[c]), c, e);

		if (rc < 0)
			return -1;
		if (rc == 1)
			level = MIN(level, CONSENT_SERVICE);
		if (level != out->consent[c])
			g_string_append_printf(g->text, "consent by %s: %s -> %s\n",
			    channel_name(c), levels[out->consent[c]], levels[level]);
		out->consent[c] = level;
	}
	return 0;
}

static int
profile(struct joining *g, struct work *w, const struct customer_row *a,
    const struct customer_row *b, struct err *e)
{
	struct customer c = a->c;
	char masked[64];

	for (int i = 0; i < CHANNELS; i++) {
		if (*c.address[i] != '\0' || *b->c.address[i] == '\0')
			continue;
		c.address[i] = b->c.address[i];
		g_string_append_printf(g->text, "address by %s: nothing -> %s\n",
		    channel_name(i), text_mask(c.address[i], masked, sizeof(masked)));
	}
	if (stricter(g, w, &b->c, &c, e) != 0)
		return -1;
	if (c.birthday.year == 0)
		c.birthday = b->c.birthday;
	c.first_visit = earlier(c.first_visit, b->c.first_visit, false);
	c.last_visit = earlier(c.last_visit, b->c.last_visit, true);
	c.last_visit_at = MAX(c.last_visit_at, b->c.last_visit_at);
	c.visits += b->c.visits;
	c.spend_12m += b->c.spend_12m;
	c.tags = all_tags(w, c.tags, b->c.tags);
	c.attrs = all_attrs(w, c.attrs, b->c.attrs);
	if (*c.name == '\0')
		c.name = b->c.name;
	if (*c.kind == '\0')
		c.kind = b->c.kind;
	if (*c.contact == '\0' && *c.contact_name == '\0') {
		c.contact = strcmp(b->c.contact, c.ext) == 0 ? "" : b->c.contact;
		c.contact_name = b->c.contact_name;
	}
	if (*c.household == '\0')
		c.household = b->c.household;
	if (*c.advisor == '\0')
		c.advisor = b->c.advisor;
	if (customer_replace(w->store, &c, e) != 0)
		return -1;
	return b->blocked_at != 0 && a->blocked_at == 0
		   ? customer_block(w->store, a->c.id, b->blocked_at, e)
		   : 0;
}

static void
counted(struct joining *g, const struct join_counts *n)
{
	g_string_append_printf(g->text,
	    "%d vehicles, %d appointments, %d orders, %d events, %d offers, %d open "
	    "tasks, "
	    "%d arms of tests; %d touches of this month or year\n",
	    n->vehicles, n->appointments, n->orders, n->events, n->offers, n->tasks,
	    n->arms, n->touches);
	if (n->companies + n->driven > 0)
		g_string_append_printf(g->text,
		    "%d companies he is spoken to for, %d cars of others he drives\n",
		    n->companies, n->driven);
}

static int
together(struct joining *g, struct work *w, struct err *e)
{
	struct customer_row a, b;
	struct join_counts n;
	struct join j = { .at = w->now };
	const char *after = "";
	int64_t led;
	int runs, rc;

	for (int i = 0; i < 2; i++) {
		const char *ext = i == 0 ? g->a : g->b;

		rc = join_of(w->store, ext, i == 0 ? &j.a : &j.b, &led, e);
		if (rc < 0)
			return -1;
		if ((i == 0 ? j.a : j.b) == 0)
			return refuse(g, 404, "there is no customer \"%.60s\"", ext);
		if (rc == 1)
			return refuse(g, 409,
			    "customer \"%.60s\" is merged into another already", ext);
	}
	if (j.a == j.b)
		return refuse(g, 422, "\"%.60s\" is one customer already", g->a);
	if (load(w, j.a, &a, e) != 0 || load(w, j.b, &b, e) != 0)
		return -1;
	if (a.erased_at != 0 || b.erased_at != 0)
		return refuse(g, 422, "a customer's data was erased", "");
	/* B's runs end: A is in his own. */
	if (import_customers.image(w, g->a, &j.before, e) != 1 ||
	    plan_leave_all(w, j.b, "merged", &runs, e) != 0 || profile(g, w, &a, &b, e) != 0 ||
	    join_keep(w->store, &j, e) != 0 || profile_join(w, j.a, j.b, e) != 0 ||
	    join_move(w->store, &j, &n, e) != 0 ||
	    import_customers.image(w, g->a, &after, e) != 1)
		return -1;
	j.after = batch_hash(w->store, after);
	counted(g, &n);
	if (runs > 0)
		g_string_append_printf(g->text, "%d of his runs end\n", runs);
	return join_add(w->store, &j, e);
}

/* What is A's by now stays A's; consent does not become wider by a separation. */
static int
apart(struct joining *g, struct work *w, struct err *e)
{
	struct join_counts n;
	struct customer_row a;
	struct join j;
	const char *now = "";
	int64_t b, led;
	int rc = join_of(w->store, g->b, &b, &led, e);

	if (rc < 0)
		return -1;
	if (rc == 0)
		return refuse(g, b == 0 ? 404 : 409,
		    "customer \"%.60s\" is merged into nobody", g->b);
	if (join_get(w->store, b, &j, e) != 1 || load(w, j.a, &a, e) != 0 ||
	    import_customers.image(w, a.c.ext, &now, e) != 1)
		return -1;
	if (batch_hash(w->store, now) == j.after) {
		if (import_customers.restore(w, a.c.ext, j.before, e) != 0)
			return -1;
		g_string_append_printf(g->text, "%s is as before\n", a.c.ext);
	} else {
		g_string_append_printf(
		    g->text, "%s has changed since and stays as it is\n", a.c.ext);
	}
	/* Who complained meanwhile may have been either. */
	if (a.blocked_at >= j.at && customer_block(w->store, b, a.blocked_at, e) != 0)
		return -1;
	if (join_undo(w->store, &j, &n, e) != 0 || profile_part(w, j.a, j.at, e) != 0)
		return -1;
	counted(g, &n);
	return 0;
}

static int
join_run(struct task *t, struct work *w, struct err *e)
{
	struct joining *g = t->data;
	guint touches = w->touches == NULL ? 0 : w->touches->len;
	int rc;

	if (g->dry_run && store_try(w->store, e) != 0)
		return -1;
	rc = g->apart ? apart(g, w, e) : together(g, w, e);
	if (rc == 0 && g->dry_run) {
		if (w->touches != NULL)
			g_ptr_array_set_size(w->touches, (int)touches);
		return store_untry(w->store, e);
	}
	return rc;
}

static void
join_done(struct task *t, const struct err *e)
{
	struct joining *g = t->data;
	json_t *j;
	char *text;

	if (e != NULL)
		refuse(g, 503, "the database cannot take it now: try again", "");
	if (g->status == 200)
		j = json_pack("{ss sb}", "report", g->text->str, "dry_run", g->dry_run);
	else
		j = json_pack("{ss}", "error", g->error);
	text = json_dumps(j, JSON_COMPACT);
	g->cb(g->arg, g->status, text);
	if (g->status == 200 && !g->dry_run)
		log_info(
		    g->apart ? "unmerged" : "merged", "into=%s", g->apart ? "" : g->a);
	free(text);
	json_decref(j);
}

static void
joining_free(gpointer p)
{
	struct joining *g = p;

	g_free(g->a);
	g_free(g->b);
	g_string_free(g->text, TRUE);
	g_free(g);
}

static void
start(struct engine *en, const char *a, const char *b, bool dry_run, engine_answer *cb,
    void *arg)
{
	struct joining *g = g_new0(struct joining, 1);

	g->cb = cb;
	g->arg = arg;
	g->a = g_strdup(a);
	g->b = g_strdup(b);
	g->apart = a == NULL;
	g->dry_run = dry_run;
	g->status = 200;
	g->text = g_string_new(NULL);
	task_start(task_new(en, join_run, join_done, g, joining_free));
}

void
engine_merge(struct engine *en, const char *a, const char *b, bool dry_run,
    engine_answer *cb, void *arg)
{
	start(en, a, b, dry_run, cb, arg);
}

void
engine_unmerge(
    struct engine *en, const char *b, bool dry_run, engine_answer *cb, void *arg)
{
	start(en, NULL, b, dry_run, cb, arg);
}
