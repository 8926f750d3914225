/* test.h - one scenario while it is played: its town, what came to pass, what is wrong.
 *
 * Parts of `reachd test`: test_play.c runs the town, test_act.c lets things happen,
 * test_import.c fills tables, test_judge.c holds the timeline against what was expected,
 * test_end.c the state at the end, test_show.c prints. One thread. */
#ifndef CMD_TEST_H
#define CMD_TEST_H

#include <jansson.h>

#include "rehearse_lines.h"
#include "sim/town.h"
#include "spec/scenario.h"

/* A line of the timeline: a message, or a verdict. */
struct test_line {
	json_t *json; /* as `rehearse --json` prints it */
	ms_t at;
	int64_t msg;
	bool nonmessage, matched;
	/* Filled at the end: */
	int state;
	struct local local; /* in the customer's zone */
};

/* What a gateway was given last for a message. */
struct test_letter {
	char *ref, *to, *text;
	const char *account; /* interned */
	int channel;
};

/* What the engine said to a request. */
struct test_answer {
	bool came;
	int status;
	json_t *json;
};

struct test {
	const struct scenario *s;
	struct report *report; /* mistakes; also where the quoted lines come from */
	const char *dir;       /* for files on their way in */
	struct catalog *catalog,
	    *bare; /* bare: without a playbook, while `given` comes in */
	const struct scenario_set *set; /* in force */
	bool settled;
	struct town *town;
	const struct zone *zone; /* the dealer's */
	struct rehearse_lines *lines;
	GPtrArray *told;     /* struct test_line * */
	GHashTable *letters; /* message id -> struct test_letter * */
	struct test_answer answer;
	int keys;        /* of events and receipts, counted */
	GArray *missing; /* rows that did not come: struct scenario_row * */
	int failures;
	GString *out; /* what is wrong, as text */
};

struct test_options {
	const char *config; /* for scenarios that name none; NULL: the nearest */
	bool show;          /* the timeline of those that pass too */
	bool all;           /* every line of it, however many */
	const char *customer; /* only his lines, all of them; NULL: everybody's */
};
/* Plays a file; what there is to tell is appended to out. 0 passed, 1 not. */
int
test_play(const char *file, const char *dir, const struct test_options *o, GString *out);

/* Lets the world turn until the engine has answered. */
int test_wait(struct test *t, struct err *e);
void
test_answered(void *arg, int status, const char *json); /* an engine_answer; arg: test */

/* A failure at a place of the scenario. */
void test_fail(struct test *t, struct pos at, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/* -1: the world failed. Failures of the scenario are test_fail()'s. */
int test_act(struct test *t, const struct scenario_act *act, struct err *e);
/* given: it was on file before, and nothing happens because of it. */
int test_import(
    struct test *t, const struct scenario_table *table, bool given, struct err *e);
int test_end(struct test *t, struct err *e);
void test_judge(struct test *t);
void test_show(const struct test *t, const struct test_options *o, GString *out);

/* The text of a member: "" when it is not there; numbers in digits. scratch: 32 bytes. */
const char *test_member(const json_t *j, const char *name, char *scratch);

#endif
