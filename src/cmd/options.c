#include "options.h"

#include <getopt.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <glib.h>

#define HELP 255 /* below the numbers of specs, no letter */

int
options_usage(const char *verb, const char *fmt, ...)
{
	va_list ap;

	fprintf(stderr, "reachd %s: ", verb);
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fprintf(stderr, "\n`reachd %s --help` shows how it is used\n", verb);
	return 2;
}

int
options_fail(const char *verb, const struct err *e)
{
	fprintf(stderr, "reachd %s: ", verb);
	if (e->at.file != NULL)
		fprintf(stderr, "%s:%d:%d: ", e->at.file, e->at.line, e->at.col);
	fprintf(stderr, "%s\n", e->text);
	return err_exit_code(e);
}

int
options_report(struct report *r)
{
	report_print(r, stderr);
	report_free(r);
	return 1;
}

static int
unknown(const char *verb, const char *word, const struct options_spec *specs, int n)
{
	char *name = g_strndup(word, strcspn(word, "="));
	const char **names = g_new0(const char *, (gsize)n + 1), *nearest;

	for (int i = 0; i < n; i++)
		names[i] = specs[i].name;
	nearest = report_nearest(name + strspn(name, "-"), names);
	if (nearest != NULL)
		options_usage(
		    verb, "there is no option %.60s; did you mean --%s?", name, nearest);
	else
		options_usage(verb, "there is no option %.60s", name);
	g_free(names);
	g_free(name);
	return 2;
}

/* What getopt_long() is told. */
static void
tables(const struct options_spec *specs, int n, struct option *longs, char *letters)
{
	*letters++ = ':';
	for (int i = 0; i < n; i++) {
		longs[i] = (struct option){ specs[i].name,
			specs[i].value != NULL ? required_argument : no_argument, NULL,
			256 + i };
		if (specs[i].letter == 0)
			continue;
		*letters++ = specs[i].letter;
		if (specs[i].value != NULL)
			*letters++ = ':';
	}
	*letters = '\0';
}

static const struct options_spec *
spec_of(const struct options_spec *specs, int n, int c)
{
	for (int i = 0; i < n; i++)
		if (c == 256 + i || (specs[i].letter != 0 && c == specs[i].letter))
			return &specs[i];
	return NULL;
}

/* Names the word as the usage line does: "usage: reachd why CUSTOMER [--json]". */
static int
missing(const char *verb, int words, const struct options *o)
{
	char **usage = g_strsplit_set(o->help, " \n", 3 + words + 2);
	bool named = (int)g_strv_length(usage) > 3 + words;
	int code = options_usage(verb, "%s is missing", named ? usage[3 + words] : "a word");

	g_strfreev(usage);
	return code;
}

static int
count_words(const char *verb, char **argv, int words, const struct options *o)
{
	int code;

	if (words < o->min)
		code = missing(verb, words, o);
	else if (words > o->max)
		code = options_usage(verb, "\"%.60s\" is one too many", argv[o->max + 1]);
	else
		return words;
	return -1 - code;
}

int
options_read(int argc, char **argv, const struct options *o)
{
	const char *verb = argv[0];
	struct option *longs = g_new0(struct option, (gsize)o->n + 2);
	char *letters = g_malloc((gsize)o->n * 2 + 2);
	int c, code = 0;
	bool help = false;

	tables(o->specs, o->n, longs, letters);
	longs[o->n] = (struct option){ "help", no_argument, NULL, HELP };
	optind = 0; /* GNU: begin anew */
	opterr = 0;
	while (code == 0 && !help &&
	       (c = getopt_long(argc, argv, letters, longs, NULL)) != -1) {
		const struct options_spec *s = spec_of(o->specs, o->n, c);

		if (c == HELP)
			help = true;
		else if (c == ':')
			code = options_usage(verb, "%s needs a value", argv[optind - 1]);
		else if (s == NULL)
			code = unknown(verb, argv[optind - 1], o->specs, o->n);
		else if (s->value != NULL)
			*s->value = optarg;
		else
			*s->flag = true;
	}
	g_free(longs);
	g_free(letters);
	if (help)
		fputs(o->help, stdout);
	if (help || code != 0)
		return -1 - code;
	for (int i = optind; i < argc; i++)
		argv[1 + i - optind] = argv[i];
	return count_words(verb, argv, argc - optind, o);
}
