/* forecast.c - `reachd forecast`: when a playbook's messages will all be out. */
#include <stdio.h>
#include <string.h>

#include "cmd/cmd.h"
#include "hand.h"
#include "show.h"
#include "words.h"

static const char help[] =
    "usage: reachd forecast PLAYBOOK [--lang en|zh] [--json]\n"
    "                       [--config DIR | --socket PATH]\n\n"
    "What is due of it within a day and who is still to come, at the pace of the "
    "accounts of\n"
    "its channel, in the hours that are open; what does not fit goes into the next "
    "window. Of a playbook with calls also the day that asks most of those who call. --lang:\n"
    "default what LC_ALL, LC_MESSAGES or LANG say.\n";

/* "on 2026-11-26 its calls need 12.5 h, the 2 who could make them have 10.0 h left" */
static void
print_calls(const json_t *c, GStringChunk *keep)
{
	double needs = json_number_value(json_object_get(c, "needs_h")),
	       left = json_number_value(json_object_get(c, "left_h"));

	printf(SAY("on %s its calls need %.1f h, the %s who could make them have %.1f h left",
		   "%s 这一天的电话要 %.1f 小时，能打的 %s 人还有 %.1f 小时"),
	    show_text(c, "day", keep), needs, show_text(c, "people", keep), left);
	if (needs > left)
		printf(SAY(": %s of %s enter that day, the others wait",
			   "：当天进 %s 人，共 %s 人，其余排队"),
		    show_text(c, "fit", keep), show_text(c, "enter", keep));
	putchar('\n');
}

static void
print(const json_t *j)
{
	GStringChunk *keep = g_string_chunk_new(256);
	double rate = json_number_value(json_object_get(j, "per_second"));
	const char *finish = show_text(j, "finish", keep);

	printf(SAY("%s: %s due within a day, %s to come, by %s ",
		   "%s：一天内到期 %s 条，之后还有 %s 条，经%s，"),
	    show_text(j, "playbook", keep), show_text(j, "due", keep),
	    show_text(j, "to_come", keep),
	    words_say(words_channels, show_text(j, "channel", keep)));
	if (rate > 0)
		printf(SAY("at %g a second\n", "每秒 %g 条\n"), rate);
	else
		puts(SAY("as fast as it answers", "对方答多快就发多快"));
	if (show_int(j, "ramp_s") > 0)
		printf(SAY("its ramp takes %s first\n", "先分批放开，要 %s\n"),
		    show_span(show_int(j, "ramp_s"), keep));
	if (*finish == '\0')
		puts(SAY("it will not be out within a year", "一年之内发不完"));
	else
		printf(SAY("from %s until %s\n", "从 %s 发到 %s\n"),
		    show_time(show_text(j, "from", keep), keep), show_time(finish, keep));
	if (show_int(j, "spill") > 0)
		printf(SAY("%s do not fit before the next quiet window: they go on %s\n",
			   "有 %s 条在下一个免打扰时段前发不完：%s 接着发\n"),
		    show_text(j, "spill", keep),
		    show_time(show_text(j, "next_window", keep), keep));
	if (json_object_get(j, "calls") != NULL)
		print_calls(json_object_get(j, "calls"), keep);
	g_string_chunk_free(keep);
}

int
cmd_forecast(int argc, char **argv)
{
	struct client c = { 0 };
	bool as_json = false;
	const char *lang = NULL;
	const struct options_spec specs[] = { CLIENT_OPTIONS(c),
		{ "json", 0, NULL, &as_json }, { "lang", 0, &lang, NULL } };
	const struct options o = { help, specs, G_N_ELEMENTS(specs), 1, 1 };
	int words = options_read(argc, argv, &o), code;
	json_t *out;

	if (words < 0)
		return -1 - words;
	if (words_language(argv[0], lang) != 0)
		return 2;
	code = hand_ask(
	    &c, argv[0], "forecast", json_pack("{ss}", "playbook", argv[1]), &out);
	if (code != 0)
		return code;
	if (as_json) {
		json_dumpf(out, stdout, JSON_COMPACT);
		putchar('\n');
	} else {
		print(out);
	}
	json_decref(out);
	return 0;
}
