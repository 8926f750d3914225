/* rehearse_lines.h - what a rehearsal tells: a line a fact as NDJSON, or a table of days.
 */
#ifndef CMD_REHEARSE_LINES_H
#define CMD_REHEARSE_LINES_H

#include <stdbool.h>
#include <stdio.h>

#include "engine/engine.h"
#include "rehearse_record.h"
#include "store/balance.h"

struct rehearse_lines;

struct rehearse_day {
	ms_t start;
	int sent[CHANNELS], tasks, failed, held, capped, opted_out, replies, opt_outs,
	    goals;
	double cost;
};

struct rehearse_lines *rehearse_lines_new(FILE *out, bool json, const struct zone *zone);
/* Each line of JSON goes there instead; `out` is then not used. */
void rehearse_lines_listen(
    struct rehearse_lines *l, void (*listen)(void *arg, const char *line), void *arg);
/* Lines (if `lines`) and days go to a file instead, to be told with those of other parts.
 * Runs are then numbered so that no two parts have one number. */
void rehearse_lines_record(
    struct rehearse_lines *l, FILE *f, bool lines, struct house_part part, ms_t start);
/* Somebody wants lines, not only days. */
bool rehearse_lines_wanted(const struct rehearse_lines *l);
/* What a part has recorded: a line, and a day of all parts. */
void rehearse_lines_again(struct rehearse_lines *l, const char *line, size_t len);
void rehearse_lines_day_again(struct rehearse_lines *l, const struct rehearse_day *sum);
void rehearse_lines_free(struct rehearse_lines *l);
/* A message handed over, or a verdict that changed; repeated states say nothing. */
void rehearse_lines_touch(struct rehearse_lines *l, const struct engine_touch *t);
void rehearse_lines_reply(struct rehearse_lines *l, bool opt_out);
/* Ends a day; held, tasks and goals come from the balance then. */
void rehearse_lines_day(struct rehearse_lines *l, ms_t start, const struct balance *b);
void
rehearse_lines_balance(struct rehearse_lines *l, const struct balance *b, bool balanced);

/* The house was played in parts. */
void rehearse_lines_parts(struct rehearse_lines *l, int parts, int64_t customers);
/* What could be measured: one object, and the same as a sentence. */
void rehearse_lines_effect(struct rehearse_lines *l, const char *json, const char *text);

#endif
