/* address.c - IP addresses as 16 bytes, and the ranges nobody's provider is in. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

#include <glib.h>

#include "address.h"

static const uint8_t mapped[12] = { [10] = 0xff, [11] = 0xff };

static const char *const private_ranges[] = { "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10",
	"127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24",
	"192.168.0.0/16", "198.18.0.0/15", "224.0.0.0/4", "240.0.0.0/4", "::/128",
	"::1/128", "64:ff9b::/96", "64:ff9b:1::/48", "100::/64", "2001::/32", "2002::/16",
	"fc00::/7", "fe80::/10", "fec0::/10", "ff00::/8" };

bool
address_of(const struct sockaddr *sa, struct address *out)
{
	if (sa->sa_family == AF_INET) {
		memcpy(out->bytes, mapped, sizeof mapped);
		memcpy(out->bytes + 12,
		    &((const struct sockaddr_in *)(const void *)sa)->sin_addr, 4);
		return true;
	}
	if (sa->sa_family == AF_INET6) {
		memcpy(out->bytes,
		    &((const struct sockaddr_in6 *)(const void *)sa)->sin6_addr, 16);
		return true;
	}
	return false;
}

bool
address_parse(const char *text, struct address *out)
{
	if (inet_pton(AF_INET, text, out->bytes + 12) == 1) {
		memcpy(out->bytes, mapped, sizeof mapped);
		return true;
	}
	return inet_pton(AF_INET6, text, out->bytes) == 1;
}

static bool
is_mapped(const struct address *a)
{
	return memcmp(a->bytes, mapped, sizeof mapped) == 0;
}

bool
address_range_parse(const char *text, struct address_range *out)
{
	const char *slash = strchr(text, '/');
	char *host =
	    slash != NULL ? g_strndup(text, (gsize)(slash - text)) : g_strdup(text);
	bool ok = address_parse(host, &out->base), v4 = strchr(host, ':') == NULL;
	guint64 bits = v4 ? 32 : 128;

	g_free(host);
	if (ok && slash != NULL)
		ok = g_ascii_string_to_unsigned(slash + 1, 10, 0, bits, &bits, NULL);
	out->bits = (int)bits + (v4 ? 96 : 0);
	return ok;
}

bool
address_in(const struct address *a, const struct address_range *r)
{
	int whole = r->bits / 8, rest = r->bits % 8;

	if (memcmp(a->bytes, r->base.bytes, (size_t)whole) != 0)
		return false;
	return rest == 0 || ((a->bytes[whole] ^ r->base.bytes[whole]) >> (8 - rest)) == 0;
}

char *
address_text(const struct address *a, char buf[ADDRESS_TEXT])
{
	if (is_mapped(a))
		inet_ntop(AF_INET, a->bytes + 12, buf, ADDRESS_TEXT);
	else
		inet_ntop(AF_INET6, a->bytes, buf, ADDRESS_TEXT);
	return buf;
}

bool
address_private(const struct sockaddr *sa)
{
	struct address a;

	if (!address_of(sa, &a) || (sa->sa_family == AF_INET6 && is_mapped(&a)))
		return true;
	for (size_t i = 0; i < G_N_ELEMENTS(private_ranges); i++) {
		struct address_range r;

		if (address_range_parse(private_ranges[i], &r) && address_in(&a, &r))
			return true;
	}
	return false;
}
