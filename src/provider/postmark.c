/* postmark.c - `type: postmark`: email by Postmark (postmarkapp.com), up to 500 a call.
 *
 * Each mail of a call has an answer of its own, in one HTTP 200. It knows no idempotency.
 * Its search finds a mail by our reference, but a call carries no signed time: that a
 * mail is not there never proves that it will not come. So a lost answer is settled by
 * what is found or by receipts, and never sent again. Those are not signed: Basic auth in
 * the webhook's address, or our secret in its path. Forged ones get 401 and not its 403:
 * that would also end the retries of an account whose password was mistyped. */
#include <string.h>

#include "mail_json.h"
#include "base/json.h"
#include "postmark.h"
#include "services.h"

#define BATCH 100 /* it takes 500; the call must also be read in one go here */
#define FIND_FOR (15 * MS_MINUTE) /* its search lists a mail moments after it was taken */
#define BYTES_MAX (512U << 10)    /* 50 MB a call */

static const struct provider_setting settings[] = {
	MAIL_SETTINGS,
	{ "server_token", "of the server there", SETTING_NEEDED | SETTING_SECRET },
	{ "stream", "the message stream of service mails; else outbound", 0 },
	{ "marketing_stream", "that of marketing mails; else broadcast", 0 },
	{ "inbound",
	    "the inbound address there: answers go to it with our reference, instead of "
	    "to "
	    "reply_to",
	    0 },
	{ "webhook_user", "of the webhook's address https://USER:PASSWORD@...", 0 },
	{ "webhook_password", "its password", SETTING_SECRET },
	{ "pull",
	    "how often failures and refusals are asked for, as in 1m, instead of "
	    "webhooks; "
	    "beside them it is once an hour",
	    0 },
	{ NULL, NULL, 0 },
};

static void
postmark_check(const struct account *acc, struct report *r)
{
	const char *inbound = provider_setting(acc, "inbound");
	struct arena *a = arena_new();

	mail_check(acc, r);
	provider_pull_check(acc, r);
	if (!provider_is_set(acc, "pull") && !provider_is_set(acc, "webhook_user") &&
	    acc->hook_credential == NULL && acc->hook_secret == NULL)
		provider_mistake(acc, r,
		    "write webhook_user and webhook_password, or hook_secret: { "
		    "credential: "
		    "NAME }, and set the webhook there; or pull: 1m",
		    "a provider of type postmark needs its receipts");
	if (provider_is_set(acc, "webhook_user") !=
	    provider_is_set(acc, "webhook_password"))
		provider_mistake(acc, r, "write both, or neither and hook_secret",
		    "webhook_user and webhook_password go together");
	if (*inbound != '\0' &&
	    (*mail_json_address(a, inbound) == '\0' || strchr(inbound, '+') != NULL))
		provider_mistake(acc, r, "write inbound: HASH@inbound.postmarkapp.com",
		    "inbound is not an address without a +");
	if (*inbound != '\0' && provider_is_set(acc, "reply_to"))
		provider_mistake(
		    acc, r, "delete reply_to", "answers go to inbound or to reply_to");
	arena_free(a);
}

static void
postmark_capabilities(const struct account *acc, struct capabilities *out)
{
	*out = (struct capabilities){
		.region = REGION_OUTSIDE,
		.channels = 1U << CHANNEL_EMAIL,
		.batch = BATCH,
		.settle = SETTLE_RECEIPT,
		.finds = true,
		.lag = FIND_FOR,
		.tells = true,
		.match = MATCH_REF,
		.receipts = true,
		.replies = *provider_setting(acc, "inbound") != '\0',
		.opens = true,
		.clicks = true,
		.pull = provider_pull_every(acc, MS_HOUR),
		.pulls_receipts = true,
	};
}

static const char *
postmark_refuses(const struct account *acc, const struct parcel *p, struct arena *a)
{
	return mail_refuses(acc, p, BYTES_MAX, a);
}

/* Message -> request ------------------------------------------------------------------ */

const char *
postmark_stream(const struct account *acc, enum category category)
{
	bool marketing = category == CATEGORY_MARKETING;
	const char *own =
	    provider_setting(acc, marketing ? "marketing_stream" : "stream");

	return *own != '\0' ? own : marketing ? "broadcast" : "outbound";
}

/* HASH+REF@inbound...: an answer tells which mail it answers. */
static const char *
answers_to(const struct account *acc, const struct mail *m, struct arena *a)
{
	const char *inbound = provider_setting(acc, "inbound"),
		   *at = strchr(inbound, '@');

	return at == NULL ? m->reply_to
			  : arena_printf(
				a, "%.*s+%s%s", (int)(at - inbound), inbound, m->ref, at);
}

static json_t *
letter(const struct account *acc, const struct parcel *p, const struct mail *m,
    struct arena *a)
{
	json_t *j = json_pack("{ss ss ss}", "From", mail_json_from(a, m), "To", m->to,
	    "Subject", m->subject);
	json_t *fields = json_array();

	mail_json_set(j, "TextBody", m->text);
	mail_json_set(j, "HtmlBody", m->html);
	mail_json_set(j, "ReplyTo", answers_to(acc, m, a));
	for (int i = 0; i < m->n_fields; i++)
		json_array_append_new(fields, mail_json_pair("Name", m->fields[i].name,
						  "Value", m->fields[i].value));
	json_object_set_new(j, "Headers", fields);
	json_object_set_new(j, "Metadata", json_pack("{ss}", "reach_id", m->ref));
	/* Opens and clicks come by our own links. */
	json_object_set_new(j, "TrackOpens", json_false());
	mail_json_set(j, "TrackLinks", "None");
	mail_json_set(j, "MessageStream", postmark_stream(acc, p->category));
	return j;
}

