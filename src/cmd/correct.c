/* correct.c - `reachd correct`: one correction to exactly those who got what was wrong. */
#include <stdio.h>
#include <string.h>

#include "cmd/cmd.h"
#include "hand.h"
#include "pages.h"
#include "show.h"
#include "words.h"

static const char help[] =
    "usage: reachd correct PLAYBOOK --template T --by NAME --reason TEXT [--step ID]\n"
    "                      [--since TIME] [--config DIR | --socket PATH]\n"
    "       reachd correct PLAYBOOK --template T --agree|--refuse [--by NAME]\n"
    "       reachd correct list [--lang en|zh] [--json]\n\n"
    "Sends a text once to everybody who got a message of the playbook: outside caps and "
    "gaps,\n"
    "in the midst of a conversation, too, but in no quiet window and to nobody who has opted out. Asked again it adds only "
    "whom the\n"
    "first time did not know of. It is a playbook of its own in status and `reachd "
    "why`.\n"
    "With publish: approved it waits until somebody else agrees to it.\n\n"
    "  list            what waits, since when, who asks, how many would get it\n"
    "  --agree         the yes of somebody who did not ask for it\n"
    "  --refuse        the no; whoever asked may take it back so\n"
    "  --template T    the text, one of the configuration in force\n"
    "  --step ID       who got this step\n"
    "  --since TIME    who got it since: 2h, 2026-11-22 or with a time\n" HAND_WHO;

static int
all(const struct client *c, const char *verb, const char *order, json_t *in)
{
	json_int_t added = 0, known = 0;
	bool more = true;
	int code = 0;

	while (more) {
		json_t *out;

		code = hand_ask(c, verb, order, json_incref(in), &out);
		if (code != 0)
			return code;
		if (json_is_true(json_object_get(out, "waits"))) {
			puts(SAY("it waits for the yes of somebody else: reachd correct "
				 "list",
			    "要等另一个人同意：见 reachd correct list"));
			json_decref(out);
			return 0;
		}
		added += show_int(out, "added");
		known += show_int(out, "known");
		more = json_is_true(json_object_get(out, "more"));
		json_object_set(in, "cursor", json_object_get(out, "cursor"));
		json_decref(out);
	}
	printf(SAY("%lld customers get the correction", "%lld 位客户会收到更正"),
	    (long long)added);
	if (known > 0)
		printf(SAY(", %lld times somebody was met who gets it already",
			   "，另有 %lld 次遇到已在名单上的客户"),
		    (long long)known);
	putchar('\n');
	return 0;
}

static int
say_no(const struct client *c, const char *verb, json_t *in)
{
	json_t *out;
	int code = hand_ask(c, verb, "correct-refuse", json_incref(in), &out);

	if (code == 0)
		puts(SAY("refused: nobody gets it", "已拒绝：谁也不会收到"));
	json_decref(out);
	return code;
}

/* ---- what waits ---- */

static const char *
age(json_int_t s)
{
	static char buf[48];

	if (s < 3600)
		g_snprintf(buf, sizeof(buf), SAY("%d min", "%d 分钟"), (int)(s / 60));
	else if (s < 2 * 86400)
		g_snprintf(buf, sizeof(buf), SAY("%d h", "%d 小时"), (int)(s / 3600));
	else
		g_snprintf(buf, sizeof(buf), SAY("%d days", "%d 天"), (int)(s / 86400));
	return buf;
}

static void
print_one(const json_t *one, GStringChunk *keep)
{
	const char *step = show_text(one, "step", keep), *since = show_text(one, "since", keep);

	printf("%s  %s  %s\n", show_text(one, "playbook", keep),
	    show_text(one, "template", keep), show_text(one, "title", keep));
	printf(SAY("  waits for %s, asked by %s: %s\n", "  已等 %s，%s 提出：%s\n"),
	    age(show_int(one, "age")), show_text(one, "by", keep),
	    show_text(one, "reason", keep));
	printf(SAY("  would go by %s to %lld customers", "  将由%s发给 %lld 位客户"),
	    words_say(words_channels, show_text(one, "channel", keep)),
	    (long long)show_int(one, "customers"));
	if (*step != '\0')
		printf(SAY(", of step %s", "，收到过步骤 %s 的"), step);
	if (*since != '\0')
		printf(SAY(", since %s", "，自 %s 起"), show_time(since, keep));
	printf(SAY("\n  yes: %s --agree\n  no:  %s --refuse\n",
		   "\n  同意：%s --agree\n  不同意：%s --refuse\n"),
	    show_text(one, "decide", keep), show_text(one, "decide", keep));
}

static void
print_list(const json_t *j)
{
	GStringChunk *keep = g_string_chunk_new(1024);
	const json_t *one;
	size_t i;

	json_array_foreach(json_object_get(j, "corrections"), i, one) print_one(one, keep);
	if (json_array_size(json_object_get(j, "corrections")) == 0)
		puts(SAY("no correction waits", "没有等人同意的更正"));
	g_string_chunk_free(keep);
}

int
cmd_correct(int argc, char **argv)
{
	struct client c = { 0 };
	const char *by = NULL, *reason = NULL, *step = NULL, *since = NULL,
		   *template_ = NULL, *lang = NULL, *verb = argv[0];
	bool agree = false, refuse = false, as_json = false;
	const struct options_spec specs[] = { CLIENT_OPTIONS(c), { "by", 0, &by, NULL },
		{ "reason", 0, &reason, NULL }, { "step", 0, &step, NULL },
		{ "since", 0, &since, NULL }, { "template", 't', &template_, NULL },
		{ "agree", 0, NULL, &agree }, { "refuse", 0, NULL, &refuse },
		{ "lang", 0, &lang, NULL }, { "json", 0, NULL, &as_json } };
	const struct options o = { help, specs, G_N_ELEMENTS(specs), 1, 1 };
	int words = options_read(argc, argv, &o), code;
	json_t *in;

	if (words < 0)
		return -1 - words;
	if (words_language(argv[0], lang) != 0)
		return 2;
	if (strcmp(argv[1], "list") == 0 && template_ == NULL)
		return pages_show(&c,
		    &(struct pages){ verb, "/v1/corrections", "corrections", NULL, 0 },
		    as_json, print_list);
	if (agree && refuse)
		return options_usage(verb, "write one of --agree and --refuse");
	if (template_ == NULL)
		return options_usage(verb, "name the text: --template T");
	in = json_pack("{ss ss}", "playbook", argv[1], "template", template_);
	hand_set(in, "by", by);
	hand_set(in, "reason", reason);
	hand_set(in, "step", step);
	hand_set(in, "since", since);
	code = refuse ? say_no(&c, argv[0], in)
		      : all(&c, argv[0], agree ? "correct-agree" : "correct", in);
	json_decref(in);
	return code;
}
