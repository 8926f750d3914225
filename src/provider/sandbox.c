/* sandbox.c - `type: sandbox`: the dialect of `reachd sandbox`.
 *
 *	POST URL/v1/messages
 *	X-Sent-At: 1795312800000            (wall milliseconds of the signature)
 *	{"account":A,"callback":C,"messages":[{"key":K,"ref":R,"to":T,"channel":"sms",
 *	 "category":"service","text":...,"subject":...,"html":...,"unsubscribe":...,
 *	 "customer":...,"expires":ms}, ...]}
 *
 *	200 {"results":[{"ref":R,"status":"accepted","id":I},
 *	                {"ref":R,"status":"refused","code":"bad_address"}, ...]}
 *
 *	GET URL/v1/messages?ref=R -> 200 {"found":true,"id":I} | {"found":false}
 *
 * `key` is an idempotency key per message: the same key with the same content
 * is taken once and answered with the same id, for 24 h. So a message of a lost
 * batch can be settled alone. Receipts come to C in the form of hook.h. */
#include <string.h>

#include <jansson.h>

#include "hook.h"
#include "base/json.h"
#include "provider/quote.h"
#include "rule.h"
#include "services.h"

#define SANDBOX_BATCH 100

static void
sandbox_check(const struct account *acc, struct report *r)
{
	if (acc->url == NULL || acc->url[0] == '\0')
		report_add(r, SEV_ERROR, acc->at, "provider",
		    "write the address `reachd sandbox` listens on, as url: "
		    "http://127.0.0.1:8090",
		    "provider \"%s\" has no url", acc->name);
	if (acc->settle == SETTLE_WINDOW)
		report_add(r, SEV_ERROR, acc->at, "provider",
		    "write settle: idempotency_key, query, receipt or none",
		    "the sandbox does not settle by a content window");
}

static void
sandbox_capabilities(const struct account *acc, struct capabilities *out)
{
	*out = (struct capabilities){
		.channels = 1U << CHANNEL_SMS | 1U << CHANNEL_WECOM |
			    1U << CHANNEL_EMAIL | 1U << CHANNEL_PUSH,
		.batch = SANDBOX_BATCH,
		.settle = acc->settle,
		.keeps = true,
		.key_ttl = acc->key_ttl > 0 ? acc->key_ttl : 24 * MS_HOUR,
		.window = acc->window > 0 ? acc->window : MS_MINUTE,
		.lag = acc->lag > 0 ? acc->lag : MS_SECOND,
		.receipts = true,
		.replies = true,
		.opens = true,
		.clicks = true,
	};
}

static void
append_parcel(GString *body, const struct parcel *p)
{
	g_string_append(body, "{\"key\":");
	quote_json(body, p->ref);
	quote_json_member(body, "ref", p->ref);
	quote_json_member(body, "to", p->to);
	quote_json_member(body, "channel", channel_name((int)p->channel));
	quote_json_member(body, "category", category_name((int)p->category));
	quote_json_member(body, "subject", p->subject);
	quote_json_member(body, "text", p->text);
	quote_json_member(body, "html", p->html);
	quote_json_member(body, "unsubscribe", p->unsubscribe);
	quote_json_member(body, "customer", p->customer);
	if (p->expires_at > 0 && p->expires_at != MS_NEVER)
		quote_json_int(body, "expires", p->expires_at);
	g_string_append_c(body, '}');
}

/* Where the sandbox posts what its people do. */
static void
append_callback(GString *body, const struct account *acc, const struct config *cfg)
{
	if (cfg->public_url == NULL || cfg->public_url[0] == '\0')
		return;
	GString *url = g_string_new(cfg->public_url);
	if (url->str[url->len - 1] == '/')
		g_string_truncate(url, url->len - 1);
	g_string_append_printf(url, "/hooks/sandbox/%s", acc->name);
	if (acc->hook_secret != NULL && acc->hook_secret[0] != '\0')
		g_string_append_printf(url, "/%s", acc->hook_secret);
	quote_json_member(body, "callback", url->str);
	g_string_free(url, TRUE);
}

static int
sandbox_request(const struct account *acc, const struct config *cfg,
    const struct parcel *parcels, int n, ms_t sig_ts, struct arena *a,
    struct provider_request *out, struct err *e)
{
	if (n < 1 || n > SANDBOX_BATCH)
		return err_set(e, ERR_INTERNAL, "a batch of %d for the sandbox", n);
	GString *body = g_string_sized_new(512 + (size_t)n * 512);
	g_string_append(body, "{\"account\":");
	quote_json(body, acc->name);
	append_callback(body, acc, cfg);
	g_string_append(body, ",\"messages\":[");
	for (int i = 0; i < n; i++) {
		if (i > 0)
			g_string_append_c(body, ',');
		append_parcel(body, &parcels[i]);
	}
	g_string_append(body, "]}");

