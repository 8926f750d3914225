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
	ms_t settles;            /* it was reported as settled then; 0: never */
};

/* A message in a request; taken: the gateway keeps it, at that price. */
struct letter_seen {
	int64_t msg, price; /* hundredths of a fen */
	ms_t left;
	bool taken;
	int category;
};

struct join_seen {
	char *a, *b;
	ms_t at, until; /* 0: not answered; still */
};

struct leave_seen {
	char *who;
	int64_t days[2];
	ms_t at;
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
	GHashTable *acks;           /* "account key" of receipts, since the last look -> from */
	GHashTable *events;         /* ids acknowledged, since the last look -> ext */
	GArray *rules;              /* struct rules, in order */
	ms_t wrong_since;           /* 0: the clock is right */
	/* referee_hands.c */
	GArray *letters;            /* struct letter_seen, of all requests */
	guint judged;               /* so many of them */
	GArray *spans;              /* struct span: what stood */
	GArray *recalls;            /* struct recalled */
	GArray *corrections;        /* struct corrected */
	GArray *joins;              /* struct join_seen */
	GHashTable *guests;         /* "address name": there by a merge only */
	GArray *leaves;             /* struct leave_seen */
	GHashTable *undone;         /* event's id -> ms_t */
	GHashTable *erasing, *erased; /* ext; ext -> ms_t */
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
/* referee_hands.c: what was ordered by hand, and what a pause of the set means. */
void referee_hands_init(struct referee *r);
void referee_hands_free(struct referee *r);
void referee_hands_came(struct referee *r, const struct vendor_letter *l);
void referee_hands_took(struct referee *r, const struct vendor_letter *l);
void referee_letters(struct referee *r, struct store *s);
void referee_hands_end(struct referee *r, struct store *s);
bool referee_is_erasing(const struct referee *r, const char *ext);
bool referee_any_erasing(const struct referee *r, const GPtrArray *names);
bool referee_lives_at(const struct referee *r, const char *address, const char *ext);
/* referee_money.c: no day's budget is passed, by prices counted from the ledger. */
int64_t referee_price(const struct policy *p, const struct vendor_letter *l);
void referee_money(struct referee *r, struct store *s);
/* referee_runs.c: what a migration, a ramp and a list of people leave behind. */
void referee_runs(struct referee *r, struct store *s);
/* referee_caps.c */
void referee_caps(struct referee *r, struct store *s);

#endif
