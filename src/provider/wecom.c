/* wecom.c - the token and the error codes of WeCom. */
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
wecom_call(const struct account *acc, struct arena *a, const char *path)
{
	return provider_url(
	    acc, a, arena_printf(a, "%s?access_token=" PROVIDER_TOKEN, path));
}

/* Error codes ---------------------------------------------------------------------- */

enum verdict { BUSY, LATER, CROWDED, TOKEN, NOBODY, WAIT, CONTENT, STOP };

/* -1 (busy) stands with what nothing recognises: it may have been taken. */
static const struct {
	int from, to;
	enum verdict verdict;
} codes[] = {
	/* later */
	{ 6000, 6000, BUSY },
	{ 41063, 41063, BUSY },
	{ 45009, 45009, LATER },
	{ 45033, 45033, CROWDED },
	/* the token */
	{ 40014, 40014, TOKEN },
	{ 42001, 42001, TOKEN },
	{ 41001, 41001, TOKEN },
	/* nobody is there */
	{ 81013, 81013, NOBODY },
	{ 40003, 40003, NOBODY },
	{ 60111, 60111, NOBODY },
	{ 46004, 46004, NOBODY },
	{ 40031, 40031, NOBODY },
	{ 40096, 40096, NOBODY },
	{ 84061, 84061, NOBODY },
	{ 84084, 84084, NOBODY },
	{ 41048, 41048, NOBODY },
	/* the customer must write first */
	{ 95001, 95002, WAIT },
	{ 95018, 95018, WAIT },
	{ 95013, 95013, WAIT },
	{ 95031, 95031, WAIT },
	/* this message */
	{ 40058, 40058, CONTENT },
	{ 45002, 45002, CONTENT },
	{ 44004, 44004, CONTENT },
	{ 41033, 41033, CONTENT },
	{ 42014, 42014, CONTENT },
	{ 42027, 42051, CONTENT },
	{ 40007, 40008, CONTENT },
	{ 41064, 41064, CONTENT },
	/* the account */
	{ 40001, 40001, STOP },
	{ 40013, 40013, STOP },
	{ 40091, 40091, STOP },
	{ 40056, 40056, STOP },
	{ 301002, 301002, STOP },
	{ 48002, 48002, STOP },
	{ 50002, 50003, STOP },
	{ 60011, 60011, STOP },
	{ 60020, 60020, STOP },
	{ 84074, 84074, STOP },
	{ 301007, 301007, STOP },
	{ 701001, 701001, STOP },
	{ 95017, 95017, STOP },
	/* no such kf account: it is the setting, not the customer */
	{ 95000, 95000, STOP },
	{ 95004, 95004, STOP },
};

static void
apply(enum verdict v, struct answer *out)
{
	out->outcome = v == NOBODY || v == CONTENT || v == STOP ? OUTCOME_REJECTED
								: OUTCOME_REFUSED_RETRY;
	out->bad_address = v == NOBODY;
	out->freeze = v == STOP;
	out->stale_token = v == TOKEN;
	out->number = out->shut = v == WAIT;
	out->retry_after = v == LATER                  ? MS_MINUTE
			   : v == BUSY || v == CROWDED ? MS_SECOND
						       : 0;
}

bool
wecom_errcode(const json_t *j, int64_t *code)
{
	const json_t *v = json_object_get(j, "errcode");

	*code = json_integer_value(v);
	return json_is_integer(v);
}

void
wecom_judge(int status, int64_t errcode, struct answer *out)
{
	*out = (struct answer){ .outcome = OUTCOME_UNKNOWN };
	g_snprintf(out->perr, sizeof(out->perr), "%" G_GINT64_FORMAT, errcode);
	for (size_t i = 0; status == 200 && i < G_N_ELEMENTS(codes); i++)
		if (errcode >= codes[i].from && errcode <= codes[i].to)
			apply(codes[i].verdict, out);
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
		*life = MIN(span, 7200) * MS_SECOND;
	}
	json_decref(j);
	return ok;
}

const struct provider_token wecom_token = { token_key, token_request, token_answer };
