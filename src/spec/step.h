/* step.h - the verbs of steps: each is one file step_VERB.c and one line of the table in
 * step_read.c. */
#ifndef SPEC_STEP_H
#define SPEC_STEP_H

#include "read.h"

struct leads; /* flow.h */

/* map is the whole step, y what stands behind the verb. */
typedef void step_reader(
    struct reading *rd, const struct yaml *map, const struct yaml *y, struct step *s);
/* Adds every way a run can take from the step. */
typedef void step_leader(const struct step *s, struct leads *l);

struct step_kind {
	const char *name; /* its key */
	step_reader *read;
	step_leader *leads; /* NULL: to the next step */
};
extern const struct step_kind step_kinds[STEP_VERBS];

step_reader step_send_read, step_wait_read, step_branch_read, step_do_read,
    step_goto_read, step_stop_read, step_split_read, step_offer_read, step_enter_read,
    step_call_read, step_repeat_read;
step_leader step_wait_leads, step_branch_leads, step_goto_leads, step_stop_leads,
    step_split_leads, step_offer_leads, step_call_leads, step_repeat_leads;

/* kind: of the whole step, once its verb is read; and when its texts are known. */
void step_kind_read(struct reading *rd, const struct yaml *map, struct step *s);
void step_kind_check(const struct step *s, struct report *r);

/* Between two rounds, at least. */
int64_t step_repeat_minutes(const struct step *s);

#endif
