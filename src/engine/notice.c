#include "notice.h"

#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "assign.h"
#include "base/log.h"
#include "notice_face.h"
#include "notice_text.h"
#include "store/card.h"
#include "store/event.h"
#include "store/subject.h"
#include "tasks_done.h"

#define PER_MINUTE 25
#define PER_HOUR 800
#define PAGE 100
#define LOST (30 * MS_SECOND) /* so long after it went, an answer no longer comes */
#define PAUSE_MAX (10 * MS_MINUTE)

const struct account *
notice_account(const struct config *cfg)
{
	for (int i = 0; i < cfg->n_accounts; i++) {
		const struct provider *p = provider_find(cfg->accounts[i].type);
		struct capabilities caps = { 0 };

		if (p != NULL)
			p->capabilities(&cfg->accounts[i], &caps);
		if (caps.staff)
			return &cfg->accounts[i];
	}
	return NULL;
}

/* ---- one that has been on its way before ---- */

/* Until when the service drops a double of what went at `at`, with room to spare. */
static ms_t
window_end(const struct work *w, const struct account *acc, ms_t at)
{
	struct capabilities caps = { 0 };

	provider_find(acc->type)->capabilities(acc, &caps);
	return at + desk_after(w, caps.window / 10 * 9) - w->now;
}

static int
needed(struct work *w, const struct card *c, bool *out, struct err *e)
{
	int64_t ids[PAGE];
	int n = card_tasks(w->store, c->id, ids, PAGE, e);
	struct task_row t;

	*out = false;
	for (int i = 0; i < n; i++) {
		if (task_get(w->store, ids[i], &t, e) != 1)
			return -1;
		/* A draft that was taken back comes with another card. */
		*out = *out || (task_is_live(t.state) &&
				   !(tasks_is_draft(&t) && t.state == TASK_WAITING));
	}
	return n < 0 ? -1 : 0;
}

/* 1: it goes again, 0: it is over, -1. */
static int
again(struct work *w, const struct account *acc, struct card *c, struct err *e)
{
	bool gone = strcmp(c->account, acc->name) != 0, wanted = true;

	if (c->state == CARD_WAITING) {
		if (needed(w, c, &wanted, e) != 0)
			return -1;
		if (gone || !wanted)
			c->state = CARD_WITHDRAWN;
		else
			c->at = w->now;
	} else {
		/* No answer was read: it may have been taken. */
		c->state = CARD_UNKNOWN;
		if (gone || w->now >= window_end(w, acc, c->at))
			c->state = CARD_PRESUMED;
	}
	if (c->state == CARD_WITHDRAWN || c->state == CARD_PRESUMED) {
		c->next_at = 0;
		return card_save(w->store, c, e) != 0 ? -1 : 0;
	}
	if (c->state == CARD_WAITING)
		c->state = CARD_SENDING;
	c->tries++;
	c->next_at = desk_after(w, LOST);
	return card_save(w->store, c, e) != 0 ? -1 : 1;
}

/* ---- a new one ---- */

/* A task and whom it is told to. */
struct item {
	struct task_row t;
	struct person p;
	const char *who; /* "": nobody, or not now */
};

/* Others than calls and complaints wait for the house's hours. */
static bool
may_now(const struct work *w, const struct task_row *t, ms_t *next)
{
	const struct task_rules *rules = &w->cat->policy->tasks;
	const struct zone *house = w->cat->config->entity.zone;
	ms_t opens = zone_instant(house, desk_today(w), rules->from),
	     closes = zone_instant(house, desk_today(w), rules->to);

	if (t->msg != 0 || strcmp(t->kind, TASK_COMPLAINT) == 0 ||
	    rules->from >= rules->to || (w->now >= opens && w->now < closes))
		return true;
	if (w->now >= opens)
		opens = zone_instant(house, desk_today(w) + 1, rules->from);
	*next = MIN(*next, opens);
	return false;
}

static int
look_at(struct work *w, struct item *it, ms_t *next, struct err *e)
{
	const char *name = "";
	struct staff f = { .wecom = "" };

	it->who = "";
	if (!may_now(w, &it->t, next))
		return 0;
	if (person_load(w, it->t.customer, &it->p, e) != 1 ||
	    task_holder(w, &it->p.row.c, &it->t, &name, e) != 0 ||
	    staff_find(w->store, name, it->t.store, &f, e) < 0)
		return -1;
	it->who = f.wecom;
	return *it->who == '\0' ? card_told(w->store, &it->t, 0, e) : 0;
}

