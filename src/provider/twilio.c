/* twilio.c - `type: twilio`: Programmable Messaging (2010-04-01), one message a call.
 *
 * It knows no idempotency and no reference of ours, so the reference stands in the
 * StatusCallback: the first callback, whatever it says, proves that a message was
 * taken. So does a message in its list with our words to that number at that time.
 * Silence proves nothing: what has no answer is never sent again.
 *
 * Callbacks and replies are signed with the account's auth token, also where requests
 * go with an API key: HMAC-SHA1 over the address as configured and the parameters.
 * Only 429 is documented as never processed; their own 5xx may have been taken. */
#include "twilio.h"

#include <string.h>

#include "provider/doctor.h"
#include "services.h"

#define BODY_MAX 1600
#define VALTWILIO_ID_MAX 36000 /* seconds; ValidityPeriod */
#define QUEUE_FULL (5 * MS_MINUTE)
#define FIND_FOR (15 * MS_MINUTE) /* its list has a message moments after it was taken */

static const struct provider_setting settings[] = {
	{ "account_sid", "of the account, AC...", SETTING_NEEDED },
	{ "auth_token", "of the account, primary: it signs webhooks, too",
	    SETTING_NEEDED | SETTING_SECRET },
	{ "api_key", "SK...: requests go with this key; else with the auth token", 0 },
	{ "api_secret", "of that key", SETTING_SECRET },
	{ "from", "sender: +1..., a short code or letters; or messaging_service", 0 },
	{ "messaging_service", "MG...: its senders, its handling of STOP", 0 },
	{ "pull",
	    "how often statuses and replies are asked for, as in 1m, instead of "
	    "webhooks; "
	    "beside them it is once an hour",
	    0 },
	{ NULL, NULL, 0 },
};

static void
twilio_check(const struct account *acc, struct report *r)
{
	const char *sid = provider_setting(acc, "account_sid"),
		   *service = provider_setting(acc, "messaging_service");

	if (provider_is_set(acc, "account_sid") && !g_str_has_prefix(sid, "AC"))
		provider_mistake(acc, r,
		    "copy the Account SID; keys (SK...) go to api_key",
		    "account_sid does not begin with AC");
	if (provider_is_set(acc, "from") == provider_is_set(acc, "messaging_service"))
		provider_mistake(acc, r,
		    "write from: \"+1...\", or messaging_service: MG..., not both",
		    "a provider of type twilio needs one sender");
	else if (provider_is_set(acc, "messaging_service") &&
		 !g_str_has_prefix(service, "MG"))
		provider_mistake(acc, r, "a telephone number goes to from",
		    "messaging_service does not begin with MG");
	if (provider_is_set(acc, "api_key") != provider_is_set(acc, "api_secret"))
		provider_mistake(acc, r, "write both, or neither",
		    "api_key and api_secret go together");
	provider_pull_check(acc, r);
}

static void
twilio_capabilities(const struct account *acc, struct capabilities *out)
{
	*out = (struct capabilities){
		.region = REGION_OUTSIDE,
		.channels = 1U << CHANNEL_SMS,
		.batch = 1,
		.settle = SETTLE_RECEIPT,
		.finds = true,
		.lag = FIND_FOR,
		.tells = true,
		.keeps = true,
		.match = MATCH_REF,
		.receipts = true,
		.replies = true,
		.bare = true,
		.pull = provider_pull_every(acc, MS_HOUR),
	};
}

/* Texts -------------------------------------------------------------------------- */

/* As a telephone counts: what is beyond 16 bits is two. */
static glong
length_of(const char *text)
{
	glong n = 0;
	for (const char *p = text; *p != '\0'; p = g_utf8_next_char(p))
		n += g_utf8_get_char(p) > 0xffff ? 2 : 1;
	return n;
}

static void
twilio_lint(const struct account *acc, const struct template *t, const char *text,
    struct report *r)
{
	glong n = length_of(text);
	if (n > BODY_MAX)
		report_add(r, SEV_ERROR, t->at, "registered", "shorten it",
		    "%s takes %d characters, and this has %ld without its variables",
		    acc->name, BODY_MAX, n);
}

static const char *
twilio_refuses(const struct account *acc, const struct parcel *p, struct arena *a)
{
	glong n = length_of(p->text);
	return n <= BODY_MAX ? NULL
			     : arena_printf(a, "%s takes %d characters, not %ld",
				   acc->name, BODY_MAX, n);
}

