/* sandbox_desk.c - requests, their faults, their answers. */
#include "sandbox_desk.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include <glib.h>

#include "dialect.h"
#include "provider/quote.h"
#include "sandbox_take.h"

#define BATCH_LIMIT 1000

/* An exchange between its request and its answer. */
struct ticket {
	struct exchange *x;
	struct sandbox_desk *desk;
	enum sandbox_fault fault;
	uint64_t luck;
	int status, retry_after;
	const char *type;
	GString *body, *headers; /* headers: NULL, or of a dialect */
	uv_timer_t timer;           /* slow answers and those that never come */
	struct ticket *next, *prev; /* among the delayed */
};

struct sandbox_desk {
	struct sandbox_desk_options o;
	GPtrArray *ready; /* struct ticket *: answered after the fsync */
	struct ticket *delayed;
	uint64_t requests, again, refused;
};

/* Answers ------------------------------------------------------------------------- */

static void
error_body(GString *body, const char *text)
{
	g_string_printf(body, "{\"error\":\"%s\"}", text);
}

static void
append_result(struct sandbox_desk *d, GString *body, const struct sandbox_take *t)
{
	static const char *const words[] = { [TAKE_ACCEPTED] = "accepted",
		[TAKE_AGAIN] = "accepted",
		[TAKE_REFUSED] = "refused",
		[TAKE_STALE] = "later",
		[TAKE_CONFLICT] = "conflict" };
	g_string_append(body, "{\"ref\":");
	quote_json(body, t->ref);
	quote_json_member(body, "status", words[t->what]);
	if (t->what == TAKE_ACCEPTED || t->what == TAKE_AGAIN)
		quote_json_member(body, "id", t->id);
	else
		quote_json_member(
		    body, "code", t->what == TAKE_CONFLICT ? "key_reused" : t->code);
	g_string_append_c(body, '}');
	d->again += t->what == TAKE_AGAIN;
	d->refused += t->what == TAKE_REFUSED;
}

static void
answer_batch(struct sandbox_desk *d, struct ticket *t, struct sandbox_batch *b,
    const json_t *messages)
{
	size_t n = json_array_size(messages);
	if (n == 0 || n > BATCH_LIMIT) {
		t->status = 400;
		error_body(t->body, "send 1 to 1000 messages");
		return;
	}
	if (n > 1)
		b->key = "";
	g_string_assign(t->body, "{\"results\":[");
	for (size_t i = 0; i < n; i++) {
		struct sandbox_take take;
		sandbox_take_message(&d->o, b, json_array_get(messages, i), &take);
		if (i > 0)
			g_string_append_c(t->body, ',');
		append_result(d, t->body, &take);
	}
	g_string_append(t->body, "]}");
}

/* /send: what most plain gateways look like. */
static void
answer_single(struct sandbox_desk *d, struct ticket *t, const struct sandbox_batch *b,
    const json_t *message)
{
	struct sandbox_take take;
	sandbox_take_message(&d->o, b, message, &take);
	d->again += take.what == TAKE_AGAIN;
	d->refused += take.what == TAKE_REFUSED;
	switch (take.what) {
	case TAKE_ACCEPTED:
	case TAKE_AGAIN:
		g_string_printf(
		    t->body, "{\"code\":\"0\",\"data\":{\"id\":\"%s\"}}", take.id);
		break;
	case TAKE_REFUSED:
		g_string_printf(t->body, "{\"code\":\"%s\",\"message\":\"%s\"}",
		    strcmp(take.code, "bad_address") == 0 ? "1001" : "1002", take.code);
		break;
	case TAKE_STALE:
		t->status = 429;
		g_string_assign(t->body, "{\"code\":\"1003\",\"message\":\"stale\"}");
		break;
	case TAKE_CONFLICT:
		t->status = 409;
		g_string_assign(
		    t->body, "{\"code\":\"1004\",\"message\":\"key_reused\"}");
		break;
	}
}

static bool
too_old(const struct sandbox_desk *d, const struct sandbox_batch *b, ms_t sent_at)
{
	if (d->o.window <= 0 || sent_at <= 0)
		return false;
	return (double)(b->now - sent_at) / d->o.clock->speed > (double)d->o.window;
}

static const char *
text_or(const json_t *root, const char *name, const char *otherwise)
{
	const char *s = json_string_value(json_object_get(root, name));
	return s != NULL && s[0] != '\0' ? s : otherwise;
}

static void
take_messages(struct sandbox_desk *d, struct ticket *t)
{
	struct exchange *x = t->x;
	json_t *root = json_loadb(x->body, x->body_len, 0, NULL);
	if (!json_is_object(root)) {
		t->status = 400;
		error_body(t->body, "the body is no JSON object");
		json_decref(root);
		return;
	}
	ms_t sent_at = strtoll(x->sent_at, NULL, 10);
	sandbox_clock_heard(d->o.clock, sent_at);
	struct sandbox_batch b = {
		.account = text_or(root, "account", ""),
		.callback =
		    text_or(root, "callback", d->o.callback != NULL ? d->o.callback : ""),
		.key = x->key,
		.now = sandbox_clock_now(d->o.clock),
		.real = sandbox_clock_real(),
		.boot = sandbox_clock_boot(),
	};
	b.stale = too_old(d, &b, sent_at);
	if (strcmp(x->path, "/send") == 0)
		answer_single(d, t, &b, root);
	else
		answer_batch(d, t, &b, json_object_get(root, "messages"));
	json_decref(root);
}

