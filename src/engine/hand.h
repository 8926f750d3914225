/* hand.h - what a person does by hand, from a request to its answer: one file and one
 * table line an order. Store thread. */
#ifndef ENGINE_HAND_H
#define ENGINE_HAND_H

#include <jansson.h>

#include "desk.h"

struct hand {
	struct work *w;
	const json_t *in; /* an object: what was asked for */
	json_t *out;      /* the answer, an object; as it is when nothing is refused */
	int status;       /* 200 unless refused */
	const char *who;  /* whose hand it is, whomever he acts for; "" nobody we know */
	int role;         /* enum staff_role: of who asks */
};

/* Refuses with a sentence, before anything is written; 0, for `return`. */
int hand_no(struct hand *h, int status, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
/* A text of the request; "" when it is not there. */
const char *hand_text(const struct hand *h, const char *key);
bool hand_flag(const struct hand *h, const char *key);
/* An instant of the request: a date, a time, or a duration back from now; 0: not there.
 * false: it has been refused. */
bool hand_instant(struct hand *h, const char *key, ms_t *out);
/* The playbook the request names, or NULL: it has been refused. */
struct live *hand_playbook(struct hand *h);
/* The customer it names: 1, 0 refused, -1. */
int hand_customer(struct hand *h, struct person *p, struct err *e);
/* Who asks and what for, as one line: "李明: 价格写错了". Refused when one is missing. */
const char *hand_reason(struct hand *h);

/* 0, or -1 when it was the database that failed. */
typedef int hand_order(struct hand *h, struct err *e);
hand_order hand_hold, hand_go, hand_recall, hand_correct, hand_correct_agree,
    hand_correct_refuse, hand_forecast;
hand_order hand_undo_event, hand_undo_tag, hand_undo_stage, hand_undo_optout,
    hand_undo_optouts, hand_mail_go, hand_mail_dns, hand_undo_block;

#endif
