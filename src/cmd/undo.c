/* undo.c - `reachd undo`: what was told or marked by mistake, taken back. */
#include <stdio.h>
#include <string.h>

#include "cmd/cmd.h"
#include "hand.h"

static const char help[] =
    "usage: reachd undo event ID [--source S] --by NAME --reason TEXT\n"
    "       reachd undo tag CUSTOMER NAME [--put-back] --by NAME --reason TEXT\n"
    "       reachd undo stage CUSTOMER --by NAME --reason TEXT\n"
    "       reachd undo optout CUSTOMER [--channel C] --proof TEXT --by NAME\n"
    "       reachd undo block CUSTOMER --by NAME --reason TEXT\n"
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
};

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

int
cmd_undo(int argc, char **argv)
{
	struct client c = { 0 };
	const char *by = NULL, *reason = NULL, *source = NULL, *channel = NULL,
		   *proof = NULL;
	bool back = false;
	const struct options_spec specs[] = { CLIENT_OPTIONS(c), { "by", 0, &by, NULL },
		{ "reason", 0, &reason, NULL }, { "source", 0, &source, NULL },
		{ "channel", 0, &channel, NULL }, { "proof", 0, &proof, NULL },
		{ "put-back", 0, NULL, &back } };
	const struct options o = { help, specs, G_N_ELEMENTS(specs), 2, 3 };
	int words = options_read(argc, argv, &o);
	size_t k = 0;
	json_t *in;

	if (words < 0)
		return -1 - words;
	while (k < G_N_ELEMENTS(kinds) && strcmp(kinds[k].what, argv[1]) != 0)
		k++;
	if (k == G_N_ELEMENTS(kinds) || (words == 3) != (kinds[k].second != NULL))
		return options_usage(argv[0], "say what: event ID, tag CUSTOMER NAME, "
					      "stage CUSTOMER, optout CUSTOMER or block CUSTOMER");
	in = json_pack("{ss sb}", kinds[k].first, argv[2], "put_back", (int)back);
	hand_set(in, kinds[k].second == NULL ? "" : kinds[k].second,
	    words == 3 ? argv[3] : NULL);
	hand_set(in, "by", by);
	hand_set(in, "reason", reason);
	hand_set(in, "source", source);
	hand_set(in, "channel", channel);
	hand_set(in, "proof", proof);
	return undo(&c, argv[0], kinds[k].order, in);
}
