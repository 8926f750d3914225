#include "page.h"

#include <string.h>

#include <glib.h>

#include "answer.h"

#define BETWEEN "\x1f"

struct page
page_of(const struct engine_page *p, int usual)
{
	struct page out = { .limit = usual };

	if (p == NULL)
		return out;
	if (p->limit > 0)
		out.limit = MIN(p->limit, ENGINE_PAGE);
	g_strlcpy(out.after, p->after == NULL ? "" : p->after, sizeof(out.after));
	return out;
}

bool
page_number(const struct page *p, int64_t *id)
{
	gint64 n = 0;

	if (*p->after != '\0' &&
	    !g_ascii_string_to_signed(p->after, 10, 1, G_MAXINT64, &n, NULL))
		return false;
	*id = n;
	return true;
}

/* Only letters that an address takes as they are. */
static char *
pack(const char *text)
{
	char *out = g_base64_encode((const guchar *)text, strlen(text));

	g_strdelimit(out, "+", '-');
	g_strdelimit(out, "/", '_');
	out[strcspn(out, "=")] = '\0';
	return out;
}

static char *
unpack(const char *after)
{
	char *padded = g_strdup_printf("%s%.*s", after, (int)(-strlen(after) & 3), "===");
	gsize n;
	guchar *raw;
	char *text;

	g_strdelimit(padded, "-", '+');
	g_strdelimit(padded, "_", '/');
	raw = g_base64_decode(padded, &n);
	text = g_utf8_make_valid((const char *)raw, (gssize)n);
	g_free(raw);
	g_free(padded);
	return text;
}

char **
page_texts(const struct page *p, int n)
{
	char *text, **parts;

	if (*p->after == '\0') {
		parts = g_new0(char *, n + 1);
		for (int i = 0; i < n; i++)
			parts[i] = g_strdup("");
		return parts;
	}
	text = unpack(p->after);
	parts = g_strsplit(text, BETWEEN, -1);
	g_free(text);
	if ((int)g_strv_length(parts) == n)
		return parts;
	g_strfreev(parts);
	return NULL;
}

static char *
member(const json_t *row, const char *key)
{
	const json_t *v = json_object_get(row, key);

	return json_is_integer(v)
		   ? g_strdup_printf("%" JSON_INTEGER_FORMAT, json_integer_value(v))
		   : g_strdup(json_is_string(v) ? json_string_value(v) : "");
}

/* The last one that stays; NULL: there is no more. */
static const json_t *
cut(json_t *list, const struct page *p)
{
	if (json_array_size(list) <= (size_t)p->limit)
		return NULL;
	json_array_remove(list, (size_t)p->limit);
	return json_array_get(list, (size_t)p->limit - 1);
}

void
page_end(json_t *answer, json_t *list, const struct page *p, const char *key)
{
	const json_t *last = cut(list, p);
	char *next;

	if (last == NULL)
		return;
	next = member(last, key);
	json_object_set_new(answer, "next", json_string(next));
	g_free(next);
}

void
page_end_texts(
    json_t *answer, json_t *list, const struct page *p, const char *const *keys)
{
	const json_t *last = cut(list, p);
	GString *all;
	char *next;

	if (last == NULL)
		return;
	all = g_string_new(NULL);
	for (int i = 0; keys[i] != NULL; i++) {
		char *one = member(last, keys[i]);

		g_string_append_printf(all, "%s%s", i > 0 ? BETWEEN : "", one);
		g_free(one);
	}
	next = pack(all->str);
	json_object_set_new(answer, "next", json_string(next));
	g_free(next);
	g_string_free(all, TRUE);
}

void
page_refuse(engine_answer *cb, void *arg)
{
	answer_error(cb, arg, 400, "after is what the page before gave as next");
}
