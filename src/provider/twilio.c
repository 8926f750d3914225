/* twilio.c - `type: twilio`: Programmable Messaging (2010-04-01), one message a call.
 *
 * It knows no idempotency and no reference of ours, so the reference stands in the
 * StatusCallback: the first callback, whatever it says, proves that a message was
 * taken. Silence proves nothing: what has no answer is never sent again.
 *
 * Callbacks and replies are signed with the account's auth token, also where requests
 * go with an API key: HMAC-SHA1 over the address as configured and the parameters.
 * Only 429 is documented as never processed; their own 5xx may have been taken. */
#include <string.h>

#include "base/crypt.h"
#include "provider/wire.h"
#include "services.h"

#define BODY_MAX 1600
#define VALID_MAX 36000 /* seconds; ValidityPeriod */
#define QUEUE_FULL (5 * MS_MINUTE)
#define ID_MAX 64

static const struct provider_setting settings[] = {
	{ "account_sid", "of the account, AC...", SETTING_NEEDED },
	{ "auth_token", "of the account, primary: it signs webhooks, too",
	    SETTING_NEEDED | SETTING_SECRET },
	{ "api_key", "SK...: requests go with this key; else with the auth token", 0 },
	{ "api_secret", "of that key", SETTING_SECRET },
	{ "from", "sender: +1..., a short code or letters; or messaging_service", 0 },
	{ "messaging_service", "MG...: its senders, its handling of STOP", 0 },
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
}

static void
twilio_capabilities(const struct account *acc, struct capabilities *out)
{
	(void)acc;
	*out = (struct capabilities){
		.region = REGION_OUTSIDE,
		.channels = 1U << CHANNEL_SMS,
		.batch = 1,
		.settle = SETTLE_RECEIPT,
		.keeps = true,
		.match = MATCH_REF,
		.receipts = true,
		.replies = true,
		.bare = true,
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
	    (int)CLAMP((p->expires_at - now) / MS_SECOND, 1, VALID_MAX));
	wire_field(form, "ValidityPeriod", seconds);
}

static int
twilio_request(const struct account *acc, const struct config *cfg,
    const struct parcel *p, int n, ms_t sig_ts, struct arena *a,
    struct provider_request *out, struct err *e)
{
	const char *sid = provider_setting(acc, "account_sid"),
		   *key = provider_setting(acc, "api_key"),
		   *service = provider_setting(acc, "messaging_service");
	GString *form = g_string_new(NULL);
	(void)n;
	(void)e;
	wire_field(form, "To", p->to);
	if (service[0] != '\0')
		wire_field(form, "MessagingServiceSid", service);
	else
		wire_field(form, "From", provider_setting(acc, "from"));
	wire_field(form, "Body", p->text);
	wire_field(form, "StatusCallback", callback_of(acc, cfg, p->ref, a));
	add_validity(form, p, sig_ts);
	if (key[0] != '\0')
		wire_basic(out, a, key, provider_setting(acc, "api_secret"));
	else
		wire_basic(out, a, sid, provider_setting(acc, "auth_token"));
	wire_form(out, a,
	    provider_url(
		acc, a, arena_printf(a, "/2010-04-01/Accounts/%s/Messages.json", sid)),
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
		   sid[0] != '\0' && strlen(sid) <= ID_MAX) {
		out->outcome = OUTCOME_ACCEPTED;
		out->perr[0] = '\0';
		g_strlcpy(out->provider_id, sid, sizeof out->provider_id);
	}
	json_decref(j);
	wire_pace(reply, NULL, NULL, out, n);
}

/* Webhooks: who sends them ----------------------------------------------------------- */

/* What came with one: names[i] may be there more than once. */
struct params {
	const char **names, **values;
	int n;
	bool json; /* of a JSON body; the signature does not cover them, the hash does */
};

static gint
by_name_then_value(gconstpointer a, gconstpointer b, gpointer arg)
{
	const struct params *p = arg;
	int i = *(const int *)a, k = *(const int *)b;
	int order = strcmp(p->names[i], p->names[k]);
	return order != 0 ? order : strcmp(p->values[i], p->values[k]);
}

