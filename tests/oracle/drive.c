/* drive.c - the providers by hand: one JSON object a line in, one out, for the oracles.
 *
 *	{"op":"request", "account":{...}, "parcels":[...], "at":MS}
 *	  -> {"method","url","headers":[...],"body"} (or "body64" when it is no text)
 *	{"op":"query", "account", "parcel", "at"}                  -> the same
 *	{"op":"pull", "account", "cursor", "ticket", "at"}         -> the same
 *	{"op":"token", "account"}                                  -> the same
 *	{"op":"keys", "account"}                                   -> the same
 *	{"op":"send", "account", "parcels", "at", "ca":FILE}       -> {"end","answers":[...]}:
 *	 the request made and carried by the real world (127.0.0.1 is allowed)
 *	{"op":"answer", "account", "parcels", "status", "body"} -> {"answers":[...]}
 *	{"op":"query_answer", "account", "parcel", "status", "body"} -> {"answers":[one]}
 *	{"op":"pull_answer", "account", "cursor", "status", "body"} -> {"rc","receipts","cursor","more"}
 *	{"op":"hook", "account", "method", "path", "query", "url", "headers":{}, "body64", "now",
 *	 "fetched":{URL:TEXT}} -> {"rc","status","type","body","fetch","news","ticket",
 *	 "receipts":[...]}
 *	{"op":"phone", "text"} -> {"kind":"bad"|"mobile"|"landline","number"}
 *	{"op":"segments", "plan":"china"|"international", "signature", "text"}
 *	  -> {"characters","units","encoding","segments"}
 *
 * parcel: "ask":{"id","title","task","lines":[[NAME,VALUE]],"buttons":[[KEY,WORD]]} for staff.
 * account: name, type, url, and settings by name, secrets as their values. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "base/log.h"
#include "core/phone.h"
#include "core/segment.h"
#include "provider/provider.h"
#include "world/loop.h"

static struct arena *arena;
static const json_t *in;

static const char *
text(const json_t *j, const char *name)
{
	const char *s = json_string_value(json_object_get(j, name));

	return s == NULL ? "" : s;
}

static struct account
account_of(void)
{
	const json_t *j = json_object_get(in, "account");
	struct account a = { .name = text(j, "name"),
		.type = text(j, "type"),
		.url = text(j, "url"),
		.connections = 16,
		.quiet_from = -1,
		.quiet_to = -1 };
	const char *name;
	json_t *value;

	a.settings = arena_array(arena, struct setting, json_object_size(j) + 1);
	json_object_foreach((json_t *)(uintptr_t)j, name, value)
	{
		if (strcmp(name, "hook_secret") == 0)
			a.hook_secret = json_string_value(value);
		else if (json_is_string(value))
			a.settings[a.n_settings++] = (struct setting){ .name = name,
				.value = json_string_value(value) };
	}
	return a;
}

static struct config
config_of(struct account *acc)
{
	struct config c = { .public_url = "https://reach.example.com",
		.accounts = acc,
		.n_accounts = 1 };

	c.entity.name = "示例汽车服务";
	c.entity.zone = zone_get("Asia/Shanghai");
	return c;
}

static const struct coded *
coded_of(const json_t *j)
{
	const json_t *params = json_object_get(j, "params");
	struct coded *c = arena_new_of(arena, struct coded);
	size_t n = json_array_size(params);
	const char **names = arena_array(arena, const char *, n + 1),
		   **values = arena_array(arena, const char *, n + 1);

	for (size_t i = 0; i < n; i++) {
		names[i] =
		    json_string_value(json_array_get(json_array_get(params, i), 0));
		values[i] =
		    json_string_value(json_array_get(json_array_get(params, i), 1));
	}
	*c = (struct coded){ text(j, "code"), names, values, (int)n };
	return c;
}

static const char *const *
devices_of(const json_t *list)
{
	size_t n = json_array_size(list);
	const char **d = arena_array(arena, const char *, n + 1);

	for (size_t i = 0; i < n; i++)
		d[i] = json_string_value(json_array_get(list, i));
	d[n] = NULL;
	return d;
}

/* [[name, value], ...] */
static int
pairs_of(const json_t *list, const char *const **names, const char *const **values)
{
	size_t n = json_array_size(list);
	const char **a = arena_array(arena, const char *, n + 1),
		   **b = arena_array(arena, const char *, n + 1);

	for (size_t i = 0; i < n; i++) {
		a[i] = json_string_value(json_array_get(json_array_get(list, i), 0));
		b[i] = json_string_value(json_array_get(json_array_get(list, i), 1));
	}
	*names = a;
	*values = b;
	return (int)n;
}

