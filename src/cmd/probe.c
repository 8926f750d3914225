/* probe.c - one account: its address reached, its key tried, the clocks compared. */
#include "probe.h"

#include <string.h>

#include "provider/doctor.h"
#include "provider/wire.h"
#include "world/loop.h"

#define CLOCK_NEAR (2 * MS_SECOND) /* beyond it the daemon, too, would not send */
#define CLOCK_FAR MS_MINUTE

void
probe_add(struct trial *t, const struct probe_check *c)
{
	json_t *j = json_pack("{ss ss ss ss}", "check", c->check, "result", c->result,
	    "text", c->en, "text_zh", c->zh);

	if (c->code != NULL && *c->code != '\0')
		json_object_set_new(j, "code", json_string(c->code));
	if (c->next_en != NULL) {
		json_object_set_new(j, "next", json_string(c->next_en));
		json_object_set_new(j, "next_zh", json_string(c->next_zh));
	}
	json_array_append_new(t->checks, j);
	t->failed |= strcmp(c->result, "failed") == 0;
}

/* ---- a call ---- */

static void
over(struct http_call *http)
{
	struct probe_call *c = (struct probe_call *)http;
	struct arena *a = c->trial->arena;
	struct world *w = c->trial->world;

	c->now = w->now(w);
	c->reply = (struct provider_reply){ .status = http->status,
		.body = http->body != NULL ? arena_strndup(a, http->body, http->body_len)
					   : "",
		.len = http->body_len };
	if (http->head != NULL) {
		size_t n = header_size(http->head);
		char *head = arena_alloc(a, n);

		memcpy(head, http->head, n);
		c->reply.head = head;
	}
	loop_stop(w);
}

void
probe_ask(struct trial *t, const struct provider_request *r, bool internal,
    struct probe_call *out)
{
	g_ptr_array_add(r->headers, NULL);
	*out = (struct probe_call){ .trial = t,
		.http = { .req = { .method = r->method,
			      .url = r->url,
			      .headers = (const char *const *)r->headers->pdata,
			      .body = r->body_len > 0 || r->envelope != NULL ||
					      strcmp(r->method, "POST") == 0
					  ? r->body
					  : NULL,
			      .body_len = r->body_len,
			      .internal = internal,
			      .envelope = r->envelope },
		    .done = over } };
	t->world->http_start(t->world, &out->http);
	loop_run(t->world);
}

/* ---- the address ---- */

/* scheme://host:port, without what may be a secret behind it. */
static const char *
place_of(struct trial *t, const char *url)
{
	const char *host = strstr(url, "://");

	host = host != NULL ? host + 3 : url;
	return arena_strndup(t->arena, url, (size_t)(host - url) + strcspn(host, "/?#"));
}

static const struct {
	const char *en, *zh;
} ways_on[] = {
	[HTTP_FAULT_OTHER] = { "see what it says; is url right?",
	    "请看上面的说明；url 写对了吗？" },
	[HTTP_FAULT_NAME] = { "is the host in url spelt right, and does this machine "
			      "resolve names?",
	    "url 里的域名写对了吗？本机能解析域名吗？" },
	[HTTP_FAULT_CONNECT] = { "is it up, and does the firewall let this machine out "
				 "to it?",
	    "对方在运行吗？防火墙允许本机访问它吗？" },
	[HTTP_FAULT_TLS] = { "its certificate is not believed here: look at the clock, "
			     "at "
			     "ca-certificates, and at what stands between",
	    "本机不信任对方的证书：请检查时钟、ca-certificates，以及中间是否有代理" },
};

/* False: nobody answered, and what needs an answer is told to be untried. */
static bool
reached(struct trial *t, const struct probe_call *c)
{
	const char *place = place_of(t, c->http.req.url);
	bool silent = c->http.end == HTTP_BROKEN;

	if (c->http.end == HTTP_ANSWERED) {
		probe_add(
		    t, &(struct probe_check){ "address", "ok",
			   arena_printf(t->arena, "%s answers", place),
			   arena_printf(t->arena, "%s 有应答", place), NULL, NULL, "" });
		return true;
	}
	probe_add(t,
	    &(struct probe_check){ "address", "failed",
		arena_printf(t->arena,
		    silent ? "%s took the call and gave no whole answer: %s"
			   : "%s is not reached: %s",
		    place, c->http.error),
		arena_printf(t->arena,
		    silent ? "%s 收到了请求，但没有完整应答：%s" : "连不上 %s：%s", place,
		    c->http.error),
		silent ? "try again; if it stays so, ask the service"
		       : ways_on[c->http.fault].en,
		silent ? "请重试；仍不行请联系服务商" : ways_on[c->http.fault].zh, "" });
	probe_add(t, &(struct probe_check){ "key", "skipped",
			 "not tried: the service was not reached", "未试：没有连上服务商",
			 NULL, NULL, "" });
	return false;
}

/* ---- the clock ---- */

