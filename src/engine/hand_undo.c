/* What was told or marked by mistake, taken back: an undo is an event itself, with its reason. */
#include <string.h>

#include "access.h"
#include "core/reason.h"
#include "core/role.h"
#include "hand.h"
#include "intake.h"
#include "plan.h"
#include "store/event.h"
#include "store/optout.h"
#include "store/run.h"
#include "tags.h"

/* In front of the type of an event that is undone: it counts for nothing, and its id stays
 * taken, so that the same event sent again is no news. */
#define UNDONE "undone:"

static int
tell(struct hand *h, struct person *p, const char *type, json_t *data, struct err *e)
{
	char *text;
	int rc;

	json_object_set_new(data, "by", json_string(hand_text(h, "by")));
	if (*hand_text(h, "reason") != '\0')
		json_object_set_new(data, "reason", json_string(hand_text(h, "reason")));
	text = json_dumps(data, JSON_COMPACT | JSON_SORT_KEYS);
	json_decref(data);
	rc = intake_own(h->w, p, type, text, e);
	free(text);
	return rc;
}

/* ---- events ---- */

/* Runs that this event began end with it. Goals it met stay met: what was done for them is
 * done. */
static int
leave_runs(struct work *w, int64_t customer, int64_t event, int *left, struct err *e)
{
	struct run *r;
	int n = plan_runs(w, customer, true, &r, e);

	for (int i = 0; i < n; i++) {
		if (r[i].event != event)
			continue;
		if (plan_leave(w, &r[i], "undone", REASON_EXITED, e) != 0)
			return -1;
		(*left)++;
	}
	return n < 0 ? -1 : 0;
}

struct visits {
	ms_t last;
};

static void
note_visit(void *arg, const struct event *ev)
{
	struct visits *v = arg;

	if (strcmp(ev->type, "visit") == 0)
		v->last = MAX(v->last, ev->at);
}

/* The visit before, as far as events know one; where none is known nobody is told that he
 * has been missed. */
static int
forget_visit(struct work *w, struct person *p, const struct event *ev, struct err *e)
{
	struct customer_facts f = { p->row.c.first_visit, p->row.c.last_visit,
		p->row.c.last_visit_at, MAX(p->row.c.visits - 1, 0), p->row.c.spend_12m };
	struct visits v = { 0 };
	struct local l;

	if (event_of_customer(w->store, p->row.c.id, note_visit, &v, e) != 0)
		return -1;
	zone_local(p->zone, ev->at, &l);
	if (f.last_visit.year != 0 && date_days(f.last_visit) == l.day) {
		f.last_visit = (struct date){ 0, 0, 0 };
		f.last_visit_at = v.last;
		if (v.last != 0) {
			zone_local(p->zone, v.last, &l);
			f.last_visit = l.date;
		}
	}
	return customer_set_facts(w->store, p->row.c.id, &f, e);
}

static int
undo(struct hand *h, struct person *p, const struct event *ev, int *left, struct err *e)
{
	struct work *w = h->w;
	const char *type = arena_printf(w->arena, UNDONE "%s", ev->type);

	if (event_retype(w->store, ev->id, type, e) != 0 ||
	    leave_runs(w, ev->customer, ev->id, left, e) != 0 ||
	    (strcmp(ev->type, "visit") == 0 && forget_visit(w, p, ev, e) != 0))
		return -1;
	/* What follows must see him as he is now. */
	return person_load(w, ev->customer, p, e) != 1
		   ? -1
		   : customer_open(w->store, &p->row, e);
}

int
hand_undo_event(struct hand *h, struct err *e)
{
	const char *source = hand_text(h, "source"), *id = hand_text(h, "id"), *why;
	struct event ev;
	struct person p;
	int left = 0, rc;

	source = *source == '\0' ? "api" : source;
	if ((why = hand_reason(h)) == NULL)
		return 0;
	rc = event_find(h->w->store, source, id, &ev, e);
	if (rc <= 0)
		return rc < 0 ? -1
			      : hand_no(h, 404, "there is no event \"%.64s\" of %.40s",
				    id, source);
	if (g_str_has_prefix(ev.type, UNDONE))
		return hand_no(h, 409, "this event has been undone already");
	if (strcmp(ev.type, "complaint") == 0)
		return hand_no(h, 422,
		    "a complaint is not undone: it is answered, by its task or `reachd "
		    "undo block`");
	if (person_load(h->w, ev.customer, &p, e) != 1 ||
	    customer_open(h->w->store, &p.row, e) != 0 || undo(h, &p, &ev, &left, e) != 0)
		return -1;
	json_object_set_new(h->out, "customer", json_string(p.row.c.ext));
	json_object_set_new(h->out, "type", json_string(ev.type));
	json_object_set_new(h->out, "left", json_integer(left));
	return tell(h, &p, "undone",
	    json_pack("{ss ss ss}", "what", "event", "event", id, "type", ev.type), e);
}

/* ---- tags and stages ---- */

