#include "launch.h"

#include <string.h>

#include "base/log.h"
#include "plan.h"
#include "store/event.h"
#include "store/launch.h"
#include "store/run.h"
#include "store/version.h"

/* How often a ramp is looked at. */
#define LOOK (5 * MS_MINUTE)
/* The last stage is watched for so long. */
#define WATCH MS_DAY
#define PORTION 200

/* ---- what publication makes of it ---- */

void
launch_text_hash(const struct template *t, char hash[65])
{
	char *hex = g_compute_checksum_for_string(G_CHECKSUM_SHA256, t->source, -1);

	g_strlcpy(hash, hex, 65);
	g_free(hex);
}

/* The first text of the version that no test send has carried, or NULL. */
static int
find_untested(
    struct work *w, const struct version *v, const char **template_, struct err *e)
{
	const struct playbook *pb = v->playbook;
	const struct step *s;
	char hash[65];

	*template_ = NULL;
	for (int i = 0; (s = playbook_sender(pb, i)) != NULL; i++)
		for (int k = 0; k < s->n_sends; k++) {
			const struct template *t = s->templates[k];
			int rc;

			if (t->category != CATEGORY_MARKETING ||
			    t->channel == CHANNEL_PHONE)
				continue;
			launch_text_hash(t, hash);
			if ((rc = testsend_done(w->store, hash, e)) < 0)
				return -1;
			if (rc == 0) {
				*template_ = t->name;
				return 0;
			}
		}
	return 0;
}

/* The ramp as far as it is this part's of the house. */
static void
own_ramp(struct work *w, const struct playbook *pb, struct ramp *out)
{
	ramp_of(&w->cat->policy->launch, pb, out);
	for (int i = 0; i < out->n; i++)
		out->stages[i].count =
		    (int)desk_portion(w, out->stages[i].count, pb->name, i);
}

/* A stage that lets in nobody of this part has nobody to wait for. */
static bool
is_empty(const struct ramp_stage *s)
{
	return s->count == 0 && s->share == 0;
}

/* A list starts again with the stage: who is in already is not taken twice. */
static int
open_stage(struct work *w, struct launch *l, const struct playbook *pb, struct err *e)
{
	struct ramp ramp;
	char key[64];

	own_ramp(w, pb, &ramp);
	l->state = l->stage < ramp.n ? LAUNCH_RAMP : LAUNCH_DONE;
	l->stage_at = w->now;
	l->next_at = w->now + LOOK;
	l->why = "";
	if (l->begun_at == 0)
		l->begun_at = l->since = w->now;
	log_info("launch", "playbook=%s state=%s stage=%d of=%d", pb->name,
	    launch_state_name(l->state), l->stage + 1, ramp.n);
	g_snprintf(key, sizeof(key), "list:%" G_GINT64_FORMAT, l->version);
	if (launch_save(w->store, l, e) != 0)
		return -1;
	return pb->start.kind == START_LIST ? sweep_set(w->store, key, 0, 0, e) : 0;
}

static int
begin(struct work *w, struct launch *l, const struct playbook *pb, bool first,
    struct err *e)
{
	ms_t countdown = w->cat->policy->launch.countdown;

	if (countdown == 0 || !(first || pb->start.kind == START_LIST))
		return open_stage(w, l, pb, e);
	l->state = LAUNCH_COUNTDOWN;
	l->next_at = w->now + countdown;
	l->why = "";
	return launch_save(w->store, l, e);
}

/* The version is seen for the first time, or its text has been tried since. */
static int
enlist(struct work *w, struct launch *l, const struct version *v, struct err *e)
{
	const struct playbook *pb = v->playbook;
	struct launch other;
	const char *untested = NULL;
	int rc;

	/* What was stopped does not go on because somebody mended a word of it. */
	if ((rc = launch_standing(w->store, l->playbook, &other, e)) < 0)
		return -1;
	if (rc == 1) {
		l->state = other.state;
		l->why = other.why;
		return launch_save(w->store, l, e);
	}
	if (w->cat->policy->launch.test_send && !w->desk->rehearsal &&
	    find_untested(w, v, &untested, e) != 0)
		return -1;
	if (untested != NULL) {
		l->state = LAUNCH_UNTESTED;
		l->why = arena_printf(w->arena,
		    "the text of %s has not been sent to anyone of ours: reachd testsend "
		    "%s "
		    "--to STAFF",
		    untested, untested);
		return launch_save(w->store, l, e);
	}
	if ((rc = launch_before(w->store, l->playbook, l->version, &other, e)) < 0)
		return -1;
	return begin(w, l, pb, rc == 0, e);
}

static void
apply(struct live *live, const struct launch *l)
{
	live->launch = l->state;
	live->why = g_intern_string(l->why);
	if (launch_stands(l->state))
		live->status = PLAYBOOK_PAUSED;
}