static const struct ask *
ask_of(const json_t *j)
{
	struct ask *k = arena_new_of(arena, struct ask);

	k->id = text(j, "id");
	k->title = text(j, "title");
	k->task = text(j, "task");
	k->n = pairs_of(json_object_get(j, "lines"), &k->names, &k->values);
	k->n_buttons = pairs_of(json_object_get(j, "buttons"), &k->keys, &k->buttons);
	return k;
}

static struct parcel
parcel_of(const json_t *j)
{
	int channel = channel_find(text(j, "channel")),
	    category = category_find(text(j, "category"));
	struct parcel p = { .msg = 1,
		.to = text(j, "to"),
		.ref = text(j, "ref"),
		.call = text(j, "call"),
		.subject = text(j, "subject"),
		.text = text(j, "text"),
		.html = text(j, "html"),
		.unsubscribe = text(j, "unsubscribe"),
		.customer = "",
		.signature = text(j, "signature"),
		.provider_id = text(j, "provider_id"),
		.channel = channel < 0 ? CHANNEL_SMS : (enum channel)channel,
		.category = category < 0 ? CATEGORY_SERVICE : (enum category)category,
		.begun_at = json_integer_value(json_object_get(in, "at")),
		.expires_at = json_integer_value(json_object_get(j, "expires_at")) };

	if (json_object_get(j, "key") != NULL)
		p.key = text(j, "key");
	if (json_object_get(j, "ask") != NULL)
		p.ask = ask_of(json_object_get(j, "ask"));
	if (json_object_get(j, "code") != NULL)
		p.coded = coded_of(j);
	if (json_object_get(j, "devices") != NULL)
		p.devices = devices_of(json_object_get(j, "devices"));
	return p;
}

static int
parcels_of(struct parcel *p)
{
	const json_t *list = json_object_get(in, "parcels");
	int n = 0;

	if (list == NULL) {
		p[0] = parcel_of(json_object_get(in, "parcel"));
		return 1;
	}
	for (; n < (int)json_array_size(list) && n < 100; n++)
		p[n] = parcel_of(json_array_get(list, (size_t)n));
	return n;
}

static json_t *
request_out(int rc, struct provider_request *r, const struct err *e)
{
	json_t *headers = json_array(), *out;

	if (rc != 0)
		return json_pack("{ss}", "error", e->text);
	for (guint i = 0; i < r->headers->len; i++)
		json_array_append_new(headers, json_string(r->headers->pdata[i]));
	out = json_pack(
	    "{ss ss so}", "method", r->method, "url", r->url, "headers", headers);
	if (r->envelope != NULL)
		json_object_set_new(out, "envelope",
		    json_pack("{ss ss ss ss sb}", "from", r->envelope->from, "to",
			r->envelope->to, "user", r->envelope->user, "password",
			r->envelope->password, "plain", r->envelope->plain));
	if (g_utf8_validate(r->body, (gssize)r->body_len, NULL)) {
		json_object_set_new(out, "body", json_stringn(r->body, r->body_len));
	} else {
		char *b64 = g_base64_encode((const guchar *)r->body, r->body_len);

		json_object_set_new(out, "body64", json_string(b64));
		g_free(b64);
	}
	return out;
}

static json_t *
op_request(const char *op, const struct provider *p, const struct account *acc,
    const struct config *cfg)
{
	struct provider_request r = { .headers = g_ptr_array_new() };
	ms_t at = json_integer_value(json_object_get(in, "at"));
	struct parcel parcels[100];
	struct err e = { 0 };
	int n = parcels_of(parcels), rc;
	json_t *out;

	if (strcmp(op, "query") == 0)
		rc = p->query(acc, cfg, parcels, at, arena, &r, &e);
	else if (strcmp(op, "pull") == 0)
		rc = p->pull(acc, cfg, text(in, "cursor"), text(in, "ticket"), at, arena, &r, &e);
	else if (strcmp(op, "keys") == 0)
		rc = p->keys->request(acc, cfg, arena, &r, &e);
	else if (strcmp(op, "token") == 0)
		rc = p->token->request(acc, cfg, arena, &r, &e);
	else
		rc = p->request(acc, cfg, parcels, n, at, arena, &r, &e);
	out = request_out(rc, &r, &e);
	g_ptr_array_unref(r.headers);
	return out;
}

