/* http.c - `type: http`: any gateway reached by HTTP, as reachd.yaml describes it.
 *
 * Body, header values, idempotency key and query address are Liquid over
 *
 *	message.to .text .ref .subject .html .channel .category .unsubscribe
 *	credential.NAME
 *
 * With method: GET the rendered body is the query string. One message a call:
 * a description has no way to say which answer belongs to whom. An answer is
 * judged in this order: throttled rules, refused rules, the success rule, then
 * its status alone; what nothing recognises is UNKNOWN. */
#include <string.h>

#include <jansson.h>

#include "hook.h"
#include "rule.h"
#include "scope.h"
#include "services.h"
#include "spec/liquid.h"

static bool
is_get(const struct account *acc)
{
	return acc->method != NULL && g_ascii_strcasecmp(acc->method, "GET") == 0;
}

static bool
has_header(const struct account *acc, const char *name)
{
	for (int i = 0; i < acc->n_headers; i++)
		if (g_ascii_strcasecmp(acc->headers[i].name, name) == 0)
			return true;
	return false;
}

static const char *
content_type(const char *body)
{
	if (body[0] == '{' || body[0] == '[')
		return "application/json";
	if (body[0] == '<')
		return "text/xml; charset=utf-8";
	return "application/x-www-form-urlencoded; charset=utf-8";
}

/* The description's own mistakes ------------------------------------------ */

static void
mistake(struct report *r, struct pos at, const char *hint, const char *text)
{
	report_add(r, SEV_ERROR, at, "provider", hint, "%s", text);
}

static void
check_rule(const struct answer_rule *rule, const char *what, struct report *r)
{
	if (rule->status == 0 && rule->field == NULL)
		report_add(r, SEV_ERROR, rule->at, "provider",
		    "give it a status:, or a field: with equals:",
		    "this %s rule fits every answer", what);
}

static void
check_settle(const struct account *acc, struct report *r)
{
	if (acc->settle == SETTLE_KEY && acc->key_ttl <= 0)
		mistake(r, acc->at,
		    "write how long the gateway remembers a key, as key_ttl: 24h",
		    "settle: idempotency_key needs key_ttl");
	if (acc->settle == SETTLE_QUERY && acc->query.url == NULL)
		mistake(r, acc->at,
		    "write query: { url: ..., found: ..., absent: ... } or settle: "
		    "receipt",
		    "settle: query needs query");
	if (acc->settle == SETTLE_QUERY && acc->window <= 0)
		mistake(r, acc->at,
		    "write how old a request may be when the gateway still takes it, as "
		    "window: "
		    "15m; if it takes any, write settle: receipt",
		    "settle: query needs window");
	if (acc->settle == SETTLE_QUERY && acc->query.url != NULL) {
		check_rule(&acc->query.found, "found", r);
		check_rule(&acc->query.absent, "absent", r);
	}
}

/* A text with a quotation mark and a line break must not break the body. */
static void
check_body(const struct account *acc, struct report *r)
{
	struct parcel p = { .to = "someone",
		.ref = "REF",
		.channel = CHANNEL_SMS,
		.category = CATEGORY_SERVICE,
		.subject = "\"",
		.text = "a \"b\"\\\n<c> & {d}",
		.html = "<p class=\"x\">",
		.unsubscribe = "https://example.com/u",
		.customer = "" };
	struct arena *a = arena_new();
	struct err e = { .kind = ERR_NONE };
	GString *body = g_string_new(NULL);
	if (scope_render(acc->body, NULL, &p, 0, LIQUID_JSON, a, body, &e) != 0) {
		report_err(r, "provider", &e);
	} else if (body->str[0] == '{' || body->str[0] == '[') {
		json_t *j = json_loadb(body->str, body->len, 0, NULL);
		if (j == NULL)
			mistake(r, acc->at,
			    "write {{ message.text | json }}, without quotation marks "
			    "around it",
			    "body is not JSON once the text holds a quotation mark");
		json_decref(j);
	}
	g_string_free(body, TRUE);
	arena_free(a);
}

