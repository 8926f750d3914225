/* Who holds which token: made, looked up, revoked; and the record of what was decided. */
#include "access.h"

#include <string.h>

#include <jansson.h>

#include "answer.h"
#include "base/log.h"
#include "core/role.h"
#include "store/subject.h"
#include "page.h"

#define USED_EVERY (5 * MS_MINUTE)
#define DAYS 90
#define DAYS_MAX 365
#define SECRET 32

/* ---- known tokens ---- */

static void
key_free(gpointer p)
{
	struct key *k = p;

	g_free(k->id);
	g_free(k->name);
	g_free(k->kind);
	g_free(k->role);
	g_free(k->scope);
	g_free(k->made_by);
	g_strfreev(k->stores);
	g_free(k);
}

GPtrArray *
access_keys_new(void)
{
	return g_ptr_array_new_with_free_func(key_free);
}

static void
key_add(void *arg, const struct token *t)
{
	struct key *k = g_new0(struct key, 1);

	k->id = g_strdup(t->id);
	k->name = g_strdup(t->name);
	k->kind = g_strdup(t->kind);
	k->role = g_strdup(t->role);
	k->scope = g_strdup(t->scope);
	k->made_by = g_strdup(t->made_by);
	k->stores = g_strsplit(t->stores, ",", -1);
	memcpy(k->hash, t->hash, sizeof(k->hash));
	k->made_at = t->made_at;
	k->expires_at = t->expires_at;
	k->used_at = t->used_at;
	k->revoked_at = t->revoked_at;
	g_ptr_array_add(arg, k);
}

int
access_keys_read(struct work *w, GPtrArray *keys, struct err *e)
{
	g_ptr_array_set_size(keys, 0);
	return token_each(w->store, key_add, keys, e);
}

static struct key *
key_of(struct engine *en, const char *id, size_t len)
{
	for (guint i = 0; i < en->keyring->len; i++) {
		struct key *k = en->keyring->pdata[i];

		if (strlen(k->id) == len && strncmp(k->id, id, len) == 0)
			return k;
	}
	return NULL;
}

static int
used_run(struct task *t, struct work *w, struct err *e)
{
	return token_used(w->store, t->data, t->now, e);
}

static unsigned
scope_rights(const char *scope)
{
	if (strcmp(scope, "events") == 0)
		return RIGHT_EVENT;
	return strcmp(scope, "read") == 0
		   ? RIGHT_STATUS | RIGHT_REPORT | RIGHT_CUSTOMER | RIGHT_AUDIT
		   : ~0U;
}

static void
fill(const struct engine *en, const struct key *k, struct engine_who *out)
{
	const struct member *m = config_member(en->catalog->config, k->name);
	unsigned rights;

	out->name = k->name;
	out->token = k->id;
	out->role = role_find(k->role);
	out->stores = (const char *const *)k->stores;
	if (strcmp(k->kind, "people") == 0 && m != NULL) {
		out->role = m->role;
		out->stores = m->stores;
	}
	/* A program that only tells what happened needs no role for it. */
	rights =
	    role_rights(out->role) | (strcmp(k->scope, "events") == 0 ? RIGHT_EVENT : 0U);
	out->rights = rights & scope_rights(k->scope);
}

const char *
engine_token(struct engine *en, const char *secret, struct engine_who *out)
{
	const char *id = g_str_has_prefix(secret, "rch_") ? secret + 4 : "";
	struct key *k = key_of(en, id, strcspn(id, "_"));
	ms_t now = en->world->now(en->world);
	uint8_t hash[32];

	crypt_sha256(secret, strlen(secret), hash);
	if (k == NULL || !crypt_equal(k->hash, hash, sizeof(hash)))
		return "there is no such token";
	if (k->revoked_at != 0)
		return "this token has been revoked";
	if (now >= k->expires_at)
		return "this token has expired: have another made";
	if (strcmp(k->kind, "people") == 0 &&
	    config_member(en->catalog->config, k->name) == NULL)
		return "whoever this token was made for is not under people: any more";
	fill(en, k, out);
	if (now - k->used_at >= USED_EVERY) {
		k->used_at = now;
		task_start(task_new(en, used_run, NULL, g_strdup(k->id), g_free));
	}
	return NULL;
}

/* ---- orders about tokens ---- */

struct token_order {
	engine_answer *cb;
	void *arg;
	char *who, *id;
	int role;
	json_t *in, *out;
	int status;
	GPtrArray *keys;
};

static struct token_order *
order_new(const struct engine_who *who, engine_answer *cb, void *arg)
{
	struct token_order *o = g_new0(struct token_order, 1);

	o->cb = cb;
	o->arg = arg;
	o->who = g_strdup(who == NULL ? "" : who->name);
	o->role = who == NULL ? ROLE_NONE : who->role;
	o->keys = access_keys_new();
	o->out = json_object();
	return o;
}

