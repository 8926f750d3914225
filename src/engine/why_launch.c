#include "why_launch.h"

#include <string.h>

#include "core/twin.h"
#include "launch.h"
#include "pace.h"
#include "store/event.h"
#include "store/launch.h"
#include "store/run.h"
#include "store/version.h"

/* What is said, with why the launch stands. */
struct said {
	const char *en, *zh;
};
static const struct said of_held[] = {
	{ "The playbook is held: %s.", "剧本已暂停：%s。" },
	{ "The playbook has stopped by itself: %s.", "剧本自动停下：%s。" },
};
static const struct said of_waiting[] = {
	{ "Not yet: the countdown runs.", "还没到：正在倒计时。" },
	{ "Not yet: stage %s lets in others first.", "还没到：第 %s 批先放别人进来。" },
	{ "Not yet: %s.", "还没到：%s。" },
};

/* A text with one hole at most; a reason of ours is put in in its language. */
static void
tell(json_t *out, struct said s, const char *why)
{
	char zh[TWIN_TEXT];
	char **en = g_strsplit(s.en, "%s", 2), **both = g_strsplit(s.zh, "%s", 2);

	if (!twin_zh(why, zh, sizeof(zh)))
		g_strlcpy(zh, why, sizeof(zh));
	json_object_set_new(out, "sentence",
	    json_sprintf(
		"%s%s%s", en[0], en[1] != NULL ? why : "", en[1] != NULL ? en[1] : ""));
	json_object_set_new(out, "sentence_zh",
	    json_sprintf("%s%s%s", both[0], both[1] != NULL ? zh : "",
		both[1] != NULL ? both[1] : ""));
	g_strfreev(both);
	g_strfreev(en);
}

bool
why_held(struct work *w, const struct version *v, json_t *out)
{
	struct launch l;
	struct err e = { 0 };

	if (launch_of_hash(w->store, v->hash, &l, &e) != 1 || !launch_stands(l.state))
		return false;
	tell(out, of_held[l.state == LAUNCH_HELD ? 0 : 1], l.why);
	return true;
}

bool
why_correction(struct work *w, int playbook)
{
	struct correction c;
	struct err e = { 0 };

	return correction_get(w->store, playbook, &c, &e) == 1;
}

/* ---- who waits for his stage ---- */

static bool
is_listed(const struct playbook *pb, const struct person *p)
{
	const char *ext = p->row.c.ext;

	if (pb->start.kind != START_LIST)
		return false;
	if (pb->start.tag != NULL) {
		char **tags = g_strsplit(p->row.c.tags, ";", -1);
		bool yes = g_strv_contains((const char *const *)tags, pb->start.tag);

		g_strfreev(tags);
		return yes;
	}
	return pb->start.list != NULL &&
	       g_strv_contains((const char *const *)pb->start.list, ext);
}

static void
tell_waiting(json_t *out, const struct launch *l)
{
	char stage[16];

	g_snprintf(stage, sizeof(stage), "%d", l->stage + 1);
	if (l->state == LAUNCH_COUNTDOWN)
		tell(out, of_waiting[0], "");
	else if (l->state == LAUNCH_RAMP)
		tell(out, of_waiting[1], stage);
	else
		tell(out, of_waiting[2], l->why);
}

struct number {
	int number;
	const char *name;
};
struct named {
	const struct catalog *cat;
	GArray *found;
};

static void
note_number(void *arg, int number, const char *name)
{
	const struct named *a = arg;
	const struct version *v = catalog_playbook(a->cat, name);

	if (v != NULL)
		g_array_append_val(
		    a->found, ((struct number){ number, v->playbook->name }));
}

/* 1: this one means him and he is not in, 0, -1. */
static int
waits_for(struct work *w, const struct version *v, struct person *p,
    const struct launch *l, struct err *e)
{
	struct run r;
	int rc = not_yet_has(w->store, l->playbook, p->row.c.id, e);

	if (rc != 0 || !is_listed(v->playbook, p))
		return rc;
	rc = run_last_entry(w->store, p->row.c.id, l->playbook, "", &r, e);
	return rc < 0 ? -1 : rc == 0;
}

/* Of playbooks that are there no more nothing is told. */
static int
for_hours(struct work *w, struct person *p, json_t *list, struct err *e)
{
	struct named all = { w->cat, g_array_new(FALSE, FALSE, sizeof(struct number)) };
	int rc = playbook_each(w->store, note_number, &all, e);

	for (guint i = 0; rc == 0 && i < all.found->len; i++) {
		const struct number *n = &g_array_index(all.found, struct number, i);

		rc = pace_why(w, p, n->number, n->name, list, e);
	}
	g_array_unref(all.found);
	return rc;
}

int
why_waits(struct work *w, struct person *p, json_t *out, struct err *e)
{
	json_t *list = json_array();

	json_object_set_new(out, "waiting", list);
	if (for_hours(w, p, list, e) != 0)
		return -1;
	for (int i = 0; i < w->cat->n_versions; i++) {
		const struct version *v = w->cat->versions[i];
		struct launch l;
		int rc;

		if (v->playbook->status != PLAYBOOK_LIVE)
			continue;
		if ((rc = launch_of_hash(w->store, v->hash, &l, e)) < 0)
			return -1;
		if (rc == 0 || l.state == LAUNCH_DONE)
			continue;
		if ((rc = waits_for(w, v, p, &l, e)) < 0)
			return -1;
		if (rc == 1) {
			json_t *one = json_pack("{ss ss}", "playbook", v->playbook->name,
			    "state", launch_state_name(l.state));

			tell_waiting(one, &l);
			json_array_append_new(list, one);
		}
	}
	return 0;
}

/* ---- what was done by hand ---- */

struct noting {
	json_t *list;
	const struct zone *zone;
};

static void
note(void *arg, const struct event *ev)
{
	const struct noting *n = arg;
	char at[CLOCK_TEXT];
	json_t *data;

	if (strcmp(ev->type, "undone") != 0 && strcmp(ev->type, "optout_lifted") != 0)
		return;
	data = json_loads(ev->data, 0, NULL);
	json_array_append_new(
	    n->list, json_pack("{ss ss so*}", "at",
			 clock_format(ev->at, zone_offset(n->zone, ev->at) / 60, at),
			 "what", ev->type, "data", data));
}

int
why_by_hand(struct work *w, const struct person *p, const struct zone *z, json_t *out,
    struct err *e)
{
	struct noting n = { json_array(), z };

	json_object_set_new(out, "by_hand", n.list);
	return event_of_customer(w->store, p->row.c.id, note, &n, e);
}