static void
http_check(const struct account *acc, struct report *r)
{
	if (acc->url == NULL || acc->url[0] == '\0')
		mistake(r, acc->at, "write the gateway's address as url: https://...",
		    "a provider of type http needs url");
	if (acc->body == NULL)
		mistake(r, acc->at, "describe what is sent, as body: '{\"to\": ...}'",
		    "a provider of type http needs body");
	else
		check_body(acc, r);
	for (int i = 0; i < acc->n_refused; i++)
		check_rule(&acc->refused[i], "refused", r);
	for (int i = 0; i < acc->n_throttled; i++)
		check_rule(&acc->throttled[i], "throttled", r);
	check_settle(acc, r);
}

static void
http_capabilities(const struct account *acc, struct capabilities *out)
{
	bool heard = acc->hook_secret != NULL || acc->internal;
	*out = (struct capabilities){
		.channels = 1U << CHANNEL_SMS | 1U << CHANNEL_WECOM |
			    1U << CHANNEL_EMAIL | 1U << CHANNEL_PUSH,
		.batch = 1,
		.settle = acc->settle,
		.key_ttl = acc->key_ttl,
		.window = acc->window,
		.lag = acc->lag,
		.receipts = heard,
		.replies = heard,
		.opens = heard,
		.clicks = heard,
	};
}

/* Message -> request -------------------------------------------------------- */

struct draft {
	const struct account *acc;
	const struct config *cfg;
	const struct parcel *parcel;
	ms_t now;
	struct arena *a;
};

static int
render(const struct draft *d, const struct liquid *t, enum liquid_escape escape,
    const char **out, struct err *e)
{
	GString *s = g_string_new(NULL);
	int rc = scope_render(t, d->cfg, d->parcel, d->now, escape, d->a, s, e);
	if (rc != 0)
		err_wrap(e, "provider \"%s\"", d->acc->name);
	*out = arena_strndup(d->a, s->str, s->len);
	g_string_free(s, TRUE);
	return rc;
}

static int
add_headers(const struct draft *d, struct provider_request *out, struct err *e)
{
	for (int i = 0; i < d->acc->n_headers; i++) {
		const char *value;
		if (render(d, d->acc->headers[i].value, LIQUID_HEADER, &value, e) != 0)
			return -1;
		g_ptr_array_add(out->headers,
		    arena_printf(d->a, "%s: %s", d->acc->headers[i].name, value));
	}
	return 0;
}

static int
add_key(const struct draft *d, struct provider_request *out, struct err *e)
{
	const char *name = d->acc->idempotency_header, *value = d->parcel->ref;
	if (d->acc->settle != SETTLE_KEY)
		return 0;
	if (d->acc->idempotency_key != NULL &&
	    render(d, d->acc->idempotency_key, LIQUID_HEADER, &value, e) != 0)
		return -1;
	if (name == NULL || name[0] == '\0')
		name = "Idempotency-Key";
	if (!has_header(d->acc, name))
		g_ptr_array_add(out->headers, arena_printf(d->a, "%s: %s", name, value));
	return 0;
}

static int
http_request(const struct account *acc, const struct config *cfg,
    const struct parcel *parcels, int n, ms_t sig_ts, struct arena *a,
    struct provider_request *out, struct err *e)
{
	if (n != 1)
		return err_set(e, ERR_INTERNAL, "a batch of %d for a plain gateway", n);
	struct draft d = { acc, cfg, parcels, sig_ts, a };
	const char *body;
	if (render(&d, acc->body, LIQUID_JSON, &body, e) != 0 ||
	    add_headers(&d, out, e) != 0 || add_key(&d, out, e) != 0)
		return -1;
	out->url = acc->url;
	if (is_get(acc)) {
		out->method = "GET";
		const char *join = strchr(acc->url, '?') != NULL ? "&" : "?";
		out->url = arena_printf(a, "%s%s%s", acc->url, join, body);
		out->body = "";
		out->body_len = 0;
		return 0;
	}
	out->method =
	    acc->method != NULL && acc->method[0] != '\0' ? acc->method : "POST";
	out->body = body;
	out->body_len = strlen(body);
	if (!has_header(acc, "Content-Type"))
		g_ptr_array_add(out->headers,
		    arena_printf(a, "Content-Type: %s", content_type(body)));
	return 0;
}

/* Answer -> outcome ---------------------------------------------------------- */

/* The first rule that fits. The provider's own code, when the rule looks at one. */
static const struct answer_rule *
first_match(const struct answer_rule *rules, int n, int status, const json_t *body,
    struct answer *out)
{
	for (int i = 0; i < n; i++) {
		if (!rule_match(&rules[i], status, body))
			continue;
		if (rules[i].field != NULL)
			rule_text(body, rules[i].field, out->perr, sizeof out->perr);
		return &rules[i];
	}
	return NULL;
}