int
hand_undo_tag(struct hand *h, struct err *e)
{
	const char *tag = hand_text(h, "tag"), *tags;
	bool back = hand_flag(h, "put_back");
	struct work *w = h->w;
	struct person p;
	int rc;

	if (hand_reason(h) == NULL)
		return 0;
	if ((rc = hand_customer(h, &p, e)) != 1)
		return rc;
	if (*tag == '\0' || strchr(tag, ';') != NULL)
		return hand_no(h, 422, "\"%.64s\" cannot be a tag", tag);
	tags = back ? tags_add(w->arena, p.row.c.tags, tag)
		    : tags_remove(w->arena, p.row.c.tags, tag);
	if (strcmp(tags, p.row.c.tags) == 0)
		return hand_no(h, 409, "%.64s %s the tag \"%.64s\"", p.row.c.ext,
		    back ? "has already" : "has not", tag);
	if (customer_set_tags(w->store, p.row.c.id, tags, e) != 0)
		return -1;
	p.row.c.tags = tags;
	json_object_set_new(h->out, "tags", json_string(tags));
	return tell(h, &p, "undone",
	    json_pack("{ss ss sb}", "what", "tag", "tag", tag, "put_back", (int)back), e);
}

struct stages {
	struct arena *arena;
	int64_t id;
	const char *data;
};

static void
note_stage(void *arg, const struct event *ev)
{
	struct stages *s = arg;

	if (strcmp(ev->type, "stage_changed") != 0)
		return;
	s->id = ev->id;
	s->data = arena_strdup(s->arena, ev->data);
}

static const char *
word_of(struct work *w, const json_t *data, const char *key)
{
	const char *text = json_string_value(json_object_get(data, key));

	return text == NULL ? "" : arena_strdup(w->arena, text);
}

/* The last change of stage, if it is still in force. */
int
hand_undo_stage(struct hand *h, struct err *e)
{
	struct work *w = h->w;
	struct stages s = { w->arena, 0, "{}" };
	const char *from, *to;
	struct person p;
	int left = 0, rc;
	json_t *data;

	if (hand_reason(h) == NULL)
		return 0;
	if ((rc = hand_customer(h, &p, e)) != 1)
		return rc;
	if (event_of_customer(w->store, p.row.c.id, note_stage, &s, e) != 0)
		return -1;
	data = json_loads(s.data, 0, NULL);
	from = word_of(w, data, "from");
	to = word_of(w, data, "to");
	json_decref(data);
	if (s.id == 0 || strcmp(to, p.row.c.stage) != 0)
		return hand_no(h, 409,
		    "no change of %.64s's stage to \"%.40s\" is known that could be "
		    "undone",
		    p.row.c.ext, p.row.c.stage);
	if (customer_set_stage(w->store, p.row.c.id, from, e) != 0 ||
	    event_retype(w->store, s.id, UNDONE "stage_changed", e) != 0 ||
	    leave_runs(w, p.row.c.id, s.id, &left, e) != 0 ||
	    person_load(w, p.row.c.id, &p, e) != 1 ||
	    customer_open(w->store, &p.row, e) != 0)
		return -1;
	json_object_set_new(h->out, "stage", json_string(from));
	json_object_set_new(h->out, "left", json_integer(left));
	return tell(h, &p, "undone",
	    json_pack("{ss ss ss}", "what", "stage", "from", to, "to", from), e);
}

/* ---- opt-outs ---- */

/* Who said no is believed; that he did not say it wants a proof, which stays on record.
 * Without one an admin answers for it. */
int
hand_undo_optout(struct hand *h, struct err *e)
{
	const char *proof = hand_text(h, "proof"), *channel = hand_text(h, "channel");
	int only = *channel == '\0' ? -1 : channel_find(channel), rc;
	struct work *w = h->w;
	json_t *lifted;
	struct person p;

	if (*channel != '\0' && only < 0)
		return hand_no(h, 422, "\"%.40s\" is no channel", channel);
	if (*proof == '\0' && h->role != ROLE_ADMIN)
		return hand_no(h, 403,
		    "an opt-out is lifted only with a proof: --proof TEXT; without one an "
		    "admin may, and says why");
	if ((*proof == '\0' && *hand_text(h, "reason") == '\0') ||
	    *hand_text(h, "by") == '\0')
		return hand_no(h, 422,
		    "an opt-out is lifted only with a proof and a name: --proof TEXT "
		    "--by NAME");
	if ((rc = hand_customer(h, &p, e)) != 1)
		return rc;
	if (p.row.blocked_at != 0)
		return hand_no(h, 409,
		    "%.64s complained: first that is settled, by its task or `reachd undo "
		    "block`",
		    p.row.c.ext);
	lifted = json_array();
	for (int c = 0; c < CHANNELS; c++) {
		int64_t key;

		if ((only >= 0 && c != only) || *p.row.c.address[c] == '\0')
			continue;
		key = customer_hash(w->store, c, p.row.c.address[c]);
		rc = optout_has(w->store, key, c, e);
		if (rc < 0 ||
		    (rc == 1 && optout_lift(w->store, key, c, MS_NEVER, e) != 0)) {
			json_decref(lifted);
			return -1;
		}
		if (rc == 1)
			json_array_append_new(lifted, json_string(channel_name(c)));
	}
	json_object_set_new(h->out, "lifted", lifted);
	if (json_array_size(lifted) == 0)
		return hand_no(h, 409, "%.64s has not opted out%s%s", p.row.c.ext,
		    only < 0 ? "" : " of ", channel);
	/* Kept for good: nobody's name. The words are in the customer's own event. */
	if (access_note(w, hand_text(h, "by"), h->role, "opt-in",
		access_customer(w, p.row.c.ext),
		*proof != '\0' ? "with a proof" : "without a proof", 0, 0, e) != 0)
		return -1;
	return tell(h, &p, "optout_lifted",
	    json_pack("{ss sO ss}", "what", "optout", "channels", lifted, "proof", proof),
	    e);
}
