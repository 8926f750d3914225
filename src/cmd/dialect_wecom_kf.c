/* dialect_wecom_kf.c - customer service: send_msg within the window, sync_msg, and who writes in.
 *
 * Beside the service's own calls, so that somebody can write first:
 *	POST .../say {"from": EXTERNAL_USERID, "text": TEXT}
 *	POST .../say {"from": EXTERNAL_USERID, "refuse": true}   he wants nothing more of it */
#include <stdlib.h>
#include <string.h>

#include "dialect_wecom.h"
#include "dialect_wecom_seal.h"
#include "provider/wire.h"

#define WITHIN (48 * MS_HOUR)
#define MOST 5
#define PAGE 100

/* A kf account's book, by the account's name. */
struct book {
	GPtrArray *rows; /* json_t *: what sync_msg tells, the cursor is a place in it */
	GHashTable *people; /* external_userid -> struct person * */
	GHashTable *told;   /* ids of the rows */
	GHashTable *tickets;
};
struct person {
	ms_t heard_at; /* the people's clock */
	int sent;
	bool refuses;
};

static GHashTable *books;

static void
row_free(gpointer j)
{
	json_decref(j);
}

static struct book *
book_of(const struct account *acc)
{
	struct book *b;

	if (books == NULL)
		books = g_hash_table_new(g_str_hash, g_str_equal);
	b = g_hash_table_lookup(books, acc->name);
	if (b != NULL)
		return b;
	b = g_new0(struct book, 1);
	b->rows = g_ptr_array_new_with_free_func(row_free);
	b->people = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	b->told = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	b->tickets = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	g_hash_table_insert(books, g_strdup(acc->name), b);
	return b;
}

static struct person *
person_of(struct book *b, const char *id)
{
	struct person *p = g_hash_table_lookup(b->people, id);

	if (p == NULL) {
		p = g_new0(struct person, 1);
		g_hash_table_insert(b->people, g_strdup(id), p);
	}
	return p;
}

static const char *
text_of(const json_t *j, const char *name)
{
	const char *s = json_string_value(json_object_get(j, name));

	return s == NULL ? "" : s;
}

/* ---- what is told ---- */

/* A row once, however often its event is told. */
static void
add_row(struct book *b, const char *id, json_t *row)
{
	if (g_hash_table_add(b->told, g_strdup(id)))
		g_ptr_array_add(b->rows, row);
	else
		json_decref(row);
}

static void
wrote(const struct account *acc, const char *id, const char *from, const char *text,
    ms_t at)
{
	struct book *b = book_of(acc);
	struct person *p = person_of(b, from);

	p->heard_at = at;
	p->sent = 0;
	add_row(b, id,
	    json_pack("{ss ss ss sI si ss s{ss}}", "msgid", id, "open_kfid",
		provider_setting(acc, "open_kfid"), "external_userid", from, "send_time",
		(json_int_t)(at / MS_SECOND), "origin", 3, "msgtype", "text", "text",
		"content", text));
}

static void
failed(const struct account *acc, const char *id, const char *to, const char *msgid,
    int type, ms_t at)
{
	add_row(book_of(acc), id,
	    json_pack("{ss sI si ss s{ss ss ss ss si}}", "msgid", id, "send_time",
		(json_int_t)(at / MS_SECOND), "origin", 4, "msgtype", "event", "event",
		"event_type", "msg_send_fail", "open_kfid",
		provider_setting(acc, "open_kfid"), "external_userid", to, "fail_msgid",
		msgid, "fail_type", type));
}

/* The callback: that there is something, and a ticket for it. */
static struct wecom_sealed
callback(const struct account *acc, ms_t real)
{
	struct book *b = book_of(acc);
	char *ticket =
		 g_strdup_printf("ticket%010u%" G_GINT64_FORMAT, b->rows->len, real),
	     *stamp = g_strdup_printf("%" G_GINT64_FORMAT, real / MS_SECOND);
	char *xml = g_strdup_printf(
	    "<xml><ToUserName><![CDATA[%s]]></ToUserName><CreateTime>%s</CreateTime>"
	    "<MsgType>event</MsgType><Event>kf_msg_or_event</Event><Token><![CDATA[%s]]>"
	    "</Token><OpenKfId><![CDATA[%s]]></OpenKfId></xml>",
	    provider_setting(acc, "corp_id"), stamp, ticket,
	    provider_setting(acc, "open_kfid"));
	struct wecom_sealed s;

	wecom_seal(acc, provider_setting(acc, "corp_id"), xml, strlen(xml), ticket, stamp,
	    ticket, &s);
	g_hash_table_add(b->tickets, ticket);
	g_free(xml);
	g_free(stamp);
	return s;
}

static void
post(struct dialect_call *c)
{
	char *to = dialect_callback(c->desk, c->acc);
	struct errand what = { .method = "POST",
		.agent = "wecom",
		.must_arrive = true,
		.type = "text/xml" };
	struct wecom_sealed s;

	if (to == NULL)
		return;
	s = callback(c->acc, c->real);
	what.url = g_strdup_printf("%s?%s", to, s.query);
	what.body = s.body;
	g_free(s.query);
	g_free(to);
	sandbox_post_send(c->desk->post, &what);
}