/* Sorted, name and value without anything between; a pair counts once. */
static void
append_params(GString *to_sign, const struct params *p, struct arena *a)
{
	int *order = arena_array(a, int, p->n + 1), last = -1;
	for (int i = 0; i < p->n; i++)
		order[i] = i;
	g_qsort_with_data(
	    order, p->n, sizeof *order, by_name_then_value, (gpointer)(uintptr_t)p);
	for (int i = 0; i < p->n; i++) {
		int k = order[i];
		if (last < 0 || strcmp(p->names[k], p->names[last]) != 0 ||
		    strcmp(p->values[k], p->values[last]) != 0)
			g_string_append_printf(
			    to_sign, "%s%s", p->names[k], p->values[k]);
		last = k;
	}
}

static bool
is_signature(
    const struct account *acc, const char *to_sign, const char *given, struct arena *a)
{
	const char *token = provider_setting(acc, "auth_token"), *made;
	uint8_t mac[32];
	size_t n =
	    wire_hmac(WIRE_SHA1, token, strlen(token), to_sign, strlen(to_sign), mac);
	made = wire_base64(a, mac, n);
	return token[0] != '\0' && strlen(given) == strlen(made) &&
	       crypt_equal(given, made, strlen(made));
}

/* The address with its port left out, or with the standard one put in. */
static const char *
with_port(const char *url, bool port, struct arena *a)
{
	const char *scheme = strstr(url, "://"), *host, *colon;
	size_t len;
	if (scheme == NULL)
		return url;
	host = scheme + 3;
	len = strcspn(host, "/?#");
	colon = g_strrstr_len(host, (gssize)len, ":");
	if (colon != NULL && strchr(colon, ']') != NULL &&
	    strchr(colon, ']') < host + len)
		colon = NULL; /* within [::1] */
	if (port)
		return colon != NULL
			   ? url
			   : arena_printf(a, "%.*s:%s%s", (int)(host + len - url), url,
				 g_str_has_prefix(url, "https") ? "443" : "80",
				 host + len);
	return colon == NULL
		   ? url
		   : arena_printf(a, "%.*s%s", (int)(colon - url), url, host + len);
}

/* They say either form of the address; which one they signed they do not say. */
static bool
is_theirs(const struct account *acc, const struct hook_request *req,
    const struct params *p, struct arena *a)
{
	const char *given = req->header(req, "X-Twilio-Signature");
	bool good = false;
	for (int port = 0; port < 2; port++) {
		GString *to_sign = g_string_new(with_port(req->url, port != 0, a));
		if (!p->json)
			append_params(to_sign, p, a);
		good |= is_signature(acc, to_sign->str, given, a);
		g_string_free(to_sign, TRUE);
	}
	return good;
}

/* A JSON body: the address holds its hash, and the signature is the address's alone. */
static bool
is_hash(const struct hook_request *req, const char *hash, struct arena *a)
{
	const char *made = wire_sha256(a, req->body, req->body_len);
	return strlen(hash) == strlen(made) && crypt_equal(hash, made, strlen(made));
}

static int
read_json(const char *body, size_t len, struct arena *a, struct params *p)
{
	json_t *j = wire_load(body, len), *v;
	const char *name;
	int rc = json_is_object(j) ? 0 : -1;

	p->names = arena_array(a, const char *, json_object_size(j) + 1);
	p->values = arena_array(a, const char *, json_object_size(j) + 1);
	json_object_foreach(j, name, v)
	{
		p->names[p->n] = arena_strdup(a, name);
		p->values[p->n++] = wire_text(a, j, name);
	}
	json_decref(j);
	return rc;
}

static int
read_form(const struct hook_request *req, struct arena *a, struct params *p)
{
	const char *form = arena_strndup(a, req->body, req->body_len);
	if (strlen(form) != req->body_len)
		return -1;
	p->n = wire_fields(a, form, &p->names, &p->values);
	return p->n < 0 ? -1 : 0;
}

