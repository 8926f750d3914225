/* sendgrid.c - `type: sendgrid`: mail by Twilio SendGrid, v3/mail/send.
 *
 * Several mails go in one call, a personalization each. What differs in the text goes by
 * substitution, which takes 10,000 bytes a mail: longer mails go alone. Our reference is
 * a custom argument and comes back in every event, so an event settles a lost answer;
 * there is no key and no query. Our own links and pixel measure: its tracking is off. */
#include "sendgrid.h"

#include <stdlib.h>
#include <string.h>

#include "services.h"

#define BATCH 100
#define BYTES_MAX (2U << 20)
/* 10,000 less the names and what surrounds them. */
#define SUBSTITUTIONS 9800
#define TEXT_MARK "-reach_text-"
#define HTML_MARK "-reach_html-"

static const struct provider_setting settings[] = {
	MAIL_SETTINGS,
	{ "api_key", "that may do no more than send mail",
	    SETTING_NEEDED | SETTING_SECRET },
	{ "webhook_key", "the verification key of the signed event webhook: base64",
	    SETTING_NEEDED },
	{ NULL, NULL, 0 },
};

static void
sendgrid_check(const struct account *acc, struct report *r)
{
	const char *key = provider_setting(acc, "webhook_key");

	mail_check(acc, r);
	if (*key != '\0' && !sendgrid_key_ok(key))
		report_add(r, SEV_ERROR, acc->at, "provider",
		    "copy it from Mail Settings, Event Webhook: one line of base64",
		    "webhook_key is no public key of the curve P-256");
}

static void
sendgrid_capabilities(const struct account *acc, struct capabilities *out)
{
	*out = (struct capabilities){
		.region = REGION_OUTSIDE,
		.channels = 1U << CHANNEL_EMAIL,
		.batch = BATCH,
		.settle = SETTLE_RECEIPT,
		.match = MATCH_REF,
		.receipts = true,
		.replies = acc->hook_secret != NULL, /* by Inbound Parse */
		.opens = true,
		.clicks = true,
	};
}

static const char *
sendgrid_refuses(const struct account *acc, const struct parcel *p, struct arena *a)
{
	return mail_refuses(acc, p, BYTES_MAX, a);
}

/* Bytes of a string in JSON. */
static size_t
length_of(const char *s)
{
	size_t n = 0;

	for (; *s != '\0'; s++)
		n += (unsigned char)*s < 0x20 ? 6 : *s == '"' || *s == '\\' ? 2 : 1;
	return n;
}

static bool
may_be_substituted(const struct parcel *p)
{
	/* Most are short enough whatever is in them. */
	return (6 * (strlen(p->text) + strlen(p->html)) <= SUBSTITUTIONS ||
		   length_of(p->text) + length_of(p->html) <= SUBSTITUTIONS) &&
	       strstr(p->text, "-reach_") == NULL && strstr(p->html, "-reach_") == NULL;
}

static bool
sendgrid_together(const struct parcel *a, const struct parcel *b)
{
	return may_be_substituted(a) && may_be_substituted(b) &&
	       (*a->text == '\0') == (*b->text == '\0') &&
	       (*a->html == '\0') == (*b->html == '\0');
}

/* Message -> request ---------------------------------------------------------------- */

static json_t *
mailbox(const char *address, const char *name)
{
	json_t *j = json_pack("{ss}", "email", address);

	if (*name != '\0')
		json_object_set_new(j, "name", json_string(name));
	return j;
}

static void
set(json_t *j, const char *name, const char *value)
{
	if (*value != '\0')
		json_object_set_new(j, name, json_string(value));
}

static json_t *
personalization(const struct mail *m, bool batch, struct arena *a)
{
	json_t *headers = json_object(), *marks = json_object(), *j;

	set(headers, "Message-ID", arena_printf(a, "<%s>", m->message_id));
	for (int i = 0; i < m->n_fields; i++)
		set(headers, m->fields[i].name, m->fields[i].value);
	j = json_pack("{s[o] ss so s{ss}}", "to", mailbox(m->to, ""), "subject",
	    m->subject, "headers", headers, "custom_args", "reach_id", m->ref);
	set(marks, TEXT_MARK, m->text);
	set(marks, HTML_MARK, m->html);
	if (batch)
		json_object_set(j, "substitutions", marks);
	json_decref(marks);
	return j;
}

static json_t *
content(const struct mail *m, bool batch)
{
	const struct {
		const char *type, *text, *mark;
	} parts[] = { { "text/plain", m->text, TEXT_MARK },
		{ "text/html", m->html, HTML_MARK } };
	json_t *list = json_array();

	for (size_t i = 0; i < G_N_ELEMENTS(parts); i++)
		if (*parts[i].text != '\0')
			json_array_append_new(
			    list, json_pack("{ss ss}", "type", parts[i].type, "value",
				      batch ? parts[i].mark : parts[i].text));
	return list;
}

static int
sendgrid_request(const struct account *acc, const struct config *cfg,
    const struct parcel *p, int n, ms_t sig_ts, struct arena *a,
    struct provider_request *out, struct err *e)
{
	json_t *people = json_array(), *j;
	struct mail m;

