/* dialect_mailgun.c - Mailgun: v3/DOMAIN/messages, its webhooks, answers by a route. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/crypt.h"
#include "dialects.h"
#include "provider/wire.h"

static void
say(struct dialect_call *c, int status, const char *message)
{
	dialect_json(c, status, json_pack("{ss}", "message", message));
}

static bool
admit(struct dialect_call *c, const char *setting)
{
	const char *auth = dialect_header(c, "Authorization"), *key, *both, *wanted;

	key = c->acc == NULL ? "" : provider_setting(c->acc, setting);
	both = arena_printf(c->arena, "api:%s", key);
	wanted =
	    arena_printf(c->arena, "Basic %s", wire_base64(c->arena, both, strlen(both)));
	if (*key != '\0' && strlen(auth) == strlen(wanted) &&
	    crypt_equal(auth, wanted, strlen(wanted)))
		return true;
	c->status = 401;
	c->type = "text/plain";
	g_string_assign(c->body, "Forbidden");
	return false;
}

static const char *
field(struct dialect_call *c, const char *name)
{
	const char *s = wire_field_of(c->arena, c->x->body, name);

	return s == NULL ? "" : s;
}

/* A field, with this one's variables in it. */
static const char *
own(struct dialect_call *c, const char *name, const json_t *variables)
{
	GString *s = g_string_new(field(c, name));
	const char *key, *kept;
	json_t *value;

	json_object_foreach((json_t *)(uintptr_t)variables, key, value)
	{
		const char *mark = arena_printf(c->arena, "%%recipient.%s%%", key);

		g_string_replace(s, mark, json_string_value(value), 0);
	}
	kept = arena_strndup(c->arena, s->str, s->len);
	g_string_free(s, TRUE);
	return kept;
}

static void
take(struct dialect_call *c, const char *to, const json_t *variables, const char *call_id,
    struct sandbox_take *out)
{
	const char *way = own(c, "h:List-Unsubscribe", variables);
	const struct dialect_message m = { .channel = CHANNEL_EMAIL,
		.category = *way != '\0' ? CATEGORY_MARKETING : CATEGORY_SERVICE,
		.to = to,
		.ref = own(c, "v:reach-id", variables),
		.subject = own(c, "subject", variables),
		.text = own(c, "text", variables),
		.html = own(c, "html", variables),
		.unsubscribe =
		    *way == '<' ? arena_strndup(c->arena, way + 1, strcspn(way + 1, ">"))
				: "",
		.call_id = call_id };

	dialect_take(c, &m, out);
}

/* The whole call is looked at before any of it is taken. What the sandbox would refuse
 * behind a mail already taken is taken and goes nowhere. */
static void
send_all(struct dialect_call *c, const char *const *to, int n)
{
	json_t *all = json_loads(field(c, "recipient-variables"), 0, NULL);
	struct sandbox_take first = { .id = "" }, t;

	for (int i = 0; i < n; i++) {
		take(c, to[i], json_object_get(all, to[i]), i == 0 ? NULL : first.id,
		    i == 0 ? &first : &t);
		if (i == 0 && first.what == TAKE_REFUSED)
			break;
	}
	json_decref(all);
	if (first.what == TAKE_REFUSED)
		say(c, 400, first.code);
	else
		g_string_printf(c->body,
		    "{\"id\":\"<%s>\",\"message\":\"Queued. Thank you.\"}", first.id);
}

/* ---- what it is asked ---- */

struct listing {
	const char *to;
	json_t *rows;
};

/* Whatever was taken has arrived. */
static void
delivered(void *arg, const struct taken *t)
{
	const struct listing *l = arg;
	char id[SANDBOX_ID];

	json_array_append_new(l->rows,
	    json_pack("{ss ss s{s{ss}} s{ss} ss}", "event", "delivered", "id", t->ref,
		"message", "headers", "message-id", sandbox_book_id(t, id),
		"user-variables", "reach-id", t->ref, "recipient", l->to));
}

/* What happened, as it was or would have been posted, oldest first. */
struct happened {
	char *account;
	ms_t at;
	json_t *data;
};
static GPtrArray *history;

static void
keep(const struct account *acc, ms_t at, const json_t *data)
{
	struct happened *h = g_new0(struct happened, 1);

	*h = (struct happened){ g_strdup(acc->name), at, json_deep_copy(data) };
	if (history == NULL)
		history = g_ptr_array_new();
	g_ptr_array_add(history, h);
}

/* A page of all events since a time; its name says where it begins, the last one is empty. */
static void
list_page(struct dialect_call *c, int64_t begin, guint from, int64_t most)
{
	json_t *rows = json_array();
	guint i = from;

	for (;
	     history != NULL && i < history->len && (int64_t)json_array_size(rows) < most;
	     i++) {
		const struct happened *h = history->pdata[i];

		if (strcmp(h->account, c->acc->name) == 0 && h->at >= begin * MS_SECOND)
			json_array_append(rows, h->data);
	}
	dialect_json(c, 200,
	    json_pack("{so s{ss}}", "items", rows, "paging", "next",
		arena_printf(c->arena,
		    "https://api.mailgun.net/v3/%s/events/%" G_GINT64_FORMAT
		    "-%u-%" G_GINT64_FORMAT,
		    provider_setting(c->acc, "domain"), begin, i, most)));
}

