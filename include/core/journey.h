/* journey.h - where a run goes next: timing and targets as pure functions.
 *
 * at: day N counts calendar days in the customer's zone from entry (day 1 = the
 * day of entry); after: counts from the end of the step before, days as calendar
 * days, hours as elapsed time; before: counts back from a date. (docs/marketer.md, Timing) */
#ifndef CORE_JOURNEY_H
#define CORE_JOURNEY_H

#include "base/zone.h"
#include "core/playbook.h"
#include "core/policy.h"
#include "core/run.h"

/* The instant a step is due for a run that has come to it at `now`. */
ms_t journey_due(const struct step *s, const struct policy *p, const struct zone *z,
    ms_t entered_at, ms_t step_at, ms_t now);

/* The same for `before:`, from the date's value as it is now; a yearly one is the next on
 * or after the day of step_at. False: the value is no date. *until: the last instant at
 * which it is still to come: the instant itself, or the end of its day. */
bool journey_before(const struct timing *t, const struct policy *p, const struct zone *z,
    struct value date, ms_t step_at, ms_t *due, ms_t *until);

/* The instant of the next round of a repeat. */
ms_t journey_again(const struct step *s, const struct zone *z, ms_t last);

/* When a wait ends by itself, counted from `now`. */
ms_t journey_until(const struct step *s, const struct zone *z, ms_t now);

/* A touch's last useful instant: due + expires, closures not counted, greetings
 * end with their day, never more than 72 h unless the step says so. */
ms_t journey_expires(const struct step *s, const struct policy *p, const struct zone *z,
    bool greeting, ms_t due);

/* Step index after `from` for a target: STEP_NEXT -> from + 1. Returns n_steps
 * when the steps are done. */
int journey_target(const struct playbook *p, int from, int target);

/* Whether a customer falls into the held-out group: HMAC bucket of 10,000. */
bool journey_held_out(uint64_t hash, int per_10000);

#endif