static int
postmark_request(const struct account *acc, const struct config *cfg,
    const struct parcel *p, int n, ms_t sig_ts, struct arena *a,
    struct provider_request *out, struct err *e)
{
	json_t *all = mail_json_all(acc, p, n, sig_ts, letter, a, e);

	(void)cfg;
	if (all == NULL)
		return -1;
	wire_json(out, a, provider_url(acc, a, "/email/batch"), all);
	wire_header(out, a, "Accept", "application/json");
	wire_header(
	    out, a, "X-Postmark-Server-Token", provider_setting(acc, "server_token"));
	return 0;
}

/* Answer -> outcome --------------------------------------------------------------------- */

enum verdict { LATER, CONTENT, INACTIVE, STOP, CANNOT_TELL };

/* STOP: the token, the sender, the money, or a call that is wrong as a whole. */
static const struct {
	int code;
	enum verdict verdict;
} codes[] = {
	{ 100, LATER },
	{ 429, LATER },
	{ 300, CONTENT },
	{ 406, INACTIVE },
	{ 10, STOP },
	{ 400, STOP },
	{ 401, STOP },
	{ 405, STOP },
	{ 412, STOP },
	{ 413, STOP },
	{ 1235, STOP },
	{ 402, STOP },
	{ 403, STOP },
	{ 409, STOP },
	{ 410, STOP },
	{ 411, CONTENT },
};

static enum verdict
verdict_of(json_int_t code)
{
	for (size_t i = 0; i < G_N_ELEMENTS(codes); i++)
		if (codes[i].code == code)
			return codes[i].verdict;
	return CANNOT_TELL;
}

static void
judge(const json_t *row, bool whole_batch, struct answer *out)
{
	json_int_t code = json_integer_value(json_object_get(row, "ErrorCode"));
	const char *message = json_string_value(json_object_get(row, "Message"));
	enum verdict v = verdict_of(code);

	*out = (struct answer){ .outcome = v == CANNOT_TELL ? OUTCOME_UNKNOWN
					   : v == LATER     ? OUTCOME_REFUSED_RETRY
							    : OUTCOME_REJECTED,
		.freeze = v == STOP,
		/* A hard bounce, a complaint or a refusal: it does not say which. */
		.opted_out = v == INACTIVE,
		.bad_address = v == CONTENT && code == 300 && message != NULL &&
			       strstr(message, "'To'") != NULL };
	if (whole_batch && (v == CONTENT || v == INACTIVE))
		*out = (struct answer){ .outcome = OUTCOME_REFUSED_RETRY, .alone = true };
	g_snprintf(out->perr, sizeof out->perr, "%" JSON_INTEGER_FORMAT, code);
}

static void
read_row(const json_t *row, struct answer *out)
{
	const json_t *code = json_object_get(row, "ErrorCode");
	const char *id = json_string_value(json_object_get(row, "MessageID"));

	if (!json_is_integer(code))
		return;
	if (json_integer_value(code) != 0) {
		judge(row, false, out);
	} else if (id != NULL && *id != '\0' && strlen(id) < sizeof out->provider_id) {
		*out = (struct answer){ .outcome = OUTCOME_ACCEPTED };
		g_strlcpy(out->provider_id, id, sizeof out->provider_id);
	}
}

/* An answer to the call as a whole. */
static void
read_whole(const json_t *j, int status, int n, struct answer *out)
{
	const json_t *code = json_object_get(j, "ErrorCode");
	bool told = json_is_integer(code) && json_integer_value(code) != 0;

	if (told && (status < 500 || json_integer_value(code) == 100))
		judge(j, n > 1, out);
	else if (status >= 300 && status < 400)
		out->outcome = OUTCOME_REJECTED, out->freeze = true;
	else if (status == 401)
		out->outcome = OUTCOME_REJECTED, out->freeze = true;
	else if (status == 429)
		out->outcome = OUTCOME_REFUSED_RETRY;
	else if (status == 413 && n > 1)
		out->outcome = OUTCOME_REFUSED_RETRY, out->alone = true;
	else if (status == 413)
		out->outcome = OUTCOME_REJECTED;
}

static void
postmark_answer(const struct account *acc, const struct parcel *p, int n,
    const struct provider_reply *reply, struct answer *out)
{
	json_t *j = json_read(reply->body, reply->len);

	(void)acc;
	(void)p;
	for (int i = 0; i < n; i++) {
		out[i] = (struct answer){ .outcome = OUTCOME_UNKNOWN };
		g_snprintf(out[i].perr, sizeof out[i].perr, "http-%d", reply->status);
		if (reply->status != 200)
			read_whole(j, reply->status, n, &out[i]);
		else if (json_array_size(j) == (size_t)n)
			read_row(json_array_get(j, (size_t)i), &out[i]);
	}
	json_decref(j);
	wire_pace(reply, NULL, NULL, out, n);
}

const struct provider postmark_provider = {
	.name = "postmark",
	.summary =
	    "email by Postmark: batches with an answer for each mail, answers by mail",
	.url = "https://api.postmarkapp.com",
	.settings = settings,
	.check = postmark_check,
	.probe = &postmark_probe,
	.capabilities = postmark_capabilities,
	.lint = mail_lint,
	.refuses = postmark_refuses,
	.request = postmark_request,
	.answer = postmark_answer,
	.query = postmark_query,
	.query_answer = postmark_query_answer,
	.pull = postmark_pull,
	.pull_answer = postmark_pull_answer,
	.signs = true, /* or shows a password: postmark_hook looks */
	.hook = postmark_hook,
};
