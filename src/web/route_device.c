/* route_device.c - /v1/customers/A/devices: PUT replaces the list of his telephones
 * ({"devices": [{"token": "...", "platform": "android", "vendor": "huawei",
 * "app_version": "3.2"}]}), GET shows it. vendor is whose service pushes to it; without it the
 * strictest limit holds. PUT wants If-Match: 428, 412. */
#include <string.h>

#include <glib.h>
#include <jansson.h>

#include "body.h"
#include "pending.h"
#include "respond.h"
#include "route.h"
#include "spec/payload.h"

#define TOKEN_MAX 200
#define WORD_MAX 40

/* Letters, digits and marks: what a push service gives. */
static bool
is_word(const char *s, size_t max)
{
	size_t n = strlen(s);

	for (size_t i = 0; i < n; i++)
		if (!g_ascii_isgraph(s[i]))
			return false;
	return n <= max;
}

static const char *
text(const json_t *j, const char *key)
{
	const json_t *v = json_object_get(j, key);

	return v == NULL ? "" : json_string_value(v);
}

/* NULL, or what is wrong with it. */
static const char *
read_one(const json_t *j, struct engine_device *d)
{
	static const char *const keys[] = { "token", "platform", "vendor", "app_version",
		NULL };
	const char *key;
	json_t *v;

	if (!json_is_object(j))
		return "an object with token and platform is expected";
	json_object_foreach((json_t *)(uintptr_t)j, key, v)
	{
		if (!g_strv_contains(keys, key))
			return "only token, platform, vendor and app_version are known";
		if (!json_is_string(v))
			return "token, platform, vendor and app_version are text in "
			       "quotes";
	}
	*d = (struct engine_device){ text(j, "token"), text(j, "platform"),
		text(j, "app_version"), text(j, "vendor") };
	if (*d->token == '\0' || !is_word(d->token, TOKEN_MAX))
		return "token must be what the push service gave, without blanks";
	if (*d->platform == '\0' || !is_word(d->platform, WORD_MAX))
		return "platform must be a word, like android or ios";
	if (!is_word(d->vendor, WORD_MAX))
		return "vendor must be a word, like huawei or xiaomi";
	return is_word(d->app_version, WORD_MAX) ? NULL : "app_version is too long";
}

/* How many, or -1 with 400 answered. */
static int
read_list(const struct call *c, const json_t *body, struct engine_device *d)
{
	const json_t *list = json_object_get(body, "devices");
	size_t n = json_array_size(list);
	const char *what;

	if (!json_is_array(list) || json_object_size(body) != 1) {
		respond_error(c->in, 400, "send {\"devices\": [...]}");
		return -1;
	}
	if (n > ENGINE_DEVICES) {
		respond_error(c->in, 400, "at most %d devices", ENGINE_DEVICES);
		return -1;
	}
	for (size_t i = 0; i < n; i++)
		if ((what = read_one(json_array_get(list, i), &d[i])) != NULL) {
			respond_error(c->in, 400, "/devices/%zu: %s", i, what);
			return -1;
		}
	return (int)n;
}

/* The etag as the header, too. */
static void
answered(void *arg, int status, const char *json)
{
	struct pending *p = arg;
	json_t *j = json_loads(json, 0, NULL);
	const char *etag = json_string_value(json_object_get(j, "etag"));
	char *header = etag == NULL ? NULL : g_strdup_printf("ETag: \"%s\"", etag);

	respond(p->in, status, "application/json", header, json, strlen(json));
	g_free(header);
	json_decref(j);
	pending_free(p);
}

/* What If-Match names, without its quotes: in the arena. NULL with 428 answered. */
static const char *
seen(const struct call *c, struct arena *a)
{
	const char *match = http_in_field(c->in, "If-Match");
	size_t n = strlen(match);

	if (n == 0) {
		respond_error(c->in, 428,
		    "send If-Match with the etag of the list that this replaces (GET it), "
		    "or If-Match: * for whatever it is");
		return NULL;
	}
	if (n >= 2 && match[0] == '"' && match[n - 1] == '"')
		return arena_strndup(a, match + 1, n - 2);
	return arena_strdup(a, match);
}

static void
put(const struct call *c, const char *who, const struct engine_device *d, int n)
{
	struct pending *p = pending_new(c->web, c->in);
	const char *match = seen(c, p->arena);

	if (match == NULL)
		pending_free(p);
	else
		engine_devices_set(c->web->en, who, match, d, n, answered, p);
}

void
route_device(const struct call *c, const char *who)
{
	struct engine_device d[ENGINE_DEVICES];
	struct err e = { 0 };
	json_t *body;
	int n;

	if (strcmp(c->in->method, "PUT") != 0) {
		engine_devices(c->web->en, who, answered, pending_new(c->web, c->in));
		return;
	}
	if (!body_is_json(c->in))
		return;
	body = payload_parse(c->in->body, c->in->body_len, &e);
	if (body == NULL)
		respond_error(c->in, 400, "%s", e.text);
	else if ((n = read_list(c, body, d)) >= 0)
		put(c, who, d, n);
	json_decref(body);
}