static bool
event(const struct account *acc, const char *url, const struct dialect_event *ev,
    ms_t real, struct dialect_post *out)
{
	struct wecom_sealed s;

	if (strcmp(ev->kind, "reply") == 0)
		wrote(acc, ev->key, ev->to, ev->text, ev->at);
	else if (strcmp(ev->kind, "failed") == 0)
		failed(acc, ev->key, ev->to, ev->ref, 0, ev->at);
	else
		return false;
	s = callback(acc, real);
	out->url = g_strdup_printf("%s?%s", url, s.query);
	out->type = g_strdup("text/xml");
	out->body = s.body;
	g_free(s.query);
	return true;
}

/* ---- the calls ---- */

static bool
is_msgid(const char *s)
{
	size_t n = strlen(s);

	return n >= 1 && n <= 32 &&
	       strspn(s, "0123456789abcdefghijklmnopqrstuvwxyz"
			 "ABCDEFGHIJKLMNOPQRSTUVWXYZ_-") == n;
}

static void
taken(struct dialect_call *c, struct person *p, const char *to, const char *msgid)
{
	p->sent++;
	g_string_printf(
	    c->body, "{\"errcode\":0,\"errmsg\":\"ok\",\"msgid\":\"%s\"}", msgid);
	if (!p->refuses)
		return;
	failed(c->acc, arena_printf(c->arena, "fail-%s", msgid), to, msgid, 10, c->now);
	post(c);
}

static void
send_msg(struct dialect_call *c, const json_t *j)
{
	const char *to = text_of(j, "touser"), *msgid = text_of(j, "msgid");
	struct person *p = person_of(book_of(c->acc), to);
	const struct dialect_message m = { .channel = CHANNEL_WECOM,
		.category = CATEGORY_SERVICE,
		.to = to,
		.ref = msgid,
		.text = text_of(json_object_get(j, "text"), "content") };
	struct sandbox_take t;

	if (strcmp(text_of(j, "msgtype"), "text") != 0) {
		dialect_wecom_error(c, 40008, "invalid message type");
		return;
	}
	if (!is_msgid(msgid) || dialect_find(c, msgid) != NULL) {
		dialect_wecom_error(
		    c, 40058, is_msgid(msgid) ? "msgid repeated" : "invalid msgid");
		return;
	}
	if (p->heard_at == 0 || c->now - p->heard_at >= WITHIN) {
		dialect_wecom_error(c, 95002, "send time limit");
		return;
	}
	if (p->sent >= MOST) {
		dialect_wecom_error(c, 95001, "send count limit");
		return;
	}
	dialect_take(c, &m, &t);
	if (t.what == TAKE_ACCEPTED)
		taken(c, p, to, msgid);
	else
		dialect_wecom_error(
		    c, strcmp(t.code, "bad_address") == 0 ? 40096 : 44004, t.code);
}

static void
sync_msg(struct dialect_call *c, const json_t *j)
{
	struct book *b = book_of(c->acc);
	const char *token = text_of(j, "token");
	guint64 from = g_ascii_strtoull(text_of(j, "cursor"), NULL, 10),
		to = MIN(from + PAGE, b->rows->len);
	json_t *list = json_array();
	char *cursor = g_strdup_printf("%" G_GUINT64_FORMAT, to);

	if (token[0] != '\0' && !g_hash_table_contains(b->tickets, token)) {
		dialect_wecom_error(c, 95007, "invalid msgtoken");
		json_decref(list);
	} else {
		for (guint64 i = from; i < to; i++)
			json_array_append(list, b->rows->pdata[i]);
		dialect_json(c, 200,
		    json_pack("{si ss ss si so}", "errcode", 0, "errmsg", "ok",
			"next_cursor", cursor, "has_more", to < b->rows->len, "msg_list",
			list));
	}
	g_free(cursor);
}

static void
say(struct dialect_call *c)
{
	json_t *j = json_loadb(c->x->body, c->x->body_len, 0, NULL);
	struct book *b = book_of(c->acc);
	const char *from = text_of(j, "from");

	if (from[0] != '\0' && json_is_true(json_object_get(j, "refuse")))
		person_of(b, from)->refuses = true;
	if (from[0] != '\0' && text_of(j, "text")[0] != '\0') {
		wrote(c->acc, arena_printf(c->arena, "said-%u", b->rows->len), from,
		    text_of(j, "text"), c->now);
		post(c);
	}
	dialect_wecom_error(
	    c, from[0] != '\0' ? 0 : 40096, from[0] != '\0' ? "ok" : "who?");
	json_decref(j);
}

static void
handle(struct dialect_call *c)
{
	bool sends = dialect_wecom_is(c, "/cgi-bin/kf/send_msg"),
	     asks = dialect_wecom_is(c, "/cgi-bin/kf/sync_msg");
	json_t *j;

	if (c->acc != NULL && dialect_wecom_is(c, "/say")) {
		say(c);
		return;
	}
	if (dialect_wecom_handled(c))
		return;
	if (dialect_wecom_is(c, "/cgi-bin/kf/account/list")) {
		dialect_json(c, 200,
		    json_pack("{si ss s[{ss}]}", "errcode", 0, "errmsg", "ok", "account_list",
			"open_kfid", provider_setting(c->acc, "open_kfid")));
		return;
	}
	j = json_loadb(c->x->body, c->x->body_len, 0, NULL);
	if (!sends && !asks)
		dialect_wecom_error(c, 48002, "api forbidden");
	else if (strcmp(text_of(j, "open_kfid"), provider_setting(c->acc, "open_kfid")) !=
		 0)
		dialect_wecom_error(c, 95000, "invalid open_kfid");
	else if (sends)
		send_msg(c, j);
	else
		sync_msg(c, j);
	json_decref(j);
}

const struct dialect dialect_wecom_kf = { "wecom-kf", handle, event };
