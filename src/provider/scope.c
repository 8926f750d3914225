/* scope.c - one parcel and the credentials as Liquid values. */
#include "scope.h"

#include <string.h>

/* A credential that is named but missing is undefined: strict rendering then
 * stops the request with the template's place instead of sending a hole. */
static bool
get_credential(const struct value_map *m, const char *key, size_t len, struct value *out)
{
	const struct config *cfg = m->arg;
	char name[128];
	if (len >= sizeof name)
		return false;
	memcpy(name, key, len);
	name[len] = '\0';
	const char *v = cfg == NULL ? "credential" : provider_credential(cfg, name);
	if (v == NULL)
		return false;
	*out = value_str(v);
	return true;
}

static struct value_map *
message_map(struct arena *a, const struct parcel *p)
{
	struct value_map *m = value_map_new(a);
	value_map_set(a, m, "to", value_str(p->to));
	value_map_set(a, m, "text", value_str(p->text));
	value_map_set(a, m, "ref", value_str(p->ref));
	value_map_set(a, m, "subject", value_str(p->subject));
	value_map_set(a, m, "html", value_str(p->html));
	value_map_set(a, m, "channel", value_str(channel_name((int)p->channel)));
	value_map_set(a, m, "category", value_str(category_name((int)p->category)));
	value_map_set(a, m, "unsubscribe", value_str(p->unsubscribe));
	return m;
}

int
scope_render(const struct liquid *t, const struct config *cfg, const struct parcel *p,
    ms_t now, enum liquid_escape escape, struct arena *a, GString *out, struct err *e)
{
	struct value_map credentials = { .get = get_credential, .arg = cfg };
	struct value_map *top = value_map_new(a);
	value_map_set(a, top, "message", value_map(message_map(a, p)));
	value_map_set(a, top, "credential", value_map(&credentials));
	struct scope scope = scope_of_map(top, NULL);
	struct liquid_env env = {
		.scope = &scope,
		.escape = escape,
		.now = now,
		.zone = cfg != NULL && cfg->entity.zone != NULL
			    ? cfg->entity.zone
			    : zone_get("Asia/Shanghai"),
		.arena = a,
	};
	return liquid_render(t, &env, out, e);
}
