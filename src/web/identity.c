#include "identity.h"

#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <glib.h>
#include <jansson.h>

#include "base/crypt.h"
#include "base/log.h"
#include "caller.h"
#include "core/role.h"
#include "respond.h"

#define BEARER "Bearer "

static void
refuse(struct http_in *in, int status, const char *text)
{
	json_t *j = json_pack("{ss}", "error", text);
	char *json = json_dumps(j, JSON_COMPACT);

	respond(in, status, "application/json",
	    status == 401 ? "WWW-Authenticate: Bearer" : NULL, json, strlen(json));
	free(json);
	json_decref(j);
}

/* ---- the user behind a socket ---- */

/* Asked once: what answers may be far away. */
static const char *
user_name(struct web *w, unsigned uid)
{
	gpointer key = GUINT_TO_POINTER(uid + 1);
	const char *known = g_hash_table_lookup(w->users, key);
	struct passwd pw, *found = NULL;
	char buf[4096], *name;

	if (known != NULL)
		return known;
	if (getpwuid_r((uid_t)uid, &pw, buf, sizeof(buf), &found) == 0 && found != NULL)
		name = g_strdup(pw.pw_name);
	else
		name = g_strdup_printf("%u", uid);
	g_hash_table_insert(w->users, key, name);
	return name;
}

static void
of_user(struct web *w, const struct http_in *in, struct engine_who *out)
{
	const char *user = user_name(w, in->uid);
	const struct member *m = config_user(engine_catalog(w->en)->config, user);

	if (m != NULL) {
		out->name = m->name;
		out->role = m->role;
		out->stores = m->stores;
	} else if (in->uid == 0 || in->uid == geteuid()) {
		/* He can read the database and its key: nothing is kept from him. */
		out->name = user;
		out->role = ROLE_ADMIN;
	}
	out->rights = role_rights(out->role);
}

/* ---- tokens ---- */

/* Where a provider may post is not what it may do: such a token opens no API. */
static bool
is_hook_token(const struct web *w, const char *secret)
{
	const struct config *cfg = engine_catalog(w->en)->config;

	for (int i = 0; i < cfg->n_accounts; i++) {
		const char *own = cfg->accounts[i].hook_secret;

		if (own != NULL && strlen(own) == strlen(secret) &&
		    crypt_equal(own, secret, strlen(own)))
			return true;
	}
	return false;
}

static bool
of_token(struct web *w, struct http_in *in, const char *field, const struct route *r,
    struct engine_who *out)
{
	const char *secret = field + strlen(BEARER), *why;

	if (g_ascii_strncasecmp(field, BEARER, strlen(BEARER)) != 0) {
		refuse(in, 401, "send Authorization: Bearer and a token");
		return false;
	}
	if (is_hook_token(w, secret)) {
		log_warn("forbidden", "route=%s cause=hook_token", r->name);
		refuse(in, 403, "the token of a webhook does not open the API");
		return false;
	}
	if ((why = engine_token(w->en, secret, out)) == NULL)
		return true;
	log_warn("forbidden", "route=%s cause=token", r->name);
	refuse(in, 401, why);
	return false;
}

/* Behind a proxy on a Unix socket stands the whole world. */
static bool
is_local(const struct http_in *in, enum web_face face)
{
	return strcmp(in->peer, "unix") == 0 ? in->has_uid : caller_local(in, face);
}

bool
identity_find(struct web *w, struct http_in *in, enum web_face face,
    const struct route *r, struct engine_who *out)
{
	const char *field = http_in_field(in, "Authorization");

	*out = (struct engine_who){ .name = "", .token = "", .role = ROLE_NONE };
	if (r->guard == GUARD_NONE)
		return true;
	if (*field != '\0')
		return of_token(w, in, field, r, out);
	if (in->has_uid)
		of_user(w, in, out);
	else if (is_local(in, face))
		out->rights = role_rights(ROLE_NONE);
	/* Our own world tells what its people did. */
	if (r->guard == GUARD_LOCAL && is_local(in, face))
		out->rights |= RIGHT_EVENT;
	return true;
}

bool
identity_may(
    struct http_in *in, const struct engine_who *who, unsigned right, const char *route)
{
	if ((who->rights & right) == right)
		return true;
	log_warn("forbidden", "route=%s role=%s token=%s", route, role_name(who->role),
	    *who->token != '\0' ? who->token : "-");
	if (who->role == ROLE_NONE && *who->token == '\0')
		refuse(in, 401,
		    in->has_uid
			? "this user of the machine is not under people: in reachd.yaml"
			: "say who you are: Authorization: Bearer TOKEN, or the Unix "
			  "socket");
	else
		refuse(in, 403, "your role does not allow this");
	return false;
}

void
identity_copy(struct arena *a, const struct engine_who *who, struct engine_who *out)
{
	int n = 0;
	const char **stores;

	while (who->stores != NULL && who->stores[n] != NULL)
		n++;
	stores = arena_array(a, const char *, n + 1);
	for (int i = 0; i < n; i++)
		stores[i] = arena_strdup(a, who->stores[i]);
	*out = *who;
	out->name = arena_strdup(a, who->name);
	out->token = arena_strdup(a, who->token);
	out->stores = stores;
}

bool
identity_limited(const struct engine_who *who)
{
	return (who->stores != NULL && who->stores[0] != NULL) ||
	       role_own_only(who->role);
}

/* ---- in whose name ---- */

const char *
identity_by(const struct call *c, const char *claimed)
{
	if (*claimed == '\0' || strcmp(claimed, c->who->name) == 0)
		return c->who->name;
	if ((c->who->rights & RIGHT_ADMIN) != 0) {
		engine_note(c->web->en, c->who, "act-for", claimed, c->in->path);
		return claimed;
	}
	log_warn("forbidden", "cause=other_name role=%s", role_name(c->who->role));
	refuse(c->in, 403, "you act in your own name: leave out whom it is by");
	return NULL;
}

const char *
identity_level(const struct call *c, const char *by)
{
	int role = strcmp(by, c->who->name) == 0
		       ? c->who->role
		       : (int)config_role(engine_catalog(c->web->en)->config, by);

	return approval_names[role_level(role)];
}

char *
identity_sign(const struct call *c)
{
	json_t *body =
	    json_loadb(c->in->body, c->in->body_len, JSON_REJECT_DUPLICATES, NULL);
	const char *claimed = json_string_value(json_object_get(body, "by")), *by;
	char *out;

	if (!json_is_object(body)) {
		json_decref(body);
		return g_strdup(c->in->body);
	}
	by = identity_by(c, claimed == NULL ? "" : claimed);
	if (by == NULL) {
		json_decref(body);
		return NULL;
	}
	json_object_set_new(body, "by", json_string(by));
	out = json_dumps(body, JSON_COMPACT);
	json_decref(body);
	by = out;
	out = g_strdup(by);
	free((void *)(uintptr_t)by);
	return out;
}
