/* After a mistake: who got it, and nothing more of it. By portions: the answer's cursor goes
 * into the next request, until there is none. */
#include <string.h>

#include "base/text.h"
#include "compose.h"
#include "core/reason.h"
#include "hand.h"
#include "launch.h"
#include "plan.h"
#include "store/launch.h"
#include "store/msg.h"
#include "store/run.h"
#include "tasks.h"

#define PORTION 500

struct recall {
	struct hand *h;
	struct live *live;
	const char *step, *why;
	ms_t since;
	bool dry;
	json_t *got;
	int64_t n_got, cancelled, uncertain, left;
};

/* The address it went to, though the customer may have another by now. */
static const char *
went_to(struct work *w, const struct message *m, bool full, struct err *e)
{
	struct composed c;
	char *body;
	size_t len, room;
	int rc = msg_body(w->store, m->id, &body, &len, e);

	if (rc < 0)
		return NULL;
	if (rc == 0 || compose_thaw(w->arena, body, len, &c) != 0)
		return "";
	if (full)
		return c.to;
	room = strlen(c.to) + 16;
	return text_mask(c.to, arena_alloc(w->arena, room), room);
}

static int
note(struct recall *r, const struct message *m, struct err *e)
{
	struct work *w = r->h->w;
	const struct zone *house = w->cat->config->entity.zone;
	const char *to = went_to(w, m, hand_flag(r->h, "full"), e);
	struct customer_row row;
	char at[CLOCK_TEXT];

	if (to == NULL || customer_get(w->store, m->customer, &row, e) != 1)
		return -1;
	clock_format(m->begun_at, zone_offset(house, m->begun_at) / 60, at);
	json_array_append_new(
	    r->got, json_pack("{ss ss ss ss ss ss}", "customer", row.c.ext, "at", at,
			"step", m->step, "channel", channel_name(m->channel), "to", to,
			"state", fsm_name(&message_fsm, m->state)));
	return 0;
}

/* One step recalled lets its runs go on; a whole playbook lets go of them. */
static int
cancel(struct recall *r, struct message *m, struct err *e)
{
	struct work *w = r->h->w;
	struct run run;

	r->cancelled++;
	if (r->dry)
		return 0;
	if (plan_suppress(w, m, REASON_EXITED, "recall", (struct pos){ 0 }, r->why, e) !=
	    0)
		return -1;
	if (*r->step != '\0')
		return plan_settled(w, m, e);
	if (run_get(w->store, m->run, &run, e) != 1)
		return -1;
	return run.state == RUN_RUNNING ? plan_leave(w, &run, "recall", REASON_EXITED, e)
					: 0;
}

/* What is on its way ends where it comes back: it is neither tried again nor repeated. */
static int
mark(struct recall *r, struct message *m, struct err *e)
{
	r->uncertain++;
	if (!r->dry && (m->state == MSG_SENDING || m->state == MSG_UNKNOWN)) {
		m->reason = REASON_EXITED;
		if (msg_save(r->h->w->store, m, e) != 0)
			return -1;
	}
	return note(r, m, e);
}

/* What waits for somebody to press send or to call is taken off his list. */
static int
withdraw(struct recall *r, struct message *m, struct err *e)
{
	if (r->dry) {
		r->cancelled++;
		return 0;
	}
	if (tasks_recall(r->h->w, m->customer, m->run, -1, e) != 0 ||
	    msg_get(r->h->w->store, m->id, m, e) != 1)
		return -1;
	return m->state == MSG_DUE ? cancel(r, m, e) : 0;
}

static int
one(struct recall *r, int64_t id, struct err *e)
{
	struct message m;

	if (msg_get(r->h->w->store, id, &m, e) != 1)
		return -1;
	switch (message_column(m.state, m.reason, 1)) {
	case COLUMN_SENT:
		r->n_got++;
		return note(r, &m, e);
	case COLUMN_UNKNOWN:
		return mark(r, &m, e);
	case COLUMN_AWAITING:
		return withdraw(r, &m, e);
	case COLUMN_HELD:
	case COLUMN_PLANNED:
		return m.state == MSG_DUE ? cancel(r, &m, e) : 0;
	default:
		return 0;
	}
}

/* Runs that wait between two steps have no message to cancel. */
static int
leave(struct recall *r, int64_t id, struct err *e)
{
	struct work *w = r->h->w;
	struct run run;

	if (run_get(w->store, id, &run, e) != 1)
		return -1;
	r->left++;
	return r->dry ? 0 : plan_leave(w, &run, "recall", REASON_EXITED, e);
}

/* Messages first, then runs: 1 there is more. */
static int
portion(struct recall *r, int64_t *cursor, bool *runs, struct err *e)
{
	int64_t ids[PORTION];
	struct work *w = r->h->w;
	int n;

	if (!*runs) {
		n = msg_ids_of_playbook(w->store, r->live->number, r->step, r->since,
		    cursor, ids, PORTION, e);
		for (int i = 0; i < n; i++)
			if (one(r, ids[i], e) != 0)
				return -1;
		if (n != 0)
			return n < 0 ? -1 : 1;
		*runs = true;
		*cursor = 0;
	}
	if (*r->step != '\0')
		return 0;
	n = run_ids_live(w->store, r->live->number, cursor, ids, PORTION, e);
	for (int i = 0; i < n; i++)
		if (leave(r, ids[i], e) != 0)
			return -1;
	return n < 0 ? -1 : n == PORTION;
}

int
hand_recall(struct hand *h, struct err *e)
{
	struct recall r = {
		.h = h, .step = hand_text(h, "step"), .dry = hand_flag(h, "dry")
	};
	int64_t cursor = json_integer_value(json_object_get(h->in, "cursor"));
	bool runs = hand_flag(h, "runs");
	int more;

	r.live = desk_live_named(h->w->desk, hand_text(h, "playbook"));
	if (r.live == NULL)
		return hand_no(h, 404, "there has never been a playbook \"%.64s\"",
		    hand_text(h, "playbook"));
	if (!hand_instant(h, "since", &r.since))
		return 0;
	r.why = "";
	if (!r.dry && (r.why = hand_reason(h)) == NULL)
		return 0;
	/* First of all nobody else: one step may be recalled, the whole playbook stands. */
	if (!r.dry && launch_hold(h->w, r.live,
			  arena_printf(h->w->arena, "recalled, %s", r.why), e) < 0)
		return -1;
	r.got = json_array();
	json_object_set_new(h->out, "got", r.got);
	if ((more = portion(&r, &cursor, &runs, e)) < 0)
		return -1;
	json_object_set_new(h->out, "sent", json_integer(r.n_got));
	json_object_set_new(h->out, "uncertain", json_integer(r.uncertain));
	json_object_set_new(h->out, "cancelled", json_integer(r.cancelled));
	json_object_set_new(h->out, "left", json_integer(r.left));
	json_object_set_new(h->out, "more", json_boolean(more));
	json_object_set_new(h->out, "cursor", json_integer(cursor));
	json_object_set_new(h->out, "runs", json_boolean(runs));
	return 0;
}
