/* segments.c - `reachd segments`: what the text on standard input costs as SMS. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <glib.h>
#include <jansson.h>

#include "cmd/cmd.h"
#include "core/segment.h"
#include "input.h"
#include "options.h"

static const char help[] =
    "usage: reachd segments [--plan china|international] [--signature S] [--json] < "
    "TEXT\n\n"
    "Counts the SMS parts of the text on standard input; one line end at its end is\n"
    "not counted.\n\n"
    "  --plan PLAN      china (default): 70 characters, above that 67 a part;\n"
    "                   international: GSM-7 or UCS-2\n"
    "  --signature S    the signature, without brackets, that goes before the text\n"
    "  --json           {\"characters\", \"units\", \"encoding\", \"segments\"}\n";

static int
check_text(const GString *text, struct err *e)
{
	const char *bad;

	if (g_utf8_validate(text->str, (gssize)text->len, &bad))
		return 0;
	return err_set(e, ERR_INPUT, "byte %zu of the text is not UTF-8",
	    (size_t)(bad - text->str) + 1);
}

static void
print(const struct segments *s, bool json)
{
	if (json)
		printf("{\"characters\": %d, \"units\": %d, \"encoding\": \"%s\", "
		       "\"segments\": %d}\n",
		    s->characters, s->units, s->encoding, s->segments);
	else
		printf("%d characters, %s, %d %s: %d segment%s\n", s->characters,
		    s->encoding, s->units,
		    strcmp(s->encoding, "UCS-2") == 0 ? "units" : "septets", s->segments,
		    s->segments == 1 ? "" : "s");
}

int
cmd_segments(int argc, char **argv)
{
	const char *plan = "china", *signature = "";
	bool json = false;
	const struct options_spec specs[] = { { "plan", 0, &plan, NULL },
		{ "signature", 0, &signature, NULL }, { "json", 0, NULL, &json } };
	const struct options o = { help, specs, G_N_ELEMENTS(specs), 0, 0 };
	struct segments s;
	struct err e = { 0 };
	GString *text;
	int words = options_read(argc, argv, &o);

	if (words < 0)
		return -1 - words;
	bool china = strcmp(plan, "china") == 0;
	if (!china && strcmp(plan, "international") != 0)
		return options_usage(
		    argv[0], "--plan is china or international, not \"%.40s\"", plan);
	text = input_read(STDIN_FILENO, INPUT_TEXT_MAX, "the text", &e);
	if (text == NULL)
		return options_fail(argv[0], &e);
	input_chop(text);
	if (check_text(text, &e) == 0) {
		segment_count(china ? SEGMENT_CHINA : SEGMENT_INTERNATIONAL, signature,
		    text->str, &s);
		print(&s, json);
	}
	g_string_free(text, TRUE);
	return e.kind == ERR_NONE ? 0 : options_fail(argv[0], &e);
}
