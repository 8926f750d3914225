#include "intake.h"

#include <string.h>

#include <jansson.h>

#include "base/json.h"
#include "base/log.h"
#include "core/reason.h"
#include "complaint.h"
#include "concern.h"
#include "grant.h"
#include "missed.h"
#include "plan.h"
#include "profile.h"
#include "refusal.h"
#include "store/msg.h"
#include "tasks.h"

int64_t
intake_stop_key(int64_t h, int channel)
{
	return h ^ ((int64_t)channel << 56);
}

int64_t
intake_stand_key(int playbook)
{
	return (int64_t)1 << 61 ^ playbook;
}

/* Consent that he gave himself; the event is its evidence. Without a channel it is for all
 * on which he is served already. A refusal stands until he takes it back himself. */
static int
consent_given(struct work *w, struct person *p, const struct event *ev, struct err *e)
{
	json_t *data = json_read_text(ev->data);
	const char *level = json_string_value(json_object_get(data, "value"));
	const char *only = json_string_value(json_object_get(data, "channel"));
	unsigned char to = level != NULL && strcmp(level, "service") == 0 ? CONSENT_SERVICE
									   : CONSENT_MARKETING;
	struct customer *c = &p->row.c;

	for (int i = 0; i < CHANNELS; i++)
		if (only == NULL ? c->consent[i] >= CONSENT_SERVICE || to == CONSENT_SERVICE
				 : strcmp(only, channel_name(i)) == 0)
			c->consent[i] = MAX(c->consent[i], to);
	json_decref(data);
	return customer_consent(w->store, c, e);
}

int
intake_apply(struct work *w, struct person *p, const struct event *ev, struct err *e)
{
	struct local l;
	char entry[64];

	if (strcmp(ev->type, "visit") == 0) {
		zone_local(p->zone, ev->at, &l);
		if (customer_visited(w->store, p->row.c.id, ev->at, l.day, e) != 0)
			return -1;
		if (feed_event(w->store, person_store(p), w->now, e) != 0)
			return -1;
		p->row.c.visits++;
		if (p->row.c.last_visit.year == 0 || date_days(p->row.c.last_visit) < l.day)
			p->row.c.last_visit = l.date;
		p->row.c.last_visit_at = MAX(p->row.c.last_visit_at, ev->at);
	}
	if (strcmp(ev->type, "consent_given") == 0 && consent_given(w, p, ev, e) != 0)
		return -1;
	if ((strcmp(ev->type, "cancelled") == 0 || strcmp(ev->type, "reschedule") == 0) &&
	    missed_event(w, ev, e) != 0)
		return -1;
	person_event(p, ev);
	/* What he has just done counts in every condition; where he then stands, after
	 * his runs have met the event. */
	if (profile_take(w, p, ev, e) != 0 ||
	    (strcmp(ev->type, "complaint_closed") == 0 && complaint_closed(w, p, e) != 0) ||
	    grant_redeem(w, p, ev, e) != 0 || plan_event(w, p, ev, e) != 0 ||
	    plan_start_on(w, p, ev, e) != 0 || concern_tell(w, p, ev, true, e) != 0 ||
	    profile_judge(w, p, ev->type, e) != 0)
		return -1;
	person_event(p, NULL);
	g_snprintf(entry, sizeof(entry), "w:%" G_GINT64_FORMAT, ev->id);
	if (plan_start_when(w, p, entry, e) != 0)
		return -1;
	return profile_seen(w, p, false, e);
}

int
intake_own(struct work *w, struct person *p, const char *type, const char *data, struct err *e)
{
	struct event ev = { .source = "reachd", .customer = p->row.c.id, .type = type, .at = w->now,
		.recv_at = w->now, .data = data };
	const struct event *outer = p->event;
	struct about *about = p->about;
	int rc;

	/* An action that makes an event that runs the same action: eight deep is a
	 * playbook gone wrong, not a customer. */
	if (w->depth >= 8)
		return err_set(e, ERR_INPUT, "event %s: playbooks answer each other in a circle", type);
	ev.evid = arena_printf(w->arena, "%" G_GINT64_FORMAT, store_next_id(w->store, w->now));
	if (event_add(w->store, &ev, e) < 0)
		return -1;
	w->depth++;
	rc = intake_apply(w, p, &ev, e);
	w->depth--;
	person_event(p, outer);
	p->about = about;
	return rc;
}

/* Ends what is planned for a customer and may no longer go. Its runs stand where they stood:
 * what ended it may end them, too. */
