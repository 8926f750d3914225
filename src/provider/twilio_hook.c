/* twilio_hook.c - what Twilio posts: is it theirs, and what does it say. */
#include "twilio.h"

#include <string.h>

#include "base/crypt.h"

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

static void
read_status(const struct params *p, const char *ref, struct arena *a, struct receipt *r)
{
	const char *code = param(p, a, "ErrorCode");
	r->ref = ref;
	r->from = param(p, a, "To");
	if (r->kind == RECEIPT_FAILED)
		twilio_failure(code, r);
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
	known = twilio_word(word, &r->kind);
	if (known && r->kind == RECEIPT_REPLY) {
		r->from = param(p, a, "From");
		r->text = param(p, a, "Body");
		r->opted_out = strcmp(param(p, a, "OptOutType"), "STOP") == 0;
	} else if (known) {
		read_status(p, ref, a, r);
	}
	r->broken = !known || sid[0] == '\0' || strlen(sid) > TWILIO_ID_MAX ||
		    (r->kind == RECEIPT_REPLY && r->from[0] == '\0');
	r->key = r->broken ? wire_key(a, raw) : twilio_key(r, word, a);
}

int
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
