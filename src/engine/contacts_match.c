#include "contacts_match.h"

#include <string.h>

#include "core/phone.h"
#include "store/msg.h"
#include "store/subject.h"

#define PEOPLE_MAX (CONTACT_NAMED + 1)
#define CONTACTS_MAX 16 /* WeChat accounts of one customer */

/* ---- evidence ---- */

/* Whoever he is by now; one who was erased is nobody. */
static int
name(struct work *w, struct contact_named *named, int64_t customer, struct err *e)
{
	struct person p;
	int rc = customer == 0 ? 0 : person_load(w, customer, &p, e);

	if (rc == 1 && p.row.erased_at == 0)
		contact_name_one(named, p.row.c.id);
	return rc < 0 ? -1 : 0;
}

static int
name_all(
    struct work *w, struct contact_named *named, const int64_t *who, int n, struct err *e)
{
	for (int i = 0; i < n; i++)
		if (name(w, named, who[i], e) != 0)
			return -1;
	return n < 0 ? -1 : 0;
}

/* A car that is lent names two; one that was sold, nobody. */
static int
by_vehicle(struct work *w, struct contact_named *named, const char *word, struct err *e)
{
	struct vehicle v;
	int rc = vehicle_find(w->store, word, &v, e);

	if (rc != 1 || v.sold)
		return rc < 0 ? -1 : 0;
	return name(w, named, v.customer, e) != 0 ? -1 : name(w, named, v.driver, e);
}

static int
by_state(
    struct work *w, struct contact_named *named, const struct follow *f, struct err *e)
{
	const char *word;
	int64_t id;
	int rc = 0;

	switch (contact_state_read(f->state, &word)) {
	case CONTACT_STATE_CUSTOMER:
		rc = customer_find(w->store, word, &id, e);
		return rc == 1 ? name(w, named, id, e) : rc;
	case CONTACT_STATE_VEHICLE:
		return by_vehicle(w, named, word, e);
	case CONTACT_STATE_NOBODY:
		break;
	}
	return rc;
}

static int
by_mobiles(
    struct work *w, struct contact_named *named, const struct follow *f, struct err *e)
{
	int64_t ids[PEOPLE_MAX];
	char **all = g_strsplit(f->mobiles, "\n", -1), number[24];
	int rc = 0;

	for (char **m = all; rc == 0 && *m != NULL; m++)
		if (phone_normalise(*m, number) == PHONE_MOBILE)
			rc = name_all(w, named, ids,
			    customer_of_address(w->store,
				customer_hash(w->store, CHANNEL_PHONE, number), ids,
				PEOPLE_MAX, e),
			    e);
	g_strfreev(all);
	return rc;
}

/* What we gave him ourselves is no word of a file. */
static int
by_file(struct work *w, struct contact_named *named, const struct contact_row *c,
    struct err *e)
{
	int64_t ids[PEOPLE_MAX];
	int n = customer_of_address(w->store, c->h, ids, PEOPLE_MAX, e);

	for (int i = 0; i < n; i++)
		if ((ids[i] != c->customer || c->way == CONTACT_BY_FILE) &&
		    name(w, named, ids[i], e) != 0)
			return -1;
	return n < 0 ? -1 : 0;
}

static int
by_union(struct work *w, struct contact_named *named, const struct contact_row *c,
    struct err *e)
{
	int64_t ids[PEOPLE_MAX];

	if (c->union_h == 0)
		return 0;
	return name_all(w, named, ids,
		   unionid_of(w->store, c->union_h, ids, PEOPLE_MAX, e), e) != 0
		   ? -1
		   : name_all(w, named, ids,
			 contact_of_union(
			     w->store, c->union_h, c->id, ids, PEOPLE_MAX, e),
			 e);
}

int
contacts_judge(struct work *w, const struct contact_row *c, struct contact_evidence *ev,
    struct contact_verdict *v, struct err *e)
{
	struct follow *f = arena_array(w->arena, struct follow, FOLLOWS_MAX);
	int n = follow_of(w->store, c->id, false, f, FOLLOWS_MAX, e);

