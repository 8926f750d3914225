/* dialect_wecom_mass.c - group messages: a task, and a member who presses send ten minutes later. */
#include <stdlib.h>
#include <string.h>

#include "dialect_wecom.h"
#include "provider/wire.h"

#define PRESSED_AFTER (10 * MS_MINUTE) /* of the people's clock */

struct group {
	char *to, *sender;
	ms_t made; /* the people's clock */
	bool sent, cancelled;
};

static GHashTable *groups; /* msgid -> struct group * */

static void
group_free(gpointer p)
{
	struct group *g = p;

	g_free(g->to);
	g_free(g->sender);
	g_free(g);
}

static const char *
text_of(const json_t *j, const char *name)
{
	const char *s = json_string_value(json_object_get(j, name));

	return s == NULL ? "" : s;
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
	struct group *g;

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
	g = g_new0(struct group, 1);
	g->to = g_strdup(to);
	g->sender = g_strdup(text_of(j, "sender"));
	g->made = c->now;
	if (groups == NULL)
		groups =
		    g_hash_table_new_full(g_str_hash, g_str_equal, g_free, group_free);
	g_hash_table_replace(groups, g_strdup(t.id), g);
	g_string_printf(c->body,
	    "{\"errcode\":0,\"errmsg\":\"ok\",\"fail_list\":[],\"msgid\":\"%s\"}", t.id);
}

static void
result(struct dialect_call *c, struct group *g)
{
	bool friend = dialect_wecom_knows(g->sender, g->to);

	g->sent =
	    g->sent || (friend && !g->cancelled && c->now - g->made >= PRESSED_AFTER);
	g_string_printf(c->body,
	    "{\"errcode\":0,\"errmsg\":\"ok\",\"next_cursor\":\"\",\"send_list\":[{"
	    "\"external_userid\":\"%s\",\"status\":%d}]}",
	    g->to, friend || g->sent ? g->sent : 2);
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
	else if (g == NULL)
		dialect_wecom_error(c, 41063, "no such message, or not yet");
	else if (dialect_wecom_is(c, "/cgi-bin/externalcontact/get_groupmsg_send_result"))
		result(c, g);
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
