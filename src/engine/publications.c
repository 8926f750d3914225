/* What waits for somebody's yes, and the yes. Loop thread, and the jobs it starts. */
#include <string.h>

#include <jansson.h>

#include "access.h"
#include "answer.h"
#include "base/log.h"
#include "core/role.h"
#include "launch.h"
#include "publish.h"
#include "publish_show.h"
#include "read_set.h"

#define AGREED_MAX 20
#define GROWN 120 /* per cent of the audience somebody agreed to */

struct answering {
	engine_answer *cb;
	void *arg;
	char *who, *hash, *why, *content;
	int role;
	bool yes;
	int64_t confirm, id;
	struct catalog *fresh; /* the set that waits; NULL: not looked at yet */
	bool in_force;         /* it is, by this job */
	int status;
	json_t *out;
};

static void
answering_free(gpointer p)
{
	struct answering *a = p;

	g_free(a->who);
	g_free(a->hash);
	g_free(a->why);
	g_free(a->content);
	json_decref(a->out);
	g_free(a);
}

static struct answering *
answering_new(
    const struct engine_who *who, const char *hash, engine_answer *cb, void *arg)
{
	struct answering *a = g_new0(struct answering, 1);

	a->cb = cb;
	a->arg = arg;
	a->who = g_strdup(who == NULL ? "" : who->name);
	a->role = who == NULL ? ROLE_NONE : who->role;
	a->hash = g_strdup(hash);
	a->out = json_object();
	a->status = 200;
	return a;
}

static int
say(struct answering *a, int status, const char *fmt, ...)
{
	va_list ap;
	char *text;

	va_start(ap, fmt);
	text = g_strdup_vprintf(fmt, ap);
	va_end(ap);
	json_object_clear(a->out);
	json_object_set_new(a->out, status < 300 ? "status" : "error", json_string(text));
	a->status = status;
	g_free(text);
	return 0;
}

/* ---- what waits ---- */

/* 1 with what waits under this hash (twelve letters of it are enough), 0 answered, -1. */
static int
waiting(struct work *w, struct answering *a, struct publication *p, struct err *e)
{
	int rc = publication_now(w->store, PUBLICATION_WAITS, p, e);

	if (rc < 0)
		return -1;
	if (rc == 0)
		return say(a, 404, "nothing waits for anybody's yes");
	if (strlen(a->hash) < 12 || strncmp(p->hash, a->hash, strlen(a->hash)) != 0)
		return say(a, 409,
		    "it is not what waits: that is %.12s; look at it first, `reachd "
		    "publish "
		    "show`",
		    p->hash);
	if (w->now < p->at + w->cat->policy->approvals.lapse)
		return 1;
	if (!store_read_only(w->store) &&
	    (publication_end(w->store, p->id, PUBLICATION_LAPSED, w->now, e) != 0 ||
		access_note(w, a->who, a->role, "lapse", p->hash, "", p->id, 0, e) != 0))
		return -1;
	return say(a, 409,
	    "it has waited too long and lapsed: put it forward again, `reachd publish "
	    "submit`");
}

static int
fetch_run(struct task *t, struct work *w, struct err *e)
{
	struct answering *a = t->data;
	struct publication p;
	int rc = waiting(w, a, &p, e);

	g_free(a->content);
	a->content = NULL;
	if (rc == 1) {
		a->status = 200;
		a->content = g_strdup(p.content);
		a->id = p.id;
	}
	return rc < 0 ? -1 : 0;
}

static void
free_later(struct engine *en)
{
	en->publishing = false;
	publish_again(en);
}

/* What `fetch` found goes on to what comes next, which frees it. */
static struct answering *
handed_on(struct answering *a)
{
	struct answering *next = g_new0(struct answering, 1);

	*next = *a;
	*a = (struct answering){ 0 };
	return next;
}

static void
read_waiting(struct engine *en, struct answering *a, read_set_fn *done)
{
	struct answering *next = handed_on(a);

	read_set(en, next->content, strlen(next->content), done, next);
}

/* The set that waits, as it was put forward; false: answered, and a is freed. */
static bool
is_read(struct engine *en, struct answering *a, struct catalog *fresh,
    const struct report *report)
{
	struct err first = { 0 };

	a->fresh = fresh;
	if (fresh != NULL && !en->stopping)
		return true;
	report_first(report, &first);
	if (en->stopping)
		answer_error(a->cb, a->arg, 503, "reachd is stopping");
	else
		answer_error(a->cb, a->arg, 422, first.text);
	catalog_unref(fresh);
	answering_free(a);
	return false;
}

/* ---- a yes ---- */