	*ev = (struct contact_evidence){
		.current = c->customer, .current_way = c->way, .not_him = c->not_him
	};
	if (n < 0 || by_file(w, &ev->by[CONTACT_BY_FILE], c, e) != 0 ||
	    by_union(w, &ev->by[CONTACT_BY_UNION], c, e) != 0)
		return -1;
	for (int i = 0; i < n; i++)
		if (by_state(w, &ev->by[CONTACT_BY_STATE], &f[i], e) != 0 ||
		    by_mobiles(w, &ev->by[CONTACT_BY_MOBILE], &f[i], e) != 0)
			return -1;
	*v = contact_judge(ev);
	return 0;
}

/* ---- the customer's address ---- */

/* Has any member of staff this one? 1, 0, -1. */
static int
alive(struct work *w, const struct contact_row *c, struct err *e)
{
	struct follow f;

	return follow_of(w->store, c->id, false, &f, 1, e);
}

/* The id he is written to: the one he has while somebody has it, else another of his, else
 * none; one that only a file knows stays when there is no other. `lost` is his no more. */
static int
choose(struct work *w, int64_t customer, const char *has, const struct contact_row *lost,
    const char **out, struct err *e)
{
	struct contact_row *all = arena_array(w->arena, struct contact_row, CONTACTS_MAX);
	int n = contact_of_customer(w->store, customer, all, CONTACTS_MAX, e);
	bool dead = lost != NULL && strcmp(lost->external, has) == 0;

	*out = "";
	for (int i = 0; i < n; i++) {
		bool his = strcmp(all[i].external, has) == 0;
		int rc = alive(w, &all[i], e);

		if (rc < 0)
			return -1;
		if (rc == 0) {
			dead = dead || his;
			continue;
		}
		*out = all[i].external;
		if (his)
			return 0;
	}
	if (**out == '\0' && !dead)
		*out = has;
	return n < 0 ? -1 : 0;
}

static int
place(struct work *w, int64_t customer, const struct contact_row *lost, bool fresh,
    struct err *e)
{
	const char *address[CHANNELS], *to;
	struct customer_row row;

	if (customer == 0)
		return 0;
	if (customer_get(w->store, customer, &row, e) != 1 ||
	    customer_open(w->store, &row, e) != 0 ||
	    choose(w, customer, row.c.address[CHANNEL_WECOM], lost, &to, e) != 0)
		return -1;
	if (row.erased_at != 0)
		return 0;
	memcpy(address, row.c.address, sizeof(address));
	if (strcmp(to, address[CHANNEL_WECOM]) != 0) {
		address[CHANNEL_WECOM] = to;
		if (customer_set_addresses(w->store, &row, address, e) != 0)
			return -1;
		fresh = true;
	}
	return fresh && (row.invalid & 1U << CHANNEL_WECOM) != 0 && *to != '\0'
		   ? customer_validate(w->store, customer, CHANNEL_WECOM, e)
		   : 0;
}

int
contacts_hurry(struct work *w, int64_t customer, struct err *e)
{
	struct message m;
	int rc =
	    customer == 0 ? 0 : msg_last_to(w->store, customer, CHANNEL_WECOM, &m, e);

	if (rc != 1 || m.state != MSG_AWAITING)
		return rc < 0 ? -1 : 0;
	m.settle_at = w->now;
	desk_settle(w->desk, w->now);
	return msg_save(w->store, &m, e);
}

int
contacts_assign(struct work *w, struct contact_row *c, int64_t customer, int way,
    bool fresh, struct err *e)
{
	int64_t was = c->customer;

	if (customer != was || way != c->way) {
		c->customer = customer;
		c->way = customer == 0 ? CONTACT_BY_NOTHING : way;
		c->matched_at = customer == 0 ? 0 : w->now;
		if (contact_save_match(w->store, c, e) != 0)
			return -1;
	}
	if (was != customer &&
	    (place(w, was, c, false, e) != 0 || contacts_hurry(w, was, e) != 0))
		return -1;
	return place(w, customer, NULL, fresh, e);
}

int
contacts_settle(struct work *w, struct contact_row *c, bool fresh, struct err *e)
{
	struct contact_evidence ev;
	struct contact_verdict v = { c->customer, c->way };

	int rc = alive(w, c, e);

	/* Whom nobody has any more is not matched anew. */
	if (rc < 0 || (rc == 1 && contacts_judge(w, c, &ev, &v, e) != 0))
		return -1;
	return contacts_assign(w, c, v.customer, v.way, fresh, e);
}
