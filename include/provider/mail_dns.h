/* mail_dns.h - does a domain prove that mail by an account is its own? SPF, DKIM, DMARC, and where
 * answers go (B-EM1). Pure: whoever asks hands the asking in. */
#ifndef PROVIDER_MAIL_DNS_H
#define PROVIDER_MAIL_DNS_H

#include <jansson.h>

#include "provider/provider.h"

/* Who mails go out as. */
struct mail_sender {
	const char *domain;   /* of From, as letters of ASCII */
	const char *envelope; /* of the return path; "": the service's own */
	const char *selector; /* of the key that signs; "": not known */
	const char *reply;    /* the domain that answers go to */
	const char *host;     /* the server that sends; "": a service's */
};

enum mail_record { MAIL_TXT, MAIL_MX, MAIL_ADDRESS };
struct mail_dns {
	/* How many records, 0 none, -1 nobody answers. */
	int (*ask)(void *arg, const char *name, enum mail_record type, struct arena *a,
	    const char *const **out);
	void *arg;
	struct arena *arena;
};

/* false: it carries no mail, or none under a domain of its own. */
bool mail_sender_of(const struct account *acc, struct arena *a, struct mail_sender *out);
/* A name that no DNS may know (RFC 2606, RFC 6761): nobody need be asked. */
bool mail_is_reserved(const char *domain);
/* [{"check", "result", "text", "text_zh", "next", "next_zh"}]: check: spf, dkim, dmarc, mx;
 * result: ok, note, failed; next: the record to add, "" nothing; "silent": true: nobody answered.
 * A new reference. */
json_t *mail_dns_look(const struct mail_dns *d, const struct mail_sender *s);

#endif
