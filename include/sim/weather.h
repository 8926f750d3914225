/* weather.h - what goes wrong in a simulated town, drawn from the seed, and when it ends.
 *
 * Each class of fault is on with a chance of one half. Deaths prefer the moments
 * when something is on the wire. weather_heal() ends it all: from then on
 * everything must come to rest. Also the town's daily life that no message
 * causes: visits, complaints, stop words out of the blue. */
#ifndef SIM_WEATHER_H
#define SIM_WEATHER_H

#include "sim/referee.h"
#include "sim/town.h"

struct weather;

/* What a reload finds: any of the sets, the first, or one with a mistake in it. */
enum weather_set { SET_ANY, SET_FIRST, SET_BAD };

struct weather_options {
	uint64_t seed;
	struct town *town;
	struct referee *referee;
	ms_t start, heal;   /* true time */
	bool faults;        /* false: daily life alone */
	GPtrArray *people;  /* char *: customers' ids */
	GPtrArray *numbers; /* char *: addresses that can answer by SMS; may be empty */
	const char *sms;    /* the account that receives answers; NULL: none */
	void (*reload)(void *arg, enum weather_set which);
	/* An SMS address with a message under way; NULL: none. Borrowed. */
	const char *(*victim)(void *arg);
	void *arg;
};

struct weather *weather_new(const struct weather_options *o);
void weather_free(struct weather *w);
/* Something is on the wire now: the moment deaths wait for. */
void weather_traffic(struct weather *w);
/* A call is connecting: a good moment for a stop word, or to die. */
void weather_started(struct weather *w);
/* A daemon is about to start: machines set their clocks before. */
void weather_rose(struct weather *w);
void weather_heal(struct weather *w);
/* "errors silence kills ..." */
const char *weather_text(const struct weather *w);

#endif
