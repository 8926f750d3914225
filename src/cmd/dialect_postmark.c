/* dialect_postmark.c - Postmark at the sandbox: /email/batch, its search, its records, inbound
 * mails. */
#include <string.h>

#include "dialect_mail.h"
#include "dialects.h"
#include "provider/wire.h"

#define OUTBOUND "/messages/outbound"

static json_t *
row(int code, const char *message)
{
	return json_pack("{si ss}", "ErrorCode", code, "Message", message);
}

/* ---- its lists, the newest last ---- */

enum list { BOUNCES, TAKEN, SUPPRESSIONS };
struct listed {
	char *account;
	enum list list;
	json_t *row;
};
static GPtrArray *lists;

static void
list_add(const struct account *acc, enum list list, json_t *row)
{
	struct listed *l = g_new0(struct listed, 1);

	*l = (struct listed){ g_strdup(acc->name), list, row };
	if (lists == NULL)
		lists = g_ptr_array_new();
	g_ptr_array_add(lists, l);
}

static const char *
asked(struct dialect_call *c, const char *name)
{
	return wire_field_of(c->arena, c->x->query, name);
}

/* Newest first, of the stream that service mails go by; the other is empty. */
static json_t *
list_rows(struct dialect_call *c, enum list list, const char *stream)
{
	const char *count = asked(c, "count"), *offset = asked(c, "offset");
	int64_t most = count != NULL ? g_ascii_strtoll(count, NULL, 10) : 500,
		skip = offset != NULL ? g_ascii_strtoll(offset, NULL, 10) : 0, n = 0;
	json_t *rows = json_array();

	for (guint i = lists != NULL ? lists->len : 0; i-- > 0;) {
		const struct listed *l = lists->pdata[i];

		if (l->list == list && strcmp(l->account, c->acc->name) == 0 &&
		    (stream == NULL || strcmp(stream, "broadcast") != 0) && n++ >= skip &&
		    n <= skip + most)
			json_array_append(rows, l->row);
	}
	return rows;
}

static void
show_list(struct dialect_call *c, enum list list, const char *name, const char *stream)
{
	const char *day = asked(c, "fromdate");

	if (day == NULL || strlen(day) != strlen("2026-11-22"))
		dialect_json(c, 422, row(600, "fromdate is no day"));
	else
		dialect_json(c, 200, json_pack("{so}", name, list_rows(c, list, stream)));
}

static json_t *
take(struct dialect_call *c, const json_t *mail)
{
	struct dialect_message m = { .channel = CHANNEL_EMAIL,
		.to = dialect_mail_text(mail, "To"),
		.ref = dialect_mail_text(json_object_get(mail, "Metadata"), "reach_id"),
		.text = dialect_mail_text(mail, "TextBody"),
		.subject = dialect_mail_text(mail, "Subject"),
		.html = dialect_mail_text(mail, "HtmlBody") };
	struct sandbox_take t;
	char at[CLOCK_TEXT];

	dialect_mail_way_out(c,
	    dialect_mail_field(json_object_get(mail, "Headers"), "List-Unsubscribe"), &m);
	dialect_take(c, &m, &t);
	if (t.what == TAKE_ACCEPTED)
		list_add(c->acc, TAKEN,
		    json_pack("{ss ss ss s{ss}}", "MessageID", t.id, "Status", "Sent",
			"ReceivedAt", dialect_mail_time(c->now, at), "Metadata",
			"reach_id", m.ref));
	if (t.what == TAKE_ACCEPTED || t.what == TAKE_AGAIN)
		return json_pack("{ss ss si ss}", "To", m.to, "MessageID", t.id,
		    "ErrorCode", 0, "Message", "OK");
	if (strcmp(t.code, "bad_address") == 0)
		return row(300, "Error parsing 'To': Illegal email address");
	return row(300, t.code);
}

/* ---- what it is asked ---- */

