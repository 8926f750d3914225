/* crowd_post.h - posts to the daemon, repeated until it has acknowledged them. Private to
 * crowd. */
#ifndef SIM_CROWD_POST_H
#define SIM_CROWD_POST_H

#include "sim/crowd.h"

/* All strings owned. */
struct crowd_letter {
	enum crowd_kind kind;
	const char *account; /* interned */
	char *key, *to, *text;
	int channel;
	bool complaint;
	ms_t said;
	char *body;       /* of a webhook or an event */
	char *code, *ref; /* HIT, STOP by link */
	bool scanner;
	/* crowd_post.c */
	struct crowd_desk *desk;
	int tries, open;
	bool acked;
};

struct crowd_desk;

struct crowd_desk *crowd_post_new(const struct crowd_options *o);
void crowd_post_free(struct crowd_desk *d);
struct crowd_letter *crowd_post_letter(enum crowd_kind kind, const char *account,
    const char *key, const char *to, int channel, const char *text);
struct crowd_letter *crowd_post_copy(const struct crowd_letter *l);
void crowd_post_drop(struct crowd_letter *l); /* before it is sent */
void crowd_post_send(struct crowd_desk *d, struct crowd_letter *l, ms_t wait);
int crowd_post_waiting(const struct crowd_desk *d);

#endif
