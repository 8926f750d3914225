/* phone.c - the canonical form of phone numbers and mailboxes. */
#include "core/phone.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include <glib.h>

#include "base/text.h"

#define DIGITS_MAX 15 /* E.164 */

/* What people and contact programs put between digits. */
static bool
is_separator(gunichar c)
{
	switch (g_unichar_type(c)) {
	case G_UNICODE_SPACE_SEPARATOR:
	case G_UNICODE_DASH_PUNCTUATION:
	case G_UNICODE_FORMAT:
	case G_UNICODE_CONTROL:
		return true;
	default:
		return c == '(' || c == ')' || c == '.' || c == '/' ||
		       c == 0x2212; /* minus */
	}
}

/* Leaves "+" (only in front) and digits in out; false when there is anything else. */
static bool
squeeze(const char *text, char *out, size_t n)
{
	char *valid = g_str_is_ascii(text) ? NULL : g_utf8_make_valid(text, -1);
	char *plain = valid == NULL ? g_strdup(text)
				    : g_utf8_normalize(valid, -1, G_NORMALIZE_ALL_COMPOSE);
	size_t len = 0;
	const char *p;
	bool ok = true;

	/* Spreadsheets turn a number into 15400001234.0. */
	if (g_str_has_suffix(plain, ".0"))
		plain[strlen(plain) - 2] = '\0';
	for (p = plain; *p != '\0' && ok; p = g_utf8_next_char(p)) {
		gunichar c = g_utf8_get_char(p);

		if (is_separator(c))
			continue;
		ok = len + 1 < n && (g_ascii_isdigit(*p) || (c == '+' && len == 0));
		if (ok)
			out[len++] = *p;
	}
	out[len] = '\0';
	g_free(plain);
	g_free(valid);
	return ok;
}

/* A Chinese mobile number without its country: 1, then 3 to 9, eleven digits. */
static bool
is_mobile(const char *d)
{
	return strlen(d) == 11 && d[0] == '1' && d[1] >= '3';
}

/* Area code without its 0, then the subscriber: 10 and 2x have two digits and eight
 * after them, the others three and seven or eight. */
static bool
is_landline(const char *d)
{
	size_t len = strlen(d), area = (d[0] == '1' || d[0] == '2') ? 2 : 3;

	if (len < 10 || (d[0] == '1' && d[1] != '0') || d[0] == '0')
		return false;
	if (len != area + 8 && !(area == 3 && len == area + 7))
		return false;
	return d[area] >= '2';
}

static enum phone_kind
chinese(const char *d, bool area_marked, char *out)
{
	enum phone_kind kind = PHONE_BAD;

	/* 0138...: as it was dialled from another province. No area code begins so. */
	if (d[0] == '0' && is_mobile(d + 1))
		d++;
	if (is_mobile(d))
		kind = PHONE_MOBILE;
	else if (d[0] == '0' && is_landline(++d))
		kind = PHONE_LANDLINE;
	else if (area_marked && is_landline(d))
		kind = PHONE_LANDLINE;
	if (kind != PHONE_BAD)
		sprintf(out, "+86%s", d);
	return kind;
}

enum phone_kind
phone_normalise(const char *text, char *out)
{
	char squeezed[24], *d = squeezed;
	bool foreign = false;
	size_t len;

	out[0] = '\0';
	if (!squeeze(text, squeezed, sizeof(squeezed)))
		return PHONE_BAD;
	if (d[0] == '+') {
		foreign = true;
		d++;
	} else if (d[0] == '0' && d[1] == '0') {
		foreign = true;
		d += 2;
	}
	if (foreign && strncmp(d, "86", 2) == 0)
		return chinese(d + 2, true, out);
	len = strlen(d);
	if (foreign) {
		if (len < 8 || len > DIGITS_MAX || d[0] == '0')
			return PHONE_BAD;
		sprintf(out, "+%s", d);
		return PHONE_MOBILE;
	}
	if (len == 13 && strncmp(d, "86", 2) == 0 && is_mobile(d + 2))
		d += 2;
	return chinese(d, false, out);
}

/* The dot-atom of RFC 5322; quoted local parts are not in use. */
static bool
is_local_part(const char *s, size_t len)
{
	size_t i;

	if (len < 1 || len > 64 || s[0] == '.' || s[len - 1] == '.')
		return false;
	for (i = 0; i < len; i++) {
		if (!g_ascii_isalnum(s[i]) &&
		    strchr(".!#$%&'*+/=?^_`{|}~-", s[i]) == NULL)
			return false;
		if (s[i] == '.' && s[i + 1] == '.')
			return false;
	}
	return true;
}

static bool
is_domain(const char *s)
{
	int labels = 0;
	size_t len;

	if (strlen(s) > 253)
		return false;
	for (;; s += len + 1) {
		len = strspn(s, "abcdefghijklmnopqrstuvwxyz0123456789-");
		if (len < 1 || len > 63 || s[0] == '-' || s[len - 1] == '-')
			return false;
		labels++;
		if (s[len] == '\0')
			break;
		if (s[len] != '.')
			return false;
	}
	/* The last label is a name: this keeps addresses such as 10.0.0.1 out. */
	return labels >= 2 && len >= 2 && g_ascii_isalpha(s[0]);
}

/* A domain in other letters travels as punycode. */
static char *
in_ascii(char *mailbox)
{
	const char *at = strchr(mailbox, '@');
	char *host, *whole;

	if (at == NULL || g_str_is_ascii(mailbox) ||
	    (host = g_hostname_to_ascii(at + 1)) == NULL)
		return mailbox;
	whole = g_strdup_printf("%.*s@%s", (int)(at - mailbox), mailbox, host);
	g_free(host);
	g_free(mailbox);
	return whole;
}

int
email_normalise(const char *text, char *out, size_t n)
{
	char *valid = g_utf8_make_valid(text, -1);
	char *plain = g_utf8_normalize(valid, -1, G_NORMALIZE_ALL_COMPOSE);
	char *lower =
	    in_ascii(g_ascii_strdown(g_strstrip(text_clean(plain, false)), -1));
	const char *at = strchr(lower, '@');
	int result = -1;

	if (at != NULL && strlen(lower) <= 254 && strlen(lower) < n &&
	    is_local_part(lower, (size_t)(at - lower)) && is_domain(at + 1)) {
		g_strlcpy(out, lower, n);
		result = 0;
	}
	g_free(lower);
	g_free(plain);
	g_free(valid);
	return result;
}
