/* route_task.c - /v1/tasks: what people are asked to do, and what they report. */
#include <string.h>

#include <glib.h>
#include <jansson.h>

#include "identity.h"
#include "paging.h"
#include "pending.h"
#include "respond.h"
#include "route.h"

#define NOTE_MAX 4000

void
route_tasks(const struct call *c)
{
	static const char *const others[] = { "to", NULL };
	struct engine_page page;
	struct pending *p = paging_new(c, others, &page);

	if (p != NULL)
		engine_tasks(c->web->en, paging_value(p, "to"), &page, pending_list,
		    pending_limit(p, c->who, "tasks"));
}

/* ---- one task ---- */

static const struct {
	const char *key;
	size_t at;
} members[] = {
	{ "outcome", offsetof(struct engine_report, outcome) },
	{ "cause", offsetof(struct engine_report, cause) },
	{ "observed", offsetof(struct engine_report, observed) },
	{ "note", offsetof(struct engine_report, note) },
	{ "by", offsetof(struct engine_report, by) },
};

/* A text, or of several a list: joined with commas. NULL: neither. */
static const char *
text_of(struct arena *a, const json_t *v)
{
	const char *text = "";
	const json_t *one;
	size_t i;

	if (json_is_string(v))
		return arena_strdup(a, json_string_value(v));
	if (!json_is_array(v))
		return NULL;
	json_array_foreach(v, i, one)
	{
		if (!json_is_string(one))
			return NULL;
		text = arena_printf(
		    a, "%s%s%s", text, i > 0 ? "," : "", json_string_value(one));
	}
	return text;
}

/* NULL, or what is wrong. */
static const char *
report_read(const struct http_in *in, struct arena *a, struct engine_report *out)
{
	json_t *root = json_loadb(in->body, in->body_len, JSON_REJECT_DUPLICATES, NULL),
	       *v;
	const char *key, *wrong = NULL;

	*out = (struct engine_report){ "", "", "", "", "" };
	if (in->body_len > 0 && !json_is_object(root))
		wrong = "send a JSON object, as in {\"outcome\": \"reached\"}";
	json_object_foreach(root, key, v)
	{
		const char *text = NULL;

		for (size_t i = 0; i < G_N_ELEMENTS(members); i++)
			if (strcmp(members[i].key, key) == 0 &&
			    (text = text_of(a, v)) != NULL)
				*(const char **)(void *)((char *)out + members[i].at) =
				    text;
		if (text == NULL)
			wrong = "only outcome, cause, observed, note and by are known, "
				"each a "
				"text";
		else if (strlen(text) > NOTE_MAX)
			wrong = "a text is too long";
	}
	json_decref(root);
	return wrong;
}

/* "123/done": the number and what follows it; false: not a number. */
static bool
split(const char *rest, int64_t *id, const char **verb)
{
	char *end;

	*id = g_ascii_strtoll(rest, &end, 10);
	*verb = *end == '/' ? end + 1 : "";
	return g_ascii_isdigit(*rest) && *id > 0 && (*end == '\0' || *end == '/');
}

static void
report(const struct call *c, int64_t id)
{
	struct pending *p = pending_new(c->web, c->in);
	struct engine_report r;
	const char *wrong = report_read(c->in, p->arena, &r);

	if (wrong == NULL && (r.by = identity_by(c, r.by)) == NULL) {
		pending_free(p);
		return;
	}
	if (wrong == NULL) {
		engine_task_done(c->web->en, id, &r, pending_json, p);
		return;
	}
	respond_error(c->in, 400, "%s", wrong);
	pending_free(p);
}

void
route_task(const struct call *c)
{
	bool post = strcmp(c->in->method, "POST") == 0;
	const char *verb;
	int64_t id;

	if (!split(c->rest, &id, &verb))
		respond_error(c->in, 404, "tasks have numbers: GET /v1/tasks lists them");
	else if (post && strcmp(verb, "done") == 0)
		report(c, id);
	else if (post && strcmp(verb, "withdraw") == 0)
		engine_task_withdraw(
		    c->web->en, id, pending_json, pending_new(c->web, c->in));
	else if (!post && *verb == '\0')
		engine_task(c->web->en, id, pending_json, pending_new(c->web, c->in));
	else
		respond_error(c->in, 404,
		    "GET /v1/tasks/ID, or POST /v1/tasks/ID/done or /withdraw");
}
