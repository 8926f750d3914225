#include "notice_face.h"

#include <string.h>

#include "base/log.h"
#include "store/card.h"

#define LIFE (72 * MS_HOUR)
#define ALL 100

static const char *const words[] = {
	[FACE_DONE] = "已完成", [FACE_BACK] = "已撤回", [FACE_LATER] = "已推迟"
};

static int
replace(struct work *w, const struct account *acc, const struct card_stale *c,
    struct notice *out, struct err *e)
{
	const struct ask ask = {
		.id = "", .title = "", .task = "", .code = c->code, .word = words[c->face]
	};

	if (card_face(w->store, c->id, c->face, w->now, e) != 0 ||
	    notice_pack(w, acc, c->who, &ask, &out->request, e) != 0)
		return -1;
	out->card = c->id;
	out->to = c->who;
	out->face = true;
	out->next = w->now;
	return 1;
}

int
notice_face_next(
    struct work *w, const struct account *acc, struct notice *out, struct err *e)
{
	struct card_stale *all = arena_array(w->arena, struct card_stale, ALL);
	ms_t life = desk_after(w, LIFE) - w->now;
	int n = card_stale(w->store, w->now - life, all, ALL, e), left;

	for (int i = 0; i < n; i++) {
		/* One of an account that is gone, or that does not open. */
		if (strcmp(all[i].account, acc->name) != 0 || *all[i].code == '\0') {
			if (card_face(w->store, all[i].id, all[i].face, 0, e) != 0 ||
			    card_faced(w->store, all[i].id, false, e) != 0)
				return -1;
			continue;
		}
		if (notice_room(w, all[i].who, &left, e) != 0)
			return -1;
		if (left > 0)
			return replace(w, acc, &all[i], out, e);
		out->next = MIN(out->next, desk_after(w, NOTICE_CROWDED));
	}
	return n < 0 ? -1 : 0;
}

int
notice_face_outcome(struct work *w, int64_t card, const struct answer *a, struct err *e)
{
	bool again = a->outcome == OUTCOME_NOT_WRITTEN ||
		     a->outcome == OUTCOME_REFUSED_RETRY || a->freeze;

	w->desk->asked |= again;
	log_info("card_replaced", "card=%" G_GINT64_FORMAT " outcome=%d code=%s", card,
	    (int)a->outcome, a->perr);
	return card_faced(w->store, card, again, e);
}

int
notice_face_code(struct work *w, int64_t card, const char *code, struct err *e)
{
	if (code == NULL || *code == '\0')
		return 0;
	/* What it asks may be over by now. */
	w->desk->asked = true;
	return card_set_code(w->store, card, code, w->now, e);
}
