/* hands_impl.h - orders given by hand in a simulated town. Private to hands*.c. */
#ifndef SIM_HANDS_IMPL_H
#define SIM_HANDS_IMPL_H

#include "sim/hands.h"

enum hand {
	HAND_HOLD,
	HAND_RECALL,
	HAND_CORRECT,
	HAND_UNDO,
	HAND_MIGRATE,
	HAND_OFFERS,
	HAND_MERGE,
	HAND_ERASE,
	HAND_LEAVE,
	HANDS /* how many */
};

struct hands {
	struct hands_options o;
	struct rng rng;
	bool healed;
	GQueue armed; /* enum hand, waiting for a call to connect */
	GPtrArray *orders, *gone;
	int done[HANDS];
};

/* One order on its way. Whoever dies with the daemon is never answered. */
struct ordered {
	struct hands *h;
	enum hand kind;
	char playbook[64], step[64], a[40], b[40], template_[64];
	ms_t asked;
	int64_t cursor, last;
	bool runs;
	int64_t days[2];   /* HAND_LEAVE: from and to */
	GPtrArray *people; /* HAND_CORRECT: who must get it */
};

/* Whose message is just on its way, or anybody's: false, nobody is. */
struct aim {
	char playbook[64], step[64], customer[40];
};
bool hands_aim(struct hands *h, struct aim *out);
const char *hands_somebody(struct hands *h);
struct ordered *hands_order(struct hands *h, enum hand kind);
/* Again in so long, unless everything has been healed. */
void hands_later(struct ordered *o, ms_t after, void (*fn)(void *arg));

ms_t hands_now(const struct ordered *o);
/* Was it done? An answer that there may not be is a foul. */
bool hands_fits(struct ordered *o, int status);
/* hands_people.c */
void hands_offers(struct ordered *o, struct engine *en);
void hands_merge(struct ordered *o, struct engine *en, const struct aim *a);
void hands_erase(struct ordered *o, struct engine *en, const struct aim *a);
void hands_leave(struct ordered *o, struct engine *en);

void hands_give(struct hands *h, enum hand kind, struct engine *en);
/* Everything that stands goes on. */
void hands_go_all(struct hands *h, struct engine *en);

#endif
