/* doctor.h - what works, what does not, and what to do, as the configuration alone shows it.
 *
 * {"public_url", "reachable", "accounts": [{"name", "type", "channels", "receipts",
 * "replies", "opens", "clicks", "unknown", "mail"}], "findings": [{"level", "about", "text",
 * "text_zh"}]}. receipts and replies: webhook, pull, query or none, joined by "+";
 * level: error, warning, note. mail: who its mails go out as, as mail_dns.h has it. */
#ifndef PROVIDER_DOCTOR_H
#define PROVIDER_DOCTOR_H

#include "spec/catalog.h"

struct json_t;

struct json_t *doctor_look(const struct catalog *cat); /* a new reference */
/* What stands of an account under "accounts". */
struct json_t *doctor_account(const struct account *acc);
/* Is there a webhook address for it at which it is believed? */
bool doctor_hears(const struct account *acc);
/* Can the world reach it, as far as its letters show: https, and not this machine? */
bool doctor_reachable(const char *public_url);

#endif