static int
end_queued(struct work *w, const struct person *p, int channel, bool marketing_only, int reason,
    const char *rule, struct ended *out, struct err *e)
{
	struct message m[ENDED_MAX];
	int n;

	if ((channel < 0 || channel == CHANNEL_PHONE || channel == CHANNEL_WECOM) &&
	    tasks_recall(w, p->row.c.id, 0, channel, e) != 0)
		return -1;
	n = msg_planned(w->store, p->row.c.id, m, (int)G_N_ELEMENTS(m), e);
	for (int i = 0; i < n && out->n < ENDED_MAX; i++) {
		if ((channel >= 0 && m[i].channel != channel) ||
		    (marketing_only && m[i].category != CATEGORY_MARKETING))
			continue;
		if (plan_suppress(w, &m[i], reason, rule, (struct pos){ 0 }, "", e) != 0)
			return -1;
		out->ids[out->n++] = m[i].id;
	}
	return n < 0 ? -1 : 0;
}

int
intake_go_on(struct work *w, struct person *p, const struct ended *ended, struct err *e)
{
	for (int i = 0; i < ended->n; i++) {
		struct message m;

		if (msg_get(w->store, ended->ids[i], &m, e) != 1 || plan_settled(w, &m, e) != 0)
			return -1;
	}
	/* Their steps may have written what they know of him. */
	return ended->n == 0 ? 0 : person_again(p, e);
}

int
intake_opt_out(struct work *w, struct person *p, int channel, const struct refusal *r,
    struct ended *ended, struct err *e)
{
	int only = w->cat->policy->stop_all ? -1 : channel;

	for (int c = 0; c < CHANNELS; c++) {
		int64_t h;

		if ((only >= 0 && c != only) || *p->row.c.address[c] == '\0')
			continue;
		h = customer_hash(w->store, c, p->row.c.address[c]);
		if (refusal_add(w, h, c, r, e) != 0)
			return -1;
		h = intake_stop_key(h, c);
		g_array_append_val(w->stops, h);
	}
	log_info("opt_out", "customer=%" G_GINT64_FORMAT " channel=%s source=%s", p->row.c.id,
	    only < 0 ? "all" : channel_name(only), r->src);
	return end_queued(w, p, only, true, REASON_SUPPRESSED, "opt-out", ended, e);
}

int
intake_stop(struct work *w, const struct message *m, ms_t at, const char *src, struct err *e)
{
	const struct refusal r = { .src = src,
		.at = at,
		.heard = w->now,
		.origin = strcmp(src, "provider") == 0 ? m->account : "" };
	int64_t key = intake_stop_key(m->address, m->channel);
	struct ended ended = { 0 };
	struct person p;

	if (person_load(w, m->customer, &p, e) != 1 ||
	    customer_open(w->store, &p.row, e) != 0 ||
	    refusal_add(w, m->address, m->channel, &r, e) != 0)
		return -1;
	g_array_append_val(w->stops, key);
	return intake_opt_out(w, &p, m->channel, &r, &ended, e) != 0
		   ? -1
		   : intake_go_on(w, &p, &ended, e);
}

int
intake_block(struct work *w, struct person *p, const char *src, struct ended *ended, struct err *e)
{
	if (customer_block(w->store, p->row.c.id, w->now, e) != 0 ||
	    tasks_ask_own(w, p, TASK_COMPLAINT, e) != 0 ||
	    alarm_add(w->store, w->now, "complaint", 0, p->row.c.id,
		"a customer complained: answer in person; nothing more is sent to him", e) != 0)
		return -1;
	for (int c = 0; c < CHANNELS; c++) {
		int64_t h;

		if (*p->row.c.address[c] == '\0')
			continue;
		h = STOP_ALL ^ intake_stop_key(customer_hash(w->store, c, p->row.c.address[c]), c);
		g_array_append_val(w->stops, h);
	}
	log_warn("complaint", "customer=%" G_GINT64_FORMAT " source=%s", p->row.c.id, src);
	return end_queued(w, p, -1, false, REASON_COMPLAINT_BLOCK, "complaint", ended, e);
}

int
intake_complaint(struct work *w, struct person *p, const char *src, struct err *e)
{
	struct ended ended = { 0 };

	return intake_block(w, p, src, &ended, e) != 0 ||
		       intake_own(w, p, "complaint", "{}", e) != 0
		   ? -1
		   : intake_go_on(w, p, &ended, e);
}

int
intake_take(struct work *w, const struct event_in *in, int64_t customer, struct err *e)
{
	struct event ev = { .source = "api", .evid = in->id, .customer = customer, .type = in->type,
		.at = in->at, .recv_at = w->now, .data = in->data };
	struct ended ended = { 0 };
	struct person p;
	int rc = event_add(w->store, &ev, e);

	if (rc <= 0)
		return rc;
	if (person_load(w, customer, &p, e) != 1)
		return -1;
	/* History builds signals and starts nothing. */
	if (in->historic)
		return profile_history(w, &p, &ev, e) != 0 ? -1 : 1;
	/* A complaint told by staff weighs as much as one told by reply. */
	if (strcmp(ev.type, "complaint") == 0 &&
	    (customer_open(w->store, &p.row, e) != 0 || intake_block(w, &p, "event", &ended, e) != 0))
		return -1;
	return intake_apply(w, &p, &ev, e) != 0 || intake_go_on(w, &p, &ended, e) != 0 ? -1 : 1;
}
