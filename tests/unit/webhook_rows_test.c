/* webhook_rows_test.c - the rows of the table of bad webhooks that every service must meet, over
 * all of them: what the sandbox's dialect posts, signed like the service, is tampered with,
 * stripped, signed with another key, old, replayed, broken and blown up.
 *
 * Where a row does not apply to a service its line says why. What is peculiar to a service
 * is in provider_NAME_test.c; what happens behind the provider, once a path and not once a
 * service, in inbound_test.c, api_test.c, link_test.c and disk_test.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "webhook_lines.h"

/* ---- the rows ---- */

static void
right(void)
{
	struct posted p;
	struct heard h;

	make(&account, SIGNED_AT, &p);
	h = hear(&p);
	if (!is_taken(&h))
		fail_msg("%s: what is right is refused: rc %d n %d status %d", now->type,
		    h.rc, h.n, h.reply.status);
	assert_true((now->not_signed == NULL) == provider->signs);
}

/* Each byte of what is signed, one at a time. */
static void
w1_tampered(void)
{
	struct posted p;
	size_t from, to;
	char *body;

	if (not_here("W1 tampered", now->not_covered))
		return;
	make(&account, SIGNED_AT, &p);
	body = arena_strdup(arena, p.hook.body);
	from = (size_t)(strstr(body, now->covered) - body) + strlen(now->covered);
	to = *now->covered == '\0' ? strlen(body) : from + strcspn(body + from, "]");
	p.hook.body = body;
	for (size_t i = from; i < to; i++) {
		struct heard h;

		body[i] ^= 1;
		h = hear(&p);
		if (h.rc == 0)
			fail_msg("W1 %s: byte %zu of %s", now->type, i, body);
		body[i] ^= 1;
	}
}

static struct heard
stripped(void)
{
	struct posted p;

	make(&account, SIGNED_AT, &p);
	if (now->mark != NULL) {
		char *body = arena_strdup(arena, p.hook.body),
		     *at = strstr(body, now->mark);

		assert_non_null(at);
		at[1] = 'x'; /* no field of that name */
		p.hook.body = body;
	}
	memset(p.fields, 0, sizeof(p.fields));
	if (is_sealed())
		p.hook.query = "timestamp=1795319400&nonce=nonce";
	return hear(&p);
}

/* Signed by another: the same account but for that secret. */
static struct heard
by_another(void)
{
	struct account other = account;
	struct posted p;

	other.settings = arena_array(arena, struct setting, account.n_settings);
	for (int i = 0; i < account.n_settings; i++) {
		other.settings[i] = account.settings[i];
		if (strcmp(other.settings[i].name, now->other) == 0)
			other.settings[i].value =
			    "whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
	}
	make(&other, SIGNED_AT, &p);
	return hear(&p);
}

/* W10: whatever is wrong, one answer. */
static void
alike(const struct heard *a, const struct heard *b)
{
	if (a->reply.status != b->reply.status ||
	    g_strcmp0(a->reply.body, b->reply.body) != 0)
		fail_msg("W10 %s: %d %s, %d %s", now->type, a->reply.status,
		    a->reply.body, b->reply.status, b->reply.body);
}

static void
w1_missing_or_anothers(void)
{
	struct heard none, other;

	if (!not_here("W1 missing", now->not_signed)) {
		none = stripped();
		refused("W1 missing", 401, &none);
	}
	if (now->other == NULL) {
		not_here("W1 another key",
		    now->not_other != NULL ? now->not_other : now->not_signed);
		return;
	}
	other = by_another();
	refused("W1 another key", 401, &other);
	if (now->not_signed == NULL)
		alike(&none, &other);
}

static struct heard
at(int seconds)
{
	struct posted p;

	make(&account, SIGNED_AT + seconds * MS_SECOND, &p);
	return hear(&p);
}

static void
w2_stale_w18_late(void)
{
	struct heard h;

	if (not_here("W2", now->not_stale)) {
		h = at(-3 * 86400);
		if (!is_taken(&h))
			fail_msg("W18 %s: %d", now->type, h.reply.status);
		return;
	}
	h = at(-now->past);
	assert_true(is_taken(&h));
	h = at(now->future);
	assert_true(is_taken(&h));
	h = at(-now->past - 1);
	refused("W2 too old", 401, &h);
	h = at(now->future + 1);
	refused("W2 of the future", 401, &h);
}

/* The engine keeps one row a key; here it must only be the same one. */
static void
w3_replayed(void)
{
	struct posted p;
	struct heard a, b;

	make(&account, SIGNED_AT, &p);
	a = hear(&p);
	b = hear(&p);
	assert_true(is_taken(&a) && is_taken(&b));
	if (not_here("W3", now->news))
		return;
	assert_string_equal(a.r->key, b.r->key);
	assert_true(strlen(a.r->key) > 0);
}

