/* event.c - each key of an event has one reader; what is left over is a mistake. */
#include "spec/event.h"

#include <string.h>

#include <glib.h>
#include <jansson.h>

#include "base/report.h"
#include "event_data.h"
#include "spec/payload.h"

#define TYPE_MAX 64

static const char *const known[] = { "id", "customer", "type", "at", "vehicle",
	"appointment", "order", "data", "historic", NULL };

/* Text of 1..max characters without control characters or space around it. Absent:
 * *out is "" and absent decides. */
static int
read_text(const json_t *root, const char *key, size_t max, bool required, struct arena *a,
    const char **out, struct err *e)
{
	const json_t *v = json_object_get(root, key);
	const char *s = json_string_value(v);

	*out = "";
	if (v == NULL && !required)
		return 0;
	if (v == NULL)
		return err_set(e, ERR_INPUT, "/%s: missing", key);
	if (s == NULL)
		return err_set(e, ERR_INPUT, "/%s: must be text in quotes", key);
	if (*s == '\0')
		return err_set(e, ERR_INPUT, "/%s: must not be empty", key);
	if ((size_t)g_utf8_strlen(s, -1) > max)
		return err_set(e, ERR_INPUT, "/%s: longer than %zu characters", key, max);
	for (const char *p = s; *p != '\0'; p = g_utf8_next_char(p))
		if (g_unichar_iscntrl(g_utf8_get_char(p)))
			return err_set(
			    e, ERR_INPUT, "/%s: must not hold control characters", key);
	if (g_unichar_isspace(g_utf8_get_char(s)) ||
	    g_unichar_isspace(g_utf8_get_char(g_utf8_prev_char(s + strlen(s)))))
		return err_set(
		    e, ERR_INPUT, "/%s: must not begin or end with a space", key);
	*out = arena_strdup(a, s);
	return 0;
}

/* The names that playbooks can use: as in spec's words, with "." and "/" inside. */
static int
check_type(const char *type, struct err *e)
{
	for (const char *p = type; *p != '\0'; p = g_utf8_next_char(p)) {
		gunichar c = g_utf8_get_char(p);

		bool mark = c == '-' || c == '.' || c == '/';

		if (!g_unichar_isalnum(c) && c != '_' && (p == type || !mark))
			return err_set(e, ERR_INPUT,
			    "/type: use letters, digits, \"_\", \"-\", \".\" and \"/\", "
			    "no spaces, "
			    "as in \"no_show\"");
	}
	return 0;
}

static int
read_at(const json_t *root, ms_t now, struct event_in *out, struct err *e)
{
	const json_t *v = json_object_get(root, "at");

	if (v == NULL)
		return err_set(e, ERR_INPUT, "/at: missing");
	if (!json_is_string(v) || clock_parse(json_string_value(v), &out->at) != 0)
		return err_set(e, ERR_INPUT,
		    "/at: must be a time with offset, as in "
		    "\"2026-11-22T10:30:00+08:00\"");
	if (!out->historic && (out->at < now - EVENT_AWAY || out->at > now + EVENT_AWAY))
		return err_set(e, ERR_INPUT,
		    "/at: more than 7 days from now; mend the clock that wrote it, or "
		    "add "
		    "\"historic\": true for old events, which then start nothing");
	return 0;
}

static int
read_historic(const json_t *root, struct event_in *out, struct err *e)
{
	const json_t *v = json_object_get(root, "historic");

	if (v != NULL && !json_is_boolean(v))
		return err_set(e, ERR_INPUT, "/historic: must be true or false");
	out->historic = json_is_true(v);
	return 0;
}

static int
read_data(const json_t *root, struct arena *a, struct event_in *out, struct err *e)
{
	static const char *const about[] = { "vehicle", "appointment", "order" };
	json_t *v = json_object_get(root, "data"), *own = NULL;
	int rc = 0;

	out->data = "{}";
	for (size_t i = 0; i < G_N_ELEMENTS(about); i++) {
		json_t *what = json_object_get(root, about[i]);

		if (what == NULL || (v != NULL && !json_is_object(v)))
			continue;
		if (v == NULL)
			v = own = json_object();
		json_object_set(v, about[i], what);
	}
	if (v == NULL)
		return 0;
	if (!json_is_object(v))
		return err_set(e, ERR_INPUT,
		    "/data: must be an object, as in {\"amount\": 1280.00}");
	if (event_data_check(out->type, v, e) != 0) {
		json_decref(own);
		return -1;
	}
	char *text = json_dumps(v, JSON_COMPACT);
	if (text == NULL || strlen(text) > EVENT_DATA_MAX)
		rc = err_set(
		    e, ERR_INPUT, "/data: larger than %d KiB", EVENT_DATA_MAX >> 10);
	else
		out->data = arena_strdup(a, text);
	free(text);
	json_decref(own);
	return rc;
}

static int
check_keys(json_t *root, struct err *e)
{
	const char *key;
	json_t *v;

	json_object_foreach(root, key, v)
	{
		const char *near;

		if (g_strv_contains(known, key))
			continue;
		near = report_nearest(key, known);
		if (near != NULL)
			return err_set(e, ERR_INPUT,
			    "/%.60s: unknown key; did you mean \"%s\"?", key, near);
		return err_set(e, ERR_INPUT,
		    "/%.60s: unknown key; what is your own goes into \"data\"", key);
	}
	return 0;
}

static int
read_event(json_t *root, struct arena *a, ms_t now, struct event_in *out, struct err *e)
{
	if (!json_is_object(root))
		return err_set(e, ERR_INPUT, "the body: must be one JSON object");
	if (check_keys(root, e) != 0 ||
	    read_text(root, "id", EVENT_ID_MAX, true, a, &out->id, e) != 0 ||
	    read_text(root, "customer", EVENT_CUSTOMER_MAX, true, a, &out->customer, e) !=
		0 ||
	    read_text(root, "type", TYPE_MAX, true, a, &out->type, e) != 0 ||
	    check_type(out->type, e) != 0 || read_historic(root, out, e) != 0 ||
	    read_at(root, now, out, e) != 0 ||
	    read_text(root, "vehicle", EVENT_ID_MAX, false, a, &out->vehicle, e) != 0 ||
	    read_text(root, "appointment", EVENT_ID_MAX, false, a, &out->appointment, e) != 0 ||
	    read_text(root, "order", EVENT_ID_MAX, false, a, &out->order, e) != 0)
		return -1;
	return read_data(root, a, out, e);
}

int
event_read(struct arena *a, const char *body, size_t len, ms_t now, struct event_in *out,
    struct err *e)
{
	json_t *root = payload_parse(body, len, e);
	int rc;

	if (root == NULL)
		return -1;
	*out = (struct event_in){ 0 };
	rc = read_event(root, a, now, out, e);
	json_decref(root);
	return rc;
}
