/* sandbox_outbox.h - events on their way to webhooks, many to a call. Loop thread. */
#ifndef CMD_SANDBOX_OUTBOX_H
#define CMD_SANDBOX_OUTBOX_H

#include "sandbox_post.h"

struct sandbox_outbox;

struct sandbox_outbox *sandbox_outbox_new(struct sandbox_post *post);
void sandbox_outbox_free(struct sandbox_outbox *o);
/* One element of hook.h's form, JSON, taken. */
void sandbox_outbox_add(struct sandbox_outbox *o, const char *callback, char *event);
/* Sends what has gathered; once a turn of the loop. */
void sandbox_outbox_flush(struct sandbox_outbox *o);
unsigned sandbox_outbox_waiting(const struct sandbox_outbox *o);

#endif
