/* One correction to exactly those who got what was wrong: a small playbook of its own, so that
 * quiet windows, opt-outs, receipts and `why` are as for any other. By portions. */
#include <string.h>

#include "access.h"
#include "core/role.h"
#include "hand.h"
#include "plan.h"
#include "spec/catalog.h"
#include "store/launch.h"
#include "store/msg.h"
#include "store/run.h"
#include "store/version.h"

#define PORTION 500
#define ENTRY "correction"

struct correcting {
	struct hand *h;
	struct correction c;
	const struct version *v;
	int64_t added, known;
};

static int
begin(struct correcting *g, const struct live *of, const struct template *t,
    const char *reason, ms_t since, struct err *e)
{
	struct work *w = g->h->w;
	const char *name = arena_printf(w->arena, "correction-%d-%" G_GINT64_FORMAT,
	    of->number, store_next_id(w->store, w->now));
	const char *text = arena_printf(w->arena,
	    "playbook: %s\ntitle: 更正 %s\ncategory: %s\nstatus: live\n"
	    "start: { on: correction }\nsteps:\n"
	    "  - { id: correction, send: %s, expires: 72h }\n",
	    name, of->name, category_name((int)t->category), t->name);
	char *bundle = catalog_alone(w->cat, name, text, t);
	struct version *v = version_load(bundle, strlen(bundle), e);
	bool created;
	int rc = -1;

	if (v != NULL) {
		g->c = (struct correction){ .of = of->number,
			.template_ = t->name,
			.author = hand_text(g->h, "by"),
			.reason = reason,
			.at = w->now,
			.asked = g->h->who,
			.step = hand_text(g->h, "step"),
			.since = since,
			.agreed = "" };
		rc = playbook_number(w->store, name, &g->c.playbook, e) != 0 ||
			     version_put(w->store, g->c.playbook, v->hash, bundle, 0, w->now,
				 &g->c.version, &created, e) != 0 ||
			     correction_add(w->store, &g->c, e) != 0 ||
			     desk_correction(w, name, e) != 0
			 ? -1
			 : 0;
	}
	version_free(v);
	g_free(bundle);
	return rc;
}

/* Once for each customer, however many of the messages he got. */
static int
add(struct correcting *g, const struct message *m, struct err *e)
{
	struct work *w = g->h->w;
	struct run r = {
		.customer = m->customer,
		.version = g->c.version,
		.playbook = g->c.playbook,
		.state = RUN_RUNNING,
		.step = g->v->playbook->steps[0].id,
		.wait = WAIT_STEP,
		.entered_at = w->now,
		.step_at = w->now,
		.why = "",
		.entry = ENTRY,
		.subject = "",
	};
	struct person p;
	int rc = person_load(w, m->customer, &p, e);

	if (rc != 1 || p.row.erased_at != 0)
		return rc < 0 ? -1 : 0;
	if ((rc = run_add(w->store, &r, e)) != 1) {
		g->known += rc == 0;
		return rc;
	}
	g->added++;
	if (trail_add(w->store, r.id, w->now,
		arena_printf(w->arena, "correction, %s: %s", g->c.author, g->c.reason),
		e) != 0)
		return -1;
	return plan_go(w, &p, &r, g->v, 0, e);
}

static int
portion(struct correcting *g, int of, const char *step, ms_t since, int64_t *cursor,
    struct err *e)
{
	struct store *s = g->h->w->store;
	int64_t ids[PORTION];
	int n = msg_ids_of_playbook(
	    s, of, step, since, cursor, ids, PORTION, e);

	for (int i = 0; i < n; i++) {
		struct message m;

		if (msg_get(s, ids[i], &m, e) != 1)
			return -1;
		if (message_column(m.state, m.reason, 1) == COLUMN_SENT &&
		    add(g, &m, e) != 0)
			return -1;
	}
	return n < 0 ? -1 : n == PORTION;
}

static int
send_portion(struct correcting *g, int of, const char *step, ms_t since, struct err *e)
{
	int64_t cursor = json_integer_value(json_object_get(g->h->in, "cursor"));
	int more;

	if (desk_version(g->h->w, g->c.version, &g->v, e) != 0 ||
	    (more = portion(g, of, step, since, &cursor, e)) < 0)
		return -1;
	json_object_set_new(g->h->out, "added", json_integer(g->added));
	json_object_set_new(g->h->out, "known", json_integer(g->known));
	json_object_set_new(g->h->out, "more", json_boolean(more));
	json_object_set_new(g->h->out, "cursor", json_integer(cursor));
	return 0;
}

/* Where publications need a second person corrections do: a yes is to that text, to those
 * who got that step since then. 1: there is one; 0: it waits, answered; -1. */
