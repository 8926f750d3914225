/* provider_stage.h - one provider under test: an account, parcels, golden requests, tables of answers.
 *
 * Include after cmocka.h. Golden files lie in tests/golden/provider/TYPE/; GOLDEN_WRITE=1
 * writes them. */
#ifndef TESTS_PROVIDER_STAGE_H
#define TESTS_PROVIDER_STAGE_H

#include <stdlib.h>
#include <string.h>

#include <glib.h>

#include "provider/provider.h"
#include "spec/liquid.h"

#define SIGNED_AT INT64_C(1795319400000) /* 2026-11-22T03:50:00Z, 11:50 in Beijing */

static struct arena *arena;
static const struct provider *provider;
static struct account account;
static struct config config;

struct pair {
	const char *name, *value;
};

/* The account "main" of a type, with settings as written; secrets are their values. */
static inline void
stage_open(const char *type, const struct pair *settings, int n)
{
	arena = arena_new();
	provider = provider_find(type);
	assert_non_null(provider);
	memset(&config, 0, sizeof(config));
	config.public_url = "https://reach.example.com";
	config.entity.name = "示例汽车服务";
	account = (struct account){ .name = "main",
		.type = type,
		.connections = 16,
		.quiet_from = -1,
		.quiet_to = -1,
		.settings = arena_array(arena, struct setting, n + 1),
		.n_settings = n };
	for (int i = 0; i < n; i++)
		account.settings[i] = (struct setting){ .name = settings[i].name,
			.value = settings[i].value };
	config.accounts = &account;
	config.n_accounts = 1;
}

static inline void
stage_close(void)
{
	arena_free(arena);
}

static inline struct capabilities
stage_capabilities(void)
{
	struct capabilities c = { 0 };

	provider->capabilities(&account, &c);
	return c;
}

/* ---- golden requests ---- */

static inline char *
stage_text(const struct provider_request *r)
{
	GString *s = g_string_new(NULL);

	g_string_printf(s, "%s %s\n", r->method, r->url);
	for (guint i = 0; i < r->headers->len; i++)
		g_string_append_printf(s, "%s\n", (char *)r->headers->pdata[i]);
	g_string_append_c(s, '\n');
	g_string_append_len(s, r->body, (gssize)r->body_len);
	if (r->body_len > 0)
		g_string_append_c(s, '\n');
	return g_string_free(s, FALSE);
}

static inline void
stage_golden(const char *name, const struct provider_request *r)
{
	char *path =
	    g_strdup_printf("tests/golden/provider/%s/%s.http", account.type, name);
	char *made = stage_text(r), *kept = NULL;

	if (getenv("GOLDEN_WRITE") != NULL) {
		char *dir = g_path_get_dirname(path);

		g_mkdir_with_parents(dir, 0755);
		assert_true(g_file_set_contents(path, made, -1, NULL));
		g_free(dir);
	}
	if (!g_file_get_contents(path, &kept, NULL, NULL))
		fail_msg("%s is missing: GOLDEN_WRITE=1 writes it", path);
	assert_string_equal(made, kept);
	g_free(kept);
	g_free(made);
	g_free(path);
}

static inline void
stage_request(const char *name, const struct parcel *p, int n)
{
	struct provider_request r = { .headers = g_ptr_array_new() };
	struct err e = { 0 };

	if (provider->request(&account, &config, p, n, SIGNED_AT, arena, &r, &e) != 0)
		fail_msg("%s: %s", name, e.text);
	stage_golden(name, &r);
	g_ptr_array_unref(r.headers);
}

static inline void
stage_query(const char *name, const struct parcel *p)
{
	struct provider_request r = { .headers = g_ptr_array_new() };
	struct err e = { 0 };

	assert_int_equal(
	    provider->query(&account, &config, p, SIGNED_AT, arena, &r, &e), 0);
	stage_golden(name, &r);
	g_ptr_array_unref(r.headers);
}

/* ---- answers ---- */

/* An answer without headers, and with them: "Retry-After\0" "30\0". */
#define STAGE_REPLY(status, body) STAGE_REPLY_WITH(status, body, NULL)
#define STAGE_REPLY_WITH(status, body, head) \
	((struct provider_reply){ status, body, strlen(body), head })

struct stage_answer {
	const char *name;
	int status;
	const char *body;
	int n; /* recipients */
	/* of the first: */
	enum outcome outcome;
	const char *id, *perr; /* NULL: not looked at */
	const char *flags; /* of: bad_address opted_out freeze number alone stale_token
	                    * hopeless shut no_code no_signature */
	ms_t retry_after;
};

