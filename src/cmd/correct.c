/* correct.c - `reachd correct`: one correction to exactly those who got what was wrong. */
#include <stdio.h>

#include "cmd/cmd.h"
#include "hand.h"
#include "show.h"

static const char help[] =
    "usage: reachd correct PLAYBOOK --template T --by NAME --reason TEXT [--step ID]\n"
    "                      [--since TIME] [--config DIR | --socket PATH]\n"
    "       reachd correct PLAYBOOK --template T --agree\n\n"
    "Sends a text once to everybody who got a message of the playbook: outside caps and "
    "gaps,\n"
    "in the midst of a conversation, too, but in no quiet window and to nobody who has opted out. Asked again it adds only "
    "whom the\n"
    "first time did not know of. It is a playbook of its own in status and `reachd "
    "why`.\n"
    "With publish: approved it waits until somebody else agrees to it.\n\n"
    "  --agree         the yes of somebody who did not ask for it\n"
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
			puts("it waits for the yes of somebody else: reachd correct "
			     "PLAYBOOK --template T --agree");
			json_decref(out);
			return 0;
		}
		added += show_int(out, "added");
		known += show_int(out, "known");
		more = json_is_true(json_object_get(out, "more"));
		json_object_set(in, "cursor", json_object_get(out, "cursor"));
		json_decref(out);
	}
	printf("%lld customers get the correction", (long long)added);
	if (known > 0)
		printf(", %lld times somebody was met who gets it already",
		    (long long)known);
	putchar('\n');
	return 0;
}

int
cmd_correct(int argc, char **argv)
{
	struct client c = { 0 };
	const char *by = NULL, *reason = NULL, *step = NULL, *since = NULL,
		   *template_ = NULL;
	bool agree = false;
	const struct options_spec specs[] = { CLIENT_OPTIONS(c), { "by", 0, &by, NULL },
		{ "reason", 0, &reason, NULL }, { "step", 0, &step, NULL },
		{ "since", 0, &since, NULL }, { "template", 't', &template_, NULL },
		{ "agree", 0, NULL, &agree } };
	const struct options o = { help, specs, G_N_ELEMENTS(specs), 1, 1 };
	int words = options_read(argc, argv, &o), code;
	json_t *in;

	if (words < 0)
		return -1 - words;
	if (template_ == NULL)
		return options_usage(argv[0], "name the text: --template T");
	in = json_pack("{ss ss}", "playbook", argv[1], "template", template_);
	hand_set(in, "by", by);
	hand_set(in, "reason", reason);
	hand_set(in, "step", step);
	hand_set(in, "since", since);
	code = all(&c, argv[0], agree ? "correct-agree" : "correct", in);
	json_decref(in);
	return code;
}
