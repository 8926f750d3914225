#include "caller.h"

#include <string.h>

#include <glib.h>

static bool
loopback(const char *address)
{
	return g_str_has_prefix(address, "127.") || strcmp(address, "::1") == 0 ||
	       g_str_has_prefix(address, "::ffff:127.");
}

/* host without its port, and [] off. g_free. */
static char *
bare_host(const char *host)
{
	const char *end;

	if (*host == '[' && (end = strchr(host, ']')) != NULL)
		return g_strndup(host + 1, (gsize)(end - host - 1));
	end = strchr(host, ':');
	return g_strndup(host, end != NULL ? (gsize)(end - host) : strlen(host));
}

/* A number, or the one name that no foreign name server answers for. */
static bool
literal_host(const struct http_in *in)
{
	char *host = bare_host(http_in_field(in, "Host"));
	bool fits =
	    g_hostname_is_ip_address(host) || g_ascii_strcasecmp(host, "localhost") == 0;

	g_free(host);
	return fits;
}

static bool
forwarded(const struct http_in *in)
{
	static const char *const traces[] = { "Forwarded", "X-Forwarded-For",
		"X-Forwarded-Host", "X-Forwarded-Proto", "X-Real-IP", "Via" };

	for (size_t i = 0; i < G_N_ELEMENTS(traces); i++)
		if (*http_in_field(in, traces[i]) != '\0')
			return true;
	return false;
}

bool
caller_local(const struct http_in *in, enum web_face face)
{
	if (strcmp(in->peer, "unix") == 0)
		return face == WEB_STAFF;
	return loopback(in->peer) && loopback(in->client) && !forwarded(in) &&
	       literal_host(in);
}

const char *
caller_foreign(const struct http_in *in)
{
	const char *site = http_in_field(in, "Sec-Fetch-Site");
	const char *origin = http_in_field(in, "Origin");
	const char *host = strstr(origin, "://");

	if (*site != '\0' && strcmp(site, "same-origin") != 0 &&
	    strcmp(site, "none") != 0)
		return "a page of another web site sent this request";
	if (*origin != '\0' && (host == NULL || g_ascii_strcasecmp(host + 3,
						    http_in_field(in, "Host")) != 0))
		return "a page of another web site sent this request";
	if (loopback(in->peer) && !forwarded(in) && !literal_host(in))
		return "on this machine, ask for 127.0.0.1 or localhost, not for a name";
	return NULL;
}

bool
caller_wrong_host(const struct http_in *in, const char *public_url)
{
	const char *own = strstr(public_url, "://");

	if (own == NULL || literal_host(in))
		return false;
	char *authority = g_strndup(own + 3, strcspn(own + 3, "/?#"));
	char *wanted = bare_host(authority), *host = bare_host(http_in_field(in, "Host"));
	bool wrong =
	    g_ascii_strcasecmp(wanted, host) != 0 && !g_hostname_is_ip_address(wanted);
	g_free(authority);
	g_free(wanted);
	g_free(host);
	return wrong;
}