/* Message -> request ---------------------------------------------------------------- */

void
twilio_auth(const struct account *acc, struct arena *a, struct provider_request *out)
{
	const char *key = provider_setting(acc, "api_key");

	if (key[0] != '\0')
		wire_basic(out, a, key, provider_setting(acc, "api_secret"));
	else
		wire_basic(out, a, provider_setting(acc, "account_sid"),
		    provider_setting(acc, "auth_token"));
}

const char *
twilio_path(const struct account *acc, struct arena *a, const char *below)
{
	return arena_printf(
	    a, "/2010-04-01/Accounts/%s/%s", provider_setting(acc, "account_sid"), below);
}

/* It refuses a message whose StatusCallback it could not reach. */
static bool
is_told(const struct account *acc, const struct config *cfg)
{
	return !provider_is_set(acc, "pull") &&
	       (acc->internal || doctor_reachable(cfg->public_url));
}

/* Where it tells what becomes of this message. */
static const char *
callback_of(
    const struct account *acc, const struct config *cfg, const char *ref, struct arena *a)
{
	bool secret = acc->hook_secret != NULL && acc->hook_secret[0] != '\0';
	return arena_printf(a, "%s/hooks/twilio/%s%s%s?ref=%s", cfg->public_url,
	    acc->name, secret ? "/" : "", secret ? acc->hook_secret : "", ref);
}

static void
add_validity(GString *form, const struct parcel *p, ms_t now)
{
	char seconds[32];
	if (p->expires_at == 0)
		return;
	g_snprintf(seconds, sizeof seconds, "%d",
	    (int)CLAMP((p->expires_at - now) / MS_SECOND, 1, VALTWILIO_ID_MAX));
	wire_field(form, "ValidityPeriod", seconds);
}

static int
twilio_request(const struct account *acc, const struct config *cfg,
    const struct parcel *p, int n, ms_t sig_ts, struct arena *a,
    struct provider_request *out, struct err *e)
{
	const char *service = provider_setting(acc, "messaging_service");
	GString *form = g_string_new(NULL);
	(void)n;
	(void)e;
	wire_field(form, "To", p->to);
	if (service[0] != '\0')
		wire_field(form, "MessagingServiceSid", service);
	else
		wire_field(form, "From", provider_setting(acc, "from"));
	wire_field(form, "Body", p->text);
	if (is_told(acc, cfg))
		wire_field(form, "StatusCallback", callback_of(acc, cfg, p->ref, a));
	add_validity(form, p, sig_ts);
	twilio_auth(acc, a, out);
	wire_form(out, a, provider_url(acc, a, twilio_path(acc, a, "Messages.json")),
	    form->str);
	g_string_free(form, TRUE);
	return 0;
}

/* Answer -> outcome --------------------------------------------------------------------- */

enum verdict { OTHER, LATER, FULL, NOBODY, STOPPED, CONTENT, STOP, CANNOT_TELL };

static const struct {
	int code;
	enum verdict verdict;
} codes[] = { { 20500, CANNOT_TELL }, { 20503, CANNOT_TELL }, { 20429, LATER },
	{ 21611, FULL }, /* of one sender; hours of messages wait in it */
	{ 21211, NOBODY }, { 21214, NOBODY }, { 21217, NOBODY }, { 21614, NOBODY },
	{ 30005, NOBODY }, { 30006, NOBODY }, { 21610, STOPPED },
	{ 21612, CONTENT }, /* not from this sender: says nothing about the number */
	{ 21602, CONTENT }, { 21617, CONTENT }, { 30007, CONTENT }, { 30019, CONTENT },
	{ 20003, STOP }, { 20005, STOP }, { 20404, STOP }, { 30002, STOP },
	{ 21212, STOP }, { 21408, STOP }, { 21603, STOP }, { 21606, STOP },
	{ 21659, STOP }, { 21660, STOP }, { 21701, STOP }, { 21703, STOP },
	{ 21705, STOP }, { 30034, STOP }, { 63038, STOP } };

static enum verdict
verdict_of(gint64 code)
{
	for (size_t i = 0; i < G_N_ELEMENTS(codes); i++)
		if (codes[i].code == code)
			return codes[i].verdict;
	return OTHER;
}

/* An error of theirs. One we do not know is refused when the status says so: they make a
 * message (201) or an error, never both. */
