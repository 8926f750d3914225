/* assign.h - who is asked now: the one place where a task finds its person. */
#ifndef ENGINE_ASSIGN_H
#define ENGINE_ASSIGN_H

#include "desk.h"

/* The person for `to` ("advisor" or a role) and this customer: the advisor, else the
 * manager; of several with a role the one who has the least to do. *name "": nobody
 * is known, whoever has the role takes it. Reads only. */
int task_assignee(struct work *w, const struct customer *c, const char *to,
    const char **name, struct err *e);

#endif
