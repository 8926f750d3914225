/* url.c - addresses that may be called: nowhere a playbook or a slip of the pen should
 * reach. */
#include <arpa/inet.h>
#include <string.h>

#include "read.h"

enum reach { REACH_LOOPBACK, REACH_PRIVATE, REACH_FORBIDDEN, REACH_PUBLIC, REACH_NAME };

static enum reach
reach4(uint32_t ip)
{
	if (ip >> 24 == 127)
		return REACH_LOOPBACK;
	if (ip >> 24 == 10 || ip >> 20 == 0xac1 || ip >> 16 == 0xc0a8 ||
	    ip >> 22 == (0x6440 >> 6))
		return REACH_PRIVATE;
	/* This host, link-local (cloud metadata), multicast, reserved. */
	if (ip >> 24 == 0 || ip >> 16 == 0xa9fe || ip >> 28 >= 0xe)
		return REACH_FORBIDDEN;
	return REACH_PUBLIC;
}

static enum reach
reach6(const struct in6_addr *a)
{
	const uint8_t *b = a->s6_addr;

	if (IN6_IS_ADDR_LOOPBACK(a))
		return REACH_LOOPBACK;
	if (IN6_IS_ADDR_V4MAPPED(a))
		return reach4((uint32_t)b[12] << 24 | (uint32_t)b[13] << 16 |
			      (uint32_t)b[14] << 8 | b[15]);
	if ((b[0] & 0xfe) == 0xfc)
		return REACH_PRIVATE;
	if (IN6_IS_ADDR_UNSPECIFIED(a) || IN6_IS_ADDR_LINKLOCAL(a) ||
	    IN6_IS_ADDR_MULTICAST(a))
		return REACH_FORBIDDEN;
	return REACH_PUBLIC;
}

static bool
is_house_name(const char *host)
{
	return strchr(host, '.') == NULL || g_str_has_suffix(host, ".internal") ||
	       g_str_has_suffix(host, ".local") || g_str_has_suffix(host, ".lan");
}

static enum reach
reach_of(const char *host)
{
	struct in6_addr v6;
	struct in_addr v4;

	if (inet_pton(AF_INET, host, &v4) == 1)
		return reach4(ntohl(v4.s_addr));
	if (inet_pton(AF_INET6, host, &v6) == 1)
		return reach6(&v6);
	if (g_ascii_strcasecmp(host, "localhost") == 0)
		return REACH_LOOPBACK;
	/* 127.1, 0x7f000001 and 2130706433 are addresses to a resolver. */
	if (inet_aton(host, &v4) != 0)
		return REACH_FORBIDDEN;
	return is_house_name(host) ? REACH_PRIVATE : REACH_NAME;
}

bool
url_is_loopback(const char *host)
{
	return reach_of(host) == REACH_LOOPBACK;
}

static void
refuse(struct pos at, struct report *r, const char *hint, const char *text)
{
	report_add(r, SEV_ERROR, at, "url", hint, "%s", text);
}

static void
check_parts(GUri *uri, bool internal, struct pos at, struct report *r)
{
	const char *scheme = g_uri_get_scheme(uri), *host = g_uri_get_host(uri);
	bool http = strcmp(scheme, "http") == 0;
	bool mail = strcmp(scheme, "smtp") == 0 || strcmp(scheme, "smtps") == 0;
	enum reach reach;

	if ((!http && !mail && strcmp(scheme, "https") != 0) || host == NULL ||
	    host[0] == '\0') {
		refuse(at, r, "write https://HOST/PATH", "this is not a web address");
		return;
	}
	if (mail && (g_uri_get_path(uri)[0] != '\0' || g_uri_get_query(uri) != NULL))
		refuse(at, r, "write smtp://HOST:587 or smtps://HOST:465",
		    "the address of a mail server has no path");
	if (g_uri_get_userinfo(uri) != NULL)
		refuse(at, r,
		    mail ? "write user: and password: { credential: NAME }" :
			   "put it into a header as {{ credential.NAME }}",
		    "a secret in the address would end up in logs");
	reach = reach_of(host);
	if (reach == REACH_FORBIDDEN)
		refuse(at, r, "",
		    "this address is never called: it is link-local or reserved");
	else if (internal && (reach == REACH_PUBLIC || reach == REACH_NAME))
		refuse(at, r, "delete internal: true and use https",
		    "\"internal: true\" is for loopback and private addresses");
	else if (!internal && (reach == REACH_LOOPBACK || reach == REACH_PRIVATE))
		refuse(at, r, "write internal: true if that is meant",
		    "a loopback or private address");
	else if (!internal && http)
		refuse(at, r, "write https://",
		    "customers' data is not sent over plain http");
}

void
url_check(const char *url, bool internal, struct pos at, struct report *r)
{
	GUri *uri;

	if (strstr(url, "{{") != NULL || strstr(url, "{%") != NULL) {
		refuse(at, r, "put what varies into headers or body",
		    "the address is fixed text");
		return;
	}
	uri = g_uri_parse(url, G_URI_FLAGS_NONE, NULL);
	if (uri == NULL) {
		refuse(at, r, "write https://HOST/PATH", "this is not a web address");
		return;
	}
	check_parts(uri, internal, at, r);
	g_uri_unref(uri);
}