static void
answer_query(struct sandbox_desk *d, struct ticket *t)
{
	const char *query = t->x->query;
	char *ref =
	    g_str_has_prefix(query, "ref=") ? g_uri_unescape_string(query + 4, "") : NULL;
	if (ref == NULL) {
		t->status = 400;
		error_body(t->body, "ask with ?ref=");
		return;
	}
	const struct taken *found = sandbox_book_by_ref(d->o.book, ref);
	char id[SANDBOX_ID];
	if (found != NULL)
		g_string_printf(t->body, "{\"found\":true,\"id\":\"%s\"}",
		    sandbox_book_id(found, id));
	else
		g_string_assign(t->body, "{\"found\":false}");
	g_free(ref);
}

static void
answer_status(struct sandbox_desk *d, struct ticket *t)
{
	struct sandbox_post_counts c = sandbox_post_counts(d->o.post);
	unsigned people = d->o.people != NULL ? sandbox_people_waiting(d->o.people) : 0;
	char now[CLOCK_TEXT];
	g_string_printf(t->body,
	    "{\"now\":\"%s\",\"requests\":%" PRIu64 ",\"taken\":%" PRIu64
	    ",\"again\":%" PRIu64 ",\"refused\":%" PRIu64
	    ",\"planned\":%u,\"posting\":%u,\"posted\":%" PRIu64 ",\"retried\":%" PRIu64
	    ",\"given_up\":%" PRIu64 "}",
	    clock_format(sandbox_clock_now(d->o.clock), 480, now), d->requests,
	    sandbox_book_count(d->o.book), d->again, d->refused, people,
	    c.open + sandbox_outbox_waiting(d->o.outbox), c.sent, c.retried, c.given_up);
}

/* Faults ------------------------------------------------------------------------------
 */

static bool
takes_all_the_same(const struct ticket *t)
{
	switch (t->fault) {
	case FAULT_ERROR_BEFORE:
	case FAULT_THROTTLE:
	case FAULT_TIMEOUT_BEFORE:
	case FAULT_DROP_BEFORE:
		return false;
	case FAULT_GARBAGE:
		return t->luck % 2 == 0;
	default:
		return true;
	}
}

static void
spoil(struct sandbox_desk *d, struct ticket *t)
{
	static const char *const garbage[] = {
		"<html><body>502 Bad Gateway</body></html>", "",
		"{\"results\":[{\"ref\":", "OK", "{\"results\":{}}", "\xff\xfe\x00"
	};
	switch (t->fault) {
	case FAULT_ERROR_BEFORE:
	case FAULT_ERROR_AFTER:
		t->status = t->luck % 3 == 0 ? 502 : 500;
		error_body(t->body, "internal error");
		break;
	case FAULT_THROTTLE:
		t->status = 429;
		t->retry_after = (int)d->o.faults->retry_after_s;
		error_body(t->body, "too many requests");
		break;
	case FAULT_GARBAGE:
		t->status = 200;
		g_string_assign(t->body, garbage[t->luck / 2 % 6]);
		break;
	default:
		break;
	}
}

static void
free_ticket(struct ticket *t)
{
	g_string_free(t->body, TRUE);
	if (t->headers != NULL)
		g_string_free(t->headers, TRUE);
	g_free(t);
}

static void
leave(struct ticket *t)
{
	struct sandbox_answer a = { .status = t->status,
		.retry_after = t->retry_after,
		.type = t->type,
		.headers = t->headers == NULL ? NULL : t->headers->str,
		.body = t->body->str,
		.len = t->body->len };
	const struct sandbox_faults *f = t->desk->o.faults;
	switch (t->fault) {
	case FAULT_TIMEOUT_BEFORE:
	case FAULT_TIMEOUT_AFTER:
	case FAULT_DROP_BEFORE:
	case FAULT_DROP_AFTER:
		sandbox_http_drop(t->x);
		break;
	case FAULT_CUT:
		sandbox_http_cut(t->x, &a,
		    f->cut_bytes >= 0 ? (size_t)f->cut_bytes : t->luck % (80 + a.len));
		break;
	default:
		sandbox_http_answer(t->x, &a);
		break;
	}
}

static void
on_timer_closed(uv_handle_t *h)
{
	free_ticket(h->data);
}

static void
unlink_delayed(struct ticket *t)
{
	if (t->prev != NULL)
		t->prev->next = t->next;
	else
		t->desk->delayed = t->next;
	if (t->next != NULL)
		t->next->prev = t->prev;
}

