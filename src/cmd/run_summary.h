/* run_summary.h - a demonstration told as it goes: a line a day, then the balance. */
#ifndef CMD_RUN_SUMMARY_H
#define CMD_RUN_SUMMARY_H

#include "engine/engine.h"

struct run_summary;

/* Prints on stdout: a line at each midnight of the entity's zone, with what that day
 * (or what was left of it) added, and after `days` of them the balance; then
 * done(arg, balanced), once. */
struct run_summary *run_summary_new(struct engine *en, int days,
    void (*done)(void *arg, bool balanced), void *arg);
/* The line of the day and the balance come now. */
void run_summary_end(struct run_summary *s);
void run_summary_free(struct run_summary *s); /* NULL is fine */

#endif