static void
search(struct dialect_call *c)
{
	const char *ref = wire_field_of(c->arena, c->x->query, "metadata_reach_id"), *id;
	json_t *found = json_array();

	if (wire_field_of(c->arena, c->x->query, "count") == NULL ||
	    wire_field_of(c->arena, c->x->query, "offset") == NULL || ref == NULL) {
		json_decref(found);
		dialect_json(c, 422, row(600, "count and offset are required"));
		return;
	}
	if ((id = dialect_find(c, ref)) != NULL)
		json_array_append_new(
		    found, json_pack("{ss ss s{ss}}", "MessageID", id, "Status", "Sent",
			       "Metadata", "reach_id", ref));
	dialect_json(c, 200,
	    json_pack(
		"{si so}", "TotalCount", (int)json_array_size(found), "Messages", found));
}

/* /messages/outbound/ID/details: whatever was taken has arrived. */
static void
details(struct dialect_call *c)
{
	const char *id = c->path + strlen(OUTBOUND "/");
	size_t n = strcspn(id, "/");

	if (strcmp(id + n, "/details") != 0 ||
	    !dialect_knows(c, arena_strndup(c->arena, id, n)))
		dialect_json(c, 422, row(701, "This message was not found"));
	else
		dialect_json(c, 200,
		    json_pack("{ss# ss s[{ss}]}", "MessageID", id, n, "Status", "Sent",
			"MessageEvents", "Type", "Delivered"));
}

static bool
lists_handled(struct dialect_call *c)
{
	const char *stream = asked(c, "messageStream");

	if (strcmp(c->path, OUTBOUND) == 0)
		show_list(c, TAKEN, "Messages", stream);
	else if (strcmp(c->path, "/bounces") == 0)
		show_list(c, BOUNCES, "Bounces", stream);
	else if (g_str_has_suffix(c->path, "/suppressions/dump"))
		show_list(c, SUPPRESSIONS, "Suppressions",
		    strstr(c->path, "/broadcast/") != NULL ? "broadcast" : NULL);
	else
		return false;
	return true;
}

static void
handle(struct dialect_call *c)
{
	json_t *in, *out;

	if (c->acc == NULL || strcmp(dialect_header(c, "X-Postmark-Server-Token"),
				  provider_setting(c->acc, "server_token")) != 0) {
		dialect_json(c, 401, row(10, "No Account or Server API token"));
		return;
	}
	if (strcmp(c->path, "/server") == 0) {
		dialect_json(c, 200,
		    json_pack("{si ss ss}", "ID", 1, "Name", "sandbox", "DeliveryType",
			"Live"));
		return;
	}
	if (strcmp(c->path, OUTBOUND) == 0 && asked(c, "fromdate") == NULL) {
		search(c);
		return;
	}
	if (lists_handled(c))
		return;
	if (g_str_has_prefix(c->path, OUTBOUND "/")) {
		details(c);
		return;
	}
	in = json_loadb(c->x->body, c->x->body_len, 0, NULL);
	if (strcmp(c->path, "/email/batch") != 0 || strcmp(c->x->method, "POST") != 0) {
		dialect_json(c, 404, row(404, "no such address"));
	} else if (!json_is_array(in)) {
		dialect_json(c, 422, row(403, "Invalid JSON"));
	} else if (json_array_size(in) > 500) {
		dialect_json(c, 422, row(410, "Too many batch messages"));
	} else {
		out = json_array();
		for (size_t i = 0; i < json_array_size(in); i++)
			json_array_append_new(out, take(c, json_array_get(in, i)));
		dialect_json(c, 200, out);
	}
	json_decref(in);
}

/* Webhooks ------------------------------------------------------------------------------- */

static void
sign(const struct account *acc, struct dialect_post *out)
{
	const char *user = provider_setting(acc, "webhook_user");
	struct arena *a = arena_new();
	const char *both =
	    arena_printf(a, "%s:%s", user, provider_setting(acc, "webhook_password"));

	if (*user != '\0')
		g_ptr_array_add(out->headers, g_strdup_printf("Authorization: Basic %s",
						  wire_base64(a, both, strlen(both))));
	arena_free(a);
}