static json_t *
answer_out(const struct answer *a)
{
	static const char *const words[] = { "not_written", "accepted", "rejected",
		"refused_retry", "unknown" };

	return json_pack("{ss ss ss sb sb sb sb sb sb si sI}", "outcome",
	    words[a->outcome], "id", a->provider_id, "perr", a->perr, "bad_address",
	    a->bad_address, "opted_out", a->opted_out, "freeze", a->freeze, "number",
	    a->number, "alone", a->alone, "stale_token", a->stale_token, "told",
	    (int)a->told, "retry_after", (json_int_t)a->retry_after);
}

static json_t *
op_answer(const char *op, const struct provider *p, const struct account *acc)
{
	const char *body = text(in, "body");
	int status = (int)json_integer_value(json_object_get(in, "status"));
	struct parcel parcels[100];
	int n = parcels_of(parcels);
	struct answer a[100];
	json_t *list = json_array();

	memset(a, 0, sizeof(a));
	if (strcmp(op, "query_answer") == 0)
		p->query_answer(acc, parcels, status, body, strlen(body), a), n = 1;
	else
		p->answer(acc, parcels, n,
		    &(struct provider_reply){ status, body, strlen(body), NULL }, a);
	for (int i = 0; i < n; i++)
		json_array_append_new(list, answer_out(&a[i]));
	return json_pack("{so}", "answers", list);
}

/* ---- the wire ---- */

struct posting {
	struct http_call http;
	struct world *world;
	const struct provider *provider;
	const struct account *acc;
	const struct parcel *parcel;
	json_t *out;
};

static void
posted(struct http_call *h)
{
	static const char *const ends[] = { "not_written", "broken", "answered" };
	struct posting *p = (struct posting *)h;
	struct answer a = { 0 };

	p->out = json_pack("{ss ss ss}", "end", ends[h->end], "error", h->error, "said",
	    h->body != NULL ? h->body : "");
	if (h->end == HTTP_ANSWERED) {
		p->provider->answer(
		    p->acc, p->parcel, 1,
		    &(struct provider_reply){ h->status, h->body, h->body_len, h->head }, &a);
		json_object_set_new(p->out, "answer", answer_out(&a));
	}
	loop_stop(p->world);
}

static json_t *
op_send(const struct provider *p, const struct account *acc, const struct config *cfg)
{
	const struct loop_options o = { .ca_file = json_string_value(
					    json_object_get(in, "ca")) };
	ms_t at = json_integer_value(json_object_get(in, "at"));
	struct provider_request r = { .headers = g_ptr_array_new() };
	struct parcel parcel[100];
	struct err e = { 0 };
	struct posting post = {
		.world = loop_new(&o, &e), .provider = p, .acc = acc, .parcel = parcel
	};

	parcels_of(parcel);
	if (post.world == NULL ||
	    p->request(acc, cfg, parcel, 1, at, arena, &r, &e) != 0) {
		g_ptr_array_unref(r.headers);
		return json_pack("{ss}", "error", e.text);
	}
	g_ptr_array_add(r.headers, NULL);
	post.http.req = (struct http_req){ .method = r.method,
		.url = r.url,
		.headers = (const char *const *)r.headers->pdata,
		.body = r.body,
		.body_len = r.body_len,
		.timeout = 5 * MS_SECOND,
		.internal = true,
		.envelope = r.envelope };
	post.http.done = posted;
	post.world->http_start(post.world, &post.http);
	loop_run(post.world);
	loop_free(post.world);
	g_ptr_array_unref(r.headers);
	return post.out;
}

static json_t *
receipts_out(const struct receipt *r, int n)
{
	static const char *const words[] = { "sent", "delivered", "failed", "open",
		"click", "reply", "complaint", "unsubscribe", "done" };
	json_t *list = json_array();

	for (int i = 0; i < n; i++)
		json_array_append_new(
		    list, json_pack("{ss ss ss ss ss ss ss sI sb sb sb ss*}", "kind",
			      (size_t)r[i].kind < G_N_ELEMENTS(words) ? words[r[i].kind]
								      : "other",
			      "key", r[i].key, "ref", r[i].ref, "id", r[i].provider_id,
			      "from", r[i].from, "text", r[i].text, "perr", r[i].perr,
			      "at", (json_int_t)r[i].at, "bad_address", r[i].bad_address,
			      "opted_out", r[i].opted_out, "broken", r[i].broken,
			      "once", r[i].once));
	return list;
}

