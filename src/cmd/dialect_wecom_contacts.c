/* dialect_wecom_contacts.c - who is whose contact: lists, details, and callbacks when that changes.
 *
 * Nobody adds a contact by himself: POST /wecom/ACCOUNT/sandbox/contact says who does what,
 *   {"change": "add_external_contact", "member": "LiNa", "external_userid": "wmExample1",
 *    "name": "", "remark": "", "state": "", "unionid": "", "mobiles": ["19900000001"]}
 * with edit_external_contact, del_external_contact and del_follow_user likewise; "silent":
 * true, and no callback tells of it. */
#include <stdlib.h>
#include <string.h>

#include "dialect_wecom.h"
#include "provider/wire.h"

#define LIMIT 100

struct friend
{
	json_t *told; /* as it was posted */
	ms_t since;   /* the people's clock */
	bool left;    /* he removed the member, whose list keeps him */
};

static GPtrArray *friends; /* struct friend *, of the one account there is */

static const char *
text_of(const json_t *j, const char *name)
{
	const char *s = json_string_value(json_object_get(j, name));

	return s == NULL ? "" : s;
}

static struct friend *
find(const char *member, const char *external)
{
	for (guint i = 0; friends != NULL && i < friends->len; i++) {
		struct friend *f = friends->pdata[i];

		if (g_ascii_strcasecmp(text_of(f->told, "member"), member) == 0 &&
		    strcmp(text_of(f->told, "external_userid"), external) == 0)
			return f;
	}
	return NULL;
}

bool
dialect_wecom_knows(const char *member, const char *external)
{
	const struct friend *f = find(member, external);

	/* Where nobody told of any contact, everybody is one. */
	return friends == NULL || (f != NULL && !f->left);
}

/* ---- what is asked ---- */

static json_t *
who(const struct friend *f)
{
	return json_pack("{ss ss si ss}", "external_userid",
	    text_of(f->told, "external_userid"), "name", text_of(f->told, "name"), "type",
	    1, "unionid", text_of(f->told, "unionid"));
}

static json_t *
follow(const struct friend *f)
{
	json_t *mobiles = json_object_get(f->told, "mobiles");
	json_t *j = json_pack("{ss ss ss sI si}", "userid", text_of(f->told, "member"),
	    "remark", text_of(f->told, "remark"), "state", text_of(f->told, "state"),
	    "createtime", (json_int_t)(f->since / MS_SECOND), "add_way", 1);

	json_object_set_new(j, "remark_mobiles",
	    mobiles != NULL ? json_deep_copy(mobiles) : json_array());
	return j;
}

static void
list(struct dialect_call *c, const json_t *asked)
{
	const json_t *members = json_object_get(asked, "userid_list");
	int from = atoi(text_of(asked, "cursor")), at = 0,
	    limit = (int)json_integer_value(json_object_get(asked, "limit"));
	json_t *rows = json_array();
	char next[16] = "";

	limit = CLAMP(limit, 1, LIMIT);
	for (guint i = 0; friends != NULL && i < friends->len; i++) {
		const struct friend *f = friends->pdata[i];
		bool his = false;

		for (size_t k = 0; k < json_array_size(members); k++)
			his = his ||
			      g_ascii_strcasecmp(text_of(f->told, "member"),
				  json_string_value(json_array_get(members, k))) == 0;
		if (!his)
			continue;
		if (at >= from && at < from + limit)
			json_array_append_new(
			    rows, json_pack("{so so}", "external_contact", who(f),
				      "follow_info", follow(f)));
		if (at++ == from + limit)
			g_snprintf(next, sizeof(next), "%d", from + limit);
	}
	dialect_json(c, 200,
	    json_pack("{si ss so ss}", "errcode", 0, "errmsg", "ok",
		"external_contact_list", rows, "next_cursor", next));
}

static void
one(struct dialect_call *c)
{
	const char *id = dialect_wecom_query(c, "external_userid");
	json_t *rows = json_array(), *whom = NULL;

	for (guint i = 0; friends != NULL && i < friends->len; i++) {
		const struct friend *f = friends->pdata[i];

		if (strcmp(text_of(f->told, "external_userid"), id) != 0)
			continue;
		json_array_append_new(rows, follow(f));
		if (whom == NULL)
			whom = who(f);
	}
	if (whom == NULL) {
		json_decref(rows);
		dialect_wecom_error(c, 84061, "not external contact");
		return;
	}
	dialect_json(c, 200,
	    json_pack("{si ss so so}", "errcode", 0, "errmsg", "ok", "external_contact",
		whom, "follow_user", rows));
}

/* ---- what people do ---- */

static void
tell(struct dialect_call *c, const json_t *j, const char *change)
{
	const char *salt = wire_sha256(c->arena, c->x->body, c->x->body_len);
	const char *xml = arena_printf(c->arena,
	    "<xml><ToUserName><![CDATA[%s]]></ToUserName><FromUserName>sys</FromUserName>"
	    "<CreateTime>%" G_GINT64_FORMAT "</CreateTime><MsgType>event</MsgType><Event>"
	    "change_external_contact</Event><ChangeType><![CDATA[%s]]></"
	    "ChangeType><UserID>"
	    "<![CDATA[%s]]></UserID><ExternalUserID><![CDATA[%s]]></"
	    "ExternalUserID><State>"
	    "<![CDATA[%s]]></State></xml>",
	    provider_setting(c->acc, "corp_id"), c->now / MS_SECOND, change,
	    text_of(j, "member"), text_of(j, "external_userid"), text_of(j, "state"));

	dialect_wecom_post(c, xml, salt);
}

static void
friend_free(gpointer p)
{
	struct friend *f = p;

	json_decref(f->told);
	g_free(f);
}

static void
happens(struct dialect_call *c, const json_t *j)
{
	const char *change = text_of(j, "change"), *member = text_of(j, "member"),
		   *id = text_of(j, "external_userid");
	struct friend *f = find(member, id);
	bool add = strcmp(change, "add_external_contact") == 0;

	if (friends == NULL)
		friends = g_ptr_array_new_with_free_func(friend_free);
	if (*member == '\0' || *id == '\0' || (f == NULL && !add)) {
		dialect_json(c, 400, json_pack("{ss}", "error", "whose contact?"));
		return;
	}
	if (f == NULL) {
		f = g_new0(struct friend, 1);
		g_ptr_array_add(friends, f);
	}
	if (add || strcmp(change, "edit_external_contact") == 0) {
		json_decref(f->told);
		f->told = json_deep_copy(j);
	}
	if (add) {
		f->since = c->now;
		f->left = false;
	}
	if (strcmp(change, "del_follow_user") == 0)
		f->left = true;
	if (!json_is_true(json_object_get(j, "silent")))
		tell(c, j, change);
	if (strcmp(change, "del_external_contact") == 0)
		g_ptr_array_remove(friends, f);
	dialect_json(c, 200, json_object());
}

bool
dialect_wecom_contacts(struct dialect_call *c)
{
	json_t *j;

	if (dialect_wecom_is(c, "/sandbox/contact") && c->acc != NULL) {
		j = json_loadb(c->x->body, c->x->body_len, 0, NULL);
		happens(c, j);
		json_decref(j);
		return true;
	}
	if (dialect_wecom_handled(c))
		return true;
	if (dialect_wecom_is(c, "/cgi-bin/externalcontact/get")) {
		one(c);
		return true;
	}
	if (!dialect_wecom_is(c, "/cgi-bin/externalcontact/batch/get_by_user"))
		return false;
	j = json_loadb(c->x->body, c->x->body_len, 0, NULL);
	list(c, j);
	json_decref(j);
	return true;
}
