/* What a report means for the customer, whatever becomes of the task. */
#include <string.h>

#include <jansson.h>

#include "complaint.h"
#include "facts.h"
#include "intake.h"
#include "refusal.h"
#include "tasks_report.h"

static int
own_event(
    struct report_of *d, struct person *p, const char *type, json_t *data, struct err *e)
{
	char *text = json_dumps(data, JSON_COMPACT);
	int rc = intake_own(d->w, p, type, text, e);

	free(text);
	json_decref(data);
	return rc;
}

static int
wrong_number(struct work *w, struct person *p, struct err *e)
{
	const char *const *a = p->row.c.address;

	if (customer_invalidate(w->store, p->row.c.id, CHANNEL_PHONE, e) != 0)
		return -1;
	/* The number is the same, so messages to it go astray as well. */
	if (strcmp(a[CHANNEL_SMS], a[CHANNEL_PHONE]) == 0 &&
	    customer_invalidate(w->store, p->row.c.id, CHANNEL_SMS, e) != 0)
		return -1;
	return tasks_ask_own(w, p, TASK_WRONG_PERSON, e);
}

static int
effect(struct report_of *d, struct person *p, struct ended *ended, struct err *e)
{
	const struct refusal call = refusal_now(d->w, "call");

	switch (d->word == NULL ? CALL_PLAIN : d->word->effect) {
	case CALL_WRONG_NUMBER:
		return wrong_number(d->w, p, e);
	case CALL_STOP:
		/* Said to a person it means all of it. */
		for (int c = 0; c < CHANNELS; c++)
			if (intake_opt_out(d->w, p, c, &call, ended, e) != 0)
				return -1;
		return 0;
	case CALL_COMPLAINT:
		return intake_complaint(d->w, p, "call", e);
	case CALL_SETTLED:
		/* Told of one that was over before it says nothing of a later one. */
		return strcmp(d->t.kind, TASK_COMPLAINT) != 0 || d->t.state != TASK_DONE
			   ? 0
			   : complaint_settle(d->w, p,
				 json_pack("{ss ss}", "by", d->t.done_by, "how", "task"), e);
	case CALL_ESCALATE:
	case CALL_PLAIN:
		break;
	}
	return 0;
}

static int
give_tag(struct work *w, struct person *p, const char *tag, struct err *e)
{
	return *tag == '\0' ? 0 : facts_tag_add(w, p, tag, e);
}

static int
tell_observed(struct report_of *d, struct person *p, struct err *e)
{
	char **names = g_strsplit(d->r->observed, ",", -1);
	int rc = 0;

	for (int i = 0; names[i] != NULL && rc == 0; i++) {
		g_strstrip(names[i]);
		if (*names[i] != '\0')
			rc = own_event(
			    d, p, "observation", json_pack("{ss}", "what", names[i]), e);
	}
	g_strfreev(names);
	return rc;
}

/* call_reached, call_refused …; task_done for what was no call. */
static int
tell_outcome(struct report_of *d, struct person *p, const char *cause, struct err *e)
{
	bool plain = strcmp(d->outcome, TASKS_DONE) == 0;
	const char *type = plain ? "task_done"
				 : arena_printf(d->w->arena, "%s_%s",
				       tasks_is_draft(&d->t) ? "draft" : "call", d->outcome);
	json_t *data = json_pack("{ss ss ss}", "outcome", d->outcome, "kind", d->t.kind,
	    "template", d->t.template_);

	if (*cause != '\0')
		json_object_set_new(data, "cause", json_string(cause));
	return own_event(d, p, type, data, e);
}

int
tasks_follow(struct report_of *d, struct err *e)
{
	const char *cause = *d->r->cause != '\0' ? d->r->cause
			    : d->own != NULL     ? d->own->cause
						 : "";
	struct ended ended = { 0 };
	struct work *w = d->w;
	struct person p;

	if (person_load(w, d->t.customer, &p, e) != 1 ||
	    customer_open(w->store, &p.row, e) != 0)
		return -1;
	if (give_tag(w, &p, d->word != NULL ? d->word->tag : "", e) != 0 ||
	    give_tag(w, &p, d->own != NULL ? d->own->tag : "", e) != 0 ||
	    (*cause != '\0' && facts_set(w, &p, "lost_cause", value_str(cause), e) != 0))
		return -1;
	/* Tags and cause are there when the events are met. */
	if (effect(d, &p, &ended, e) != 0 || tell_outcome(d, &p, cause, e) != 0)
		return -1;
	if (tell_observed(d, &p, e) != 0 ||
	    (!task_is_live(d->t.state) && tasks_closed(w, &p, &d->t, e) != 0))
		return -1;
	return intake_go_on(w, &p, &ended, e);
}

int
tasks_closed(struct work *w, struct person *p, const struct task_row *t, struct err *e)
{
	return strcmp(t->kind, TASK_ANSWER) != 0
		   ? 0
		   : intake_own(w, p, "reply_closed", "{}", e);
}
