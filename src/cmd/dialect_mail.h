/* dialect_mail.h - what the counters of the mail services have in common. */
#ifndef CMD_DIALECT_MAIL_H
#define CMD_DIALECT_MAIL_H

#include <jansson.h>

#include "dialect.h"

/* Text of a member; "" when there is none. Borrowed. */
const char *dialect_mail_text(const json_t *j, const char *name);
/* One that offers to refuse more is marketing: `list` is its List-Unsubscribe. */
void
dialect_mail_way_out(struct dialect_call *c, const char *list, struct dialect_message *m);
/* Value of a header among [{"Name", "Value"}, ...]; "" when absent. */
const char *dialect_mail_field(const json_t *list, const char *name);
/* j becomes the webhook's body, and is freed. */
void dialect_mail_post(struct dialect_post *out, json_t *j);
const char *dialect_mail_time(ms_t at, char *buf /* CLOCK_TEXT */);

#endif
