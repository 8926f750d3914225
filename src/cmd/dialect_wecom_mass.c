/* dialect_wecom_mass.c - group messages: a task, and a member who presses send ten minutes later. */
#include <stdlib.h>
#include <string.h>

#include "dialect_wecom.h"
#include "provider/wire.h"

#define PRESSED_AFTER (10 * MS_MINUTE) /* of the people's clock */

#define LIMIT 100
#define LIMIT_UNSAID 50

struct group {
	char *id, *to, *sender, *text;
	ms_t made; /* the people's clock */
	bool sent, cancelled;
};

static GHashTable *groups; /* msgid -> struct group * */
static GPtrArray *records; /* the same, in the order they were made */

static void
group_free(gpointer p)
{
	struct group *g = p;

	g_free(g->id);
	g_free(g->to);
	g_free(g->sender);
	g_free(g->text);
	g_free(g);
}

static const char *
text_of(const json_t *j, const char *name)
{
	const char *s = json_string_value(json_object_get(j, name));

	return s == NULL ? "" : s;
}

static void
keep(const char *id, const char *to, const json_t *j, ms_t now)
{
	struct group *g = g_new0(struct group, 1);

	g->id = g_strdup(id);
	g->to = g_strdup(to);
	g->sender = g_strdup(text_of(j, "sender"));
	g->text = g_strdup(text_of(json_object_get(j, "text"), "content"));
	g->made = now;
	if (groups == NULL) {
		groups = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, group_free);
		records = g_ptr_array_new();
	}
	g_hash_table_insert(groups, g->id, g);
	g_ptr_array_add(records, g);
}

static void
add(struct dialect_call *c, const json_t *j)
{
	const char *to =
	    json_string_value(json_array_get(json_object_get(j, "external_userid"), 0));
	const struct dialect_message m = { .channel = CHANNEL_WECOM,
		.category = CATEGORY_MARKETING,
		.to = to == NULL ? "" : to,
		.ref = "",
		.text = text_of(json_object_get(j, "text"), "content") };
	struct sandbox_take t;

	if (to == NULL || text_of(j, "sender")[0] == '\0') {
		dialect_wecom_error(c, 41048, "no customer or no sender");
		return;
	}
	if (!dialect_wecom_knows(text_of(j, "sender"), to)) {
		dialect_wecom_error(c, 84061, "not external contact");
		return;
	}
	dialect_take(c, &m, &t);
	if (t.what == TAKE_REFUSED) {
		dialect_wecom_error(c, 40058, t.code);
		return;
	}
	keep(t.id, to, j, c->now);
	g_string_printf(c->body,
	    "{\"errcode\":0,\"errmsg\":\"ok\",\"fail_list\":[],\"msgid\":\"%s\"}", t.id);
}

static int64_t
number_of(const json_t *j, const char *name)
{
	return json_integer_value(json_object_get(j, name));
}

/* What was made in a span of time, by whom is not told. */
static void
list(struct dialect_call *c, const json_t *j)
{
	guint at = (guint)atoi(text_of(j, "cursor")), n = 0;
	int64_t limit = number_of(j, "limit"), from = number_of(j, "start_time"),
		to = number_of(j, "end_time");
	json_t *rows = json_array();
	char next[16] = "";

	if (limit < 1 || limit > LIMIT)
		limit = LIMIT_UNSAID;
	for (; records != NULL && at < records->len; at++) {
		const struct group *g = records->pdata[at];

		if (g->made / MS_SECOND < from || g->made / MS_SECOND > to)
			continue;
		if (n++ == limit) {
			g_snprintf(next, sizeof(next), "%u", at);
			break;
		}
		json_array_append_new(
		    rows, json_pack("{ss sI si s{ss} s[]}", "msgid", g->id, "create_time",
			      (json_int_t)(g->made / MS_SECOND), "create_type", 0, "text",
			      "content", g->text, "attachments"));
	}
	dialect_json(c, 200,
	    json_pack("{si ss ss so}", "errcode", 0, "errmsg", "ok", "next_cursor", next,
		"group_msg_list", rows));
}

static void
task(struct dialect_call *c, const struct group *g)
{
	dialect_json(c, 200,
	    json_pack("{si ss ss s[{ss si}]}", "errcode", 0, "errmsg", "ok",
		"next_cursor", "", "task_list", "userid", g->sender, "status",
		g->sent ? 2 : 0));
}

static void
result(struct dialect_call *c, const json_t *j, struct group *g)
{
	bool friend = dialect_wecom_knows(g->sender, g->to);

	if (g_ascii_strcasecmp(text_of(j, "userid"), g->sender) != 0) {
		dialect_wecom_error(c, 40003, "invalid userid");
		return;
	}
	g->sent =
	    g->sent || (friend && !g->cancelled && c->now - g->made >= PRESSED_AFTER);
	g_string_printf(c->body,
	    "{\"errcode\":0,\"errmsg\":\"ok\",\"next_cursor\":\"\",\"send_list\":[{"
	    "\"external_userid\":\"%s\",\"userid\":\"%s\",\"status\":%d}]}",
	    g->to, g->sender, friend || g->sent ? g->sent : 2);
}

static void
handle(struct dialect_call *c)
{
	json_t *j;
	struct group *g;

	if (dialect_wecom_contacts(c))
		return;
	j = json_loadb(c->x->body, c->x->body_len, 0, NULL);
	g = groups == NULL ? NULL : g_hash_table_lookup(groups, text_of(j, "msgid"));
	if (dialect_wecom_is(c, "/cgi-bin/externalcontact/get_follow_user_list"))
		dialect_json(c, 200,
		    json_pack("{si ss s[s]}", "errcode", 0, "errmsg", "ok", "follow_user",
			provider_setting(c->acc, "sender")));
	else if (dialect_wecom_is(c, "/cgi-bin/externalcontact/add_msg_template"))
		add(c, j);
	else if (dialect_wecom_is(c, "/cgi-bin/externalcontact/get_groupmsg_list_v2"))
		list(c, j);
	else if (g == NULL)
		dialect_wecom_error(c, 41063, "no such message, or not yet");
	else if (dialect_wecom_is(c, "/cgi-bin/externalcontact/get_groupmsg_send_result"))
		result(c, j, g);
	else if (dialect_wecom_is(c, "/cgi-bin/externalcontact/get_groupmsg_task"))
		task(c, g);
	else if (dialect_wecom_is(c, "/cgi-bin/externalcontact/cancel_groupmsg_send")) {
		g->cancelled = true;
		dialect_wecom_error(c, 0, "ok");
	} else if (dialect_wecom_is(c, "/cgi-bin/externalcontact/remind_groupmsg_send"))
		dialect_wecom_error(c, 0, "ok");
	else
		dialect_wecom_error(c, 48002, "api forbidden");
	json_decref(j);
}

const struct dialect dialect_wecom_mass = { "wecom", handle, NULL };
