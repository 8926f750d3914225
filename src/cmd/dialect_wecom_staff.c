/* dialect_wecom_staff.c - cards to staff: message/send, and somebody who presses the first button;
 * message/update_template_card, by a code that is good once. */
#include <stdlib.h>
#include <string.h>

#include "dialect_wecom.h"
#include "provider/wire.h"

/* What was sent when, by its bytes: doubles within the interval are not delivered. */
static GHashTable *seen;

/* Codes that were given out and not used. */
static GHashTable *codes;

/* Of a card, and of the tap on it: each replaces what it shows once. */
static const char *
give_code(struct dialect_call *c, const char *why, const char *hash)
{
	const char *code = wire_key(c->arena, arena_printf(c->arena, "%s %s", why, hash));

	if (codes == NULL)
		codes = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	g_hash_table_add(codes, g_strdup(code));
	return code;
}

static bool
double_of(struct dialect_call *c, const json_t *j, const char *hash)
{
	json_int_t span =
	    json_integer_value(json_object_get(j, "duplicate_check_interval"));
	const ms_t *at;

	if (seen == NULL)
		seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	at = g_hash_table_lookup(seen, hash);
	if (json_integer_value(json_object_get(j, "enable_duplicate_check")) == 1 &&
	    at != NULL && c->real - *at < span * MS_SECOND)
		return true;
	g_hash_table_insert(seen, g_strdup(hash), g_memdup2(&c->real, sizeof(c->real)));
	return false;
}

static const char *
text_of(const json_t *j, const char *name)
{
	const char *s = json_string_value(json_object_get(j, name));

	return s == NULL ? "" : s;
}

/* What was delivered stands in the ledger, by the card's own id. */
static void
book(struct dialect_call *c, const json_t *j)
{
	const json_t *card = json_object_get(j, "template_card");
	const struct sandbox_line l = { .at = c->now,
		.real = c->real,
		.channel = channel_name(CHANNEL_PHONE),
		.to = text_of(j, "touser"),
		.ref = text_of(card, "task_id"),
		.key = "",
		.text = text_of(json_object_get(card, "main_title"), "title"),
		.subject = "",
		.account = c->acc->name,
		.via = c->dialect->name };

	sandbox_book_add(c->desk->book, &l, 1, sandbox_clock_boot());
}

/* Its reader presses the first button. */
static void
press(struct dialect_call *c, const json_t *j, const char *hash)
{
	const json_t *card = json_object_get(j, "template_card");
	const json_t *first = json_array_get(json_object_get(card, "button_list"), 0);
	const char *now =
	    arena_printf(c->arena, "%" G_GINT64_FORMAT, c->real / MS_SECOND);
	const char *xml = arena_printf(c->arena,
	    "<xml><ToUserName><![CDATA[%s]]></ToUserName><FromUserName><![CDATA[%s]]>"
	    "</FromUserName><CreateTime>%s</CreateTime><MsgType>event</MsgType><Event>"
	    "template_card_event</Event><EventKey><![CDATA[%s]]></EventKey><TaskId>"
	    "<![CDATA[%s]]></TaskId><CardType>button_interaction</"
	    "CardType><ResponseCode>%s"
	    "</ResponseCode><AgentID>%s</AgentID></xml>",
	    provider_setting(c->acc, "corp_id"), text_of(j, "touser"), now,
	    text_of(first, "key"), text_of(card, "task_id"), give_code(c, "tap", hash),
	    provider_setting(c->acc, "agent_id"));

	if (first != NULL)
		dialect_wecom_post(c, xml, hash);
}

static void
send_card(struct dialect_call *c)
{
	json_t *j = json_loadb(c->x->body, c->x->body_len, 0, NULL);
	const char *hash = wire_sha256(c->arena, c->x->body, c->x->body_len);
	char *agent = g_strdup_printf(
	    "%" JSON_INTEGER_FORMAT, json_integer_value(json_object_get(j, "agentid")));

	if (j == NULL)
		dialect_wecom_error(c, 47001, "data format error");
	else if (strcmp(agent, provider_setting(c->acc, "agent_id")) != 0)
		dialect_wecom_error(c, 301002, "not allow operate another agent");
	else if (text_of(j, "touser")[0] == '\0')
		dialect_wecom_error(c, 81013, "user & party & tag all invalid");
	else {
		if (!double_of(c, j, hash)) {
			book(c, j);
			press(c, j, hash);
		}
		g_string_printf(c->body,
		    "{\"errcode\":0,\"errmsg\":\"ok\",\"invaliduser\":\"\",\"msgid\":\"%."
		    "32s\","
		    "\"response_code\":\"%s\"}",
		    hash, give_code(c, "card", hash));
	}
	g_free(agent);
	json_decref(j);
}

static void
replace(struct dialect_call *c)
{
	json_t *j = json_loadb(c->x->body, c->x->body_len, 0, NULL);
	const char *word = text_of(json_object_get(j, "button"), "replace_name");

	if (j == NULL || *word == '\0' ||
	    json_array_size(json_object_get(j, "userids")) == 0)
		dialect_wecom_error(c, 40058, "invalid parameter");
	else if (codes == NULL ||
		 !g_hash_table_remove(codes, text_of(j, "response_code")))
		dialect_wecom_error(c, 42039, "invalid response_code");
	else
		dialect_wecom_error(c, 0, "ok");
	json_decref(j);
}

static void
handle(struct dialect_call *c)
{
	if (dialect_wecom_handled(c))
		return;
	if (dialect_wecom_is(c, "/cgi-bin/agent/get") &&
	    strcmp(dialect_wecom_query(c, "agentid"), provider_setting(c->acc, "agent_id")) != 0)
		dialect_wecom_error(c, 301002, "not allow operate another agent");
	else if (dialect_wecom_is(c, "/cgi-bin/agent/get"))
		g_string_assign(c->body, "{\"errcode\":0,\"errmsg\":\"ok\",\"name\":\"sandbox\"}");
	else if (dialect_wecom_is(c, "/cgi-bin/message/send"))
		send_card(c);
	else if (dialect_wecom_is(c, "/cgi-bin/message/update_template_card"))
		replace(c);
	else
		dialect_wecom_error(c, 48002, "api forbidden");
}

const struct dialect dialect_wecom_staff = { "wecom-staff", handle, NULL };
