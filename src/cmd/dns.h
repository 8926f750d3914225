/* dns.h - sending domains looked at: SPF, DKIM, DMARC, MX. For check-dns and doctor. */
#ifndef CMD_DNS_H
#define CMD_DNS_H

#include <jansson.h>

#include "base/err.h"
#include "client.h"

/* accounts: [{"name", "mail": {"domain", ...}}], as doctor.h has them; others are passed over.
 * [{"domain", "accounts", "checks": mail_dns.h}]: each domain once. resolver NULL: the machine's,
 * and names that no DNS may know are not asked for. Says on stderr what it asks, where a person
 * looks on. NULL with err. A new reference. */
json_t *dns_look(const json_t *accounts, const char *resolver, struct err *e);
void dns_print(const json_t *domains);
/* Hands what was found to the daemon, where one runs: it holds bulk mail of domains that prove
 * nothing. What nobody answered for is left out. false: none runs, or it refused. */
bool dns_hand_over(const struct client *c, const json_t *domains);
bool dns_failed(const json_t *domains);

#endif
