/* address.h - what an IP address is: its text, whether it is private, whether it lies in
 * a range. */
#ifndef ADDRESS_H
#define ADDRESS_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>

/* IPv4 as ::ffff:a.b.c.d, so that one form compares with one memcmp. */
struct address {
	uint8_t bytes[16];
};

struct address_range {
	struct address base;
	int bits; /* of 128 */
};

/* false: neither IPv4 nor IPv6. */
bool address_of(const struct sockaddr *sa, struct address *out);
bool address_parse(const char *text, struct address *out);
/* "10.0.0.0/8", "::1"; false: not one. */
bool address_range_parse(const char *text, struct address_range *out);
bool address_in(const struct address *a, const struct address_range *r);
#define ADDRESS_TEXT 48
char *address_text(const struct address *a, char buf[ADDRESS_TEXT]);

/* Whether a provider must not be there: loopback, private, link-local, multicast,
 * reserved, IPv4 inside IPv6. */
bool address_private(const struct sockaddr *sa);

#endif