static bool
as(const struct answer_rule *rule, const char *word)
{
	return rule->as != NULL && strcmp(rule->as, word) == 0;
}

/* A 2xx is taken when the success rule fits and the id it names is there. */
static void
judge_success(
    const struct account *acc, int status, const json_t *body, struct answer *out)
{
	const struct answer_rule *s = &acc->success;
	if (s->field != NULL)
		rule_text(body, s->field, out->perr, sizeof out->perr);
	if (!rule_match(s, status, body))
		return;
	if (s->id != NULL &&
	    (!rule_text(body, s->id, out->provider_id, sizeof out->provider_id) ||
		out->provider_id[0] == '\0')) {
		out->provider_id[0] = '\0';
		return;
	}
	out->outcome = OUTCOME_ACCEPTED;
	out->perr[0] = '\0';
}

static void
judge(const struct account *acc, int status, const json_t *body, struct answer *out)
{
	rule_status(status, out);
	if (status >= 300 && status < 400)
		return; /* never followed, whatever a rule says */
	const struct answer_rule *rule =
	    first_match(acc->throttled, acc->n_throttled, status, body, out);
	if (rule != NULL) {
		out->outcome = OUTCOME_REFUSED_RETRY;
		out->freeze = false;
		return;
	}
	rule = first_match(acc->refused, acc->n_refused, status, body, out);
	if (rule != NULL) {
		out->outcome = OUTCOME_REJECTED;
		out->bad_address = as(rule, "bad_address");
		out->freeze = as(rule, "balance");
		return;
	}
	if (status >= 200 && status < 300)
		judge_success(acc, status, body, out);
	else if (status == 409 && acc->settle == SETTLE_KEY)
		out->outcome =
		    OUTCOME_UNKNOWN; /* the first try of this key is still running */
}

static void
http_answer(const struct account *acc, const struct parcel *parcels, int n,
    const struct provider_reply *reply, struct answer *out)
{
	(void)parcels;
	json_t *root = json_loadb(reply->body, reply->len, JSON_DECODE_ANY, NULL);
	for (int i = 0; i < n; i++)
		judge(acc, reply->status, root, &out[i]);
	json_decref(root);
}

/* Settling by query ---------------------------------------------------------- */

static int
http_query(const struct account *acc, const struct config *cfg,
    const struct parcel *asked, ms_t sig_ts, struct arena *a,
    struct provider_request *out, struct err *e)
{
	if (acc->query.url == NULL)
		return err_set(
		    e, ERR_INTERNAL, "provider \"%s\" has no query", acc->name);
	struct parcel p = { .to = "",
		.ref = asked->ref,
		.subject = "",
		.text = "",
		.html = "",
		.unsubscribe = "",
		.customer = "" };
	struct draft d = { acc, cfg, &p, sig_ts, a };
	out->method = "GET";
	out->body = "";
	out->body_len = 0;
	if (render(&d, acc->query.url, LIQUID_HEADER, &out->url, e) != 0)
		return -1;
	return add_headers(&d, out, e);
}

static void
http_query_answer(const struct account *acc, const struct parcel *p, int status,
    const char *body, size_t len, struct answer *out)
{
	(void)p;
	rule_unknown(out);
	json_t *root = json_loadb(body, len, JSON_DECODE_ANY, NULL);
	const struct answer_rule *found = &acc->query.found;
	if (rule_match(found, status, root)) {
		out->outcome = OUTCOME_ACCEPTED;
		if (found->id != NULL && !rule_text(root, found->id, out->provider_id,
					     sizeof out->provider_id))
			out->provider_id[0] = '\0';
	} else if (rule_match(&acc->query.absent, status, root)) {
		out->outcome = OUTCOME_REFUSED_RETRY;
	}
	json_decref(root);
}

const struct provider http_provider = {
	.name = "http",
	.summary = "any gateway that takes a message by HTTP, described in reachd.yaml",
	.check = http_check,
	.probe = &http_probe,
	.capabilities = http_capabilities,
	.request = http_request,
	.answer = http_answer,
	.query = http_query,
	.query_answer = http_query_answer,
	.hook = hook_events,
};