static void
order_free(gpointer p)
{
	struct token_order *o = p;

	g_free(o->who);
	g_free(o->id);
	json_decref(o->in);
	json_decref(o->out);
	g_ptr_array_unref(o->keys);
	g_free(o);
}

static int
say(struct token_order *o, int status, const char *key, const char *text)
{
	json_object_set_new(o->out, key, json_string(text));
	o->status = status;
	return 0;
}

static void
order_done(struct task *t, const struct err *e)
{
	struct token_order *o = t->data;

	if (e != NULL) {
		answer_failed(o->cb, o->arg);
		return;
	}
	if (o->status < 300) {
		GPtrArray *old = t->en->keyring;

		t->en->keyring = o->keys;
		o->keys = old;
	}
	answer_json(o->cb, o->arg, o->status, o->out);
}

static const char *
text_of(const struct token_order *o, const char *key, const char *otherwise)
{
	const char *text = json_string_value(json_object_get(o->in, key));

	return text == NULL || *text == '\0' ? otherwise : text;
}

static bool
stores_known(const struct work *w, const char *list)
{
	char **all = g_strsplit(list, ",", -1);
	bool known = true;

	for (char **one = all; *one != NULL; one++)
		known = known && shop_find(&w->cat->config->stores, *one) != NULL;
	g_strfreev(all);
	return known;
}

/* Whom it is for: somebody under people:, one of the staff, else a program. */
static int
holder(struct work *w, struct token_order *o, struct token *t, struct err *e)
{
	const struct member *m = config_member(w->cat->config, t->name);
	struct staff f;
	int rc = m != NULL ? 0 : staff_find(w->store, t->name, "", &f, e);

	if (rc < 0)
		return -1;
	t->kind = m != NULL ? "people" : rc == 1 ? "staff" : "program";
	t->role = text_of(o, "role",
	    m != NULL ? role_name(m->role)
	    : rc == 1 ? f.role
		      : "");
	t->stores = text_of(o, "stores", rc == 1 ? f.store : "");
	if (rc == 1)
		t->name = f.name;
	if (strcmp(t->scope, "events") == 0 && *t->role == '\0')
		t->role = role_name(ROLE_NONE);
	else if (role_find(t->role) == ROLE_NONE)
		return say(o, 422, "error",
		    "say what it may do: --role admin, general-manager, manager, "
		    "marketer, specialist, advisor, viewer or auditor");
	if (m != NULL && role_find(t->role) != m->role)
		return say(o, 422, "error",
		    "this person's role stands under people: in reachd.yaml");
	/* Somebody who may not do a thing may not have it done by his token. */
	if ((role_rights(role_find(t->role)) & ~role_rights(o->role)) != 0)
		return say(o, 403, "error", "it may not do more than you may");
	if (rc == 0 && !stores_known(w, t->stores))
		return say(
		    o, 422, "error", "there is no store of that id in stores.yaml");
	return 0;
}

static int
new_run(struct task *task, struct work *w, struct err *e)
{
	struct token_order *o = task->data;
	json_int_t days = json_integer_value(json_object_get(o->in, "days"));
	struct token t = { .name = text_of(o, "name", ""),
		.scope = text_of(o, "scope", "all"),
		.made_by = o->who,
		.made_at = w->now };
	uint8_t raw[SECRET + 4];
	char id[9], *secret, *whole;
	int rc;

	o->status = 201;
	json_object_clear(o->out);
	if (*t.name == '\0')
		return say(o, 422, "error", "say whose it is");
	if (strcmp(t.scope, "all") != 0 && strcmp(t.scope, "read") != 0 &&
	    strcmp(t.scope, "events") != 0)
		return say(o, 422, "error", "a scope is all, read or events");
	if (days < 0 || days > DAYS_MAX)
		return say(o, 422, "error", "a token lasts from 1 to 365 days");
	t.expires_at = w->now + (days == 0 ? DAYS : days) * MS_DAY;
	if (holder(w, o, &t, e) != 0)
		return -1;
	if (o->status != 201)
		return 0;
	w->world->secret(w->world, raw, sizeof(raw));
	t.id = crypt_hex(raw + SECRET, 4, id);
	secret = g_base64_encode(raw, SECRET);
	g_strdelimit(secret, "+", '-');
	g_strdelimit(secret, "/", '_');
	whole = g_strdup_printf("rch_%s_%.43s", id, secret);
	crypt_sha256(whole, strlen(whole), t.hash);
	json_object_set_new(o->out, "token", json_string(whole));
	json_object_set_new(o->out, "id", json_string(id));
	json_object_set_new(o->out, "role", json_string(t.role));
	rc = token_add(w->store, &t, e);
	if (rc == 0)
		rc = access_note(w, o->who, o->role, "token-new", t.id,
		    arena_printf(
			w->arena, "for %s, %s, scope %s", t.name, t.role, t.scope),
		    0, 0, e);
	if (rc == 0)
		rc = access_keys_read(w, o->keys, e);
	g_free(secret);
	g_free(whole);
	return rc;
}

