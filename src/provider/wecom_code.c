/* wecom_code.c - what WeCom's errcodes mean: to a message, to an account that is tried out, to who asks
 * about contacts. */
#include <string.h>

#include "wecom.h"

enum verdict {
	OPEN, /* it may have been taken all the same */
	BUSY,
	LATER,
	CROWDED,
	TOKEN,
	NOBODY,  /* at that address */
	WAIT,    /* the customer must write first */
	CONTENT, /* this message is at fault */
	STOP     /* the account is */
};

/* Of an account that is tried out: `as`, and the setting that is wrong, ODD where it
 * cannot be. unseen: that member or contact is not there, or not to be seen. */
static const struct code {
	int from, to;
	enum verdict verdict;
	enum probed_as as;
	const char *setting;
	bool unseen;
} codes[] = {
	{ -1, -1, OPEN, PROBED_LATER, "", false },
	{ 6000, 6000, BUSY, PROBED_ODD, "", false },
	{ 40001, 40001, STOP, PROBED_KEY, "secret", false },
	{ 40003, 40003, NOBODY, PROBED_ODD, "", true },
	{ 40007, 40008, CONTENT, PROBED_ODD, "", false },
	{ 40013, 40013, STOP, PROBED_KEY, "corp_id", false },
	{ 40014, 40014, TOKEN, PROBED_ODD, "", false },
	{ 40031, 40031, NOBODY, PROBED_ODD, "", true },
	{ 40056, 40056, STOP, PROBED_SETTING, "agent_id", false },
	{ 40058, 40058, CONTENT, PROBED_ODD, "", false },
	{ 40091, 40091, STOP, PROBED_KEY, "secret", false },
	{ 40096, 40096, NOBODY, PROBED_ODD, "", true },
	{ 40130, 40130, OPEN, PROBED_ODD, "", true },
	{ 41001, 41001, TOKEN, PROBED_ODD, "", false },
	{ 41033, 41033, CONTENT, PROBED_ODD, "", false },
	{ 41048, 41048, NOBODY, PROBED_ODD, "", false },
	{ 41063, 41063, BUSY, PROBED_ODD, "", false },
	{ 41064, 41064, CONTENT, PROBED_ODD, "", false },
	{ 42001, 42001, TOKEN, PROBED_ODD, "", false },
	{ 42014, 42014, CONTENT, PROBED_ODD, "", false },
	{ 42027, 42051, CONTENT, PROBED_ODD, "", false },
	{ 44004, 44004, CONTENT, PROBED_ODD, "", false },
	{ 45002, 45002, CONTENT, PROBED_ODD, "", false },
	{ 45009, 45009, LATER, PROBED_LATER, "", false },
	{ 45033, 45033, CROWDED, PROBED_LATER, "", false },
	{ 46004, 46004, NOBODY, PROBED_ODD, "", true },
	{ 48002, 48002, STOP, PROBED_STOPPED, "", false },
	{ 50002, 50003, STOP, PROBED_ODD, "", false },
	{ 60011, 60011, STOP, PROBED_MAY_NOT, "", true },
	{ 60020, 60020, STOP, PROBED_PLACE, "", false },
	{ 60111, 60111, NOBODY, PROBED_ODD, "", true },
	{ 81013, 81013, NOBODY, PROBED_ODD, "", true },
	{ 84061, 84061, NOBODY, PROBED_ODD, "", false },
	{ 84074, 84074, STOP, PROBED_STOPPED, "", true },
	{ 84084, 84084, NOBODY, PROBED_ODD, "", false },
	/* no such kf account: it is the setting, not the customer */
	{ 95000, 95000, STOP, PROBED_SETTING, "open_kfid", false },
	{ 95001, 95002, WAIT, PROBED_ODD, "", false },
	{ 95004, 95004, STOP, PROBED_SETTING, "open_kfid", false },
	{ 95013, 95013, WAIT, PROBED_ODD, "", false },
	{ 95017, 95017, STOP, PROBED_STOPPED, "", false },
	{ 95018, 95018, WAIT, PROBED_ODD, "", false },
	{ 95031, 95031, WAIT, PROBED_ODD, "", false },
	{ 301002, 301002, STOP, PROBED_SETTING, "agent_id", false },
	{ 301007, 301007, STOP, PROBED_STOPPED, "", false },
	{ 701001, 701001, STOP, PROBED_STOPPED, "", true },
	{ 701008, 701008, OPEN, PROBED_ODD, "", true },
};

static const struct code *
code_of(int64_t errcode)
{
	for (size_t i = 0; i < G_N_ELEMENTS(codes); i++)
		if (errcode >= codes[i].from && errcode <= codes[i].to)
			return &codes[i];
	return NULL;
}

static void
apply(enum verdict v, struct answer *out)
{
	if (v == OPEN)
		return;
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
	const struct code *c = code_of(errcode);

	*out = (struct answer){ .outcome = OUTCOME_UNKNOWN };
	g_snprintf(out->perr, sizeof(out->perr), "%" G_GINT64_FORMAT, errcode);
	if (status == 200 && c != NULL)
		apply(c->verdict, out);
}

void
wecom_strange(int status, struct answer *out)
{
	*out = (struct answer){ .outcome = OUTCOME_UNKNOWN };
	g_snprintf(out->perr, sizeof(out->perr), "http-%d", status);
	out->freeze = status >= 300 && status < 400;
	if (out->freeze)
		out->outcome = OUTCOME_REJECTED;
}

bool
wecom_unseen(int64_t errcode)
{
	const struct code *c = code_of(errcode);

	return c != NULL && c->unseen;
}

bool
wecom_probed(const json_t *j, int status, struct probed *out)
{
	int64_t errcode;
	bool coded = wecom_errcode(j, &errcode);
	const struct code *c = coded ? code_of(errcode) : NULL;

	*out = (struct probed){ .as = PROBED_ODD, .setting = "" };
	if (coded)
		g_snprintf(out->perr, sizeof(out->perr), "%" G_GINT64_FORMAT, errcode);
	else
		g_snprintf(out->perr, sizeof(out->perr), "http-%d", status);
	if (!coded && status >= 500)
		out->as = PROBED_LATER;
	if (c != NULL) {
		out->as = c->as;
		out->setting = c->setting;
	}
	return status == 200 && coded && errcode == 0;
}