/* Those who agreed before saw so many; are there many more by now? */
static int
has_grown(struct work *w, struct answering *a, struct publication *p,
    const struct publish_figures *f, struct err *e)
{
	int n;
	int64_t least;

	if (publication_agreed(w->store, p->id, &n, &least, e) != 0)
		return -1;
	if (n == 0 || f->audience * 100 <= least * GROWN)
		return 0;
	if (publication_end(w->store, p->id, PUBLICATION_LAPSED, w->now, e) != 0 ||
	    access_note(w, a->who, a->role, "lapse", p->hash, "the audience has grown",
		p->id, f->audience, e) != 0)
		return -1;
	p->at = p->since = w->now;
	p->audience = f->audience;
	p->due = f->due;
	p->cost = f->cost;
	p->needs = f->needs;
	if (publication_add(w->store, p, e) != 0)
		return -1;
	say(a, 409,
	    "the audience has grown from %" G_GINT64_FORMAT " to %" G_GINT64_FORMAT
	    ": what was agreed to has lapsed, and it waits anew",
	    least, f->audience);
	return 1;
}

static bool
may_agree(struct answering *a, const struct work *w, const struct publication *p,
    const struct publish_figures *f)
{
	int64_t many = w->cat->policy->launch.confirm;

	if (*a->who == '\0' || (role_rights(a->role) & RIGHT_APPROVE) == 0)
		say(a, 403,
		    "who agrees must be somebody who may: people: in reachd.yaml");
	else if (publish_is_author(p->authors, a->who))
		say(a, 403,
		    "who wrote it, or put it forward, may not agree: somebody else must");
	else if (many != 0 && f->due > MAX(MAX(a->confirm, p->confirmed), many)) {
		say(a, 409,
		    "needs confirm=%" G_GINT64_FORMAT
		    ": so many messages would be due within the hour; nothing has been "
		    "published",
		    f->due);
		json_object_set_new(a->out, "confirm", json_integer(f->due));
	} else
		return true;
	return false;
}

static int
has_agreed(struct work *w, const struct answering *a, int64_t id, struct err *e)
{
	struct show_names names = { a->who, false };

	if (audit_each(w->store, id, 0, AGREED_MAX, publish_show_agreed, &names, e) != 0)
		return -1;
	return names.found;
}

static int
agree(struct work *w, struct answering *a, struct publication *p,
    const struct publish_figures *f, struct err *e)
{
	int needs = MAX(p->needs, f->needs), n, rc = has_agreed(w, a, p->id, e);
	int64_t least;

	if (rc != 0)
		return rc < 0 ? -1
			      : say(a, 409,
				    "you have agreed already: somebody else must, too");
	if (access_note(w, a->who, a->role, "agree", p->hash, a->why, p->id, f->audience,
		e) != 0 ||
	    publication_agreed(w->store, p->id, &n, &least, e) != 0)
		return -1;
	p->needs = needs;
	p->confirmed = MAX(p->confirmed, a->confirm);
	p->audience = f->audience;
	p->due = f->due;
	p->cost = f->cost;
	if (n < needs) {
		say(a, 202, "%d of %d have agreed; it waits", n, needs);
		return publication_count(w->store, p->id, p, e);
	}
	w->cat = a->fresh;
	if (publication_count(w->store, p->id, p, e) != 0 ||
	    publish_force(w, p->authors, a->who, a->role, f, e) != 0 ||
	    desk_publish(w, e) != 0)
		return -1;
	a->in_force = true;
	return say(a, 200, "published");
}

/* What was proved when it was put forward may have changed: a text that its gateway has
 * refused since, people who are gone. 1 it stands, 0 it does not, -1. */
static int
still_proved(struct work *w, struct answering *a, struct err *e)
{
	struct report *r = report_new();
	int rc = publish_prove(w, a->fresh, r, e) != 0 ? -1 : r->errors == 0;

	for (guint i = 0; rc == 0 && i < r->diags->len; i++) {
		const struct diag *d = r->diags->pdata[i];

		if (d->severity != SEV_ERROR)
			continue;
		say(a, 422, "%s:%d:%d: %s", d->at.file == NULL ? "" : d->at.file,
		    d->at.line, d->at.col, d->text);
		break;
	}
	report_free(r);
	return rc;
}

static int
yes_run(struct task *t, struct work *w, struct err *e)
{
	struct answering *a = t->data;
	struct publish_figures f;
	struct publication p;
	int rc;

	a->in_force = false;
	if ((rc = waiting(w, a, &p, e)) != 1)
		return rc;
	if (p.id != a->id)
		return say(a, 409, "another set waits by now: look at it first");
	if ((rc = still_proved(w, a, e)) != 1)
		return rc;
	if (publish_judge(w, a->fresh, &f, e) != 0)
		return -1;
	if (!may_agree(a, w, &p, &f))
		return 0;
	if ((rc = has_grown(w, a, &p, &f, e)) != 0)
		return rc < 0 ? -1 : 0;
	return agree(w, a, &p, &f, e);
}

