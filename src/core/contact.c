#include "core/contact.h"

#include <string.h>

static const char *const ways[CONTACT_WAYS] = { "", "hand", "file", "state", "mobile",
	"unionid" };

const char *
contact_way_name(int way)
{
	return way >= 0 && way < CONTACT_WAYS ? ways[way] : "";
}

enum contact_state
contact_state_read(const char *state, const char **word)
{
	*word = "";
	if ((state[0] != 'c' && state[0] != 'v') || state[1] != ':' || state[2] == '\0')
		return CONTACT_STATE_NOBODY;
	*word = state + 2;
	return state[0] == 'c' ? CONTACT_STATE_CUSTOMER : CONTACT_STATE_VEHICLE;
}

static bool
names(const struct contact_named *named, int64_t customer)
{
	for (int i = 0; i < named->n; i++)
		if (named->who[i] == customer)
			return true;
	return false;
}

void
contact_name_one(struct contact_named *named, int64_t customer)
{
	if (customer == 0 || names(named, customer))
		return;
	if (named->n == CONTACT_NAMED)
		named->more = true;
	else
		named->who[named->n++] = customer;
}

static struct contact_named
without(const struct contact_named *named, int64_t customer)
{
	struct contact_named out = { .more = named->more };

	for (int i = 0; i < named->n; i++)
		if (named->who[i] != customer)
			out.who[out.n++] = named->who[i];
	return out;
}

struct contact_verdict
contact_judge(const struct contact_evidence *ev)
{
	const struct contact_verdict stay = { ev->current, ev->current_way };

	if (ev->current != 0 && ev->current_way == CONTACT_BY_HAND)
		return stay;
	for (int way = CONTACT_BY_FILE; way < CONTACT_WAYS; way++) {
		struct contact_named left = without(&ev->by[way], ev->not_him);

		if (left.n == 0 && !left.more)
			continue;
		if (ev->current != 0 && names(&left, ev->current))
			return stay;
		if (left.n == 1 && !left.more)
			return (struct contact_verdict){ left.who[0], way };
		return (struct contact_verdict){ 0, way };
	}
	return stay;
}
