/* profile.h - the profile of a customer in the engine: folds, stage, warnings, looks.
 * Store thread.
 *
 * Kept in the transaction that takes the event. The sweep looks at those whose day has
 * come; profile_seen() computes the next one. */
#ifndef ENGINE_PROFILE_H
#define ENGINE_PROFILE_H

#include "core/signal.h"
#include "desk.h"
#include "store/event.h"

/* The view, read on first use. When the database fails it is one of nothing known. */
struct view *profile_view(struct person *p);

/* Folds an event in (the person's event is this one), raises signs, opens and closes
 * conversations. */
int profile_take(struct work *w, struct person *p, const struct event *ev, struct err *e);
/* An event of long ago: signals only; the next sweep looks at him. */
int
profile_history(struct work *w, struct person *p, const struct event *ev, struct err *e);
/* An import's event is to be dropped: what it told is taken back. */
int profile_untell(struct work *w, const char *source, const char *evid, struct err *e);
/* Two customers are one: B's events and touches go into A's profile. Before they move;
 * and, after they went back and A's profile was put back as it was, what has come since. */
int profile_join(struct work *w, int64_t a, int64_t b, struct err *e);
int profile_part(struct work *w, int64_t a, ms_t since, struct err *e);
/* Rules and warnings; type: the event that just came, "" at the sweep. A customer who
 * was never judged gets his stage in silence: that is no change. */
int profile_judge(struct work *w, struct person *p, const char *type, struct err *e);
int profile_save(struct work *w, struct person *p, struct err *e);
/* With the day of the next look, which nobody who asked for an earlier one keeps then. */
int profile_save_look(struct work *w, struct person *p, struct err *e);
/* After his `when` starts were asked: keeps the day on which to look again. */
int profile_seen(struct work *w, struct person *p, bool sweep, struct err *e);

/* A person or a playbook sets the stage; giving up needs a reason on file. */
int profile_stage(struct work *w, struct person *p, const char *name, struct err *e);
/* Something on file was set: the kind of absence is kept here, everything asks for a
 * look. */
int profile_told(struct work *w, struct person *p, const char *name, struct value value,
    struct err *e);

/* For `reachd why`; a new reference. */
struct json_t;
struct json_t *profile_json(struct person *p);

/* Puts the tier in force into the person's row: overlay of the stage, frozen by month. */
int profile_tier(struct person *p, struct err *e);
const char *profile_talk(struct person *p, ms_t *until, struct pos *at);

/* Whom to look at on a local day: at most max rows beyond the cursor; how many, or -1.
 * since: the sweep before (asked only with cursor 0, then kept); who was sent something
 * after it is looked at too. */
int profile_portion(struct work *w, const char *tz, int64_t day, ms_t since,
    int64_t *cursor, struct customer_row *rows, int max, bool *end, struct err *e);
/* At the turn of a month: tiers that imports told take effect. *worked: of some; there are
 * more. */
int profile_month(struct work *w, bool *worked, struct err *e);

#endif
