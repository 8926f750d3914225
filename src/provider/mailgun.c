/* mailgun.c - `type: mailgun`: mail by Mailgun, v3/DOMAIN/messages.
 *
 * Several mails go in one call: subject and bodies are recipient-variables, else
 * everybody would see every address. Our reference is the variable reach-id; the id of
 * the answer is the call's, and with the address it names a mail too.
 *
 * With a key that may read them its events are asked for our reference, but how late they
 * are there is nowhere told: what is absent proves nothing, so a lost answer is settled by
 * an event alone, listed or posted. */
#include "mailgun.h"

#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "services.h"

#define BATCH 100
#define FIND_FOR (15 * MS_MINUTE) /* events are listed seconds to minutes late */
#define BYTES_MAX (2U << 20)
/* What begins like this it would replace itself. */
#define MARK "%recipient"

static const struct provider_setting settings[] = {
	MAIL_SETTINGS,
	{ "domain", "the sending domain there, as mg.dealer.example", SETTING_NEEDED },
	{ "api_key", "the domain's sending key", SETTING_NEEDED | SETTING_SECRET },
	{ "signing_key", "the webhook signing key", SETTING_NEEDED | SETTING_SECRET },
	{ "events_key",
	    "an API key of the account that may read events: lost answers and missing "
	    "receipts are asked about",
	    SETTING_SECRET },
	{ "pull",
	    "how often events are asked for, as in 1m, instead of webhooks; beside them "
	    "it "
	    "is once an hour, both with events_key",
	    0 },
	{ NULL, NULL, 0 },
};

static void
mailgun_check(const struct account *acc, struct report *r)
{
	const char *domain = provider_setting(acc, "domain");

	mail_check(acc, r);
	if (domain[strspn(domain, G_CSET_a_2_z G_CSET_A_2_Z G_CSET_DIGITS ".-")] != '\0')
		report_add(r, SEV_ERROR, acc->at, "provider",
		    "write its name alone, as mg.dealer.example", "domain is no domain");
	provider_pull_check(acc, r);
	if (provider_is_set(acc, "pull") && !provider_is_set(acc, "events_key"))
		provider_mistake(acc, r,
		    "write events_key: { credential: NAME }, a key that may read events",
		    "pull needs events_key");
}

static void
mailgun_capabilities(const struct account *acc, struct capabilities *out)
{
	/* A domain's sending key may only send. */
	bool asks = provider_is_set(acc, "events_key");

	*out = (struct capabilities){
		.region = REGION_OUTSIDE,
		.channels = 1U << CHANNEL_EMAIL,
		.batch = BATCH,
		.settle = SETTLE_RECEIPT,
		.finds = asks,
		.lag = FIND_FOR,
		.tells = asks,
		.match = MATCH_ID_ADDRESS,
		.receipts = true,
		.replies = true,
		.opens = true,
		.clicks = true,
		.pull = asks ? provider_pull_every(acc, MS_HOUR) : 0,
		.pulls_receipts = true,
	};
}

static const char *
mailgun_refuses(const struct account *acc, const struct parcel *p, struct arena *a)
{
	return mail_refuses(acc, p, BYTES_MAX, a);
}

static bool
has_mark(const struct parcel *p)
{
	return strstr(p->subject, MARK) != NULL || strstr(p->text, MARK) != NULL ||
	       strstr(p->html, MARK) != NULL;
}

/* One form for all: a way out for each or for none, both bodies or one. */
static bool
mailgun_together(const struct parcel *a, const struct parcel *b)
{
	return !has_mark(a) && !has_mark(b) && a->category == b->category &&
	       (*a->unsubscribe == '\0') == (*b->unsubscribe == '\0') &&
	       (*a->text == '\0') == (*b->text == '\0') &&
	       (*a->html == '\0') == (*b->html == '\0');
}

/* Message -> request ---------------------------------------------------------------- */

static void
field(GString *form, const char *name, const char *value)
{
	if (*value != '\0')
		wire_field(form, name, value);
}

static void
set(json_t *j, const char *name, const char *value)
{
	if (*value != '\0')
		json_object_set_new(j, name, json_string(value));
}

static const char *
header_name(struct arena *a, const char *name)
{
	return arena_printf(a, "h:%s", name);
}

/* What is the account's, and so the same in all. */
static void
common(GString *form, const struct mail *m, struct arena *a)
{
	field(form, "from", mail_mailbox(a, m->from_name, m->from));
	field(form, "h:Reply-To", m->reply_to);
	/* Our own links and pixel measure. */
	field(form, "o:tracking", "no");
}

static void
one(GString *form, const struct mail *m, struct arena *a)
{
	field(form, "to", m->to);
	field(form, "subject", m->subject);
	field(form, "text", m->text);
	field(form, "html", m->html);
	field(form, "h:Message-Id", arena_printf(a, "<%s>", m->message_id));
	for (int i = 0; i < m->n_fields; i++)
		field(form, header_name(a, m->fields[i].name), m->fields[i].value);
	field(form, "v:reach-id", m->ref);
}

/* Names of variables are letters: ListUnsubscribe. */
static const char *
variable(struct arena *a, const char *header)
{
	char *s = g_strdup(header), *to = s;
	const char *kept;

	for (const char *p = s; *p != '\0'; p++)
		if (*p != '-')
			*to++ = *p;
	*to = '\0';
	kept = arena_strdup(a, s);
	g_free(s);
	return kept;
}

/* Its own share: what one() would have written, by name. */
static json_t *
share(const struct mail *m, struct arena *a)
{
	json_t *j = json_pack("{ss ss}", "ref", m->ref, "subject", m->subject);

	set(j, "text", m->text);
	set(j, "html", m->html);
	for (int i = 0; i < m->n_fields; i++)
		set(j, variable(a, m->fields[i].name), m->fields[i].value);
	return j;
}