int
launch_publish(struct work *w, struct live *live, const struct version *v, struct err *e)
{
	struct launch l, before;
	int rc;

	live->launch = LAUNCH_DONE;
	live->why = "";
	if (live->status != PLAYBOOK_LIVE)
		return 0;
	if ((rc = launch_get(w->store, live->version, &l, e)) < 0)
		return -1;
	if (rc == 0) {
		l.version = live->version;
		l.playbook = live->number;
	}
	if ((rc == 0 || l.state == LAUNCH_UNTESTED) && enlist(w, &l, v, e) != 0)
		return -1;
	/* An older text that is put back does not let go what stands under the newer. */
	if (rc == 1 && !launch_stands(l.state)) {
		if ((rc = launch_standing(w->store, live->number, &before, e)) < 0)
			return -1;
		if (rc == 1) {
			l.state = before.state;
			l.why = before.why;
			if (launch_save(w->store, &l, e) != 0)
				return -1;
		}
	}
	apply(live, &l);
	if (l.state != LAUNCH_UNTESTED)
		return 0;
	/* The version before stays in force until its successor has been tried. */
	if ((rc = launch_before(w->store, live->number, live->version, &before, e)) < 0)
		return -1;
	if (rc == 1) {
		live->version = before.version;
		apply(live, &before);
	} else {
		live->status = PLAYBOOK_PAUSED;
	}
	return 0;
}

/* ---- who may enter ---- */

static int
draw(struct work *w, const struct live *live, const struct person *p)
{
	char use[160];

	g_snprintf(use, sizeof(use), "ramp:%s", live->name);
	return (int)((uint64_t)crypt_hmac64(
			 store_crypt(w->store), use, p->row.c.ext, strlen(p->row.c.ext)) %
		     10000);
}

static int
by_stage(struct work *w, const struct live *live, const struct person *p, struct err *e)
{
	const struct version *v;
	struct launch l;
	struct ramp ramp;

	if (launch_get(w->store, live->version, &l, e) < 0 ||
	    desk_version(w, live->version, &v, e) != 0)
		return -1;
	own_ramp(w, v->playbook, &ramp);
	if (l.state != LAUNCH_RAMP || l.stage >= ramp.n ||
	    ramp_admits(&ramp, l.stage, l.entered, draw(w, live, p)))
		return 1;
	return ramp_full(&ramp, l.stage, l.entered) ? PLAN_NO_PLACE : 0;
}

int
launch_admit(struct work *w, const struct live *live, struct person *p, const char *entry,
    const struct event *ev, struct err *e)
{
	struct not_yet n = { .playbook = live->number,
		.customer = p->row.c.id,
		.subject = person_subject_ext(p),
		.entry = entry,
		.event = ev == NULL ? 0 : ev->id,
		.at = w->now };
	int rc = PLAN_NO_PLACE;

	if (live->launch == LAUNCH_DONE || live->launch == LAUNCH_UNTESTED)
		return 1;
	if (live->launch == LAUNCH_RAMP)
		rc = by_stage(w, live, p, e);
	if ((rc == 0 || rc == PLAN_NO_PLACE) && ev != NULL &&
	    not_yet_add(w->store, &n, e) != 0)
		return -1;
	return rc;
}

int
launch_let_in(struct work *w, const struct live *live, struct err *e)
{
	return live->launch == LAUNCH_RAMP ? launch_entered(w->store, live->version, e)
					   : 0;
}

/* ---- time ---- */

static int
restate(struct work *w, struct live *live, const struct launch *l, struct err *e)
{
	/* Nobody's word lets one go whose file is gone. */
	bool gone = catalog_playbook(w->cat, live->name) == NULL;

	apply(live, l);
	return desk_restate(w, live,
	    gone || launch_stands(l->state) ? PLAYBOOK_PAUSED : PLAYBOOK_LIVE, e);
}

static int
stop(struct work *w, struct live *live, struct launch *l, const struct playbook *pb,
    const char *why, struct err *e)
{
	const char *text = arena_printf(w->arena,
	    "%s has stopped by itself: %s; look, then `reachd go %s` or `reachd recall "
	    "%s`",
	    pb->name, why, pb->name, pb->name);

	l->state = LAUNCH_STOPPED;
	l->why = why;
	log_warn("launch_stopped", "playbook=%s stage=%d why=\"%s\"", pb->name,
	    l->stage + 1, why);
	if (launch_save(w->store, l, e) != 0 ||
	    alarm_add(w->store, w->now, "launch", 0, 0, text, e) != 0)
		return -1;
	return restate(w, live, l, e);
}

/* A stage has had its time when its own messages have: the night does not count. */
static bool
is_over(
    const struct launch *l, const struct ramp *ramp, const struct ramp_count *c, ms_t now)
{
	ms_t hold = l->stage + 1 < ramp->n ? ramp->hold : MAX(ramp->hold, WATCH);

	if (l->stage + 1 < ramp->n && !is_empty(&ramp->stages[l->stage]) &&
	    (l->entered == 0 || (c->first == 0 && c->waiting > 0)))
		return false;
	return now >= MAX(l->stage_at, c->first) + hold;
}

