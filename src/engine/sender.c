#include "sender.h"

#include <strings.h>

#include "compose.h"
#include "store/contact.h"
#include "store/subject.h"

static bool
has(const struct follow *f, int n, const char *member)
{
	for (int i = 0; i < n; i++)
		if (strcasecmp(f[i].member, member) == 0)
			return true;
	return false;
}

/* The newest first; who is not at work today will not press send. */
static int
last(struct work *w, const struct person *p, const struct follow *f, int n,
    struct staff *out, enum sender_how *how, struct err *e)
{
	struct local l;

	zone_local(p->zone, w->now, &l);
	for (int i = 0; i < n; i++) {
		int rc = staff_of_wecom(w->store, f[i].member, out, e);

		if (rc < 0)
			return -1;
		if (rc == 0 || !staff_present(out, l.day))
			continue;
		*how = SENDER_LAST;
		return 0;
	}
	*how = SENDER_NOBODY;
	return 0;
}

int
sender_of(struct work *w, struct person *p, struct staff *out, enum sender_how *how,
    struct err *e)
{
	const char *to = p->row.c.address[CHANNEL_WECOM];
	struct follow *f = arena_array(w->arena, struct follow, FOLLOWS_MAX);
	struct contact_row c;
	int n, rc;

	*how = SENDER_UNKNOWN;
	if (*to == '\0')
		return 0;
	rc = contact_find(w->store, customer_hash(w->store, CHANNEL_WECOM, to), &c, e);
	if (rc != 1)
		return rc;
	n = follow_of(w->store, c.id, false, f, FOLLOWS_MAX, e);
	if (n < 0 || (rc = person_advisor(p, out, e)) < 0)
		return -1;
	if (rc == 1 && *out->wecom != '\0' && has(f, n, out->wecom)) {
		*how = SENDER_ADVISOR;
		return 0;
	}
	return last(w, p, f, n, out, how, e);
}

int
sender_set(struct work *w, struct person *p, const struct account *acc,
    struct composed *text, const char **detail)
{
	bool default_ = *provider_setting(acc, "sender") != '\0';
	enum sender_how how;
	struct staff who;
	struct err e = { 0 };

	if (sender_of(w, p, &who, &how, &e) != 0) {
		*detail = arena_strdup(w->arena, e.text);
		return -1;
	}
	if (how >= SENDER_ADVISOR)
		text->sender = who.wecom;
	if (how >= SENDER_ADVISOR || (how == SENDER_UNKNOWN && default_))
		return 0;
	*detail = how == SENDER_NOBODY
		      ? "nobody of the staff at work has this customer as a contact"
		      : "nobody of the staff is known to have this customer as a contact";
	return 1;
}
