/* hold.c - `reachd hold` and `reachd go`: a person's word about a launch. */
#include <stdio.h>

#include "cmd/cmd.h"
#include "hand.h"
#include "show.h"

static const char hold_help[] =
    "usage: reachd hold PLAYBOOK [--by NAME] [--reason TEXT] [--config DIR | --socket "
    "PATH]\n\n"
    "Nothing more of it goes, and nobody enters, until `reachd go PLAYBOOK`. In the "
    "countdown\n"
    "nobody has been touched yet.\n\n"
    "  --by NAME, --reason TEXT   shown in status and `reachd why`\n";
static const char go_help[] =
    "usage: reachd go PLAYBOOK [--config DIR | --socket PATH]\n\n"
    "Starts what counts down, and lets go on what was held or has stopped by itself.\n";

static void
print(const json_t *j)
{
	GStringChunk *keep = g_string_chunk_new(256);

	printf("%s: %s, %s in, %s waiting\n", show_text(j, "playbook", keep),
	    show_text(j, "state", keep), show_text(j, "entered", keep),
	    show_text(j, "waiting", keep));
	g_string_chunk_free(keep);
}

static int
word(int argc, char **argv, const char *help)
{
	struct client c = { 0 };
	const char *by = NULL, *reason = NULL;
	const struct options_spec specs[] = { CLIENT_OPTIONS(c), { "by", 0, &by, NULL },
		{ "reason", 0, &reason, NULL } };
	const struct options o = { help, specs, G_N_ELEMENTS(specs), 1, 1 };
	int words = options_read(argc, argv, &o), code;
	json_t *in, *out;

	if (words < 0)
		return -1 - words;
	in = json_pack("{ss}", "playbook", argv[1]);
	hand_set(in, "by", by);
	hand_set(in, "reason", reason);
	code = hand_ask(&c, argv[0], argv[0], in, &out);
	if (code == 0)
		print(out);
	json_decref(out);
	return code;
}

int
cmd_hold(int argc, char **argv)
{
	return word(argc, argv, hold_help);
}

int
cmd_go(int argc, char **argv)
{
	return word(argc, argv, go_help);
}