void
engine_token_new(struct engine *en, const struct engine_who *who, const char *body,
    size_t len, engine_answer *cb, void *arg)
{
	struct token_order *o = order_new(who, cb, arg);

	o->in = json_loadb(body, len, JSON_REJECT_DUPLICATES, NULL);
	task_start(task_new(en, new_run, order_done, o, order_free));
}

static int
revoke_run(struct task *task, struct work *w, struct err *e)
{
	struct token_order *o = task->data;
	int rc = token_revoke(w->store, o->id, w->now, e);

	o->status = 200;
	if (rc < 0)
		return -1;
	if (rc == 0)
		return say(o, 404, "error", "there is no such token that opens anything");
	say(o, 200, "status", "revoked");
	return access_note(w, o->who, o->role, "token-revoke", o->id, "", 0, 0, e) != 0
		   ? -1
		   : access_keys_read(w, o->keys, e);
}

void
engine_token_revoke(struct engine *en, const struct engine_who *who, const char *id,
    engine_answer *cb, void *arg)
{
	struct token_order *o = order_new(who, cb, arg);

	o->id = g_strdup(id);
	task_start(task_new(en, revoke_run, order_done, o, order_free));
}

static json_t *
when(const struct engine *en, ms_t at)
{
	char buf[CLOCK_TEXT];

	return at == 0
		   ? json_null()
		   : json_string(clock_format(at,
			 zone_offset(en->catalog->config->entity.zone, at) / 60, buf));
}

/* Tokens are never deleted: the one behind that which ended the page before. */
static bool
key_after(const struct engine *en, const char *id, guint *i)
{
	*i = 0;
	if (*id == '\0')
		return true;
	while (*i < en->keyring->len &&
	       strcmp(((const struct key *)en->keyring->pdata[*i])->id, id) != 0)
		++*i;
	return (*i)++ < en->keyring->len;
}

void
engine_tokens(
    struct engine *en, const struct engine_page *page, engine_answer *cb, void *arg)
{
	ms_t now = en->world->now(en->world);
	const struct page p = page_of(page, ENGINE_PAGE);
	json_t *list, *all;
	guint i;

	if (!key_after(en, p.after, &i)) {
		page_refuse(cb, arg);
		return;
	}
	list = json_array();
	all = json_pack("{so}", "tokens", list);
	for (; i < en->keyring->len && json_array_size(list) <= (size_t)p.limit; i++) {
		const struct key *k = en->keyring->pdata[i];
		char *stores = g_strjoinv(",", k->stores);

		json_array_append_new(list,
		    json_pack("{ss ss ss ss ss ss so so so ss}", "id", k->id, "name",
			k->name, "kind", k->kind, "role", k->role, "stores", stores,
			"scope", k->scope, "made", when(en, k->made_at), "expires",
			when(en, k->expires_at), "used", when(en, k->used_at), "state",
			k->revoked_at != 0     ? "revoked"
			: now >= k->expires_at ? "expired"
					       : "open"));
		g_free(stores);
	}
	page_end(all, list, &p, "id");
	answer_json(cb, arg, 200, all);
	json_decref(all);
}

/* ---- the record ---- */

const char *
access_customer(struct work *w, const char *ext)
{
	return arena_printf(w->arena, "customer:%016" G_GINT64_MODIFIER "x",
	    crypt_hmac64(store_crypt(w->store), "audit", ext, strlen(ext)));
}

int
access_note(struct work *w, const char *who, int role, const char *act, const char *about,
    const char *why, int64_t ref, int64_t n, struct err *e)
{
	const struct audit a = { w->now, who, role_name(role), act, about, why, ref, n, 0 };

	log_info("decided", "act=%s ref=%" G_GINT64_FORMAT, act, ref);
	return audit_add(w->store, &a, e);
}

struct noting {
	char *who, *act, *about, *why;
	int role;
};

static void
noting_free(gpointer p)
{
	struct noting *n = p;

	g_free(n->who);
	g_free(n->act);
	g_free(n->about);
	g_free(n->why);
	g_free(n);
}

static int
note_run(struct task *t, struct work *w, struct err *e)
{
	const struct noting *n = t->data;

	return access_note(w, n->who, n->role, n->act, n->about, n->why, 0, 0, e);
}

void
engine_note(struct engine *en, const struct engine_who *who, const char *act,
    const char *about, const char *why)
{
	struct noting *n = g_new0(struct noting, 1);

	*n = (struct noting){ g_strdup(who->name), g_strdup(act), g_strdup(about),
		g_strdup(why), who->role };
	task_start(task_new(en, note_run, NULL, n, noting_free));
}