static void
judge(gint64 code, int status, struct answer *out)
{
	enum verdict v = status == 429 ? LATER : verdict_of(code);
	bool refused = status >= 400 && status < 500 && status != 408 && status != 425;

	g_snprintf(out->perr, sizeof out->perr, "%" G_GINT64_FORMAT, code);
	if (!refused || v == CANNOT_TELL)
		return;
	out->outcome = v == LATER || v == FULL ? OUTCOME_REFUSED_RETRY : OUTCOME_REJECTED;
	out->freeze = v == STOP || status == 401 || status == 403;
	out->bad_address = v == NOBODY && !out->freeze;
	out->opted_out = v == STOPPED && !out->freeze;
	out->retry_after = v == FULL ? QUEUE_FULL : 0;
}

static void
twilio_answer(const struct account *acc, const struct parcel *p, int n,
    const struct provider_reply *reply, struct answer *out)
{
	json_t *j = json_loadb(reply->body, reply->len, 0, NULL);
	const json_t *code = json_object_get(j, "code");
	const char *sid = json_string_value(json_object_get(j, "sid"));
	(void)acc;
	(void)p;
	*out = (struct answer){ .outcome = OUTCOME_UNKNOWN };
	g_snprintf(out->perr, sizeof out->perr, "http-%d", reply->status);
	if (reply->status >= 300 && reply->status < 400) {
		out->outcome = OUTCOME_REJECTED;
		out->freeze = true;
	} else if (json_is_integer(code)) {
		judge(json_integer_value(code), reply->status, out);
	} else if (reply->status == 429) {
		out->outcome = OUTCOME_REFUSED_RETRY;
	} else if (reply->status >= 200 && reply->status < 300 && sid != NULL &&
		   sid[0] != '\0' && strlen(sid) <= TWILIO_ID_MAX) {
		out->outcome = OUTCOME_ACCEPTED;
		out->perr[0] = '\0';
		g_strlcpy(out->provider_id, sid, sizeof out->provider_id);
	}
	json_decref(j);
	wire_pace(reply, NULL, NULL, out, n);
}

void
twilio_failure(const char *code, struct receipt *r)
{
	enum verdict v = verdict_of(g_ascii_strtoll(code, NULL, 10));

	r->perr = code;
	r->bad_address = v == NOBODY;
	r->opted_out = v == STOPPED;
}

/* What the words of its statuses mean ------------------------------------------------------ */

/* Any word proves that it was taken; they may come in any order. */
static const struct {
	const char *word;
	enum receipt_kind kind;
} words[] = { { "queued", RECEIPT_SENT }, { "accepted", RECEIPT_SENT },
	{ "scheduled", RECEIPT_SENT }, { "sending", RECEIPT_SENT },
	{ "sent", RECEIPT_SENT }, { "partially_delivered", RECEIPT_SENT },
	{ "delivered", RECEIPT_DELIVERED }, { "read", RECEIPT_DELIVERED },
	{ "undelivered", RECEIPT_FAILED }, { "failed", RECEIPT_FAILED },
	{ "canceled", RECEIPT_FAILED }, { "receiving", RECEIPT_REPLY },
	{ "received", RECEIPT_REPLY } };

bool
twilio_word(const char *word, enum receipt_kind *kind)
{
	for (size_t i = 0; i < G_N_ELEMENTS(words); i++)
		if (strcmp(words[i].word, word) == 0) {
			*kind = words[i].kind;
			return true;
		}
	return false;
}

/* Of a reply the state it was read in says nothing new. */
const char *
twilio_key(const struct receipt *r, const char *word, struct arena *a)
{
	return arena_printf(
	    a, "%s %s", r->provider_id, r->kind == RECEIPT_REPLY ? "received" : word);
}

const struct provider twilio_provider = {
	.name = "twilio",
	.summary = "Twilio Programmable Messaging: SMS in any text, signed callbacks",
	.url = "https://api.twilio.com",
	.settings = settings,
	.check = twilio_check,
	.probe = &twilio_probe,
	.capabilities = twilio_capabilities,
	.lint = twilio_lint,
	.refuses = twilio_refuses,
	.request = twilio_request,
	.answer = twilio_answer,
	.query = twilio_query,
	.query_answer = twilio_query_answer,
	.pull = twilio_pull,
	.pull_answer = twilio_pull_answer,
	.signs = true,
	.hook = twilio_hook,
};
