/* secret.c - secrets written into a file that is shown, mailed and kept under version
 * control. */
#include <string.h>

#include "read.h"

/* A name that promises a secret, then a literal value of some length. */
#define NAMES                                                                            \
	"(authorization|api[-_]?key|app[-_]?key|access[-_]?key|[a-z0-9_-]*secret[a-z_]*" \
	"|"                                                                              \
	"[a-z0-9_-]*token|passw(or)?d|passwd|pwd|x-auth[a-z-]*|signature[-_]?key)"

static void
refuse(const struct yaml *value, struct report *r)
{
	report_add(r, SEV_ERROR, value->at, "secret",
	    "write {{ credential.NAME }} and keep the secret in a file of that name",
	    "a secret is written into this file");
}

static bool
matches(const char *pattern, const char *text)
{
	return g_regex_match_simple(pattern, text, G_REGEX_CASELESS, 0);
}

/* {{ ... }} taken out: what is left is written as it stands. */
static char *
literal_of(const char *text)
{
	GString *out = g_string_new(NULL);
	const char *open, *close;

	while (
	    (open = strstr(text, "{{")) != NULL && (close = strstr(open, "}}")) != NULL) {
		g_string_append_len(out, text, open - text);
		text = close + 2;
	}
	g_string_append(out, text);
	return g_string_free(out, FALSE);
}

void
secret_check(const char *name, const struct yaml *value, struct report *r)
{
	char *literal = literal_of(value->text);
	bool secret;

	if (matches("^" NAMES "$", name))
		/* "Bearer " and the like may stand before what is filled in. */
		secret = matches("[^\\s:;,=&]{4,}\\s*$", literal) &&
			 !(strstr(value->text, "{{") != NULL &&
			     matches("^\\s*[a-z]+\\s*$", literal));
	else
		secret = matches("\\b(bearer|basic)\\s+[a-z0-9+/=._~-]{4,}", literal) ||
			 matches("[\"'?&\\s{,]" NAMES
				 "[\"']?\\s*[:=]\\s*[\"']?[a-z0-9+/=._~-]{4,}",
			     literal);
	if (secret)
		refuse(value, r);
	g_free(literal);
}
