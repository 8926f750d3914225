/* template_read.c - a template file: front matter between "---" lines, then Liquid. */
#include <string.h>

#include "read.h"
#include "spec/schema.h"

struct liquid *
text_read(struct arena *a, const struct yaml *y, struct report *r)
{
	const char *text;

	if (!yaml_str(y, &text, r))
		return NULL;
	return liquid_parse(a, text, y->len, y->text_at, r);
}

/* "---" alone on the line at p; *next is the line below. */
static bool
is_fence(const char *p, const char *end, const char **next)
{
	if (end - p < 3 || memcmp(p, "---", 3) != 0)
		return false;
	for (p += 3; p < end && (*p == ' ' || *p == '\t' || *p == '\r'); p++)
		;
	if (p < end && *p != '\n')
		return false;
	*next = p < end ? p + 1 : end;
	return true;
}

/* The line of the closing fence: its start and what follows, and its number. */
static bool
find_close(
    const char *text, const char *end, const char **close, const char **body, int *line)
{
	const char *p;

	*line = 1;
	if (!is_fence(text, end, &p))
		return false;
	for (*line = 2; p < end; (*line)++) {
		if (is_fence(p, end, body)) {
			*close = p;
			return true;
		}
		p = memchr(p, '\n', (size_t)(end - p));
		p = p == NULL ? end : p + 1;
	}
	return false;
}

static void
wrong_key(const struct yaml *root, const char *key, const char *why, struct report *r)
{
	report_add(r, SEV_ERROR, yaml_key_at(root, key), "template", "delete the line",
	    "%s", why);
}

static void
subject_read(
    struct arena *a, const struct yaml *root, struct template *t, struct report *r)
{
	const struct yaml *y = yaml_get(root, "subject");

	if (t->channel != CHANNEL_EMAIL) {
		if (y != NULL)
			wrong_key(root, "subject", "only an email has a subject", r);
		return;
	}
	if (y == NULL) {
		schema_missing(root, "subject", "write subject: TEXT", r);
		return;
	}
	t->subject = text_read(a, y, r);
	yaml_str(y, &t->subject_text, r);
	t->subject_at = y->text_at;
}

/* Whoever excuses a text says why, for whoever reads it next. */
static void
allows_read(struct arena *a, const struct yaml *y, struct template *t, struct report *r)
{
	if (y == NULL)
		return;
	if (y->kind != YAML_MAP) {
		report_add(r, SEV_ERROR, y->at, "type", "write allow: { RULE: REASON }",
		    "\"allow\" names rules of copy, each with a reason");
		return;
	}
	t->allows = arena_array(a, struct template_allow, y->n);
	for (int i = 0; i < y->n; i++) {
		struct template_allow *one = &t->allows[t->n_allows];

		*one = (struct template_allow){ .rule = y->keys[i]->text,
			.at = y->keys[i]->at };
		if (!yaml_str(yaml_get(y, one->rule), &one->reason, r))
			continue;
		if (g_utf8_strlen(one->reason, -1) < 4)
			report_add(r, SEV_ERROR, y->items[i]->at, "copy",
			    "write why it is fine here", "the reason says nothing");
		t->n_allows++;
	}
}

void
template_read_front(
    struct arena *a, const struct yaml *root, struct template *t, struct report *r)
{
	const struct yaml *v = yaml_get(root, "channel"), *text = yaml_get(root, "text"),
			  *layout = yaml_get(root, "layout");
	int word;

	if (!schema_check(root, &schema_template, r))
		return;
	yaml_str(yaml_get(root, "title"), &t->title, r);
	if (yaml_enum(v, channel_names, &word, r) && word != (int)t->channel)
		report_add(r, SEV_ERROR, v->at, "template",
		    "move the file or change the line",
		    "the channel is %s, the folder %s", v->text,
		    channel_name((int)t->channel));
	if ((v = yaml_get(root, "category")) == NULL)
		schema_missing(root, "category",
		    "write category: marketing, service or transactional", r);
	else if (yaml_enum(v, category_names, &word, r))
		t->category = (enum category)word;
	yaml_bool(yaml_get(root, "urgent"), &t->urgent, r);
	if (t->urgent && t->category != CATEGORY_TRANSACTIONAL)
		wrong_key(
		    root, "urgent", "only a transactional message may be urgent", r);
	yaml_bool(yaml_get(root, "greeting"), &t->greeting, r);
	if ((v = yaml_get(root, "offer")) != NULL &&
	    word_read(v, "an offer", false, &t->offer, r))
		t->offer_at = v->at;
	subject_read(a, root, t, r);
	allows_read(a, yaml_get(root, "allow"), t, r);
	registered_read_all(a, yaml_get(root, "providers"), t, r);
	if (layout != NULL && t->channel != CHANNEL_EMAIL)
		wrong_key(root, "layout", "only an email has a layout", r);
	else if (layout != NULL && word_read(layout, "a partial", true, &t->layout, r))
		t->layout_at = layout->at;
	outcome_read_all(a, root, t, r);
	if (text != NULL && t->channel != CHANNEL_EMAIL)
		wrong_key(root, "text", "only an email has a text part of its own", r);
	else if (text != NULL) {
		t->text = text_read(a, text, r);
		yaml_str(text, &t->text_source, r);
		t->text_at = text->text_at;
	}
}

struct template *
template_read(struct arena *a, const char *file, const char *name, int channel,
    const char *text, size_t len, struct report *r)
{
	struct template *t = arena_new_of(a, struct template);
	const char *close, *body, *end = text + len;
	struct yaml *root;
	struct pos at = { g_intern_string(file), 1, 1 };

	t->name = arena_strdup(a, name);
	t->title = t->name;
	t->file = at.file;
	t->at = at;
	t->channel = (enum channel)channel;
	t->subject_text = "";
	t->source = arena_strndup(a, text, len);
	if (!find_close(text, end, &close, &body, &at.line)) {
		at.line = 1;
		report_add(r, SEV_ERROR, at, "template",
		    "begin the file with ---, then category: and the like, then --- "
		    "again",
		    "the front matter between two --- lines is missing");
		return NULL;
	}
	root = yaml_parse(a, file, text, (size_t)(close - text), r);
	if (root == NULL)
		return NULL;
	template_read_front(a, root, t, r);
	at.line++;
	for (; body < end && (*body == '\n' || *body == '\r'); body++)
		at.line += *body == '\n';
	while (end > body && g_ascii_isspace(end[-1]))
		end--;
	if (end == body)
		report_add(r, SEV_ERROR, at, "template",
		    "write the text below the second ---", "the template has no text");
	body = arena_strndup(a, body, (size_t)(end - body));
	t->body_source = body;
	t->body_at = at;
	t->body = liquid_parse(a, body, strlen(body), at, r);
	return t;
}
