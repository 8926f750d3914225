/* undo.c - `reachd undo`: what was told or marked by mistake, taken back. */
#include <stdio.h>
#include <string.h>

#include "cmd/cmd.h"
#include "hand.h"
#include "undo.h"

static const char help[] =
    "usage: reachd undo event ID [--source S] --by NAME --reason TEXT\n"
    "       reachd undo tag CUSTOMER NAME [--put-back] --by NAME --reason TEXT\n"
    "       reachd undo stage CUSTOMER --by NAME --reason TEXT\n"
    "       reachd undo optout CUSTOMER [--channel C] --proof TEXT --by NAME\n"
    "       reachd undo block CUSTOMER --by NAME --reason TEXT\n"
    "       reachd undo optouts (--account NAME --since TIME [--until TIME] | --batch "
    "N)\n"
    "                   [--yes --by NAME --reason TEXT]\n"
    "                   [--config DIR | --socket PATH]\n\n"
    "An undo is an event itself and stays on record. Imports: `reachd import undo`.\n\n"
    "  event     it counts for nothing any more; runs it began end; goals it met stay "
    "met\n"
    "  tag       takes a tag off a customer, or --put-back: puts one back\n"
    "  stage     the stage before, if the last change is still in force\n"
    "  optout    an opt-out that was no wish of the customer's: wants a proof\n"
    "  block     what a complaint stopped, once it is settled with him; its task is off "
    "the\n"
    "            list. Who has the task reports `settled`, which does the same\n"
    "  optouts   those an account told falsely, or of a wrong file: lists them, with "
    "--yes\n"
    "            takes them back; who said no in another way, or complained, stays out\n"
    "  --since, --until  when reachd heard of them: 2h, 2026-11-22 or with a time\n"
    "  --source S      whose event: api (default), dms, ...\n"
    "  --proof TEXT    what shows it, as in: signed form of 2026-11-22\n" HAND_WHO;

static const struct {
	const char *what, *order, *first, *second;
} kinds[] = {
	{ "event", "undo-event", "id", NULL },
	{ "tag", "undo-tag", "customer", "tag" },
	{ "stage", "undo-stage", "customer", NULL },
	{ "optout", "undo-optout", "customer", NULL },
	{ "block", "undo-block", "customer", NULL },
	{ "optouts", "undo-optouts", NULL, NULL },
};

/* Options that go as they are. */
static const char *const texts[] = { "by", "reason", "source", "channel", "proof",
	"account", "since", "until" };

static int
undo(const struct client *c, const char *verb, const char *order, json_t *in)
{
	json_t *out;
	int code = hand_ask(c, verb, order, in, &out);
	const char *key;
	json_t *v;

	if (code == 0)
		printf("undone");
	json_object_foreach(out, key, v)
	{
		char *text = json_dumps(v, JSON_ENCODE_ANY | JSON_COMPACT);

		printf("  %s=%s", key, text);
		free(text);
	}
	if (code == 0)
		putchar('\n');
	json_decref(out);
	return code;
}

/* Which of the kinds argv[1] names, with the words it wants; -1 none. */
static int
kind_of(int words, char **argv)
{
	for (size_t k = 0; k < G_N_ELEMENTS(kinds); k++)
		if (strcmp(kinds[k].what, argv[1]) == 0)
			return words == 1 + (kinds[k].first != NULL) +
					    (kinds[k].second != NULL)
				   ? (int)k
				   : -1;
	return -1;
}

int
cmd_undo(int argc, char **argv)
{
	struct client c = { 0 };
	const char *value[G_N_ELEMENTS(texts)] = { NULL }, *batch = NULL;
	bool back = false, yes = false;
	const struct options_spec specs[] = { CLIENT_OPTIONS(c),
		{ "by", 0, &value[0], NULL }, { "reason", 0, &value[1], NULL },
		{ "source", 0, &value[2], NULL }, { "channel", 0, &value[3], NULL },
		{ "proof", 0, &value[4], NULL }, { "account", 0, &value[5], NULL },
		{ "since", 0, &value[6], NULL }, { "until", 0, &value[7], NULL },
		{ "batch", 0, &batch, NULL }, { "put-back", 0, NULL, &back },
		{ "yes", 0, NULL, &yes } };
	const struct options o = { help, specs, G_N_ELEMENTS(specs), 1, 3 };
	int words = options_read(argc, argv, &o), k;
	json_t *in;

	if (words < 0)
		return -1 - words;
	if ((k = kind_of(words, argv)) < 0)
		return options_usage(argv[0],
		    "say what: event ID, tag CUSTOMER NAME, "
		    "stage CUSTOMER, optout CUSTOMER, optouts or block CUSTOMER");
	in = json_pack("{sb}", "put_back", (int)back);
	for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
		hand_set(in, texts[i], value[i]);
	if (batch != NULL)
		json_object_set_new(
		    in, "batch", json_integer(g_ascii_strtoll(batch, NULL, 10)));
	if (kinds[k].first == NULL)
		return undo_optouts(&c, argv[0], in, yes);
	hand_set(in, kinds[k].first, argv[2]);
	if (kinds[k].second != NULL)
		hand_set(in, kinds[k].second, argv[3]);
	return undo(&c, argv[0], kinds[k].order, in);
}
