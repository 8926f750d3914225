/* run_summary.h - a demonstration told as it goes: a line a day, then the balance. */
#ifndef CMD_RUN_SUMMARY_H
#define CMD_RUN_SUMMARY_H

#include "engine/engine.h"

struct run_summary;

/* Prints on stdout: a line at each midnight of the entity's zone, with what that day
 * added, and after `days` of them the balance; then done(arg, balanced), once. */
struct run_summary *run_summary_new(struct engine *en, int days,
    void (*done)(void *arg, bool balanced), void *arg);
void run_summary_free(struct run_summary *s); /* NULL is fine */

#endif