static json_t *
record(const struct dialect_event *ev, const char *type, const char *when)
{
	char at[CLOCK_TEXT];

	return json_pack("{ss ss ss s{ss} ss}", "RecordType", type, "MessageID", ev->id,
	    "Recipient", ev->to, "Metadata", "reach_id", ev->ref, when,
	    dialect_mail_time(ev->at, at));
}

static json_t *
bounce(const struct dialect_event *ev)
{
	json_t *j = record(ev, "Bounce", "BouncedAt");

	json_object_set_new(j, "ID", json_integer((json_int_t)g_str_hash(ev->key)));
	json_object_set_new(j, "Type", json_string("HardBounce"));
	json_object_set_new(j, "Email", json_string(ev->to));
	json_object_set_new(j, "Inactive", json_true());
	return j;
}

static json_t *
complaint(const struct dialect_event *ev)
{
	json_t *j = bounce(ev);

	json_object_set_new(j, "RecordType", json_string("SpamComplaint"));
	json_object_set_new(j, "Type", json_string("SpamComplaint"));
	return j;
}

static json_t *
inbound(const struct dialect_event *ev)
{
	return json_pack("{ss s{ss} ss ss ss ss}", "From", ev->to, "FromFull", "Email",
	    ev->to, "MailboxHash", ev->ref, "MessageID", ev->key, "TextBody", ev->text,
	    "StrippedTextReply", ev->text);
}

static json_t *
suppression(const struct dialect_event *ev)
{
	json_t *j = record(ev, "SubscriptionChange", "ChangedAt");

	json_object_set_new(j, "SuppressSending", json_true());
	json_object_set_new(j, "SuppressionReason", json_string("ManualSuppression"));
	return j;
}

/* The same for its lists. */
static void
list_event(const struct account *acc, const struct dialect_event *ev, const json_t *j)
{
	char at[CLOCK_TEXT];

	if (strcmp(ev->kind, "failed") == 0 || strcmp(ev->kind, "complaint") == 0)
		list_add(acc, BOUNCES, json_deep_copy(j));
	else if (strcmp(ev->kind, "unsubscribe") == 0)
		list_add(acc, SUPPRESSIONS,
		    json_pack("{ss ss ss ss}", "EmailAddress", ev->to,
			"SuppressionReason", "ManualSuppression", "Origin", "Recipient",
			"CreatedAt", dialect_mail_time(ev->at, at)));
}

static bool
event(const struct account *acc, const char *url, const struct dialect_event *ev,
    ms_t real, struct dialect_post *out)
{
	json_t *j = NULL;

	(void)url;
	(void)real;
	if (strcmp(ev->kind, "delivered") == 0)
		j = record(ev, "Delivery", "DeliveredAt");
	else if (strcmp(ev->kind, "failed") == 0)
		j = bounce(ev);
	else if (strcmp(ev->kind, "open") == 0)
		j = record(ev, "Open", "ReceivedAt");
	else if (strcmp(ev->kind, "click") == 0)
		j = record(ev, "Click", "ReceivedAt");
	else if (strcmp(ev->kind, "complaint") == 0)
		j = complaint(ev);
	else if (strcmp(ev->kind, "unsubscribe") == 0)
		j = suppression(ev);
	else if (strcmp(ev->kind, "reply") == 0 &&
		 *provider_setting(acc, "inbound") != '\0')
		j = inbound(ev);
	if (j == NULL)
		return false;
	list_event(acc, ev, j);
	if (provider_is_set(acc, "pull")) {
		json_decref(j);
		return false;
	}
	dialect_mail_post(out, j);
	sign(acc, out);
	return true;
}

const struct dialect dialect_postmark = { "postmark", handle, event };