static void
many(GString *form, const struct mail *m, int n, struct arena *a)
{
	json_t *all = json_object();

	for (int i = 0; i < n; i++) {
		wire_field(form, "to", m[i].to);
		json_object_set_new(all, m[i].to, share(&m[i], a));
	}
	field(form, "subject", MARK ".subject%");
	field(form, "text", *m->text != '\0' ? MARK ".text%" : "");
	field(form, "html", *m->html != '\0' ? MARK ".html%" : "");
	for (int i = 0; i < m->n_fields; i++)
		field(form, header_name(a, m->fields[i].name),
		    arena_printf(a, "%s.%s%%", MARK, variable(a, m->fields[i].name)));
	field(form, "v:reach-id", MARK ".ref%");
	field(form, "recipient-variables", wire_print(a, all));
}

static int
mailgun_request(const struct account *acc, const struct config *cfg,
    const struct parcel *p, int n, ms_t sig_ts, struct arena *a,
    struct provider_request *out, struct err *e)
{
	struct mail *m = arena_array(a, struct mail, n);
	GString *form;

	(void)cfg;
	for (int i = 0; i < n; i++)
		if (mail_make(acc, &p[i], sig_ts, a, &m[i], e) != 0)
			return -1;
	form = g_string_new(NULL);
	common(form, m, a);
	if (n == 1)
		one(form, m, a);
	else
		many(form, m, n, a);
	wire_form(out, a,
	    provider_url(acc, a,
		arena_printf(a, "/v3/%s/messages", provider_setting(acc, "domain"))),
	    form->str);
	wire_basic(out, a, "api", provider_setting(acc, "api_key"));
	g_string_free(form, TRUE);
	return 0;
}

/* Answer -> outcome ------------------------------------------------------------------- */

enum verdict { CONTENT, STOP, LATER, CANNOT_TELL };

/* 5xx with their own words, too, may come behind a mail that was taken. */
static const struct {
	int status;
	enum verdict verdict;
} table[] = {
	{ 429, LATER }, { 400, CONTENT }, { 413, CONTENT }, { 401, STOP },
	{ 402, STOP },                /* the plan's end */
	{ 403, STOP }, { 404, STOP }, /* no such domain */
};

/* A proxy has answers of its own; 401 and 429 they may tell in plain words. */
static enum verdict
verdict_of(int status, bool theirs, const char *body, size_t len)
{
	bool plain = status == 429 ||
		     (status == 401 && len >= 9 && memcmp(body, "Forbidden", 9) == 0);

	for (size_t i = 0; i < G_N_ELEMENTS(table); i++)
		if (table[i].status == status && (theirs || plain))
			return table[i].verdict;
	return status >= 300 && status < 400 ? STOP : CANNOT_TELL;
}

/* "<2026...@mg.dealer.example>" without its <>, as events have it. */
static bool
take_id(const char *id, struct answer *out)
{
	size_t len = strlen(id);
	bool in = len > 2 && id[0] == '<' && id[len - 1] == '>';

	if (len == 0 || len >= sizeof out->provider_id)
		return false;
	g_snprintf(out->provider_id, sizeof out->provider_id, "%.*s",
	    (int)(in ? len - 2 : len), in ? id + 1 : id);
	return true;
}

static void
judge(enum verdict v, bool batch, bool to, int status, struct answer *out)
{
	*out = (struct answer){ .outcome = v == CANNOT_TELL ? OUTCOME_UNKNOWN
					   : v == STOP || (v == CONTENT && !batch)
					       ? OUTCOME_REJECTED
					       : OUTCOME_REFUSED_RETRY,
		.freeze = v == STOP,
		.bad_address = v == CONTENT && !batch && to,
		/* The call was refused whole, and does not say for whose sake. */
		.alone = v == CONTENT && batch };
	g_snprintf(out->perr, sizeof out->perr, "http-%d%s", status,
	    v == CONTENT && to ? " to" : "");
}

static void
mailgun_answer(const struct account *acc, const struct parcel *p, int n,
    const struct provider_reply *reply, struct answer *out)
{
	json_t *j = json_read(reply->body, reply->len);
	const char *words = json_string_value(json_object_get(j, "message"));
	const char *id = json_string_value(json_object_get(j, "id"));
	enum verdict v =
	    verdict_of(reply->status, words != NULL, reply->body, reply->len);
	bool to = words != NULL && g_str_has_prefix(words, "'to' parameter is not");

	(void)acc;
	(void)p;
	for (int i = 0; i < n; i++) {
		judge(v, n > 1, to, reply->status, &out[i]);
		if (reply->status == 200 && id != NULL && take_id(id, &out[i])) {
			out[i].outcome = OUTCOME_ACCEPTED;
			out[i].perr[0] = '\0';
		}
	}
	json_decref(j);
	wire_pace(reply, "X-RateLimit-Remaining", "X-RateLimit-Reset", out, n);
}

const struct provider mailgun_provider = {
	.name = "mailgun",
	.summary = "Mailgun: mail, batches of 100",
	.url = "https://api.mailgun.net",
	.settings = settings,
	.check = mailgun_check,
	.probe = &mailgun_probe,
	.capabilities = mailgun_capabilities,
	.lint = mail_lint,
	.refuses = mailgun_refuses,
	.together = mailgun_together,
	.request = mailgun_request,
	.answer = mailgun_answer,
	.query = mailgun_query,
	.query_answer = mailgun_query_answer,
	.pull = mailgun_pull,
	.pull_answer = mailgun_pull_answer,
	.signs = true,
	.hook = mailgun_hook,
};
