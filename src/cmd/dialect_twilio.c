/* dialect_twilio.c - Twilio: Messages.json, status callbacks, replies; signed like them; and its list
 * of both. */
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "base/crypt.h"
#include "dialects.h"
#include "provider/wire.h"

static const char *
field(struct dialect_call *c, const char *name)
{
	const char *v = wire_field_of(c->arena, c->x->body, name);

	return v == NULL ? "" : v;
}

static void
refuse(struct dialect_call *c, int status, int code, const char *message)
{
	dialect_json(c, status,
	    json_pack("{si ss ss si}", "code", code, "message", message, "more_info",
		"https://www.twilio.com/docs/errors", "status", status));
}

/* By the auth token, or by a key and its secret. */
static bool
admit(struct dialect_call *c)
{
	const char *given = dialect_header(c, "Authorization"), *user, *secret, *both;

	if (c->acc == NULL)
		return false;
	user = provider_setting(c->acc, "api_key");
	secret = provider_setting(c->acc, "api_secret");
	if (*user == '\0') {
		user = provider_setting(c->acc, "account_sid");
		secret = provider_setting(c->acc, "auth_token");
	}
	both = arena_printf(c->arena, "%s:%s", user, secret);
	both =
	    arena_printf(c->arena, "Basic %s", wire_base64(c->arena, both, strlen(both)));
	return strlen(both) == strlen(given) && crypt_equal(both, given, strlen(both));
}

static void
answer(struct dialect_call *c, const char *sid)
{
	json_t *j = json_pack("{ss ss ss ss ss sn sn}", "sid", sid, "account_sid",
	    provider_setting(c->acc, "account_sid"), "to", field(c, "To"), "body",
	    field(c, "Body"), "status",
	    *field(c, "MessagingServiceSid") != '\0' ? "accepted" : "queued",
	    "error_code", "error_message");

	dialect_json(c, 201, j);
}

/* ---- its list of messages, the newest last ---- */

struct listed {
	char *account;
	json_t *row;
};
static GPtrArray *list;

static void
set_date(json_t *row, const char *name, ms_t at)
{
	GDateTime *t = g_date_time_new_from_unix_utc(at / MS_SECOND);
	static const char *const days[] = { "Mon", "Tue", "Wed", "Thu", "Fri", "Sat",
		"Sun" },
				 *const months[] = { "Jan", "Feb", "Mar", "Apr", "May",
					 "Jun", "Jul", "Aug", "Sep", "Oct", "Nov",
					 "Dec" };

	json_object_set_new(row, name,
	    json_sprintf("%s, %02d %s %d %02d:%02d:%02d +0000",
		days[g_date_time_get_day_of_week(t) - 1], g_date_time_get_day_of_month(t),
		months[g_date_time_get_month(t) - 1], g_date_time_get_year(t),
		g_date_time_get_hour(t), g_date_time_get_minute(t),
		g_date_time_get_second(t)));
	g_date_time_unref(t);
}

static void
add_listed(const struct account *acc, json_t *row, ms_t at)
{
	struct listed *l = g_new0(struct listed, 1);

	set_date(row, "date_created", at);
	set_date(row, "date_sent", at);
	*l = (struct listed){ g_strdup(acc->name), row };
	if (list == NULL)
		list = g_ptr_array_new();
	g_ptr_array_add(list, l);
}

static json_t *
find_listed(const struct account *acc, const char *sid)
{
	for (guint i = list != NULL ? list->len : 0; i-- > 0;) {
		const struct listed *l = list->pdata[i];

		if (strcmp(l->account, acc->name) == 0 &&
		    g_strcmp0(json_string_value(json_object_get(l->row, "sid")), sid) ==
			0)
			return l->row;
	}
	return NULL;
}

static void
add_sent(struct dialect_call *c, const char *sid)
{
	const char *service = field(c, "MessagingServiceSid");

	add_listed(c->acc,
	    json_pack("{ss ss ss ss ss ss ss* sn}", "sid", sid, "direction",
		"outbound-api", "from", field(c, "From"), "to", field(c, "To"), "body",
		field(c, "Body"), "status", "queued", "messaging_service_sid",
		*service != '\0' ? service : NULL, "error_code"),
	    c->now);
}

