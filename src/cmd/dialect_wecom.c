/* A token says when it was made: nothing need be remembered to know that it is old. */
#include "dialect_wecom.h"

#include <stdlib.h>
#include <string.h>

#include "dialect_wecom_seal.h"
#include "provider/wire.h"

#define LIFE 7200

void
dialect_wecom_error(struct dialect_call *c, int code, const char *text)
{
	g_string_printf(c->body, "{\"errcode\":%d,\"errmsg\":\"%s\"}", code, text);
}

const char *
dialect_wecom_query(struct dialect_call *c, const char *name)
{
	const char *s = wire_field_of(c->arena, c->x->query, name);

	return s == NULL ? "" : s;
}

bool
dialect_wecom_is(const struct dialect_call *c, const char *path)
{
	return strcmp(c->path, path) == 0;
}

static const char *
seal_of(struct dialect_call *c, int64_t made)
{
	return wire_key(c->arena,
	    arena_printf(c->arena, "%" G_GINT64_FORMAT " %s %s", made,
		provider_setting(c->acc, "corp_id"), provider_setting(c->acc, "secret")));
}

static void
give_token(struct dialect_call *c)
{
	int64_t made = c->real / MS_SECOND;

	if (strcmp(dialect_wecom_query(c, "corpid"),
		provider_setting(c->acc, "corp_id")) != 0)
		dialect_wecom_error(c, 40013, "invalid corpid");
	else if (strcmp(dialect_wecom_query(c, "corpsecret"),
		     provider_setting(c->acc, "secret")) != 0)
		dialect_wecom_error(c, 40001, "invalid credential");
	else
		g_string_printf(c->body,
		    "{\"errcode\":0,\"errmsg\":\"ok\",\"access_token\":"
		    "\"%" G_GINT64_FORMAT "-%s\",\"expires_in\":%d}",
		    made, seal_of(c, made), LIFE);
}

bool
dialect_wecom_handled(struct dialect_call *c)
{
	const char *token = dialect_wecom_query(c, "access_token"), *dash;
	int64_t made = g_ascii_strtoll(token, NULL, 10);

	if (c->acc == NULL) {
		dialect_wecom_error(c, 40013, "no such account in --config");
		return true;
	}
	if (dialect_wecom_is(c, "/cgi-bin/gettoken")) {
		give_token(c);
		return true;
	}
	dash = strchr(token, '-');
	if (dash == NULL || strcmp(dash + 1, seal_of(c, made)) != 0)
		dialect_wecom_error(c, 40014, "invalid access_token");
	else if (c->real / MS_SECOND - made >= LIFE)
		dialect_wecom_error(c, 42001, "access_token expired");
	else
		return false;
	return true;
}

void
dialect_wecom_post(struct dialect_call *c, const char *xml, const char *salt)
{
	char *to = dialect_callback(c->desk, c->acc);
	struct wecom_sealed s;
	struct errand what = { .method = "POST",
		.agent = "wecom",
		.must_arrive = true,
		.type = "text/xml" };

	if (to == NULL)
		return;
	wecom_seal(c->acc, provider_setting(c->acc, "corp_id"), xml, strlen(xml), salt,
	    arena_printf(c->arena, "%" G_GINT64_FORMAT, c->real / MS_SECOND), salt + 16,
	    &s);
	what.url = g_strdup_printf("%s?%s", to, s.query);
	what.body = s.body;
	g_free(s.query);
	g_free(to);
	sandbox_post_send(c->desk->post, &what);
}
