/* payload.c - jansson's strict reading; where it stopped is told as a JSON pointer by a
 * scan of our own, which also refuses deep nesting before anything is built. */
#include "spec/payload.h"

#include <stdbool.h>
#include <string.h>

#include <glib.h>
#include <jansson.h>

#define POINTER_MAX 120 /* bytes of a pointer that an error shows */

/* One open object or array. */
struct level {
	bool object, expect_key;
	size_t key, key_len; /* of the member under way, inside its quotes */
	size_t index;
};

struct scan {
	const char *body;
	struct level levels[PAYLOAD_DEPTH_MAX];
	int depth;
	bool too_deep;
};

/* The end of the string that begins at i, its closing quote included. */
static size_t
skip_string(const char *body, size_t i, size_t stop)
{
	for (i++; i < stop && body[i] != '"'; i++)
		if (body[i] == '\\')
			i++;
	return i < stop ? i + 1 : stop;
}

static void
enter(struct scan *s, bool object)
{
	if (s->depth == PAYLOAD_DEPTH_MAX) {
		s->too_deep = true;
		return;
	}
	s->levels[s->depth++] = (struct level){ .object = object, .expect_key = object };
}

static void
next_member(struct scan *s)
{
	struct level *top = s->depth > 0 ? &s->levels[s->depth - 1] : NULL;

	if (top == NULL)
		return;
	top->index++;
	top->key_len = 0;
	top->expect_key = top->object;
}

/* Follows the structure up to `stop`, right or wrong; returns where it ended. */
static size_t
follow(struct scan *s, size_t stop)
{
	size_t i = 0;

	while (i < stop) {
		struct level *top = s->depth > 0 ? &s->levels[s->depth - 1] : NULL;
		size_t end = i + 1;

		switch (s->body[i]) {
		case '"':
			end = skip_string(s->body, i, stop);
			if (top != NULL && top->expect_key && end - i >= 2) {
				top->key = i + 1;
				top->key_len = end - i - 2;
				top->expect_key = false;
			}
			break;
		case '{':
		case '[':
			enter(s, s->body[i] == '{');
			break;
		case '}':
		case ']':
			s->depth -= s->depth > 0;
			break;
		case ',':
			next_member(s);
			break;
		default:
			break;
		}
		if (s->too_deep)
			break;
		i = end;
	}
	return i;
}

static void
append_key(GString *out, const char *key, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		if (key[i] == '~')
			g_string_append(out, "~0");
		else if (key[i] == '/')
			g_string_append(out, "~1");
		else if ((unsigned char)key[i] < 0x20)
			g_string_append_c(out, ' ');
		else
			g_string_append_c(out, key[i]);
	}
}

/* RFC 6901; the whole value has the pointer "", which reads badly in a sentence. */
static char *
pointer(const struct scan *s)
{
	GString *out = g_string_new("");

	for (int i = 0; i < s->depth && out->len < POINTER_MAX; i++) {
		const struct level *l = &s->levels[i];

		if (l->object && l->key_len == 0)
			break;
		g_string_append_c(out, '/');
		if (l->object)
			append_key(out, s->body + l->key, l->key_len);
		else
			g_string_append_printf(out, "%zu", l->index);
	}
	if (out->len == 0)
		g_string_append(out, "the body");
	char *shown = g_utf8_make_valid(out->str, -1);
	g_string_free(out, TRUE);
	return shown;
}

/* The line and column of a byte, counted in characters. */
static void
place(const char *body, size_t at, int *line, int *col)
{
	*line = *col = 1;
	for (size_t i = 0; i < at; i++) {
		if (body[i] == '\n') {
			++*line;
			*col = 1;
		} else if (((unsigned char)body[i] & 0xc0) != 0x80) {
			++*col;
		}
	}
}

static struct json_t *
refuse(const struct scan *s, size_t at, const char *why, struct err *e)
{
	char *where = pointer(s);
	int line, col;

	place(s->body, at, &line, &col);
	err_set(e, ERR_INPUT, "%s: %s (line %d, column %d)", where, why, line, col);
	g_free(where);
	return NULL;
}

struct json_t *
payload_parse(const char *body, size_t len, struct err *e)
{
	struct scan s = { .body = body };
	json_error_t je;
	json_t *root;
	char why[JSON_ERROR_TEXT_LENGTH], *near;

	if (len == 0) {
		err_set(e, ERR_INPUT, "the body: it is empty; send one JSON object");
		return NULL;
	}
	size_t at = follow(&s, len);
	if (s.too_deep)
		return refuse(&s, at, "nested deeper than 32 levels", e);
	root = json_loadb(body, len, JSON_REJECT_DUPLICATES, &je);
	if (root != NULL)
		return root;

	at = je.position > 0 && (size_t)je.position < len ? (size_t)je.position : len;
	/* a closing bracket that should not be there is a mistake inside it */
	bool closed = at > 0 && (body[at - 1] == '}' || body[at - 1] == ']');
	s = (struct scan){ .body = body };
	follow(&s, closed ? at - 1 : at);
	/* jansson quotes what it stumbled over: that may be a person's data */
	g_strlcpy(why, je.text, sizeof(why));
	near = strstr(why, " near ");
	if (near != NULL)
		*near = '\0';
	return refuse(&s, at, why, e);
}
