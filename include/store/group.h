/* group.h - jobs of one transaction: run, committed together, and each failure kept apart.
 *
 * A savepoint costs more than most jobs (every page a job touches first is copied), so
 * jobs that can be run twice run without any. When one of them fails, all is rolled back and
 * the group runs again carefully, with a savepoint a job and a row: then only what fails is
 * undone. The thread of the store. */
#ifndef STORE_GROUP_H
#define STORE_GROUP_H

#include "base/world.h"

#define GROUP_UNKNOWN (-2)

/* Runs the jobs of the list, all with the same `repeats`, and commits. Fills failed and err
 * of each. 0; -1 nothing was kept and all have failed; GROUP_UNKNOWN: the COMMIT failed and
 * may be on disk or not, the process must end. */
int group_write(struct store *s, struct job *first, struct err *e);
/* One job on a snapshot; what it writes is lost. */
void group_read(struct store *s, struct job *job);

#endif