/* A page of what went to a number, or went and came since a day; the newest first. */
static void
list_page(struct dialect_call *c)
{
	const char *to = wire_field_of(c->arena, c->x->query, "To"),
		   *size = wire_field_of(c->arena, c->x->query, "PageSize"),
		   *since = wire_field_of(c->arena, c->x->query, "DateSent>"),
		   *page = wire_field_of(c->arena, c->x->query, "Page");
	int64_t most = size != NULL ? g_ascii_strtoll(size, NULL, 10) : 50,
		from = (page != NULL ? g_ascii_strtoll(page, NULL, 10) : 0) * most, n = 0;
	json_t *rows = json_array(), *all = json_pack("{so}", "messages", rows);
	ms_t at = 0;

	if (most < 1 || most > 1000 || (since != NULL && clock_parse(since, &at) != 0)) {
		json_decref(all);
		refuse(c, 400, 20001, "Invalid parameter");
		return;
	}
	for (guint i = list != NULL ? list->len : 0; i-- > 0;) {
		const struct listed *l = list->pdata[i];

		if (strcmp(l->account, c->acc->name) != 0 ||
		    (to != NULL && strcmp(wire_text(c->arena, l->row, "to"), to) != 0) ||
		    wire_date(wire_text(c->arena, l->row, "date_sent")) < at ||
		    n++ < from)
			continue;
		if (n > from + most) {
			json_object_set_new(all, "next_page_uri",
			    json_string(arena_printf(c->arena,
				"%s?%s%sPageSize=%" G_GINT64_FORMAT
				"&Page=%" G_GINT64_FORMAT "&PageToken=sandbox",
				c->path, since != NULL ? "DateSent%3E=" : "",
				since != NULL ? arena_printf(c->arena, "%s&", since) : "",
				most, from / most + 1)));
			break;
		}
		json_array_append(rows, l->row);
	}
	dialect_json(c, 200, all);
}

/* What nobody has told of for long has arrived: its callback may have been lost. */
#define ARRIVES (30 * MS_MINUTE)

static void
show_one(struct dialect_call *c, const char *sid)
{
	json_t *row =
	    find_listed(c->acc, arena_strndup(c->arena, sid, strcspn(sid, ".")));

	if (row == NULL) {
		refuse(c, 404, 20404, "The requested resource was not found");
		return;
	}
	if (strcmp(wire_text(c->arena, row, "status"), "queued") == 0 &&
	    c->now - wire_date(wire_text(c->arena, row, "date_created")) > ARRIVES)
		json_object_set_new(row, "status", json_string("delivered"));
	dialect_json(c, 200, json_deep_copy(row));
}

static const char *
ref_of(struct dialect_call *c)
{
	const char *url = field(c, "StatusCallback"), *query = strchr(url, '?'), *ref;

	ref = query == NULL ? NULL : wire_field_of(c->arena, query + 1, "ref");
	return ref == NULL ? "" : ref;
}

static void
take(struct dialect_call *c)
{
	static unsigned nth;
	const char *ref = ref_of(c), *name = *ref != '\0' ? ref : NULL;
	if (name == NULL)
		name = arena_printf(c->arena, "%u %" G_GINT64_FORMAT, nth++, c->real);
	const struct dialect_message m = { .channel = CHANNEL_SMS,
		.category = CATEGORY_MARKETING,
		.to = field(c, "To"),
		.ref = ref,
		.text = field(c, "Body"),
		.call_id = arena_printf(c->arena, "SM%.32s", wire_key(c->arena, name)) };
	struct sandbox_take t;

	dialect_take(c, &m, &t);
	if (t.what == TAKE_ACCEPTED || t.what == TAKE_AGAIN) {
		add_sent(c, m.call_id);
		answer(c, m.call_id);
	} else if (strcmp(t.code, "bad_address") == 0)
		refuse(c, 400, 21211, "Invalid 'To' Phone Number");
	else
		refuse(c, 400, 21602, "Message body is required");
}

static void
handle(struct dialect_call *c)
{
	const char *path, *one;

	if (!admit(c)) {
		refuse(c, 401, 20003, "Authenticate");
		return;
	}
	path = arena_printf(c->arena, "/2010-04-01/Accounts/%s/Balance.json",
	    provider_setting(c->acc, "account_sid"));
	if (strcmp(c->path, path) == 0) {
		g_string_assign(c->body, "{\"balance\":\"12.50\",\"currency\":\"USD\"}");
		return;
	}
	one = arena_printf(c->arena, "/2010-04-01/Accounts/%s/Messages/",
	    provider_setting(c->acc, "account_sid"));
	path = arena_printf(c->arena, "/2010-04-01/Accounts/%s/Messages.json",
	    provider_setting(c->acc, "account_sid"));
	if (strcmp(c->x->method, "GET") == 0 && strcmp(c->path, path) == 0)
		list_page(c);
	else if (strcmp(c->x->method, "GET") == 0 && g_str_has_prefix(c->path, one))
		show_one(c, c->path + strlen(one));
	else if (strcmp(c->path, path) != 0 || strcmp(c->x->method, "POST") != 0)
		refuse(c, 404, 20404, "The requested resource was not found");
	else if ((*field(c, "From") == '\0') ==
		 (*field(c, "MessagingServiceSid") == '\0'))
		refuse(c, 400, 21603, "A 'From' phone number is required");
	else
		take(c);
}

