#include "slots.h"

#include "base/text.h"
#include "money.h"
#include "store/msg.h"
#include "turns.h"

char *
slots_customer(int64_t customer, char *buf)
{
	return text_number(buf, "c", customer);
}

char *
slots_address(int64_t h, char *buf)
{
	g_snprintf(buf, SLOT_TEXT, "a%" G_GINT64_MODIFIER "x", (guint64)h);
	return buf;
}

char *
slots_playbook(int playbook, int64_t customer, char *buf)
{
	g_snprintf(buf, SLOT_TEXT, "p%d:%" G_GINT64_FORMAT, playbook, customer);
	return buf;
}

static int
take(struct work *w, struct message *m, int bit, const char *scope, int period, int limit,
    struct err *e)
{
	int rc = cap_take(w->store, scope, period, limit, e);

	if (rc == 1)
		m->slots |= bit;
	return rc;
}

bool
slots_by_address(const struct person *p, const struct standing *st, int channel)
{
	/* Who else has a telephone is not marked. */
	return channel == CHANNEL_PUSH || p->row.c.ties & TIE_NUMBER ||
	       st->address_used[channel] > 0;
}

int
slots_take(struct work *w, struct message *m, const struct tier *tier, bool by_address,
    int playbook_cap, const struct zone *house, struct err *e)
{
	char scope[SLOT_TEXT];
	ms_t start, end;
	int month = gate_period(CAP_MONTH, house, m->begun_at, &start, &end), rc = 1;

	m->slots = 0;
	m->period = month;
	if ((rc = turns_take(w, m, e)) != 1)
		return rc;
	if (m->category == CATEGORY_TRANSACTIONAL || desk_live(w->desk, m->playbook)->correction)
		return 1;
	if (m->category == CATEGORY_MARKETING && tier->cap >= 0) {
		if (tier->period != CAP_MONTH)
			m->period =
			    gate_period(tier->period, house, m->begun_at, &start, &end);
		rc = take(w, m, SLOT_CUSTOMER, slots_customer(m->customer, scope), m->period,
		    tier->cap, e);
		if (rc == 1 && by_address)
			rc = take(w, m, SLOT_ADDRESS, slots_address(m->address, scope), m->period,
			    tier->cap, e);
	}
	if (rc == 1 && playbook_cap >= 0)
		rc = take(w, m, SLOT_PLAYBOOK, slots_playbook(m->playbook, m->customer, scope),
		    month, playbook_cap, e);
	if (rc == 1) {
		m->slots |= SLOT_WINDOW;
		return reservation_add(w->store, m->customer, m->begun_at, m->id, m->category, e) !=
			0 ?
		    -1 :
		    1;
	}
	return rc < 0 || slots_give(w, m, e) != 0 ? -1 : 0;
}

int
slots_give(struct work *w, struct message *m, struct err *e)
{
	const struct zone *house = w->cat->config->entity.zone;
	char scope[SLOT_TEXT];
	ms_t start, end;

	if (money_give(w, m, e) != 0 || turns_give(w, m, e) != 0)
		return -1;
	if (m->slots & SLOT_CUSTOMER &&
	    cap_give(w->store, slots_customer(m->customer, scope), m->period, e) != 0)
		return -1;
	if (m->slots & SLOT_ADDRESS &&
	    cap_give(w->store, slots_address(m->address, scope), m->period, e) != 0)
		return -1;
	if (m->slots & SLOT_PLAYBOOK &&
	    cap_give(w->store, slots_playbook(m->playbook, m->customer, scope),
		m->period > 9999 ? m->period :
				   gate_period(CAP_MONTH, house, m->begun_at, &start, &end), e) != 0)
		return -1;
	if (m->slots & SLOT_WINDOW &&
	    reservation_drop(w->store, m->customer, m->begun_at, m->id, e) != 0)
		return -1;
	m->slots = 0;
	return 0;
}