/* As many as `good` of what it posts, and `broken` that are no events. */
static void
batch(int good, int broken, struct posted *p)
{
	json_t *j, *list, *one;
	GString *s;
	char *text;

	make(&account, SIGNED_AT, p);
	j = json_loads(p->hook.body, 0, NULL);
	assert_non_null(j);
	list = json_is_array(j) ? j : json_object_get(j, "events");
	one = list == NULL ? j : json_array_get(list, 0);
	text = json_dumps(one, JSON_COMPACT);
	s = g_string_new(list != NULL && !json_is_array(j) ? "{\"events\":[" : "[");
	for (int i = 0; i < good; i++)
		g_string_append_printf(s, "%s%s", i > 0 ? "," : "", text);
	for (int i = 0; i < broken; i++)
		g_string_append(s, i % 3 == 0 ? ",17" : i % 3 == 1 ? ",{}" : ",\"x\"");
	g_string_append(s, list != NULL && !json_is_array(j) ? "]}" : "]");
	p->hook.body = arena_strdup(arena, s->str);
	g_string_free(s, TRUE);
	free(text);
	json_decref(j);
}

static void
w7_broken_among_others(void)
{
	struct posted p;
	struct heard h;
	int broken = 0;

	if (not_here("W7", now->not_batch))
		return;
	batch(497, 3, &p);
	h = hear(&p);
	for (int i = 0; h.rc == 0 && i < h.n; i++) {
		broken += h.r[i].broken;
		assert_true(
		    !h.r[i].broken || (h.r[i].raw != NULL && *h.r[i].raw != '\0'));
	}
	if (h.rc != 0 || h.reply.status != 200 || h.n != 500 || broken != 3)
		fail_msg("W7 %s: rc %d n %d broken %d", now->type, h.rc, h.n, broken);
}

static void
w8_too_many(void)
{
	struct posted p;
	struct heard h;

	if (not_here("W8", now->not_batch))
		return;
	batch(5001, 0, &p);
	h = hear(&p);
	refused("W8", 413, &h);
}

/* Bytes that no service sends: never an event. */
static void
w9_doctype(void)
{
	struct posted p;
	struct heard h;

	make(&account, SIGNED_AT, &p);
	if (is_sealed())
		sealed(&account, BOMB, &p);
	else
		p.hook.body = BOMB;
	h = hear(&p);
	if (h.rc == 0 && h.reply.news != NULL)
		fail_msg("W9 %s: news", now->type);
	for (int i = 0; h.rc == 0 && i < h.n; i++)
		if (!h.r[i].broken)
			fail_msg("W9 %s: an event", now->type);
}

static void
all_rows(void **state)
{
	line_open(*state);
	right();
	w1_tampered();
	w1_missing_or_anothers();
	w2_stale_w18_late();
	w3_replayed();
	w7_broken_among_others();
	w8_too_many();
	w9_doctype();
	stage_close();
}

/* Who posts has a line, and who has a line posts. */
static void
every_service_has_a_line(void **state)
{
	(void)state;
	for (int i = 0; provider_all()[i] != NULL; i++) {
		const struct provider *p = provider_all()[i];
		size_t k = 0;

		while (k < G_N_ELEMENTS(lines) && strcmp(lines[k].type, p->name) != 0)
			k++;
		if ((p->hook != NULL) != (k < G_N_ELEMENTS(lines)))
			fail_msg("%s", p->name);
	}
}

/* W11: the address is proven by what only the owner of the key can read. */
static void
handshake(const struct line *its)
{
	struct posted p;
	struct heard h;
	char *cipher, *query;

	line_open(its);
	make(&account, SIGNED_AT, &p);
	sealed(&account, "hello", &p);
	cipher = strstr(p.hook.body, "<Encrypt><![CDATA[") + strlen("<Encrypt><![CDATA[");
	cipher = arena_strndup(arena, cipher, strcspn(cipher, "]"));
	query = g_uri_escape_string(cipher, NULL, FALSE);
	p.hook.method = "GET";
	p.hook.query = arena_printf(arena, "%s&echostr=%s", p.hook.query, query);
	p.hook.body = "";
	h = hear(&p);
	assert_int_equal(h.rc, 0);
	assert_int_equal(h.n, 0);
	assert_string_equal(h.reply.body, "hello");
	p.hook.query = arena_printf(
	    arena, "msg_signature=0&timestamp=1795319400&nonce=nonce&echostr=%s", query);
	h = hear(&p);
	refused("W11", 401, &h);
	g_free(query);
	stage_close();
}

static void
w11_handshake(void **state)
{
	int n = 0;

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(lines); i++)
		if (g_str_has_prefix(lines[i].type, "wecom")) {
			handshake(&lines[i]);
			n++;
		}
	assert_int_equal(n, 3);
}

int
main(void)
{
	struct CMUnitTest tests[G_N_ELEMENTS(lines) + 2];
	size_t n = 0;

	for (; n < G_N_ELEMENTS(lines); n++)
		tests[n] = (struct CMUnitTest){ lines[n].type, all_rows, NULL, NULL,
			(void *)(uintptr_t)&lines[n] };
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(every_service_has_a_line);
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(w11_handshake);
	return _cmocka_run_group_tests("webhook rows", tests, n, NULL, NULL);
}