int
notice_room(struct work *w, const char *who, int *out, struct err *e)
{
	ms_t minute = desk_after(w, MS_MINUTE) - w->now,
	     hour = desk_after(w, MS_HOUR) - w->now;
	int in_minute, in_hour;

	if (card_count(w->store, who, w->now - minute, &in_minute, e) != 0 ||
	    card_count(w->store, who, w->now - hour, &in_hour, e) != 0)
		return -1;
	*out = MIN(PER_MINUTE - in_minute, PER_HOUR - in_hour);
	return 0;
}

static const char *
packed(struct work *w, const struct provider_request *r)
{
	json_t *headers = json_array(), *j;
	char *text;
	const char *kept;

	for (guint i = 0; i < r->headers->len; i++)
		json_array_append_new(headers, json_string(r->headers->pdata[i]));
	j = json_pack("{ss ss so ss}", "method", r->method, "url", r->url, "headers",
	    headers, "body", r->body);
	text = json_dumps(j, JSON_COMPACT);
	kept = arena_strdup(w->arena, text);
	free(text);
	json_decref(j);
	return kept;
}

int
notice_pack(struct work *w, const struct account *acc, const char *who,
    const struct ask *ask, const char **out, struct err *e)
{
	const struct parcel p = { .to = who,
		.ref = ask->id,
		.call = "",
		.channel = CHANNEL_PHONE,
		.subject = "",
		.text = "",
		.html = "",
		.unsubscribe = "",
		.customer = "",
		.signature = "",
		.ask = ask,
		.begun_at = w->now };
	struct provider_request r = { .headers = g_ptr_array_new() };
	int rc = provider_find(acc->type)->request(
	    acc, w->cat->config, &p, 1, w->now, w->arena, &r, e);

	if (rc == 0)
		*out = packed(w, &r);
	g_ptr_array_unref(r.headers);
	return rc;
}

static int
write_card(struct work *w, const struct account *acc, const struct item *first,
    const struct ask *ask, int64_t id, struct notice *out, struct err *e)
{
	struct card c = { .id = id,
		.who = first->who,
		.account = acc->name,
		.state = CARD_SENDING,
		.at = w->now,
		.tries = 1,
		.perr = "",
		.next_at = desk_after(w, LOST) };

	if (notice_pack(w, acc, first->who, ask, &c.request, e) != 0 ||
	    card_add(w->store, &c, e) != 0)
		return -1;
	*out = (struct notice){ id, c.who, c.request, out->next, false };
	return 0;
}

/* One card for this task, or one for all of his when they are too many. 1, 0 not now, -1. */
static int
tell(struct work *w, const struct account *acc, struct item *all, int n, int i,
    struct notice *out, struct err *e)
{
	const struct task_row *his[PAGE];
	int64_t id = store_next_id(w->store, w->now);
	struct ask ask;
	int left, m = 0;

	for (int k = i; k < n; k++)
		if (strcmp(all[k].who, all[i].who) == 0)
			his[m++] = &all[k].t;
	if (notice_room(w, all[i].who, &left, e) != 0)
		return -1;
	if (left <= 0) {
		out->next = MIN(out->next, desk_after(w, NOTICE_CROWDED));
		return 0;
	}
	if (m <= left)
		m = 1;
	if (m > 1)
		notice_digest(w, his, m, id, &ask);
	else if (notice_text(w, &all[i].p, &all[i].t, id, &ask, e) != 0)
		return -1;
	for (int k = 0; k < m; k++)
		if (card_told(w->store, his[k], id, e) != 0)
			return -1;
	return write_card(w, acc, &all[i], &ask, id, out, e) != 0 ? -1 : 1;
}

static int
tell_new(struct work *w, const struct account *acc, struct notice *out, struct err *e)
{
	struct task_row *rows = arena_array(w->arena, struct task_row, PAGE);
	struct item *all = arena_array(w->arena, struct item, PAGE);
	int64_t after = 0;
	int n, rc;

	do {
		n = card_untold(w->store, after, rows, PAGE, e);
		for (int i = 0; i < n; i++) {
			all[i].t = rows[i];
			if (look_at(w, &all[i], &out->next, e) != 0)
				return -1;
			after = rows[i].id;
		}
		for (int i = 0; i < n; i++)
			if (*all[i].who != '\0' &&
			    (rc = tell(w, acc, all, n, i, out, e)) != 0)
				return rc < 0 ? -1 : 0;
	} while (n == PAGE);
	w->desk->asked = false;
	return n < 0 ? -1 : 0;
}

