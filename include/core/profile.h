/* profile.h - what is kept of everything that happened to a customer: the state of the
 * folds.
 *
 * Small and plain; one row a customer holds it packed. Days are days since 1970 of the
 * customer's own calendar, money is in fen. Pure; any thread. */
#ifndef CORE_PROFILE_H
#define CORE_PROFILE_H

#include <stdbool.h>
#include <stdint.h>

#include "core/customer.h"
#include "core/presence.h"
#include "core/value.h"

struct lifecycle;

/* Things that are counted: a total and the days of the latest. */
enum tally {
	TALLY_COMPLAINT,
	TALLY_NO_SHOW,
	TALLY_RESCHEDULE,
	TALLY_CALL,
	TALLY_CALL_REFUSED,
	TALLY_BOOKING,
	TALLY_INVITED,
	TALLY_ATTENDED,
	TALLY_COMPETITOR,
	TALLY_REFERRAL,
	TALLY_WARRANTY,
	TALLY_SECOND_CAR,
	TALLY_PURCHASE,
	TALLY_ASKS_PRICES,
	TALLY_COMPARES,
	TALLY_HESITATES,
	TALLY_DECIDES_SLOWLY,
	TALLY_HAGGLES,
	TALLY_DISTANT,
	TALLIES
};
#define TALLY_DAYS 5
struct counted {
	int total;
	int day[TALLY_DAYS]; /* newest first; 0: none */
};

/* One day at the dealer's. Older days than NOTES are merged into the oldest kept. */
#define NOTES 12
struct note {
	int day;
	int visits;                /* merged into one */
	int64_t ordered, told;     /* the sum of orders; what the visit itself told */
	int recommended, accepted; /* extras by orders */
	int told_recommended, told_accepted; /* what the visit itself told of them */
	bool basics;                         /* nothing but the basics */
	bool came;                           /* a visit told of it, not orders alone */
};

#define SCORES 5
#define MARKS 24
#define WORDS_KEPT 24
#define TALKS 6

/* Hands that set a stage. */
enum stage_by { STAGE_BY_RULE, STAGE_BY_HAND, STAGE_BY_IMPORT };

struct profile {
	int n_notes;
	struct note note[NOTES]; /* oldest first */
	int64_t spend_orders;    /* all orders known */
	int64_t base,
	    base_before; /* spend_12m as imported; as it stood when the month began */
	int base_day, base_month; /* when it was imported; the month base_before is of */
	struct counted tally[TALLIES];
	int complaints_open;
	int n_scores; /* in all */
	struct score {
		int day, share; /* per mille of the scale */
	} score[SCORES];        /* newest first */
	int64_t score_sum;      /* of shares */
	int nps_n, promoters, detractors;
	unsigned asks; /* the latest touches that asked for an answer, newest in bit 0 */
	int n_asks;    /* in all */
	int touches;   /* in all */
	int month, month_touches;
	ms_t touched; /* messages up to here are in */
	struct presence presence;
	/* stage */
	bool judged;
	int stage_by, stage; /* as last seen; enum life_stage */
	ms_t stage_at;
	int dormant_type, lost_cause; /* index + 1; 0: not told */
	int n_marks;
	struct mark { /* signs raised, by name */
		uint32_t key;
		int day;
	} mark[MARKS];
	int n_warned, n_silent; /* warnings given; rules that wait for newer evidence */
	uint32_t warned[WORDS_KEPT], silent[WORDS_KEPT];
	ms_t talk[TALKS]; /* conversations, by place in the configuration; 0: closed */
};

/* What happened, as the folds see it. */
struct happening {
	const char *type;
	ms_t at;
	int day;                      /* of the customer */
	int month;                    /* yyyymm of the entity */
	const struct value_map *data; /* never NULL */
};

/* Packed form. profile_pack: PROFILE_PACKED bytes are enough; returns the length.
 * profile_unpack: an empty or unknown text is a new profile. */
#define PROFILE_PACKED 2048
size_t profile_pack(const struct profile *p, uint8_t *out);
void profile_unpack(const uint8_t *in, size_t len, struct profile *out);

/* What the customer's row tells: imported spend, a first memory. */
void profile_seed(struct profile *p, const struct presence_rule *r,
    const struct customer *c, ms_t last_visit, int today, int month);
/* Folds one event in; false: none of the folds takes it. */
bool profile_fold(struct profile *p, const struct lifecycle *lc,
    const struct presence_rule *r, const struct happening *h);
/* Takes an order or a complaint back that an import told by mistake; what cannot be known
 * any more (memory, signs) stays. false: nothing else can be taken back. */
bool
profile_unfold(struct profile *p, const struct lifecycle *lc, const struct happening *h);
/* An event of this type follows on touches: they must be in before it. */
bool profile_meets(const char *type);
/* A message that was sent: reached the customer, asked him for an answer. */
void profile_touch(struct profile *p, const struct presence_rule *r, ms_t at, int month,
    int channel, bool reached, bool asked);
/* Something counted on a day, at most TALLY_DAYS, in the `days` up to and with today. */
int profile_counted(const struct counted *c, int today, int days);
int64_t profile_amount(const struct note *n);
int profile_recommended(const struct note *n);
int profile_accepted(const struct note *n);
/* What an observation may be; ends with NULL. */
extern const char *const profile_observations[];
/* Types of events the folds know, for the manual: the i-th, NULL at the end. */
const char *profile_event(int i, const char **help);

/* A word as it is kept: 0 is nobody's. */
uint32_t profile_key(const char *word);

#endif
