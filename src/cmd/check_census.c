#include "check_census.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <jansson.h>

#include "show.h"

/* The counts of all parts, added up: by what they are of. */
struct sums {
	json_t *missing, *rivals, *means;
	json_int_t customers;
};

static const char *
word(const json_t *j, const char *key)
{
	const char *s = json_string_value(json_object_get(j, key));

	return s == NULL ? "" : s;
}

static void
add(json_t *into, const char *key, const json_t *one, const char *count)
{
	json_t *old = json_object_get(into, key);

	if (old == NULL)
		json_object_set_new(into, key, json_deep_copy(one));
	else
		json_object_set_new(old, count,
		    json_integer(show_int(old, count) + show_int(one, count)));
}

static void
add_part(struct sums *s, const json_t *part)
{
	const json_t *one;
	char *key;
	size_t i;

	s->customers += show_int(part, "customers");
	json_array_foreach(json_object_get(part, "playbooks"), i, one)
	    add(s->means, word(one, "name"), one, "means");
	json_array_foreach(json_object_get(part, "missing"), i, one)
	{
		key = g_strdup_printf("%s\n%s\n%s\n%d\n%d", word(one, "playbook"),
		    word(one, "template"), word(one, "file"), (int)show_int(one, "line"),
		    (int)show_int(one, "col"));
		add(s->missing, key, one, "lack");
		g_free(key);
	}
	json_array_foreach(json_object_get(part, "rivals"), i, one)
	{
		key = g_strdup_printf("%s\n%s", word(json_object_get(one, "a"), "name"),
		    word(json_object_get(one, "b"), "name"));
		add(s->rivals, key, one, "people");
		g_free(key);
	}
}

static struct pos
place(const json_t *j)
{
	return (struct pos){ g_intern_string(word(j, "file")), (int)show_int(j, "line"),
		(int)show_int(j, "col") };
}

static void
tell_missing(const struct sums *s, struct report *r)
{
	const char *key;
	json_t *one;

	json_object_foreach(s->missing, key, one)
	{
		const char *book = word(one, "playbook");

		report_add(r, SEV_WARNING, place(one), "missing-value",
		    "give it one with | default: \"...\", or import it",
		    "\"%s\" has no value for %d of the %d customers \"%s\" means now: "
		    "\"%s\" would not be sent to them",
		    word(one, "path"), (int)show_int(one, "lack"),
		    (int)show_int(json_object_get(s->means, book), "means"), book,
		    word(one, "template"));
	}
}

static void
tell_rivals(const struct sums *s, struct report *r)
{
	const char *key;
	json_t *one;

	json_object_foreach(s->rivals, key, one)
	{
		const json_t *a = json_object_get(one, "a"),
			     *b = json_object_get(one, "b");
		json_int_t pa = show_int(a, "priority"), pb = show_int(b, "priority");
		const char *first = word(pa >= pb ? a : b, "name");
		struct pos at = place(b);
		char *who =
		    pa == pb
			? g_strdup_printf(
			      "both have priority %d, so the earlier goes first", (int)pa)
			: g_strdup_printf("\"%s\" goes first by priority %d", first,
			      (int)MAX(pa, pb));

		report_add(r, SEV_WARNING, place(a), "rivals",
		    "part them with while: or exits:, or give one a higher priority",
		    "%d of %d customers are due in \"%s\" and in \"%s\" (%s:%d:%d) "
		    "within the "
		    "same days, with room for fewer messages than both have; %s",
		    (int)show_int(one, "people"), (int)s->customers, word(a, "name"),
		    word(b, "name"), at.file, at.line, at.col, who);
		g_free(who);
	}
}

static void
progress(const json_t *part)
{
	json_int_t last = show_int(part, "last"), after = show_int(part, "after");

	if (isatty(STDERR_FILENO))
		fprintf(stderr, "\rasked %d %%",
		    last == 0 || after == 0 ? 100 : (int)(after * 100 / last));
}

int
check_census(const struct client *c, const char *verb, struct report *r)
{
	struct sums s = { json_object(), json_object(), json_object(), 0 };
	json_int_t after = 0;
	bool more = true;
	int code = 0;

	while (more && code == 0) {
		char *path =
		    g_strdup_printf("/v1/census/%" G_GINT64_FORMAT, (gint64)after);
		json_t *part = NULL;

		code = client_get(c, verb, path, &part);
		g_free(path);
		if (code != 0)
			break;
		add_part(&s, part);
		progress(part);
		more = json_is_integer(json_object_get(part, "after"));
		after = show_int(part, "after");
		json_decref(part);
	}
	if (isatty(STDERR_FILENO))
		fputc('\n', stderr);
	if (code == 0) {
		tell_missing(&s, r);
		tell_rivals(&s, r);
	}
	json_decref(s.missing);
	json_decref(s.rivals);
	json_decref(s.means);
	return code;
}
