#include "contacts_take.h"

#include <string.h>

#include "base/log.h"
#include "compose.h"
#include "contacts_match.h"
#include "store/customer.h"

#define UNSEEN_MAX 256

/* ---- one contact ---- */

/* Its row, made when there is none. *kept false: an erased customer's, of which nothing is
 * to be known unless he became a contact again. */
static int
contact_of(struct work *w, const struct contact_told *t, struct contact_row *c,
    bool *kept, struct err *e)
{
	int64_t h = customer_hash(w->store, CHANNEL_WECOM, t->external),
		union_h = contact_union_hash(w->store, t->unionid);
	ms_t erased;
	int rc;

	if (contact_erased_at(w->store, h, &erased, e) != 0)
		return -1;
	*kept = erased == 0 || t->since > erased;
	if (!*kept)
		return 0;
	if ((rc = contact_find(w->store, h, c, e)) < 0)
		return -1;
	if (rc == 0)
		*c = (struct contact_row){ .h = h, .external = t->external, .name = "" };
	/* A callback knows neither. */
	if (rc == 1 && (*t->name == '\0' || strcmp(c->name, t->name) == 0) &&
	    (union_h == 0 || union_h == c->union_h))
		return 0;
	if (*t->name != '\0')
		c->name = t->name;
	if (union_h != 0)
		c->union_h = union_h;
	return contact_put(w->store, c, w->now, e);
}

static const char *
joined(struct arena *a, const char *const *mobiles)
{
	GString *s = g_string_new(NULL);
	const char *out;

	for (; mobiles != NULL && *mobiles != NULL; mobiles++)
		g_string_append_printf(s, "%s\n", *mobiles);
	out = arena_strdup(a, s->str);
	g_string_free(s, TRUE);
	return out;
}

/* Whoever removed the other is together again only if it says since later: the list may be
 * older than the removal, and keeps whom the customer has removed. */
static bool
stays_ended(const struct follow *f, ms_t since)
{
	return (f->ended == FOLLOW_LEFT || f->ended == FOLLOW_DROPPED) &&
	       since <= f->ended_at;
}

static int
take(struct work *w, const char *account, const struct contact_told *t, ms_t asked_at,
    struct err *e)
{
	struct contact_row c;
	struct follow f = { .ended = FOLLOW_UNSEEN, .state = "" };
	bool kept, fresh;
	int rc;

	if (contact_of(w, t, &c, &kept, e) != 0)
		return -1;
	if (!kept)
		return 0;
	if ((rc = follow_get(w->store, c.id, t->member, &f, e)) < 0)
		return -1;
	fresh = f.ended != FOLLOW_IS && !stays_ended(&f, t->since);
	if (fresh)
		f.ended = FOLLOW_IS;
	if (f.ended == FOLLOW_IS)
		f.ended_at = 0;
	f.contact = c.id;
	f.member = t->member;
	f.account = account;
	f.since = t->since;
	f.told_at = MAX(f.told_at, asked_at);
	f.ask = false;
	f.remark = t->remark;
	f.mobiles = joined(w->arena, t->mobiles);
	/* What a callback told is not always in the list. */
	if (*t->state != '\0')
		f.state = t->state;
	return follow_put(w->store, &f, e) != 0 ? -1 : contacts_settle(w, &c, fresh, e);
}

/* ---- an end ---- */

static int
end(struct work *w, struct contact_row *c, struct follow *f, enum follow_end how, ms_t at,
    struct err *e)
{
	int64_t customer = c->customer;

	f->ended = how;
	f->ended_at = at;
	f->told_at = w->now;
	if (follow_put(w->store, f, e) != 0 || contacts_settle(w, c, false, e) != 0)
		return -1;
	return contacts_hurry(w, customer, e);
}

static int
end_unseen(struct work *w, int64_t contact, const char *member, struct err *e)
{
	struct contact_row c;
	struct follow f;

	if (contact_get(w->store, contact, &c, e) != 1 ||
	    follow_get(w->store, contact, member, &f, e) != 1)
		return -1;
	return end(w, &c, &f, FOLLOW_UNSEEN, w->now, e);
}

/* ---- what is asked for ---- */

static int
round_over(struct work *w, struct roster *r, struct err *e)
{
	int64_t *gone = arena_array(w->arena, int64_t, UNSEEN_MAX);
	int n, all = 0;

	do {
		n = follow_unseen(
		    w->store, r->account, r->member, r->begun_at, gone, UNSEEN_MAX, e);
		for (int i = 0; i < n; i++)
			if (end_unseen(w, gone[i], r->member, e) != 0)
				return -1;
		all += MAX(n, 0);
	} while (n == UNSEEN_MAX);
	if (n < 0)
		return -1;
	if (all > 0)
		log_info("contacts_gone", "account=%s count=%d", r->account, all);
	r->read_at = w->now;
	r->begun_at = 0;
	return 0;
}

int
contacts_page(struct work *w, struct roster *r, const struct contact_told *rows, int n,
    const char *cursor, ms_t asked_at, struct err *e)
{
	if (r->begun_at == 0)
		r->begun_at = asked_at;
	/* Whatever the clock did meanwhile: who is on a page was seen in this round. */
	asked_at = MAX(asked_at, r->begun_at);
	for (int i = 0; i < n; i++)
		if (g_ascii_strcasecmp(rows[i].member, r->member) == 0 &&
		    take(w, r->account, &rows[i], asked_at, e) != 0)
			return -1;
	r->cursor = cursor;
	r->perr = "";
	if (*cursor == '\0' && round_over(w, r, e) != 0)
		return -1;
	return roster_put(w->store, r, e);
}

