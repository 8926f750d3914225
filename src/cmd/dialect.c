/* dialect.c - the table of dialects, and what they have in common. */
#include "dialect.h"

#include <stdlib.h>
#include <string.h>

#include "core/config.h"
#include "dialects.h"

static const struct dialect *const table[] = {
	&dialect_aliyun,
	&dialect_directmail,
	&dialect_jpush,
	&dialect_mailgun,
	&dialect_postmark,
	&dialect_resend,
	&dialect_sendgrid,
	&dialect_ses,
	&dialect_smtp,
	&dialect_tencent,
	&dialect_twilio,
	&dialect_wecom_kf,
	&dialect_wecom_mass,
	&dialect_wecom_staff,
	NULL,
};

const struct dialect *
dialect_find_type(const char *type, size_t len)
{
	for (int i = 0; table[i] != NULL; i++)
		if (strlen(table[i]->name) == len &&
		    memcmp(table[i]->name, type, len) == 0)
			return table[i];
	return NULL;
}

static const struct account *
find_account(const struct config *cfg, const char *type, const char *name, size_t len)
{
	for (int i = 0; cfg != NULL && i < cfg->n_accounts; i++) {
		const struct account *acc = &cfg->accounts[i];

		if (strcmp(acc->type, type) == 0 && strlen(acc->name) == len &&
		    memcmp(acc->name, name, len) == 0)
			return acc;
	}
	return NULL;
}

bool
dialect_route(struct sandbox_desk_options *desk, const struct exchange *x,
    const struct dialect **dialect, const struct account **acc, const char **below)
{
	const char *type = x->path + 1, *name;
	size_t type_len = strcspn(type, "/"), name_len;

	*dialect = dialect_find_type(type, type_len);
	if (*dialect == NULL)
		return false;
	name = type + type_len + (type[type_len] == '/');
	name_len = strcspn(name, "/");
	*acc = find_account(desk->config, (*dialect)->name, name, name_len);
	*below = name + name_len;
	return true;
}

char *
dialect_callback(const struct sandbox_desk_options *desk, const struct account *acc)
{
	const char *base = desk->callback;
	size_t len = base == NULL ? 0 : strlen(base);

	if (acc == NULL || len == 0)
		return NULL;
	len -= base[len - 1] == '/';
	if (acc->hook_secret != NULL && *acc->hook_secret != '\0')
		return g_strdup_printf("%.*s/hooks/%s/%s/%s", (int)len, base, acc->type,
		    acc->name, acc->hook_secret);
	return g_strdup_printf("%.*s/hooks/%s/%s", (int)len, base, acc->type, acc->name);
}

const char *
dialect_header(const struct dialect_call *c, const char *name)
{
	for (int i = 0; i < c->x->n_fields; i++)
		if (g_ascii_strcasecmp(c->x->fields[i].name, name) == 0)
			return c->x->fields[i].value;
	return "";
}

void
dialect_json(struct dialect_call *c, int status, json_t *j)
{
	char *text = json_dumps(j, JSON_COMPACT);

	c->status = status;
	g_string_assign(c->body, text);
	free(text);
	json_decref(j);
}

static void
set(json_t *j, const char *name, const char *value)
{
	if (value != NULL && *value != '\0')
		json_object_set_new(j, name, json_string(value));
}

void
dialect_take(
    struct dialect_call *c, const struct dialect_message *m, struct sandbox_take *out)
{
	char *callback = dialect_callback(c->desk, c->acc);
	struct sandbox_batch b = { .account = c->acc != NULL ? c->acc->name : "",
		.callback = callback != NULL ? callback : "",
		.key = m->key != NULL ? m->key : "",
		.now = c->now,
		.real = c->real,
		.boot = sandbox_clock_boot(),
		.acc = c->acc,
		.call_id = m->call_id,
		.dialect = c->dialect };
	json_t *j = json_object();

	set(j, "to", m->to);
	set(j, "ref", m->ref);
	set(j, "text", m->text);
	set(j, "subject", m->subject);
	set(j, "html", m->html);
	set(j, "unsubscribe", m->unsubscribe);
	set(j, "channel", channel_name((int)m->channel));
	set(j, "category", category_name((int)m->category));
	sandbox_take_message(c->desk, &b, j, out);
	if (out->ref != NULL)
		out->ref = arena_strdup(c->arena, out->ref);
	json_decref(j);
	g_free(callback);
}

const char *
dialect_find(struct dialect_call *c, const char *ref)
{
	const struct taken *t = sandbox_book_by_ref(c->desk->book, ref);
	char id[SANDBOX_ID];

	return t == NULL ? NULL : arena_strdup(c->arena, sandbox_book_id(t, id));
}

bool
dialect_knows(struct dialect_call *c, const char *id)
{
	const struct taken t = { .serial = g_str_has_prefix(id, "sb-")
					       ? g_ascii_strtoull(id + 3, NULL, 10)
					       : 0 };
	char name[SANDBOX_ID];

	return t.serial > 0 && t.serial <= sandbox_book_count(c->desk->book) &&
	       strcmp(sandbox_book_id(&t, name), id) == 0;
}