int
notice_next(struct work *w, const struct account *acc, struct notice *out, struct err *e)
{
	struct card c;
	ms_t next;
	int rc;

	*out = (struct notice){ .next = MS_NEVER };
	while ((rc = card_due(w->store, w->now, &c, e)) == 1) {
		if ((rc = again(w, acc, &c, e)) < 0)
			return -1;
		if (rc == 1) {
			*out = (struct notice){ c.id, c.who, c.request, w->now, false };
			return 0;
		}
	}
	if (rc == 0 && (rc = notice_face_next(w, acc, out, e)) == 1)
		return 0;
	if (rc < 0 || tell_new(w, acc, out, e) != 0 || card_next(w->store, &next, e) != 0)
		return -1;
	out->next = MIN(out->next, next);
	return 0;
}

/* ---- what became of it ---- */

static ms_t
pause_of(const struct card *c)
{
	return MIN(MS_SECOND << MIN(c->tries, 10), PAUSE_MAX);
}

/* A wrong id of somebody, told once a day. */
static int
nobody(struct work *w, const struct card *c, struct err *e)
{
	int n;

	if (card_refused(w->store, c->who, w->now - MS_DAY, &n, e) != 0)
		return -1;
	return n > 0
		   ? 0
		   : alarm_add(w->store, w->now, "staff_unreachable", 0, 0,
			 "WeCom knows no member of staff of an id that was imported: his "
			 "tasks wait on the list only",
			 e);
}

int
notice_outcome(
    struct work *w, int64_t id, const struct answer *a, const char *code, struct err *e)
{
	struct card c;
	int rc = card_get(w->store, id, &c, e);
	bool over = a->outcome == OUTCOME_ACCEPTED ||
		    (a->outcome == OUTCOME_REJECTED && !a->freeze);

	if (rc != 1 || c.next_at == 0)
		return rc < 0 ? -1 : 0;
	c.perr = a->perr;
	if (a->outcome == OUTCOME_REJECTED && a->bad_address && nobody(w, &c, e) != 0)
		return -1;
	/* What may have been taken once stays in doubt, whatever a later call is told. */
	if (over)
		c.state = a->outcome == OUTCOME_ACCEPTED ? CARD_TAKEN : CARD_REFUSED;
	else if (a->outcome == OUTCOME_UNKNOWN)
		c.state = CARD_UNKNOWN;
	else if (c.state == CARD_SENDING)
		c.state = CARD_WAITING;
	c.next_at = over ? 0
			 : desk_after(w,
			       MAX(a->freeze ? MS_MINUTE : a->retry_after, pause_of(&c)));
	if (c.state == CARD_TAKEN && notice_face_code(w, id, code, e) != 0)
		return -1;
	return card_save(w->store, &c, e);
}

/* The card whose button was pressed, and its task: 1/0/-1. */
static int
task_of(struct work *w, const char *ref, struct card *c, int64_t *id, struct err *e)
{
	char *end;
	int64_t card;
	int rc;

	if (!g_str_has_prefix(ref, NOTICE_ID))
		return 0;
	card = g_ascii_strtoll(ref + strlen(NOTICE_ID), &end, 10);
	if (*end != '\0' || card <= 0)
		return 0;
	rc = card_get(w->store, card, c, e);
	return rc != 1 ? rc : card_tasks(w->store, card, id, 1, e);
}

/* Off the list for now, or a complaint that goes on: it comes back with another card, the
 * one he pressed is used up. */
static int
used_up(struct work *w, int64_t id, struct err *e)
{
	struct task_row t;

	if (task_get(w->store, id, &t, e) != 1)
		return -1;
	return t.state == TASK_WAITING ||
		       (task_is_live(t.state) && strcmp(t.kind, TASK_COMPLAINT) == 0)
		   ? card_gone(w->store, id, e)
		   : 0;
}

int
notice_done(struct work *w, const struct receipt *r, struct err *e)
{
	struct tasks_answer said = { 0 };
	struct staff f;
	struct card c;
	int64_t id;
	int rc = task_of(w, r->ref, &c, &id, e);

	/* Whoever was given the card answers for it. */
	if (rc == 1 && g_ascii_strcasecmp(c.who, r->from) != 0)
		rc = 0;
	if (rc == 1 && (rc = staff_of_wecom(w->store, r->from, &f, e)) == 1) {
		const struct tasks_report report = { r->text, "", "", "", f.name };

		rc = tasks_done(w, id, &report, &said, e) < 0 ||
			     notice_face_code(w, c.id, r->code, e) != 0 ||
			     used_up(w, id, e) != 0
			 ? -1
			 : 1;
		log_info(
		    "task_told", "id=%" G_GINT64_FORMAT " status=%d", id, said.status);
	}
	return rc;
}