static void
yes_done(struct task *t, const struct err *e)
{
	struct answering *a = t->data;
	struct engine *en = t->en;

	en->publishing = false;
	if (e == NULL && a->in_force)
		publish_swap(en, a->fresh);
	else
		drop_set(en, a->fresh);
	if (e != NULL)
		answer_failed(a->cb, a->arg);
	else
		answer_json(a->cb, a->arg, a->status, a->out);
	publish_again(en);
}

static void
yes_read(struct engine *en, struct catalog *fresh, const struct report *report, void *data)
{
	if (is_read(en, data, fresh, report))
		task_start(task_new(en, yes_run, yes_done, data, answering_free));
	else
		free_later(en);
}

static void
fetched(struct task *t, const struct err *e)
{
	struct answering *a = t->data;
	struct engine *en = t->en;

	if (e != NULL)
		answer_failed(a->cb, a->arg);
	else if (a->content == NULL)
		answer_json(a->cb, a->arg, a->status, a->out);
	else {
		read_waiting(en, a, yes_read);
		return;
	}
	free_later(en);
}

/* ---- a no ---- */

static int
no_run(struct task *t, struct work *w, struct err *e)
{
	struct answering *a = t->data;
	struct publication p;
	int rc = waiting(w, a, &p, e);

	if (rc != 1)
		return rc;
	if (publication_end(w->store, p.id, PUBLICATION_REFUSED, w->now, e) != 0)
		return -1;
	say(a, 200, "refused");
	return access_note(w, a->who, a->role, "refuse", p.hash, a->why, p.id, 0, e);
}

static void
no_done(struct task *t, const struct err *e)
{
	struct answering *a = t->data;

	if (e != NULL)
		answer_failed(a->cb, a->arg);
	else
		answer_json(a->cb, a->arg, a->status, a->out);
	free_later(t->en);
}

void
engine_publication_answer(struct engine *en, const struct engine_who *who,
    const char *hash, bool yes, const char *why, int64_t confirm, engine_answer *cb,
    void *arg)
{
	struct answering *a;

	if (en->options.revive == NULL || en->publishing) {
		answer_error(cb, arg, 409,
		    "another set is being published, or somebody else has the word: the "
		    "first "
		    "wins; look again");
		return;
	}
	if (!yes && *why == '\0') {
		answer_error(cb, arg, 422, "say why: --why TEXT");
		return;
	}
	a = answering_new(who, hash, cb, arg);
	a->yes = yes;
	a->why = g_strdup(why);
	a->confirm = confirm;
	en->publishing = true;
	task_start(yes ? task_new(en, fetch_run, fetched, a, answering_free)
		       : task_new(en, no_run, no_done, a, answering_free));
}

/* ---- shown ---- */

static int
show_run(struct task *t, struct work *w, struct err *e)
{
	struct answering *a = t->data;
	struct publication p;
	int rc = waiting(w, a, &p, e);

	if (rc != 1)
		return rc;
	json_object_clear(a->out);
	return publish_show(w, &p, a->fresh, a->out, e);
}

static void
show_done(struct task *t, const struct err *e)
{
	struct answering *a = t->data;

	if (e != NULL)
		answer_failed(a->cb, a->arg);
	else
		answer_json(a->cb, a->arg, a->status, a->out);
	drop_set(t->en, a->fresh);
}

static void
show_read(struct engine *en, struct catalog *fresh, const struct report *report, void *data)
{
	if (is_read(en, data, fresh, report))
		task_start(task_new(en, show_run, show_done, data, answering_free));
}

static void
show_fetched(struct task *t, const struct err *e)
{
	struct answering *a = t->data;

	if (e != NULL)
		answer_failed(a->cb, a->arg);
	else if (a->content == NULL)
		answer_json(a->cb, a->arg, a->status, a->out);
	else
		read_waiting(t->en, a, show_read);
}

void
engine_publication(struct engine *en, const char *hash, engine_answer *cb, void *arg)
{
	struct answering *a = answering_new(NULL, hash, cb, arg);

	if (en->options.revive == NULL) {
		answer_error(cb, arg, 404, "nothing waits for anybody's yes");
		answering_free(a);
		return;
	}
	task_start(task_new(en, fetch_run, show_fetched, a, answering_free));
}
