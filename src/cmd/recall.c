/* recall.c - `reachd recall`: after a mistake, who got it, and nothing more of it. */
#include <stdio.h>
#include <string.h>

#include "cmd/cmd.h"
#include "hand.h"
#include "show.h"

static const char help[] =
    "usage: reachd recall PLAYBOOK --by NAME --reason TEXT [--step ID] [--since TIME]\n"
    "                     [--csv FILE] [--full] [--config DIR | --socket PATH]\n"
    "       reachd recall PLAYBOOK --dry-run [--step ID] [--since TIME] [--csv FILE]\n\n"
    "Holds the playbook, cancels what is planned or held of it, and tells who has got "
    "it.\n"
    "`reachd go PLAYBOOK` lets it go on; `reachd correct` sends one correction.\n\n"
    "  --step ID       only this step; without it every run of the playbook ends\n"
    "  --since TIME    who got it since: 2h, 2026-11-22 or with a time\n"
    "  --csv FILE      who got it, as CSV (- is standard output)\n"
    "  --full          addresses in full, else masked\n"
    "  --dry-run       only tells, changes nothing\n" HAND_WHO;

struct tally {
	json_int_t sent, uncertain, cancelled, left;
	FILE *csv;
};

static void
rows(const json_t *out, FILE *csv)
{
	static const char *const keys[] = { "customer", "at", "step", "channel", "to",
		"state" };
	const json_t *one;
	size_t i, k;

	json_array_foreach(json_object_get(out, "got"), i, one)
	{
		for (k = 0; k < G_N_ELEMENTS(keys); k++) {
			const char *text =
			    json_string_value(json_object_get(one, keys[k]));
			char **parts = g_strsplit(text, "\"", -1);
			char *safe = g_strjoinv("\"\"", parts);

			fprintf(csv, "%s\"%s\"", k == 0 ? "" : ",", safe);
			g_free(safe);
			g_strfreev(parts);
		}
		fputs("\r\n", csv);
	}
}

/* Portions until there is no more: nothing stands still meanwhile. */
static int
all(const struct client *c, const char *verb, const json_t *in, struct tally *t)
{
	json_t *ask = json_deep_copy(in), *out;
	bool more = true;
	int code = 0;

	while (more && code == 0) {
		code = hand_ask(c, verb, "recall", json_incref(ask), &out);
		if (code != 0)
			break;
		t->sent += show_int(out, "sent");
		t->uncertain += show_int(out, "uncertain");
		t->cancelled += show_int(out, "cancelled");
		t->left += show_int(out, "left");
		if (t->csv != NULL)
			rows(out, t->csv);
		more = json_is_true(json_object_get(out, "more"));
		json_object_set(ask, "cursor", json_object_get(out, "cursor"));
		json_object_set(ask, "runs", json_object_get(out, "runs"));
		json_decref(out);
	}
	json_decref(ask);
	return code;
}

static int
recall(
    const struct client *c, const char *verb, const json_t *in, const char *csv, bool dry)
{
	struct tally t = { 0 };
	bool stdout_csv = csv != NULL && strcmp(csv, "-") == 0;
	FILE *say = stdout_csv ? stderr : stdout;
	int code;

	if (csv != NULL && (t.csv = stdout_csv ? stdout : fopen(csv, "we")) == NULL) {
		fprintf(stderr, "reachd %s: %s cannot be written\n", verb, csv);
		return 4;
	}
	if (t.csv != NULL)
		fputs("customer,at,step,channel,to,state\r\n", t.csv);
	code = all(c, verb, in, &t);
	if (t.csv != NULL && !stdout_csv && fclose(t.csv) != 0 && code == 0) {
		fprintf(stderr, "reachd %s: %s cannot be written\n", verb, csv);
		code = 4;
	}
	if (code == 0)
		fprintf(say,
		    "%lld got it, of %lld more it is not known; %lld not sent yet %s, "
		    "%lld runs %s\n",
		    (long long)t.sent, (long long)t.uncertain, (long long)t.cancelled,
		    dry ? "could be cancelled" : "cancelled", (long long)t.left,
		    dry ? "would end" : "ended besides");
	return code;
}

int
cmd_recall(int argc, char **argv)
{
	struct client c = { 0 };
	const char *by = NULL, *reason = NULL, *step = NULL, *since = NULL, *csv = NULL;
	bool full = false, dry = false;
	const struct options_spec specs[] = { CLIENT_OPTIONS(c), { "by", 0, &by, NULL },
		{ "reason", 0, &reason, NULL }, { "step", 0, &step, NULL },
		{ "since", 0, &since, NULL }, { "csv", 0, &csv, NULL },
		{ "full", 0, NULL, &full }, { "dry-run", 0, NULL, &dry } };
	const struct options o = { help, specs, G_N_ELEMENTS(specs), 1, 1 };
	int words = options_read(argc, argv, &o), code;
	json_t *in;

	if (words < 0)
		return -1 - words;
	in = json_pack(
	    "{ss sb sb}", "playbook", argv[1], "full", (int)full, "dry", (int)dry);
	hand_set(in, "by", by);
	hand_set(in, "reason", reason);
	hand_set(in, "step", step);
	hand_set(in, "since", since);
	code = recall(&c, argv[0], in, csv, dry);
	json_decref(in);
	return code;
}