static int
look(struct work *w, struct live *live, struct launch *l, const struct playbook *pb,
    struct err *e)
{
	struct ramp_count c;
	struct ramp ramp;
	char why[160];

	if (l->state == LAUNCH_COUNTDOWN)
		return open_stage(w, l, pb, e) != 0 ? -1 : restate(w, live, l, e);
	own_ramp(w, pb, &ramp);
	if (launch_count(w->store, l, w->now, &c, e) != 0)
		return -1;
	if (ramp_over(&ramp.stop_at, &c, why, sizeof(why)))
		return stop(w, live, l, pb, arena_strdup(w->arena, why), e);
	if (is_over(l, &ramp, &c, w->now)) {
		l->stage++;
		return open_stage(w, l, pb, e) != 0 ? -1 : restate(w, live, l, e);
	}
	l->next_at = w->now + LOOK;
	return launch_save(w->store, l, e);
}

/* Those who came too early; whom this stage does not take either is written anew. */
static int
offer_again(
    struct work *w, const struct live *live, ms_t before, bool *worked, struct err *e)
{
	struct not_yet some[PORTION];
	int n = not_yet_some(w->store, live->number, before, some, PORTION, e);
	const struct version *v;

	if (n <= 0 || desk_version(w, live->version, &v, e) != 0)
		return n < 0 ? -1 : n == 0 ? 0 : -1;
	*worked = true;
	for (int i = 0; i < n; i++) {
		struct event ev;
		struct person p;
		int rc;

		if (not_yet_drop(w->store, &some[i], e) != 0 ||
		    (rc = event_get(w->store, some[i].event, &ev, e)) < 0)
			return -1;
		if (rc == 0 || person_load(w, some[i].customer, &p, e) != 1)
			continue;
		person_event(&p, &ev);
		person_subject(&p, v->playbook->subject, some[i].subject);
		if (plan_enter(w, &p, live, some[i].entry, &ev, e) < 0)
			return -1;
	}
	return 0;
}

static int
portion(struct work *w, struct live *live, ms_t *next, bool *worked, struct err *e)
{
	const struct version *v;
	struct launch l;
	int rc = launch_get(w->store, live->version, &l, e);

	if (rc <= 0)
		return rc;
	if (l.state != LAUNCH_COUNTDOWN &&
	    offer_again(w, live, MAX(l.stage_at, 1), worked, e) != 0)
		return -1;
	if (*worked || l.state == LAUNCH_DONE)
		return 0;
	if (l.next_at > w->now) {
		*next = MIN(*next, l.next_at);
		return 0;
	}
	*worked = true;
	if (desk_version(w, live->version, &v, e) != 0)
		return -1;
	return look(w, live, &l, v->playbook, e);
}

int
launch_portion(struct work *w, ms_t *next, bool *worked, struct err *e)
{
	int waits = not_yet_anybody(w->store, e);

	if (waits < 0)
		return -1;
	for (guint i = 0; i < w->desk->lives->len && !*worked; i++) {
		struct live *live = &g_array_index(w->desk->lives, struct live, i);

		/* One that is out has only those to take in who came too early. */
		if (live->status == PLAYBOOK_LIVE && live->version != 0 &&
		    live->launch != LAUNCH_UNTESTED &&
		    (live->launch != LAUNCH_DONE || waits) &&
		    portion(w, live, next, worked, e) != 0)
			return -1;
	}
	if (*worked)
		*next = w->now;
	return 0;
}

/* ---- a person's word ---- */

int
launch_hold(struct work *w, struct live *live, const char *why, struct err *e)
{
	struct launch l;
	int rc = launch_get(w->store, live->version, &l, e);

	/* One that its file keeps still needs no second word. */
	if (rc <= 0 || live->status != PLAYBOOK_LIVE)
		return rc < 0 ? -1 : 0;
	l.state = LAUNCH_HELD;
	l.why = why;
	if (launch_save(w->store, &l, e) != 0 || restate(w, live, &l, e) != 0)
		return -1;
	return 1;
}

/* A ramp that was stopped counts from here: what stopped it has been seen. */
int
launch_go(struct work *w, struct live *live, struct err *e)
{
	const struct version *v;
	struct launch l;
	int rc = launch_get(w->store, live->version, &l, e);

	if (rc <= 0)
		return rc;
	if (live->launch != l.state ||
	    (l.state != LAUNCH_COUNTDOWN && !launch_stands(l.state)))
		return 0;
	if (desk_version(w, live->version, &v, e) != 0 ||
	    launch_release(w->store, live->number, e) != 0)
		return -1;
	l.since = w->now;
	if (open_stage(w, &l, v->playbook, e) != 0 || restate(w, live, &l, e) != 0)
		return -1;
	return 1;
}
