/* assign.h - who is asked now: the one place where a task finds its person. */
#ifndef ENGINE_ASSIGN_H
#define ENGINE_ASSIGN_H

#include "desk.h"
#include "store/task.h"

#define TEAM_MAX 32
#define ROLE_ABOVE "general-manager" /* when whoever is asked could not settle it */

/* Those among whom `to` finds its person on a local day; n 0: nobody is known. */
struct team {
	const char *names[TEAM_MAX];
	int n;
};
int task_team(struct work *w, const struct customer *c, const char *to, int64_t day,
    struct team *out, struct err *e);

/* The person for `to` ("advisor" or a role) and this customer, today: the advisor, or who
 * stands in for him (deputy, successor), else the manager; of several with a role at his
 * store the one who has the least to do, else whom reachd.yaml names. *name "": nobody
 * is known, whoever has the role takes it. Reads only. */
int task_assignee(struct work *w, const struct customer *c, const char *to,
    const char **name, struct err *e);

/* Who gets a task that is late: never whoever had it, as long as there is anybody else.
 * Those of late_to, else whom reachd.yaml names for it, else the general manager. */
int task_higher(struct work *w, const struct customer *c, const struct task_row *t,
    const char **role, const char **name, struct err *e);

/* Who has this task today: whoever it was given to, or who stands in for him. */
int task_holder(struct work *w, const struct customer *c, const struct task_row *t,
    const char **name, struct err *e);

#endif
