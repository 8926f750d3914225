/* notice_text.h - what a card says: a task in a few lines, without a number to call. Store thread. */
#ifndef ENGINE_NOTICE_TEXT_H
#define ENGINE_NOTICE_TEXT_H

#include "notice.h"
#include "store/task.h"

#define NOTICE_ID "reachd-"

/* From the scratch arena. */
int notice_text(struct work *w, struct person *p, const struct task_row *t, int64_t card,
    struct ask *out, struct err *e);
/* About n tasks at once. */
void notice_digest(struct work *w, const struct task_row *const *all, int n, int64_t card,
    struct ask *out);

#endif