static void
on_late(uv_timer_t *timer)
{
	struct ticket *t = timer->data;
	unlink_delayed(t);
	leave(t);
	uv_close((uv_handle_t *)timer, on_timer_closed);
}

static void
delay(struct sandbox_desk *d, struct ticket *t, int64_t ms)
{
	t->next = d->delayed;
	if (t->next != NULL)
		t->next->prev = t;
	d->delayed = t;
	t->timer.data = t;
	uv_timer_init(d->o.loop, &t->timer);
	uv_timer_start(&t->timer, on_late, (uint64_t)ms, 0);
}

/* The counter ---------------------------------------------------------------------------
 */

static void
speak(struct sandbox_desk *d, struct ticket *t, const struct dialect *dialect,
    const struct account *acc, const char *below)
{
	struct arena *arena = arena_new();
	struct exchange whole = *t->x;
	struct dialect_call c = { .x = &whole,
		.path = below,
		.acc = acc,
		.arena = arena,
		.now = sandbox_clock_now(d->o.clock),
		.real = sandbox_clock_real(),
		.desk = &d->o,
		.dialect = dialect,
		.status = 200,
		.type = "application/json",
		.body = t->body,
		.headers = g_string_new(NULL) };
	/* What came behind it on the connection is no part of it. */
	whole.body = arena_strndup(arena, t->x->body, t->x->body_len);
	dialect->handle(&c);
	t->status = c.status;
	t->type = g_intern_string(c.type);
	t->headers = c.headers;
	arena_free(c.arena);
}

/* A service's own request; false: it is none. Only what may send meets a fault. */
static bool
foreign(struct sandbox_desk *d, struct ticket *t)
{
	const struct dialect *dialect;
	const struct account *acc;
	const char *below;
	if (!dialect_route(&d->o, t->x, &dialect, &acc, &below))
		return false;
	if (strcmp(t->x->method, "POST") == 0)
		t->fault = sandbox_faults_request(d->o.faults, &t->luck);
	if (takes_all_the_same(t))
		speak(d, t, dialect, acc, below);
	spoil(d, t);
	return true;
}

static void
route(struct sandbox_desk *d, struct ticket *t)
{
	const struct exchange *x = t->x;
	if (foreign(d, t))
		return;
	bool post = strcmp(x->method, "POST") == 0;
	bool messages = strcmp(x->path, "/v1/messages") == 0;
	if (post && (messages || strcmp(x->path, "/send") == 0)) {
		t->fault = sandbox_faults_request(d->o.faults, &t->luck);
		if (takes_all_the_same(t))
			take_messages(d, t);
		spoil(d, t);
	} else if (!post && messages) {
		answer_query(d, t);
	} else if (!post && strcmp(x->path, "/v1/status") == 0) {
		answer_status(d, t);
	} else {
		t->status = 404;
		error_body(t->body, "no such path");
	}
}

void
sandbox_desk_handle(void *arg, struct exchange *x)
{
	struct sandbox_desk *d = arg;
	struct ticket *t = g_new0(struct ticket, 1);
	t->x = x;
	t->desk = d;
	t->status = 200;
	t->body = g_string_sized_new(256);
	d->requests++;
	route(d, t);
	g_ptr_array_add(d->ready, t);
}

int
sandbox_desk_commit(struct sandbox_desk *d, struct err *e)
{
	if (sandbox_book_commit(d->o.book, e) != 0)
		return -1;
	/* An answer may let the connection's next request in: those wait for their own
	 * fsync. */
	GPtrArray *ready = d->ready;
	d->ready = g_ptr_array_new();
	for (guint i = 0; i < ready->len; i++) {
		struct ticket *t = ready->pdata[i];
		if (t->fault == FAULT_SLOW) {
			delay(d, t, d->o.faults->slow_ms);
		} else if (t->fault == FAULT_TIMEOUT_BEFORE ||
			   t->fault == FAULT_TIMEOUT_AFTER) {
			delay(d, t, d->o.faults->timeout_ms);
		} else {
			leave(t);
			free_ticket(t);
		}
	}
	g_ptr_array_free(ready, TRUE);
	return 0;
}

struct sandbox_desk *
sandbox_desk_new(const struct sandbox_desk_options *o)
{
	struct sandbox_desk *d = g_new0(struct sandbox_desk, 1);
	d->o = *o;
	d->ready = g_ptr_array_new();
	return d;
}

void
sandbox_desk_close(struct sandbox_desk *d)
{
	for (guint i = 0; i < d->ready->len; i++) {
		struct ticket *t = d->ready->pdata[i];
		sandbox_http_drop(t->x);
		free_ticket(t);
	}
	g_ptr_array_set_size(d->ready, 0);
	for (struct ticket *t = d->delayed, *next; t != NULL; t = next) {
		next = t->next;
		sandbox_http_drop(t->x);
		uv_close((uv_handle_t *)&t->timer, on_timer_closed);
	}
	d->delayed = NULL;
}

void
sandbox_desk_free(struct sandbox_desk *d)
{
	g_ptr_array_free(d->ready, TRUE);
	g_free(d);
}