/* Fields in the order of their names: signed as they are sent. */
static void
add(GString *form, GString *to_sign, const char *name, const char *value)
{
	wire_field(form, name, value);
	g_string_append_printf(to_sign, "%s%s", name, value);
}

static void
add_status(GString *form, GString *to_sign, const struct dialect_event *ev)
{
	bool failed = strcmp(ev->kind, "failed") == 0;
	const char *word = failed ? "undelivered" : ev->kind;

	if (failed)
		add(form, to_sign, "ErrorCode",
		    strcmp(ev->code, "bad_address") == 0 ? "30005" : "30003");
	add(form, to_sign, "MessageSid", ev->id);
	add(form, to_sign, "MessageStatus", word);
	add(form, to_sign, "SmsSid", ev->id);
	add(form, to_sign, "SmsStatus", word);
	add(form, to_sign, "To", ev->to);
}

static char *
sid_of_reply(const struct dialect_event *ev)
{
	GString *sid = g_string_new("SM");

	for (unsigned i = 0; i < 4; i++)
		g_string_append_printf(sid, "%08x", g_str_hash(ev->key) + i);
	return g_string_free(sid, FALSE);
}

static void
add_reply(GString *form, GString *to_sign, const struct dialect_event *ev, const char *to)
{
	char *sid = sid_of_reply(ev);

	add(form, to_sign, "Body", ev->text);
	add(form, to_sign, "From", ev->to);
	add(form, to_sign, "MessageSid", sid);
	add(form, to_sign, "NumMedia", "0");
	add(form, to_sign, "SmsStatus", "received");
	add(form, to_sign, "To", to);
	g_free(sid);
}

/* The same for its list. */
static void
list_event(const struct account *acc, const struct dialect_event *ev)
{
	bool failed = strcmp(ev->kind, "failed") == 0;
	const char *service = provider_setting(acc, "messaging_service");
	char *sid;
	json_t *row;

	if (strcmp(ev->kind, "reply") == 0) {
		sid = sid_of_reply(ev);
		add_listed(acc,
		    json_pack("{ss ss ss ss ss ss ss* sn}", "sid", sid, "direction",
			"inbound", "from", ev->to, "to", provider_setting(acc, "from"),
			"body", ev->text, "status", "received", "messaging_service_sid",
			*service != '\0' ? service : NULL, "error_code"),
		    ev->at);
		g_free(sid);
		return;
	}
	row = find_listed(acc, ev->id);
	if (row == NULL)
		return;
	json_object_set_new(
	    row, "status", json_string(failed ? "undelivered" : ev->kind));
	if (failed)
		json_object_set_new(row, "error_code",
		    json_integer(strcmp(ev->code, "bad_address") == 0 ? 30005 : 30003));
}

static bool
event(const struct account *acc, const char *url, const struct dialect_event *ev,
    ms_t real, struct dialect_post *out)
{
	bool reply = strcmp(ev->kind, "reply") == 0;
	const char *token = provider_setting(acc, "auth_token");
	GString *form, *to_sign;
	uint8_t mac[32];
	char *base64;
	size_t n;

	(void)real;
	if (!reply && strcmp(ev->kind, "sent") != 0 &&
	    strcmp(ev->kind, "delivered") != 0 && strcmp(ev->kind, "failed") != 0)
		return false;
	list_event(acc, ev);
	if (provider_is_set(acc, "pull"))
		return false;
	out->url = reply ? g_strdup(url) : g_strdup_printf("%s?ref=%s", url, ev->ref);
	form = g_string_new(NULL);
	to_sign = g_string_new(out->url);
	add(form, to_sign, "AccountSid", provider_setting(acc, "account_sid"));
	add(form, to_sign, "ApiVersion", "2010-04-01");
	if (reply)
		add_reply(form, to_sign, ev, provider_setting(acc, "from"));
	else
		add_status(form, to_sign, ev);
	n = wire_hmac(WIRE_SHA1, token, strlen(token), to_sign->str, to_sign->len, mac);
	base64 = g_base64_encode(mac, n);
	g_ptr_array_add(out->headers, g_strdup_printf("X-Twilio-Signature: %s", base64));
	out->type = g_strdup("application/x-www-form-urlencoded");
	out->body = g_string_free(form, FALSE);
	g_string_free(to_sign, TRUE);
	g_free(base64);
	return true;
}

const struct dialect dialect_twilio = { "twilio", handle, event };