static int
has_leave(struct correcting *g, ms_t since, struct err *e)
{
	struct hand *h = g->h;

	if (!h->w->cat->config->publish_approved) {
		if (!g->c.waits)
			return 1;
		g->c.waits = false;
		return correction_set(h->w->store, &g->c, e) != 0 ? -1 : 1;
	}
	if (*g->c.agreed != '\0' && since == g->c.since &&
	    strcmp(hand_text(h, "step"), g->c.step) == 0)
		return 1;
	g->c.author = hand_text(h, "by");
	g->c.reason = hand_text(h, "reason");
	g->c.asked = h->who;
	g->c.step = hand_text(h, "step");
	g->c.since = since;
	g->c.agreed = "";
	g->c.waits = true;
	g->c.at = h->w->now;
	json_object_set_new(h->out, "waits", json_true());
	h->status = 202;
	return correction_set(h->w->store, &g->c, e);
}

/* The playbook and the text that an order names. 1, 0 refused. */
static int
named(struct hand *h, struct live *of, const char **text)
{
	struct live *found = desk_live_named(h->w->desk, hand_text(h, "playbook"));

	*text = hand_text(h, "template");
	if (found == NULL)
		return hand_no(h, 404, "there has never been a playbook \"%.64s\"",
		    hand_text(h, "playbook"));
	*of = *found; /* the desk moves when it learns of another */
	return 1;
}

int
hand_correct(struct hand *h, struct err *e)
{
	struct correcting g = { .h = h };
	const struct template *t;
	const char *name;
	struct live of;
	ms_t since;
	int rc;

	if (named(h, &of, &name) != 1)
		return 0;
	t = g_hash_table_lookup(h->w->cat->templates, name);
	if (t == NULL)
		return hand_no(h, 404, "there is no template \"%.64s\"", name);
	if (t->channel == CHANNEL_PHONE)
		return hand_no(
		    h, 422, "a correction is a message; %.64s is a call", name);
	if (!hand_instant(h, "since", &since) || hand_reason(h) == NULL)
		return 0;
	rc = correction_find(h->w->store, of.number, t->name, &g.c, e);
	if (rc < 0 ||
	    (rc == 0 && begin(&g, &of, t, hand_text(h, "reason"), since, e) != 0))
		return -1;
	if ((rc = has_leave(&g, since, e)) != 1)
		return rc;
	return send_portion(&g, of.number, hand_text(h, "step"), since, e);
}

/* Whoever may decide about it, but not who asks. 1, 0 refused. */
static int
may_decide(struct hand *h, const struct correction *c)
{
	const char *by = hand_text(h, "by");

	if (*by == '\0' || *h->who == '\0' || (role_rights(h->role) & RIGHT_APPROVE) == 0)
		return hand_no(h, 403,
		    "who agrees must be somebody who may: people: in reachd.yaml");
	if (strcmp(by, c->author) == 0 || strcmp(h->who, c->author) == 0 ||
	    strcmp(h->who, c->asked) == 0)
		return hand_no(h, 403, "who asks may not agree: somebody else must");
	return 1;
}

/* 1: there is one, 0 refused, -1. */
static int
asked_for(struct correcting *g, struct live *of, const char **name, struct err *e)
{
	int rc = named(g->h, of, name);

	if (rc == 1)
		rc = correction_find(g->h->w->store, of->number, *name, &g->c, e);
	else
		return 0;
	if (rc == 0 || (rc == 1 && *g->c.agreed == '\0' && !g->c.waits))
		return hand_no(g->h, 404,
		    "no correction of this playbook by %.64s waits: `reachd correct list`",
		    *name);
	return rc;
}

static int
decide(struct correcting *g, const char *act, const char *of, const char *name,
    struct err *e)
{
	g->c.waits = false;
	if (correction_set(g->h->w->store, &g->c, e) != 0)
		return -1;
	return access_note(g->h->w, hand_text(g->h, "by"), g->h->role, act, of, name, 0, 0, e);
}

int
hand_correct_agree(struct hand *h, struct err *e)
{
	struct correcting g = { .h = h };
	struct live of;
	const char *name;
	int rc = asked_for(&g, &of, &name, e);

	if (rc != 1)
		return rc;
	if (*g.c.agreed == '\0') {
		if (may_decide(h, &g.c) != 1)
			return 0;
		g.c.agreed = hand_text(h, "by");
		if (decide(&g, "agree-correction", of.name, name, e) != 0)
			return -1;
	}
	return send_portion(&g, of.number, g.c.step, g.c.since, e);
}

/* Asked for again, it waits again. */
int
hand_correct_refuse(struct hand *h, struct err *e)
{
	struct correcting g = { .h = h };
	struct live of;
	const char *name;
	int rc = asked_for(&g, &of, &name, e);

	if (rc != 1)
		return rc;
	if (!g.c.waits)
		return hand_no(h, 409, "it has been agreed to, and goes");
	/* Whoever asked for it, or typed it for him, may think better of it. */
	if (strcmp(hand_text(h, "by"), g.c.author) != 0 &&
	    (*h->who == '\0' || strcmp(h->who, g.c.asked) != 0) &&
	    may_decide(h, &g.c) != 1)
		return 0;
	json_object_set_new(h->out, "refused", json_true());
	return decide(&g, "refuse-correction", of.name, name, e);
}