/* A Date has whole seconds; what it took to come counts for nothing. */
static void
compare_clocks(struct trial *t, const struct probe_call *c)
{
	ms_t theirs = wire_date(header_of(c->reply.head, "Date"));
	ms_t off = c->now < theirs          ? c->now - theirs
		   : c->now > theirs + 1000 ? c->now - theirs - 1000
					    : 0;
	bool near = ABS(off) <= CLOCK_NEAR;
	const char *by = arena_printf(t->arena, "%.1f", (double)ABS(off) / 1000);

	if (theirs == 0)
		return;
	probe_add(t,
	    &(struct probe_check){ "clock",
		near                    ? "ok"
		: ABS(off) <= CLOCK_FAR ? "note"
					: "failed",
		near ? "as the service's"
		     : arena_printf(t->arena, "%s s %s the service's", by,
			   off > 0 ? "ahead of" : "behind"),
		near ? "与服务商一致"
		     : arena_printf(
			   t->arena, "比服务商%s %s 秒", off > 0 ? "快" : "慢", by),
		near ? NULL : "turn time synchronisation on (timedatectl set-ntp true)",
		near ? NULL : "请打开时间同步（timedatectl set-ntp true）", "" });
}

/* ---- an account ---- */

/* The token goes to its place in the url. */
static const char *
with_token(struct trial *t, const char *url, const char *token)
{
	const char *at = strstr(url, PROVIDER_TOKEN);

	return at == NULL ? url
			  : arena_printf(t->arena, "%.*s%s%s", (int)(at - url), url,
				token, at + strlen(PROVIDER_TOKEN));
}

/* The address alone, without what is behind it: the gateway cannot be asked, or the key is not
 * there. */
static void
only_address(struct trial *t, struct provider_request *r)
{
	struct probe_call c;

	r->method = "HEAD";
	r->url = arena_printf(
	    t->arena, "%s/", place_of(t, provider_url(t->acc, t->arena, "")));
	r->body = "";
	g_ptr_array_set_size(r->headers, 0);
	probe_ask(t, r, t->acc->internal, &c);
	if (!reached(t, &c))
		return;
	probe_add(
	    t, &(struct probe_check){ "key", "skipped",
		   t->failed ? "not tried without its credentials"
			     : "this gateway has no question that costs nothing: `reachd "
			       "testsend` tries it",
		   t->failed ? "缺少密钥，未试"
			     : "该网关没有免费的查询接口：请用 `reachd testsend` 试发",
		   NULL, NULL, "" });
	compare_clocks(t, &c);
}

static void
judge(struct trial *t, const struct probe_call *c)
{
	struct probed p = { .setting = "" };

	if (!reached(t, c))
		return;
	t->provider->probe->answer(t->acc, &c->reply, &p);
	probe_key(t, &p);
	compare_clocks(t, c);
}

/* NULL: there is none, and why was told. */
static const char *
fetch_token(struct trial *t)
{
	const struct provider_token *k = t->provider->token;
	struct provider_request r = { .headers = g_ptr_array_new() };
	struct answer why = { 0 };
	struct probe_call c;
	struct err e = { 0 };
	char token[2048] = "";
	ms_t life;

	if (k->request(t->acc, t->cfg, t->arena, &r, &e) == 0) {
		probe_ask(t, &r, t->acc->internal, &c);
		if (c.http.end != HTTP_ANSWERED ||
		    !k->answer(t->acc, c.reply.status, c.reply.body, c.reply.len, token,
			sizeof(token), &life, &why))
			judge(t, &c);
	}
	g_ptr_array_unref(r.headers);
	return *token != '\0' ? arena_strdup(t->arena, token) : NULL;
}

static void
try_out(struct trial *t)
{
	struct provider_request r = { .headers = g_ptr_array_new() };
	const char *token = "";
	struct err e = { 0 };
	struct probe_call c;
	int rc = t->provider->probe->request(
	    t->acc, t->cfg, t->world->now(t->world), t->arena, &r, &e);

	if (rc < 0)
		probe_add(t, &(struct probe_check){ "key", "failed",
				 arena_strdup(t->arena, e.text),
				 arena_strdup(t->arena, e.text), NULL, NULL, "" });
	else if (rc > 0 || (t->failed && !t->provider->submits))
		only_address(t, &r);
	else if (t->provider->token == NULL || (token = fetch_token(t)) != NULL) {
		r.url = with_token(t, r.url, token);
		probe_ask(t, &r, t->acc->internal, &c);
		judge(t, &c);
	}
	g_ptr_array_unref(r.headers);
}

/* What doctor knows of it. */
static json_t *
known(const struct trial *t)
{
	json_t *j = doctor_account(t->acc);
	struct capabilities caps = { 0 };

	t->provider->capabilities(t->acc, &caps);
	json_object_set_new(j, "batch", json_integer(MAX(caps.batch, 1)));
	return j;
}

json_t *
probe_account(
    struct world *w, const struct config *cfg, const struct account *acc, bool running)
{
	struct trial t = { w, cfg, acc, provider_find(acc->type), arena_new(),
		json_array(), false };
	json_t *j = known(&t);

	probe_credentials(&t);
	if (!t.failed || !t.provider->submits)
		try_out(&t);
	probe_webhook(&t, running);
	json_object_set_new(j, "ok", json_boolean(!t.failed));
	json_object_set_new(j, "checks", t.checks);
	arena_free(t.arena);
	return j;
}
