#include "pages.h"

#include <stdio.h>
#include <string.h>

#include <jansson.h>

#include "words.h"

#define PAGE 500

/* How many are wanted; 0: all; -1: that is no number, and it was said. */
static int
wanted(const struct pages *p)
{
	guint64 n;

	if (p->limit == NULL)
		return p->usual;
	if (strcmp(p->limit, "all") == 0)
		return 0;
	if (g_ascii_string_to_unsigned(p->limit, 10, 1, G_MAXINT32, &n, NULL))
		return (int)n;
	options_usage(p->verb,
	    SAY("--limit is a number from 1, or all, not \"%.40s\"",
		"--limit 写 1 以上的数或 all，不能写“%.40s”"),
	    p->limit);
	return -1;
}

/* g_free */
static char *
address(const struct pages *p, size_t have, int max, const char *next)
{
	size_t left = max == 0 ? PAGE : MIN((size_t)max - have, (size_t)PAGE);
	char *after =
		 next == NULL ? g_strdup("") : g_uri_escape_string(next, NULL, FALSE),
	     *out = g_strdup_printf("%s%climit=%zu%s%s", p->path,
		 strchr(p->path, '?') == NULL ? '?' : '&', left,
		 *after == '\0' ? "" : "&after=", after);

	g_free(after);
	return out;
}

/* The next page goes behind what there is. */
static void
join(json_t *all, const json_t *page, const char *list)
{
	const json_t *next = json_object_get(page, "next");

	json_array_extend(json_object_get(all, list), json_object_get(page, list));
	if (next != NULL)
		json_object_set(all, "next", (json_t *)(uintptr_t)next);
	else
		json_object_del(all, "next");
}

int
pages_get(const struct client *c, const struct pages *p, json_t **out)
{
	int max = wanted(p), code = max < 0 ? 2 : 0;
	json_t *all = NULL, *page;
	const char *next = NULL;
	size_t have = 0;

	while (code == 0) {
		char *path = address(p, have, max, next);

		code = client_get(c, p->verb, path, &page);
		g_free(path);
		if (code != 0)
			break;
		if (all == NULL) {
			all = page;
		} else {
			join(all, page, p->list);
			json_decref(page);
		}
		have = json_array_size(json_object_get(all, p->list));
		next = json_string_value(json_object_get(all, "next"));
		if (next == NULL || (max > 0 && have >= (size_t)max))
			break;
	}
	if (code != 0)
		g_clear_pointer(&all, json_decref);
	*out = all;
	return code;
}

int
pages_show(const struct client *c, const struct pages *p, bool as_json,
    void (*print)(const struct json_t *))
{
	json_t *all;
	int code = pages_get(c, p, &all);

	if (code != 0)
		return code;
	if (as_json) {
		json_dumpf(all, stdout, JSON_COMPACT);
		putchar('\n');
	} else {
		print(all);
		if (json_object_get(all, "next") != NULL)
			puts(SAY("there are more: --limit N, or --limit all",
			    "后面还有：加 --limit N 或 --limit all"));
	}
	json_decref(all);
	return 0;
}
