/* rule.c - rules over answers: status, a dotted JSON path, the text it must hold. */
#include "rule.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void
rule_unknown(struct answer *out)
{
	memset(out, 0, sizeof *out);
	out->outcome = OUTCOME_UNKNOWN;
}

static const json_t *
step(const json_t *at, const char *name, size_t len)
{
	char key[128];
	if (len == 0 || len >= sizeof key)
		return NULL;
	memcpy(key, name, len);
	key[len] = '\0';
	if (json_is_object(at))
		return json_object_get(at, key);
	if (!json_is_array(at) || strspn(key, "0123456789") != len || len > 6)
		return NULL;
	return json_array_get(at, (size_t)atoi(key));
}

bool
rule_text(const json_t *body, const char *dotted, char *out, size_t n)
{
	const json_t *at = body;
	for (const char *p = dotted; at != NULL;) {
		size_t len = strcspn(p, ".");
		at = step(at, p, len);
		if (p[len] == '\0')
			break;
		p += len + 1;
	}
	int wrote = -1;
	if (json_is_string(at) && strlen(json_string_value(at)) == json_string_length(at))
		wrote = snprintf(out, n, "%s", json_string_value(at));
	else if (json_is_integer(at))
		wrote = snprintf(out, n, "%" JSON_INTEGER_FORMAT, json_integer_value(at));
	else if (json_is_real(at))
		wrote = snprintf(out, n, "%.15g", json_real_value(at));
	else if (json_is_boolean(at))
		wrote = snprintf(out, n, "%s", json_is_true(at) ? "true" : "false");
	return wrote >= 0 && (size_t)wrote < n;
}

bool
rule_match(const struct answer_rule *r, int status, const json_t *body)
{
	if (r->status != 0 && r->status != status)
		return false;
	if (r->field == NULL)
		return true;
	char text[256];
	if (!rule_text(body, r->field, text, sizeof text))
		return false;
	return r->equals == NULL || strcmp(text, r->equals) == 0;
}

/* Statuses that say the account itself is wrong: nothing else will pass either. */
static bool
account_is_wrong(int status)
{
	static const int list[] = { 401, 402, 403, 404, 405, 407, 410 };
	for (size_t i = 0; i < sizeof list / sizeof list[0]; i++)
		if (list[i] == status)
			return true;
	return status >= 300 && status < 400; /* never followed */
}

void
rule_status(int status, struct answer *out)
{
	rule_unknown(out);
	snprintf(out->perr, sizeof out->perr, "http-%d", status);
	if (status == 429) {
		out->outcome = OUTCOME_REFUSED_RETRY;
	} else if (status >= 300 && status < 500 && status != 408 && status != 425) {
		out->outcome = OUTCOME_REJECTED;
		out->freeze = account_is_wrong(status);
	}
}