	out->method = "POST";
	out->url = provider_url(acc, a, "/v1/messages");
	out->body = arena_strndup(a, body->str, body->len);
	out->body_len = body->len;
	g_string_free(body, TRUE);
	g_ptr_array_add(out->headers, arena_strdup(a, "Content-Type: application/json"));
	g_ptr_array_add(
	    out->headers, arena_printf(a, "X-Sent-At: %" G_GINT64_FORMAT, sig_ts));
	return 0;
}

static void
read_result(const json_t *result, struct answer *out)
{
	const char *status = json_string_value(json_object_get(result, "status"));
	const char *code = json_string_value(json_object_get(result, "code"));
	const char *id = json_string_value(json_object_get(result, "id"));
	if (status == NULL)
		return;
	if (code != NULL)
		g_strlcpy(out->perr, code, sizeof out->perr);
	if (strcmp(status, "accepted") == 0) {
		if (id == NULL || id[0] == '\0' || strlen(id) >= sizeof out->provider_id)
			return;
		g_strlcpy(out->provider_id, id, sizeof out->provider_id);
		out->outcome = OUTCOME_ACCEPTED;
	} else if (strcmp(status, "refused") == 0) {
		out->outcome = OUTCOME_REJECTED;
		out->bad_address = strcmp(out->perr, "bad_address") == 0;
		out->freeze = strcmp(out->perr, "balance") == 0;
	} else if (strcmp(status, "later") == 0) {
		out->outcome = OUTCOME_REFUSED_RETRY;
	}
}

/* In order as a rule; a stand-in must not make a program lean on that. */
static const json_t *
find_result(const json_t *results, int i, const char *ref)
{
	size_t n = json_array_size(results);
	for (size_t k = 0; k < n; k++) {
		const json_t *r = json_array_get(results, ((size_t)i + k) % n);
		const char *its = json_string_value(json_object_get(r, "ref"));
		if (its != NULL && strcmp(its, ref) == 0)
			return r;
	}
	return NULL;
}

static void
sandbox_answer(const struct account *acc, const struct parcel *parcels, int n,
    const struct provider_reply *reply, struct answer *out)
{
	(void)acc;
	json_t *root = NULL;
	if (reply->status == 200)
		root = json_read(reply->body, reply->len);
	const json_t *results = json_object_get(root, "results");
	for (int i = 0; i < n; i++) {
		rule_status(reply->status, &out[i]);
		if (reply->status != 200)
			continue;
		out[i].perr[0] = '\0';
		const json_t *r = find_result(results, i, parcels[i].ref);
		if (r != NULL)
			read_result(r, &out[i]);
	}
	json_decref(root);
}

static int
sandbox_query(const struct account *acc, const struct config *cfg, const struct parcel *p,
    ms_t sig_ts, struct arena *a, struct provider_request *out, struct err *e)
{
	(void)cfg;
	(void)sig_ts;
	(void)e;
	char *escaped = g_uri_escape_string(p->ref, NULL, FALSE);
	out->method = "GET";
	out->url = provider_url(acc, a, arena_printf(a, "/v1/messages?ref=%s", escaped));
	out->body = "";
	out->body_len = 0;
	g_free(escaped);
	return 0;
}

static void
sandbox_query_answer(const struct account *acc, const struct parcel *p, int status,
    const char *body, size_t len, struct answer *out)
{
	(void)p;
	(void)acc;
	rule_unknown(out);
	if (status != 200)
		return;
	json_t *root = json_read(body, len);
	const json_t *found = json_object_get(root, "found");
	const char *id = json_string_value(json_object_get(root, "id"));
	if (json_is_true(found) && id != NULL && strlen(id) < sizeof out->provider_id) {
		out->outcome = OUTCOME_ACCEPTED;
		g_strlcpy(out->provider_id, id, sizeof out->provider_id);
	} else if (json_is_false(found)) {
		out->outcome = OUTCOME_REFUSED_RETRY;
	}
	json_decref(root);
}

const struct provider sandbox_provider = {
	.name = "sandbox",
	.summary = "reachd sandbox, the stand-in for every gateway: all channels, "
		   "batches of 100",
	.check = sandbox_check,
	.probe = &sandbox_probe,
	.capabilities = sandbox_capabilities,
	.request = sandbox_request,
	.answer = sandbox_answer,
	.query = sandbox_query,
	.query_answer = sandbox_query_answer,
	.hook = hook_events,
};
