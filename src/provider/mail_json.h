/* mail_json.h - what services that take a mail as JSON have in common. Pure. */
#ifndef PROVIDER_MAIL_JSON_H
#define PROVIDER_MAIL_JSON_H

#include "provider/mail.h"
#include "provider/wire.h"

/* `"Name" <a@b.example>` in UTF-8, as JSON has it; without a name the address. */
const char *mail_json_from(struct arena *a, const struct mail *m);
/* Sets a member that has a value; "" is left out. */
void mail_json_set(json_t *j, const char *name, const char *value);
/* {"name": ..., "value": ...} under names of the service's own. */
json_t *mail_json_pair(
    const char *name_key, const char *name, const char *value_key, const char *value);
/* A mail of each parcel as the service has it, in a list. NULL with err: one cannot be made. */
typedef json_t *mail_json_letter(const struct account *acc, const struct parcel *p,
    const struct mail *m, struct arena *a);
json_t *mail_json_all(const struct account *acc, const struct parcel *p, int n, ms_t date,
    mail_json_letter *letter, struct arena *a, struct err *e);

/* An address as reachd writes it; "" when it is none. */
const char *mail_json_address(struct arena *a, const char *written);
/* An instant as RFC 3339 has it; 0 when it is none. */
ms_t mail_json_time(const char *text);

#endif
