/* dialect_jpush.c - app push of Aurora: cids, POST /v3/push, its callbacks and its report. */
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "base/crypt.h"
#include "dialects.h"
#include "provider/provider.h"
#include "provider/wire.h"

static const char *
authorization(const struct account *acc, struct arena *a)
{
	struct provider_request r = { .headers = g_ptr_array_new() };
	const char *text;

	wire_basic(&r, a, provider_setting(acc, "app_key"),
	    provider_setting(acc, "master_secret"));
	text = strchr(r.headers->pdata[0], ' ') + 1;
	g_ptr_array_unref(r.headers);
	return text;
}

static void
refuse(struct dialect_call *c, int status, int code, const char *message)
{
	c->status = status;
	g_string_printf(
	    c->body, "{\"error\":{\"code\":%d,\"message\":\"%s\"}}", code, message);
}

static bool
admit(struct dialect_call *c)
{
	const char *given = dialect_header(c, "Authorization");
	const char *right = c->acc != NULL ? authorization(c->acc, c->arena) : "";

	if (*right != '\0' && strlen(given) == strlen(right) &&
	    crypt_equal(given, right, strlen(right)))
		return true;
	refuse(c, 401, 1004, "Authen failed");
	return false;
}

/* One message, whoever many devices it goes to; ids that begin with "gone" are unknown. */
static void
push(struct dialect_call *c, const json_t *j)
{
	const json_t *ids =
	    json_object_get(json_object_get(j, "audience"), "registration_id");
	const char *alert = json_string_value(
	    json_object_get(json_object_get(j, "notification"), "alert"));
	const char *to = NULL, *cid = json_string_value(json_object_get(j, "cid"));
	struct sandbox_take t;

	if (alert == NULL || !json_is_array(ids)) {
		refuse(c, 400, 1002, "Missing parameter");
		return;
	}
	for (size_t i = 0; i < json_array_size(ids); i++) {
		const char *id = json_string_value(json_array_get(ids, i));

		if (id == NULL || *id == '\0') {
			refuse(c, 400, 1003, "The registration_id is invalid");
			return;
		}
		if (to == NULL && !g_str_has_prefix(id, "gone"))
			to = arena_strdup(c->arena, id);
	}
	if (to == NULL) {
		refuse(c, 400, 1011, "cannot find user by this audience");
		return;
	}
	if (cid != NULL && !provider_find("jpush")->keys->fits(c->acc, cid)) {
		refuse(c, 400, 1003, "The cid is invalid");
		return;
	}
	dialect_take(c,
	    &(struct dialect_message){ .key = cid,
		.channel = CHANNEL_PUSH,
		.category = CATEGORY_SERVICE,
		.to = to,
		.ref = "",
		.text = alert },
	    &t);
	if (t.what == TAKE_ACCEPTED || t.what == TAKE_AGAIN)
		g_string_printf(c->body, "{\"sendno\":\"0\",\"msg_id\":\"%s\"}", t.id);
	else
		refuse(c, 400, 1009, "The message is refused");
}

static void
give_cids(struct dialect_call *c)
{
	const char *count = wire_field_of(c->arena, c->x->query, "count");
	gint64 n = count == NULL ? 1 : g_ascii_strtoll(count, NULL, 10);
	json_t *list = json_array();

	for (gint64 i = 0; i < CLAMP(n, 1, 1000); i++) {
		char *uuid = g_uuid_string_random();

		json_array_append_new(list,
		    json_sprintf("%s-%s", provider_setting(c->acc, "app_key"), uuid));
		g_free(uuid);
	}
	dialect_json(c, 200, json_pack("{so}", "cidlist", list));
}

/* Whatever was taken has arrived. */
static void
report(struct dialect_call *c)
{
	const char *id = wire_field_of(c->arena, c->x->query, "msg_ids");
	json_t *rows = json_array();

	if (id != NULL && dialect_knows(c, id))
		json_array_append_new(
		    rows, json_pack("{ss si sn sn}", "msg_id", id, "jpush_received", 1,
			      "android_pns_sent", "ios_apns_sent"));
	dialect_json(c, 200, rows);
}

static void
handle(struct dialect_call *c)
{
	json_t *j;

	if (!admit(c))
		return;
	if (strcmp(c->path, "/v3/push/cid") == 0) {
		give_cids(c);
		return;
	}
	if (strcmp(c->path, "/v3/received/detail") == 0) {
		report(c);
		return;
	}
	if (strcmp(c->path, "/v3/push") != 0 || strcmp(c->x->method, "POST") != 0) {
		refuse(c, 404, 1001, "no such address");
		return;
	}
	j = json_loadb(c->x->body, c->x->body_len, 0, NULL);
	push(c, j);
	json_decref(j);
}

static bool
event(const struct account *acc, const char *url, const struct dialect_event *ev,
    ms_t real, struct dialect_post *out)
{
	int type = strcmp(ev->kind, "delivered") == 0 ? 4
		   : strcmp(ev->kind, "failed") == 0  ? 5
		   : strcmp(ev->kind, "click") == 0   ? 6
						      : -1;
	struct arena *a;
	json_t *j;

	(void)url;
	(void)real;
	if (type < 0 || acc == NULL)
		return false;
	j = json_pack("[{si ss ss ss}]", "type", type, "channelkey", "sandbox", "msgid",
	    ev->id, "userid", ev->to);
	out->body = json_dumps(j, JSON_COMPACT);
	json_decref(j);
	a = arena_new();
	g_ptr_array_add(
	    out->headers, g_strdup_printf("Authorization: %s", authorization(acc, a)));
	arena_free(a);
	return true;
}

const struct dialect dialect_jpush = { "jpush", handle, event };
