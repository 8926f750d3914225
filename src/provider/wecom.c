/* wecom.c - the settings and the token of WeCom. */
#include "wecom.h"

#include <string.h>

#define KEY_LENGTH 43

/* Settings ------------------------------------------------------------------------- */

bool
wecom_hears(const struct account *acc)
{
	return provider_setting(acc, "callback_token")[0] != '\0' &&
	       provider_setting(acc, "callback_key")[0] != '\0';
}

static const struct setting *
written(const struct account *acc, const char *name)
{
	for (int i = 0; i < acc->n_settings; i++)
		if (strcmp(acc->settings[i].name, name) == 0)
			return &acc->settings[i];
	return NULL;
}

void
wecom_check(const struct account *acc, struct report *r)
{
	const struct setting *token = written(acc, "callback_token"),
			     *key = written(acc, "callback_key");

	if ((token == NULL) != (key == NULL))
		report_add(r, SEV_ERROR, token != NULL ? token->at : key->at, "missing",
		    "write both callback_token and callback_key, or neither",
		    "a callback needs its token and its key");
}

void
wecom_secrets(const struct account *acc, struct report *r)
{
	const struct setting *key = written(acc, "callback_key");

	if (key != NULL && key->value != NULL && strlen(key->value) != KEY_LENGTH)
		report_add(r, SEV_ERROR, key->at, "secret",
		    "copy EncodingAESKey from WeCom's admin pages",
		    "callback_key has 43 characters, not %zu", strlen(key->value));
}

const char *
wecom_too_long(
    const struct account *acc, const struct parcel *p, size_t max, struct arena *a)
{
	return strlen(p->text) <= max
		   ? NULL
		   : arena_printf(a, "%s takes %zu bytes of text, not %zu", acc->name,
			 max, strlen(p->text));
}

const char *
wecom_call(const struct account *acc, struct arena *a, const char *path)
{
	return provider_url(
	    acc, a, arena_printf(a, "%s?access_token=" PROVIDER_TOKEN, path));
}

/* The token ------------------------------------------------------------------------ */

static const char *
token_key(const struct account *acc, struct arena *a)
{
	return wire_key(
	    a, arena_printf(a, "wecom %s %s %s", provider_url(acc, a, ""),
		   provider_setting(acc, "corp_id"), provider_setting(acc, "secret")));
}

static int
token_request(const struct account *acc, const struct config *cfg, struct arena *a,
    struct provider_request *out, struct err *e)
{
	GString *query = g_string_new(NULL);

	(void)cfg;
	(void)e;
	wire_field(query, "corpid", provider_setting(acc, "corp_id"));
	wire_field(query, "corpsecret", provider_setting(acc, "secret"));
	wire_get(out,
	    provider_url(acc, a, arena_printf(a, "/cgi-bin/gettoken?%s", query->str)));
	g_string_free(query, TRUE);
	return 0;
}

static bool
token_answer(const struct account *acc, int status, const char *body, size_t len,
    char *token, size_t size, ms_t *life, struct answer *why)
{
	json_t *j = json_loadb(body, len, 0, NULL);
	const char *got = json_string_value(json_object_get(j, "access_token"));
	json_int_t span = json_integer_value(json_object_get(j, "expires_in"));
	int64_t code;
	bool coded = wecom_errcode(j, &code), ok;

	(void)acc;
	*why = (struct answer){ .outcome = OUTCOME_UNKNOWN };
	g_snprintf(why->perr, sizeof(why->perr), "http-%d", status);
	if (coded && code != 0)
		wecom_judge(status, code, why);
	ok = status == 200 && coded && code == 0 && got != NULL && got[0] != '\0' &&
	     strlen(got) < size && span > 0;
	if (ok) {
		g_strlcpy(token, got, size);
		*life = MIN(span * MS_SECOND, WECOM_TOKEN_LIFE);
	}
	json_decref(j);
	return ok;
}

const struct provider_token wecom_token = { token_key, token_request, token_answer };