static bool
told_of(const struct contact_told *rows, int n, const char *member)
{
	for (int i = 0; i < n; i++)
		if (g_ascii_strcasecmp(rows[i].member, member) == 0)
			return true;
	return false;
}

int
contacts_one(struct work *w, const struct account *acc, int64_t contact,
    const struct contact_told *rows, int n, ms_t asked_at, struct err *e)
{
	struct follow *f = arena_array(w->arena, struct follow, FOLLOWS_MAX);
	int have = follow_of(w->store, contact, false, f, FOLLOWS_MAX, e);

	if (have < 0 || follow_answered(w->store, contact, e) != 0)
		return -1;
	for (int i = 0; i < n; i++)
		if (take(w, acc->name, &rows[i], asked_at, e) != 0)
			return -1;
	for (int i = 0; i < have; i++)
		if (strcmp(f[i].account, acc->name) == 0 && f[i].told_at <= asked_at &&
		    !told_of(rows, n, f[i].member) &&
		    end_unseen(w, contact, f[i].member, e) != 0)
			return -1;
	return 0;
}

/* ---- what is told ---- */

static int
came(struct work *w, struct contact_row *c, struct follow *f, const struct receipt *r,
    ms_t at, struct err *e)
{
	bool added = strcmp(r->text, CONTACT_ADDED) == 0, fresh = false;

	if (added && f->ended != FOLLOW_IS && at >= f->ended_at) {
		f->ended = FOLLOW_IS;
		f->since = at;
		f->ended_at = 0;
		fresh = true;
	}
	if (*r->perr != '\0')
		f->state = r->perr;
	f->ask = true;
	return follow_put(w->store, f, e) != 0 ? -1 : contacts_settle(w, c, fresh, e);
}

int
contacts_event(
    struct work *w, const struct account *acc, const struct receipt *r, struct err *e)
{
	ms_t at = r->at != 0 ? r->at : w->now;
	/* Only who is added becomes a contact then: an erased one is not known by a remark. */
	const struct contact_told t = { .external = r->from,
		.member = r->ref,
		.name = "",
		.unionid = "",
		.since = strcmp(r->text, CONTACT_ADDED) == 0 ? at : 0 };
	bool left = strcmp(r->text, CONTACT_LEFT) == 0,
	     gone = left || strcmp(r->text, CONTACT_DROPPED) == 0, kept;
	struct contact_row c;
	struct follow f;
	int rc;

	if (contact_of(w, &t, &c, &kept, e) != 0)
		return -1;
	if (!kept)
		return 0;
	if ((rc = follow_get(w->store, c.id, r->ref, &f, e)) < 0)
		return -1;
	/* Of one nobody told of before, the service says who else has him. */
	if (rc == 0)
		f = (struct follow){ .contact = c.id,
			.member = r->ref,
			.account = acc->name,
			.since = at,
			.ended = FOLLOW_UNSEEN,
			.ask = gone,
			.remark = "",
			.state = "",
			.mobiles = "" };
	f.told_at = w->now;
	if (!gone)
		return came(w, &c, &f, r, at, e);
	/* Older than what is known: they are together again. */
	if (rc == 1 && f.ended == FOLLOW_IS && at < f.since)
		return 0;
	return end(w, &c, &f, left ? FOLLOW_LEFT : FOLLOW_DROPPED, at, e);
}

/* ---- what messages find out ---- */

/* The contact a message is for, and the member it waits for or went by. 1, 0, -1. */
static int
by_whom(struct work *w, const struct message *m, struct contact_row *c, struct follow *f,
    struct err *e)
{
	struct composed text;
	size_t len;
	char *body;
	int rc =
	    m->channel == CHANNEL_WECOM ? contact_find(w->store, m->address, c, e) : 0;

	if (rc != 1 || (rc = msg_body(w->store, m->id, &body, &len, e)) != 1)
		return rc;
	if (compose_thaw(w->arena, body, len, &text) != 0 || *text.sender == '\0')
		return 0;
	return follow_get(w->store, c->id, text.sender, f, e);
}

int
contacts_refused(struct work *w, const struct message *m, bool left, struct err *e)
{
	struct contact_row c;
	struct follow f;
	int rc = by_whom(w, m, &c, &f, e);

	if (rc != 1)
		return rc < 0 ? -1 : CONTACTS_UNKNOWN;
	if (f.ended == FOLLOW_IS &&
	    end(w, &c, &f, left ? FOLLOW_LEFT : FOLLOW_UNSEEN, w->now, e) != 0)
		return -1;
	return follow_of(w->store, c.id, false, &f, 1, e);
}

/* Turned out to be another than whom it is for. */
static bool
is_another(const struct contact_row *c, int64_t customer)
{
	return c->not_him == customer || (c->customer != 0 && c->customer != customer);
}

int
contacts_parted(struct work *w, const struct message *m, struct err *e)
{
	struct contact_row c;
	struct follow f;
	struct person p;
	int rc = by_whom(w, m, &c, &f, e);

	if (rc != 1)
		return rc;
	if (person_load(w, m->customer, &p, e) != 1)
		return -1;
	return f.ended != FOLLOW_IS || is_another(&c, p.row.c.id);
}
