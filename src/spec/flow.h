/* flow.h - where a run can go: cycles, steps nobody reaches, days that run backwards.
 * Pure. */
#ifndef SPEC_FLOW_H
#define SPEC_FLOW_H

#include "base/report.h"
#include "core/playbook.h"

#define FLOW_STEPS_MAX 200

void flow_check(const struct playbook *p, struct report *r);

/* The most steps that `counts` says yes to that one run of a customer of this tier
 * can pass within so many days; the rounds of a cycle count once. */
int flow_most(const struct playbook *p, const char *tier, int days,
    bool (*counts)(const struct step *s));

/* Can a customer of this tier enter at all, as far as start and while decide it? */
bool flow_admits(const struct playbook *p, const char *tier);

#endif