static void
list_events(struct dialect_call *c, const char *page)
{
	const char *begin = wire_field_of(c->arena, c->x->query, "begin"),
		   *limit = wire_field_of(c->arena, c->x->query, "limit");
	long long since = 0, most = 100;
	unsigned from = 0;

	if (page != NULL) {
		if (sscanf(page, "%lld-%u-%lld", &since, &from, &most) != 3)
			since = 0;
	} else if (begin != NULL) {
		since = g_ascii_strtoll(begin, NULL, 10);
		most = limit != NULL ? g_ascii_strtoll(limit, NULL, 10) : 100;
	}
	if (since <= 0 || most < 1 || most > 300)
		say(c, 400, "begin or limit cannot be read");
	else
		list_page(c, since, from, most);
}

static void
events(struct dialect_call *c)
{
	const char *page = strstr(c->path, "/events/");
	const char *to = wire_field_of(c->arena, c->x->query, "recipient"),
		   *begin = wire_field_of(c->arena, c->x->query, "begin");
	struct listing l = { to, NULL };

	if (!admit(c, "events_key"))
		return;
	if (to == NULL || page != NULL) {
		list_events(c, page != NULL ? page + strlen("/events/") : NULL);
		return;
	}
	if (begin == NULL || g_ascii_strtoll(begin, NULL, 10) <= 0) {
		say(c, 400, "begin is no time");
		return;
	}
	l.rows = json_array();
	sandbox_book_to(c->desk->book, to, delivered, &l);
	dialect_json(c, 200, json_pack("{so s{}}", "items", l.rows, "paging"));
}

static void
handle(struct dialect_call *c)
{
	const char **names, **values, *path;
	int n, people = 0;

	if (strcmp(c->x->method, "GET") == 0 && strstr(c->path, "/events") != NULL) {
		events(c);
		return;
	}
	if (!admit(c, "api_key"))
		return;
	path =
	    arena_printf(c->arena, "/v3/%s/messages", provider_setting(c->acc, "domain"));
	if (strcmp(c->path, path) != 0 || strcmp(c->x->method, "POST") != 0) {
		say(c, 404, "Domain not found");
		return;
	}
	n = wire_fields(c->arena, c->x->body, &names, &values);
	for (int i = 0; i < n; i++)
		if (strcmp(names[i], "to") == 0) {
			if (strchr(values[i], '@') == NULL) {
				say(c, 400, "'to' parameter is not a valid address.");
				return;
			}
			values[people++] = values[i];
		}
	if (people == 0 || people > 1000)
		say(c, 400, "'to' parameter is missing");
	else
		send_all(c, values, people);
}

/* Events ------------------------------------------------------------------------------ */

static const struct {
	const char *kind, *event;
} names_of[] = {
	{ "sent", "accepted" },
	{ "delivered", "delivered" },
	{ "failed", "failed" },
	{ "open", "opened" },
	{ "click", "clicked" },
	{ "complaint", "complained" },
	{ "unsubscribe", "unsubscribed" },
};

static const char *
sign(struct arena *a, const struct account *acc, const char *stamp, const char *token)
{
	const char *key = provider_setting(acc, "signing_key"),
		   *text = arena_printf(a, "%s%s", stamp, token);
	uint8_t mac[32];

	wire_hmac(WIRE_SHA256, key, strlen(key), text, strlen(text), mac);
	return wire_hex(a, mac, sizeof(mac));
}

static char *
answer_body(const struct dialect_event *ev, const char *stamp, const char *token,
    const char *signature)
{
	GString *s = g_string_new(NULL);

	wire_field(s, "sender", ev->to);
	wire_field(s, "stripped-text", ev->text);
	wire_field(s, "body-plain", ev->text);
	wire_field(s, "timestamp", stamp);
	wire_field(s, "token", token);
	wire_field(s, "signature", signature);
	return g_string_free(s, FALSE);
}

static json_t *
event_data(const struct dialect_event *ev, const char *name)
{
	json_t *data = json_pack("{ss ss sf ss s{s{ss}} s{ss}}", "event", name, "id",
	    ev->key, "timestamp", (double)ev->at / 1000, "recipient", ev->to, "message",
	    "headers", "message-id", ev->id, "user-variables", "reach-id", ev->ref);

	if (strcmp(name, "failed") == 0)
		json_object_update_new(
		    data, json_pack("{ss ss s{si ss}}", "severity", "permanent", "reason",
			      "bounce", "delivery-status", "code", 550, "enhanced-code",
			      g_ascii_isdigit(*ev->code) ? ev->code : "5.1.1"));
	return data;
}

static char *
event_body(const struct account *acc, const struct dialect_event *ev, json_t *data,
    const char *stamp, const char *token, const char *signature)
{
	json_t *j = json_pack("{s{ss ss ss} so}", "signature", "timestamp", stamp,
	    "token", token, "signature", signature, "event-data", data);
	char *text = json_dumps(j, JSON_COMPACT);

	keep(acc, ev->at, data);
	json_decref(j);
	return text;
}

static bool
event(const struct account *acc, const char *url, const struct dialect_event *ev,
    ms_t real, struct dialect_post *out)
{
	struct arena *a = arena_new();
	const char *stamp = arena_printf(a, "%" G_GINT64_FORMAT, ev->at / 1000),
		   *token = wire_key(a, ev->key), *signature = sign(a, acc, stamp, token);

	(void)url;
	(void)real;
	if (strcmp(ev->kind, "reply") == 0) {
		out->body = answer_body(ev, stamp, token, signature);
		out->type = g_strdup("application/x-www-form-urlencoded");
	}
	for (size_t i = 0; i < G_N_ELEMENTS(names_of); i++)
		if (strcmp(names_of[i].kind, ev->kind) == 0)
			out->body = event_body(acc, ev, event_data(ev, names_of[i].event),
			    stamp, token, signature);
	arena_free(a);
	if (provider_is_set(acc, "pull"))
		g_clear_pointer(&out->body, free);
	return out->body != NULL;
}

const struct dialect dialect_mailgun = { "mailgun", handle, event };
