/* dns.h - records of the DNS, asked for and waited for: for commands, not for the daemon.
 *
 * Over libresolv, for it is part of the C library, knows the machine's resolv.conf and asks again
 * by TCP what is cut off; c-ares would be one more library for a loop that nobody here has. */
#ifndef WORLD_DNS_H
#define WORLD_DNS_H

#include "base/arena.h"
#include "base/err.h"

enum dns_type { DNS_TXT, DNS_MX, DNS_ADDRESS };

struct dns;

/* server: "192.0.2.1" or "192.0.2.1:5353"; NULL: the machine's own. NULL with err: it is none. */
struct dns *dns_new(const char *server, struct err *e);
void dns_free(struct dns *d);
/* Texts joined as they are meant, names of mail servers, addresses (A); in the arena. How many,
 * 0: there is none; -1: nobody answers. */
int dns_ask(struct dns *d, const char *name, enum dns_type type, struct arena *a,
    const char *const **out);

#endif
