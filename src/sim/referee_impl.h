/* referee_impl.h - what the referee remembers. Private to referee*.c. */
#ifndef SIM_REFEREE_IMPL_H
#define SIM_REFEREE_IMPL_H

#include <glib.h>

#include "base/zone.h"
#include "sim/referee.h"

struct resident {
	char *tier;
	const struct zone *zone; /* NULL: the house's */
	ms_t blocked;            /* a complaint was acknowledged; 0: none */
};

struct rules {
	ms_t from;
	struct catalog *cat;
};

struct referee {
	char foul[400];
	GHashTable *residents;      /* ext -> struct resident */
	GHashTable *living;         /* address -> GPtrArray of ext */
	GHashTable *stops, *starts; /* "channel address" -> ms_t */
	GHashTable *taken;          /* msg -> how often */
	GArray *greetings;          /* msgs that only a greeting excuses */
	GHashTable *acks;           /* "account key" of receipts, since the last look */
	GHashTable *events;         /* ids acknowledged, since the last look */
	GArray *rules;              /* struct rules, in order */
	ms_t wrong_since;           /* 0: the clock is right */
};

/* The sets in force at an instant: the second is the one before it, when it may still
 * have been used; else NULL. */
void referee_rules_at(const struct referee *r, ms_t at, const struct catalog **now,
    const struct catalog **before);

/* referee_quiet.c: the first minute of [at, at + lead] that is quiet, as a rule's id;
 * NULL: none. */
const char *referee_quiet(const struct policy *p, const struct account *acc,
    const struct zone *z, int channel, int category, bool urgent, bool greeting, ms_t at);
/* referee_words.c: is this an answer that must stop us? */
enum referee_word { WORD_NONE, WORD_STOP, WORD_COMPLAINT };
enum referee_word referee_word(const char *text);
/* referee_offers.c: no month has more of an offer than the highest quota that was in force. */
void referee_offers(struct referee *r, struct store *s);
/* referee_caps.c */
void referee_caps(struct referee *r, struct store *s);

#endif