static inline char *
stage_flags(const struct answer *a)
{
	const struct {
		bool on;
		const char *name;
	} all[] = { { a->bad_address, "bad_address" }, { a->opted_out, "opted_out" },
		{ a->freeze, "freeze" }, { a->number, "number" }, { a->alone, "alone" },
		{ a->stale_token, "stale_token" }, { a->hopeless, "hopeless" },
		{ a->no_code, "no_code" }, { a->no_signature, "no_signature" }, { a->shut, "shut" } };
	GString *s = g_string_new(NULL);

	for (size_t i = 0; i < G_N_ELEMENTS(all); i++)
		if (all[i].on)
			g_string_append_printf(
			    s, "%s%s", s->len > 0 ? " " : "", all[i].name);
	return g_string_free(s, FALSE);
}

static inline void
stage_judge(const char *name, const struct answer *a, enum outcome outcome,
    const char *id, const char *perr, const char *flags, ms_t retry_after)
{
	char *got = stage_flags(a);

	if (a->outcome != outcome || (id != NULL && strcmp(a->provider_id, id) != 0) ||
	    (perr != NULL && strcmp(a->perr, perr) != 0) ||
	    strcmp(got, flags != NULL ? flags : "") != 0 || a->retry_after != retry_after)
		fail_msg("%s: outcome %d id \"%s\" perr \"%s\" flags \"%s\" after "
			 "%" G_GINT64_FORMAT,
		    name, (int)a->outcome, a->provider_id, a->perr, got, a->retry_after);
	g_free(got);
}

static inline void
stage_answers(const struct parcel *p, const struct stage_answer *rows, size_t n_rows)
{
	for (size_t i = 0; i < n_rows; i++) {
		const struct stage_answer *r = &rows[i];
		struct answer a[100];

		provider->answer(&account, p, r->n, &STAGE_REPLY(r->status, r->body), a);
		stage_judge(
		    r->name, &a[0], r->outcome, r->id, r->perr, r->flags, r->retry_after);
	}
}

/* ---- lists that are asked for ---- */

static inline void
stage_pull(const char *name, const char *cursor, const char *ticket)
{
	struct provider_request r = { .headers = g_ptr_array_new() };
	struct err e = { 0 };

	assert_int_equal(
	    provider->pull(&account, &config, cursor, ticket, SIGNED_AT, arena, &r, &e),
	    0);
	stage_golden(name, &r);
	g_ptr_array_unref(r.headers);
}

struct stage_page {
	const char *name, *was, *body;
	int status, rc, n;
	const char *cursor;
	bool more;
};

static inline void
stage_pages(const struct stage_page *rows, size_t n_rows)
{
	for (size_t i = 0; i < n_rows; i++) {
		struct answer why = { .outcome = OUTCOME_UNKNOWN };
		struct receipt *r = NULL;
		const char *cursor = rows[i].was;
		bool more = false;
		int n = 0,
		    rc = provider->pull_answer(&account, rows[i].status, rows[i].body,
			strlen(rows[i].body), arena, &r, &n, &cursor, &more, &why);

		if (rc != rows[i].rc || (rc == 0 && n != rows[i].n) ||
		    more != rows[i].more || strcmp(cursor, rows[i].cursor) != 0 ||
		    why.freeze)
			fail_msg("%s: %d %d \"%s\"", rows[i].name, rc, n, cursor);
	}
}

/* ---- webhooks ---- */

struct stage_hook {
	const char *method, *query, *body;
	size_t len;                /* 0: strlen */
	const struct pair *fields; /* headers; ends with a NULL name; NULL: none */
	const struct pair *fetched; /* pages by their addresses, likewise */
};

static inline const char *
stage_field(const struct hook_request *req, const char *name)
{
	const struct stage_hook *h = req->arg;

	for (const struct pair *f = h->fields; f != NULL && f->name != NULL; f++)
		if (g_ascii_strcasecmp(f->name, name) == 0)
			return f->value;
	return "";
}

static inline const char *
stage_fetched(const struct hook_request *req, const char *url)
{
	const struct stage_hook *h = req->arg;

	for (const struct pair *f = h->fetched; f != NULL && f->name != NULL; f++)
		if (strcmp(f->name, url) == 0)
			return f->value;
	return NULL;
}

/* Returns what hook() returned; *n receipts, the reply's status and body. */
static inline int
stage_hook(const struct stage_hook *h, ms_t now, struct receipt **out, int *n,
    struct hook_reply *reply)
{
	const char *query = h->query != NULL ? h->query : "";
	const struct hook_request req = { .method =
					      h->method != NULL ? h->method : "POST",
		.path = "",
		.query = query,
		.url = arena_printf(arena, "https://reach.example.com/hooks/%s/main%s%s",
		    account.type, query[0] != '\0' ? "?" : "", query),
		.body = h->body,
		.body_len = h->len != 0 ? h->len : strlen(h->body),
		.header = stage_field,
		.arg = h,
		.fetched = stage_fetched,
		.now = now };

	*out = NULL;
	*n = 0;
	memset(reply, 0, sizeof(*reply));
	return provider->hook(&account, &config, &req, arena, out, n, reply);
}

#endif
