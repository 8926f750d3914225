/* habits.h - what people do with a message, seeded, at rates seen in the field.
 *
 * Pure and seeded: the same seed, person and message give the same behaviour
 * whatever the order of calls. Shared by `reachd sandbox`, the simulator and
 * rehearsals. Of those addressed 10 % open an SMS, 33 % a WeCom message, 15 % a
 * push, 22 % an email; 11 % answer an SMS that asks; one in 300 opts out of
 * marketing, one in 5,000 complains. Some people are keener or crosser than others, all
 * tire of too much, nobody answers asleep. Durations in ms; any thread. */
#ifndef SIM_HABITS_H
#define SIM_HABITS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/clock.h"
#include "core/words.h"

/* What a house has seen, of one message handed over, instead of those figures. */
struct habits_rates {
	double open, click, reply, visit;
};

struct habits_message {
	uint64_t person; /* habits_person() of the address */
	uint64_t nth;    /* tells this person's messages apart: a count, or an id */
	enum channel channel;
	enum category category;
	const char *text; /* what is read: it may ask for an answer, offer a way out */
	int links;        /* links in it that can be clicked */
	int recent;       /* messages this person got in the 30 days before */
	ms_t at;          /* handed over, wall clock */
	int offset;       /* where the person lives, minutes east of UTC */
	const struct habits_rates *rates; /* NULL: as in the field */
};

enum habit {
	HABIT_SCAN, /* a mail scanner fetches a link at once: not a person */
	HABIT_OPEN,
	HABIT_CLICK,
	HABIT_REPLY,
	HABIT_UNSUBSCRIBE,
	HABIT_COMPLAINT,
	HABIT_VISIT
};

struct habit_act {
	enum habit kind;
	ms_t after;       /* since hand-over */
	int link;         /* SCAN, CLICK: which, from 0 */
	const char *text; /* REPLY: constant; else "" */
	int yuan;         /* VISIT: what is spent */
};

#define HABITS_ACTS 16
struct habits {
	bool delivered;
	ms_t receipt_after; /* since hand-over; failed messages get one too */
	const char *perr;   /* not delivered: why; else "" */
	bool bad_address;   /* it will never be delivered there */
	int n;
	struct habit_act acts[HABITS_ACTS]; /* in order of time */
};

uint64_t habits_person(const char *address, size_t len);
void habits_draw(uint64_t seed, const struct habits_message *m, struct habits *out);

/* A phone call at this instant: does it reach the person, and what comes of it? */
enum habit_call {
	HABIT_CALL_NONE,
	HABIT_CALL_REACHED,
	HABIT_CALL_REFUSED,
	HABIT_CALL_WRONG
};
enum habit_call
habits_call(uint64_t seed, uint64_t person, uint64_t nth, ms_t at, int offset);

#endif
