/* flow.h - where a run can go: cycles, steps nobody reaches, days that run backwards.
 * Pure. */
#ifndef SPEC_FLOW_H
#define SPEC_FLOW_H

#include <glib.h>

#include "base/report.h"
#include "core/playbook.h"

#define FLOW_STEPS_MAX 200
#define DAY_MINUTES (24 * 60)

/* The ways out of one step, while they are gathered. */
struct leads {
	const struct playbook *playbook;
	int from;
	const char *tier; /* NULL: whatever the tier */
	GArray *edges;
};
/* wait: the least minutes before it is taken, beyond the step's own timing. */
void leads_add(struct leads *l, int target, int64_t wait);
/* Where the actions lead; without a goto or stop to the next step. */
void leads_actions(struct leads *l, const struct actions *a, int64_t wait);

/* Can a run come to the step without anything that `gives` having happened to it? A step
 * that gives is passed only by its other ways out: gives is asked whether the way to
 * `target` has it. Replies may lead anywhere they name, unless they give it themselves. */
bool flow_reaches_without(const struct playbook *p, int step, bool replies_give,
    bool (*gives)(const struct step *s, int target, const void *arg), const void *arg);
/* Can it come to the step at all after `from`? */
bool flow_leads(const struct playbook *p, int from, int step);

/* The least minutes from entry to a step, counted from the midnight before; -1: never.
 * Waits only: what a day's time adds depends on the hour of entry. */
int64_t flow_waits(const struct playbook *p, int step);

void flow_check(const struct playbook *p, struct report *r);

/* The most steps that `counts` says yes to that one run of a customer of this tier
 * can pass within so many days; the rounds of a cycle count once. */
int flow_most(const struct playbook *p, const char *tier, int days,
    bool (*counts)(const struct step *s));

/* The same within the first so many days. */
int flow_first(const struct playbook *p, const char *tier, int days,
    bool (*counts)(const struct step *s));

/* Can a customer of this tier enter at all, as far as start and while decide it? */
bool flow_admits(const struct playbook *p, const char *tier);

#endif