	(void)cfg;
	for (int i = 0; i < n; i++) {
		if (mail_make(acc, &p[i], sig_ts, a, &m, e) != 0) {
			json_decref(people);
			return -1;
		}
		json_array_append_new(people, personalization(&m, n > 1, a));
	}
	j = json_pack("{so so so s{s{sb sb} s{sb} s{sb}}}", "personalizations", people,
	    "from", mailbox(m.from, m.from_name), "content", content(&m, n > 1),
	    "tracking_settings", "click_tracking", "enable", 0, "enable_text", 0,
	    "open_tracking", "enable", 0, "subscription_tracking", "enable", 0);
	if (*m.reply_to != '\0')
		json_object_set_new(j, "reply_to", mailbox(m.reply_to, ""));
	wire_json(out, a, provider_url(acc, a, "/v3/mail/send"), j);
	wire_header(out, a, "Authorization",
	    arena_printf(a, "Bearer %s", provider_setting(acc, "api_key")));
	return 0;
}

/* Answer -> outcome ------------------------------------------------------------------- */

enum verdict { TAKEN, CONTENT, STOP, LATER, CANNOT_TELL };

/* theirs: believed only with SendGrid's own JSON; a proxy has answers of its own. */
static const struct {
	int status;
	bool theirs;
	enum verdict verdict;
} table[] = {
	/* The documented success is 202 with an empty body; X-Message-Id is a header.
	 * So this one status is a success without an id. 200 is the sandbox mode's:
	 * nothing was sent. */
	{ 202, false, TAKEN },
	{ 429, false, LATER },
	{ 400, true, CONTENT },
	{ 413, true, CONTENT },
	{ 401, true, STOP }, /* a wrong key, or no credits left */
	{ 403, true, STOP }, /* the sender is not verified */
	{ 404, true, STOP },
	{ 405, true, STOP },
	{ 406, true, STOP },
};

static enum verdict
verdict_of(int status, bool theirs)
{
	for (size_t i = 0; i < G_N_ELEMENTS(table); i++)
		if (table[i].status == status && (theirs || !table[i].theirs))
			return table[i].verdict;
	return status >= 300 && status < 400 ? STOP : CANNOT_TELL;
}

/* "personalizations.3.to.0.email": 3; -1: it names none of n. */
static int
number_of(const char *field, int n)
{
	char *end;
	long i;

	if (!g_str_has_prefix(field, "personalizations."))
		return -1;
	field += strlen("personalizations.");
	i = strtol(field, &end, 10);
	return end != field && (*end == '.' || *end == '\0') && i >= 0 && i < n ? (int)i
										: -1;
}

static bool
is_address(const char *field)
{
	const char *at = strchr(field, '.');

	at = at == NULL ? NULL : strchr(at + 1, '.');
	return at != NULL && (strcmp(at, ".to") == 0 || g_str_has_prefix(at, ".to."));
}

/* The whole call was refused. Whom it names is refused, the others go alone; whom it does
 * not name cannot be told from the one at fault. */
static void
refused(const json_t *errors, int n, int status, struct answer *out)
{
	for (size_t i = 0; i < json_array_size(errors); i++) {
		const char *field = json_string_value(
		    json_object_get(json_array_get(errors, i), "field"));
		int k = field == NULL ? -1 : number_of(field, n);
		struct answer *o = n == 1 ? out : k >= 0 ? &out[k] : NULL;

		if (o == NULL)
			continue;
		o->outcome = OUTCOME_REJECTED;
		o->alone = false;
		o->bad_address |= k >= 0 && is_address(field);
		if (field != NULL)
			g_snprintf(o->perr, sizeof o->perr, "%d %s", status, field);
	}
}

static void
sendgrid_answer(const struct account *acc, const struct parcel *p, int n,
    const struct provider_reply *reply, struct answer *out)
{
	json_t *j = json_loadb(reply->body, reply->len, 0, NULL);
	const json_t *errors = json_object_get(j, "errors");
	enum verdict v = verdict_of(reply->status, json_array_size(errors) > 0);

	(void)acc;
	(void)p;
	for (int i = 0; i < n; i++) {
		out[i] = (struct answer){ .outcome = v == TAKEN         ? OUTCOME_ACCEPTED
						     : v == STOP        ? OUTCOME_REJECTED
						     : v == CANNOT_TELL ? OUTCOME_UNKNOWN
						     : v == CONTENT && n == 1
							 ? OUTCOME_REJECTED
							 : OUTCOME_REFUSED_RETRY,
			.freeze = v == STOP,
			.alone = v == CONTENT && n > 1 };
		if (v != TAKEN)
			g_snprintf(
			    out[i].perr, sizeof out[i].perr, "http-%d", reply->status);
	}
	if (v == CONTENT)
		refused(errors, n, reply->status, out);
	json_decref(j);
	wire_pace(reply, "X-RateLimit-Remaining", "X-RateLimit-Reset", out, n);
}

const struct provider sendgrid_provider = {
	.name = "sendgrid",
	.summary = "Twilio SendGrid: mail, batches of 100",
	.url = "https://api.sendgrid.com",
	.settings = settings,
	.check = sendgrid_check,
	.probe = &sendgrid_probe,
	.capabilities = sendgrid_capabilities,
	.lint = mail_lint,
	.refuses = sendgrid_refuses,
	.together = sendgrid_together,
	.request = sendgrid_request,
	.answer = sendgrid_answer,
	.signs = true,
	.posts = 1 << 20, /* events are gathered up to 768 KiB */
	.hook = sendgrid_hook,
};