/* Webhooks: what they say -------------------------------------------------------------- */

static const char *
param(const struct params *p, struct arena *a, const char *name)
{
	for (int i = 0; i < p->n; i++)
		if (strcmp(p->names[i], name) == 0) {
			char *valid = g_utf8_make_valid(p->values[i], -1);
			const char *kept = arena_strdup(a, valid);
			g_free(valid);
			return kept;
		}
	return "";
}

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

static bool
kind_of(const char *word, enum receipt_kind *kind)
{
	for (size_t i = 0; i < G_N_ELEMENTS(words); i++)
		if (strcmp(words[i].word, word) == 0) {
			*kind = words[i].kind;
			return true;
		}
	return false;
}

static void
read_status(const struct params *p, const char *ref, struct arena *a, struct receipt *r)
{
	const char *code = param(p, a, "ErrorCode");
	r->ref = ref;
	r->from = param(p, a, "To");
	if (r->kind == RECEIPT_FAILED) {
		enum verdict v = verdict_of(g_ascii_strtoll(code, NULL, 10));
		r->perr = code;
		r->bad_address = v == NOBODY;
		r->opted_out = v == STOPPED;
	}
}

static void
read_event(const struct params *p, const char *ref, const char *raw, struct arena *a,
    struct receipt *r)
{
	const char *sid = param(p, a, "MessageSid"), *word = param(p, a, "MessageStatus");
	bool known;

	*r = (struct receipt){ .channel = CHANNEL_SMS,
		.ref = "",
		.from = "",
		.text = "",
		.perr = "",
		.raw = raw };
	if (sid[0] == '\0')
		sid = param(p, a, "SmsSid");
	if (word[0] == '\0')
		word = param(p, a, "SmsStatus");
	r->provider_id = sid;
	known = kind_of(word, &r->kind);
	if (known && r->kind == RECEIPT_REPLY) {
		r->from = param(p, a, "From");
		r->text = param(p, a, "Body");
		r->opted_out = strcmp(param(p, a, "OptOutType"), "STOP") == 0;
	} else if (known) {
		read_status(p, ref, a, r);
	}
	r->broken = !known || sid[0] == '\0' || strlen(sid) > ID_MAX ||
		    (r->kind == RECEIPT_REPLY && r->from[0] == '\0');
	r->key = r->broken ? wire_key(a, raw) : arena_printf(a, "%s %s", sid, word);
}

static int
twilio_hook(const struct account *acc, const struct config *cfg,
    const struct hook_request *req, struct arena *a, struct receipt **out, int *n,
    struct hook_reply *reply)
{
	const char *hash = wire_field_of(a, req->query, "bodySHA256"),
		   *ref = wire_field_of(a, req->query, "ref");
	struct params p = { .json = hash != NULL };
	char *raw;

	(void)cfg;
	if (strcmp(req->method, "POST") != 0)
		return wire_refuse(reply, 405, "{\"error\":\"use POST\"}");
	/* The signature is of the parameters: they must be taken apart to be checked. */
	if (!p.json && read_form(req, a, &p) != 0)
		return wire_refuse(reply, 400, "{\"error\":\"send a form\"}");
	if (!is_theirs(acc, req, &p, a) || (p.json && !is_hash(req, hash, a)))
		return wire_refuse(reply, 401,
		    "{\"error\":\"the signature is not that of this address and "
		    "account\"}");
	if (p.json && read_json(req->body, req->body_len, a, &p) != 0)
		return wire_refuse(reply, 400, "{\"error\":\"send an object\"}");
	raw = g_utf8_make_valid(req->body, (gssize)req->body_len);
	*n = 1;
	*out = arena_array(a, struct receipt, 1);
	read_event(&p, ref != NULL ? ref : "", arena_strdup(a, raw), a, *out);
	g_free(raw);
	*reply = (struct hook_reply){ .status = 200,
		.type = "text/xml",
		.body =
		    "<?xml version=\"1.0\" encoding=\"UTF-8\"?><Response></Response>" };
	return 0;
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
	.signs = true,
	.hook = twilio_hook,
};