static json_t *
op_pull_answer(const struct provider *p, const struct account *acc)
{
	const char *body = text(in, "body"), *cursor = text(in, "cursor");
	int status = (int)json_integer_value(json_object_get(in, "status")), n = 0, rc;
	struct receipt *r = NULL;
	struct answer why = { 0 };
	bool more = false;

	rc = p->pull_answer(
	    acc, status, body, strlen(body), arena, &r, &n, &cursor, &more, &why);
	return json_pack("{si so ss sb so}", "rc", rc, "receipts", receipts_out(r, n),
	    "cursor", cursor, "more", more, "why", answer_out(&why));
}

static const char *
header(const struct hook_request *req, const char *name)
{
	const char *key;
	json_t *value;

	(void)req;
	json_object_foreach(json_object_get(in, "headers"), key, value)
	{
		if (g_ascii_strcasecmp(key, name) == 0)
			return json_string_value(value);
	}
	return "";
}

static const char *
fetched(const struct hook_request *req, const char *url)
{
	(void)req;
	return json_string_value(json_object_get(json_object_get(in, "fetched"), url));
}

static json_t *
op_hook(const struct provider *p, const struct account *acc, const struct config *cfg)
{
	gsize len = 0;
	char *body = (char *)g_base64_decode(text(in, "body64"), &len);
	const struct hook_request req = { .method = text(in, "method"),
		.path = text(in, "path"),
		.query = text(in, "query"),
		.url = text(in, "url"),
		.body = arena_strndup(arena, body, len),
		.body_len = len,
		.header = header,
		.fetched = fetched,
		.now = json_integer_value(json_object_get(in, "now")) };
	struct hook_reply reply = { 0 };
	struct receipt *r = NULL;
	int n = 0, rc = p->hook(acc, cfg, &req, arena, &r, &n, &reply);

	g_free(body);
	return json_pack("{si si ss ss ss ss ss so}", "rc", rc, "status", reply.status, "type",
	    reply.type == NULL ? "" : reply.type, "body",
	    reply.body == NULL ? "" : reply.body, "fetch",
	    reply.fetch == NULL ? "" : reply.fetch, "news",
	    reply.news == NULL ? "" : reply.news->name, "ticket",
	    reply.ticket == NULL ? "" : reply.ticket, "receipts",
	    receipts_out(r, rc == 0 ? n : 0));
}

static json_t *
op_phone(void)
{
	static const char *const kinds[] = { "bad", "mobile", "landline" };
	char number[20];
	enum phone_kind kind = phone_normalise(text(in, "text"), number);

	return json_pack("{ss ss}", "kind", kinds[kind], "number", number);
}

static json_t *
op_segments(void)
{
	bool china = strcmp(text(in, "plan"), "china") == 0;
	struct segments s;

	segment_count(china ? SEGMENT_CHINA : SEGMENT_INTERNATIONAL,
	    text(in, "signature"), text(in, "text"), &s);
	return json_pack("{si si ss si}", "characters", s.characters, "units", s.units,
	    "encoding", s.encoding, "segments", s.segments);
}

static json_t *
answer(void)
{
	struct account acc = account_of();
	struct config cfg = config_of(&acc);
	const struct provider *p = provider_find(acc.type);
	const char *op = text(in, "op");

	if (strcmp(op, "phone") == 0)
		return op_phone();
	if (strcmp(op, "segments") == 0)
		return op_segments();
	if (p == NULL)
		return json_pack("{ss}", "error", "no such type");
	if (strcmp(op, "send") == 0)
		return op_send(p, &acc, &cfg);
	if (strcmp(op, "hook") == 0)
		return op_hook(p, &acc, &cfg);
	if (strcmp(op, "pull_answer") == 0)
		return op_pull_answer(p, &acc);
	if (strcmp(op, "answer") == 0 || strcmp(op, "query_answer") == 0)
		return op_answer(op, p, &acc);
	return op_request(op, p, &acc, &cfg);
}

int
main(void)
{
	char *line = NULL;
	size_t size = 0;
	ssize_t n;

	arena = arena_new();
	while ((n = getline(&line, &size, stdin)) > 0) {
		json_t *j = json_loadb(line, (size_t)n, 0, NULL), *out;
		char *made;

		in = j;
		out = j == NULL ? json_pack("{ss}", "error", "no JSON") : answer();
		made = json_dumps(out, JSON_COMPACT);
		puts(made);
		fflush(stdout);
		free(made);
		json_decref(out);
		json_decref(j);
		arena_reset(arena);
	}
	free(line);
	arena_free(arena);
	return 0;
}
