/* compose_freeze.c - what was composed as T2 keeps it, and back: the same bytes after a crash. */
#include "compose.h"

#include <string.h>

#include <jansson.h>

#include "base/json.h"
#include "core/reason.h"
#include "core/region.h"
#include "provider/quote.h"
#include "store/msg.h"

int
compose_export(struct work *w, const struct person *p, const struct message *m,
    const struct account *acc, struct err *e)
{
	const struct decision d = { .msg = m->id,
		.at = w->now,
		.reason = REASON_NONE,
		.rule = COMPOSE_EXPORT,
		.file = acc->at.file == NULL ? "" : acc->at.file,
		.line = acc->at.line,
		.detail = acc->export_basis == NULL ? "" : acc->export_basis };

	if (acc->region != REGION_OUTSIDE || !region_customer_is_cn(&p->row.c, p->zone))
		return 0;
	return decision_add(w->store, &d, e);
}

int
compose_kept_here(struct work *w, const struct message *m, struct err *e)
{
	return decision_drop(w->store, m->id, m->begun_at, COMPOSE_EXPORT, e);
}

static void
freeze_coded(GString *s, const struct coded *c)
{
	g_string_append(s, ",\"coded\":{\"code\":");
	quote_json(s, c->code);
	g_string_append(s, ",\"params\":[");
	for (int i = 0; i < c->n; i++) {
		g_string_append(s, i > 0 ? ",[" : "[");
		quote_json(s, c->names[i]);
		g_string_append_c(s, ',');
		quote_json(s, c->values[i]);
		g_string_append_c(s, ']');
	}
	g_string_append(s, "]}");
}

static void
freeze_devices(GString *s, const char *const *d)
{
	g_string_append(s, ",\"devices\":[");
	for (int i = 0; d[i] != NULL; i++) {
		if (i > 0)
			g_string_append_c(s, ',');
		quote_json(s, d[i]);
	}
	g_string_append_c(s, ']');
}

char *
compose_freeze(struct arena *a, const struct composed *c)
{
	GString *s = g_string_sized_new(512);
	char *copy;

	g_string_append(s, "{\"to\":");
	quote_json(s, c->to);
	quote_json_member(s, "customer", c->customer);
	quote_json_member(s, "subject", c->subject);
	quote_json_member(s, "text", c->text);
	quote_json_member(s, "html", c->html);
	quote_json_member(s, "unsubscribe", c->unsubscribe);
	quote_json_member(s, "signature", c->signature);
	quote_json_member(s, "sender", c->sender);
	if (c->key != NULL)
		quote_json_member(s, "key", c->key);
	if (c->coded != NULL)
		freeze_coded(s, c->coded);
	if (c->devices != NULL)
		freeze_devices(s, c->devices);
	if (c->valid_until > 0)
		quote_json_int(s, "until", c->valid_until);
	g_string_append_c(s, '}');
	copy = arena_strndup(a, s->str, s->len);
	g_string_free(s, TRUE);
	return copy;
}

static const char *
thaw_text(struct arena *a, const json_t *j)
{
	const char *s = json_string_value(j);

	return arena_strdup(a, s == NULL ? "" : s);
}

static const struct coded *
thaw_coded(struct arena *a, const json_t *j)
{
	const json_t *params = json_object_get(j, "params");
	struct coded *c = arena_new_of(a, struct coded);
	int n = (int)json_array_size(params);
	const char **names = arena_array(a, const char *, n + 1),
		   **values = arena_array(a, const char *, n + 1);

	for (int i = 0; i < n; i++) {
		const json_t *one = json_array_get(params, (size_t)i);

		names[i] = thaw_text(a, json_array_get(one, 0));
		values[i] = thaw_text(a, json_array_get(one, 1));
	}
	*c = (struct coded){ thaw_text(a, json_object_get(j, "code")), names, values, n };
	return c;
}

static const char *const *
thaw_devices(struct arena *a, const json_t *j)
{
	size_t n = json_array_size(j);
	const char **d = arena_array(a, const char *, n + 1);

	for (size_t i = 0; i < n; i++)
		d[i] = thaw_text(a, json_array_get(j, i));
	return d;
}

int
compose_thaw(struct arena *a, const char *json, size_t len, struct composed *c)
{
	json_t *j = json_read(json, len);
	const json_t *coded = json_object_get(j, "coded");

	memset(c, 0, sizeof(*c));
	if (!json_is_string(json_object_get(j, "to"))) {
		json_decref(j);
		return -1;
	}
	c->valid_until = json_integer_value(json_object_get(j, "until"));
	c->to = thaw_text(a, json_object_get(j, "to"));
	c->customer = thaw_text(a, json_object_get(j, "customer"));
	c->subject = thaw_text(a, json_object_get(j, "subject"));
	c->text = thaw_text(a, json_object_get(j, "text"));
	c->html = thaw_text(a, json_object_get(j, "html"));
	c->unsubscribe = thaw_text(a, json_object_get(j, "unsubscribe"));
	c->signature = thaw_text(a, json_object_get(j, "signature"));
	c->sender = thaw_text(a, json_object_get(j, "sender"));
	if (json_object_get(j, "key") != NULL)
		c->key = thaw_text(a, json_object_get(j, "key"));
	if (coded != NULL)
		c->coded = thaw_coded(a, coded);
	if (json_object_get(j, "devices") != NULL)
		c->devices = thaw_devices(a, json_object_get(j, "devices"));
	json_decref(j);
	return 0;
}
