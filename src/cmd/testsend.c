/* testsend.c - `reachd testsend`: a text to one's own people, through the real gateway. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cmd/cmd.h"
#include "hand.h"
#include "show.h"

static const char help[] =
    "usage: reachd testsend TEMPLATE|PLAYBOOK --to STAFF|ADDRESS [--as CUSTOMER] "
    "[--now]\n"
    "                       [--by NAME] [--config DIR | --socket PATH]\n\n"
    "Sends a text, or each text of a playbook, marked 【测试】, to somebody of the "
    "house. It is\n"
    "no touch and counts under no cap; it is logged. The service counts it: where a "
    "number has "
    "had\n"
    "what its limit allows, it waits two minutes at most, else is refused. Where the "
    "policy says `launch:\n"
    "{ test_send: required }` a marketing text goes to customers only after this.\n\n"
    "  --to WHO        id or name of a member of staff, or an address of the text's "
    "channel\n"
    "  --as CUSTOMER   fills it in as for this customer\n"
    "  --now           also in a quiet window\n"
    "  --by NAME       who asks for it\n";

static json_t *
request(const char *what, const char *to, const char *as, const char *by, bool now)
{
	json_t *in = json_pack(
	    "{ss ss sb sb}", "what", what, "to", to, "now", (int)now, "patient", 1);

	hand_set(in, "customer", as);
	hand_set(in, "by", by);
	return in;
}

static void
print(const json_t *j)
{
	GStringChunk *keep = g_string_chunk_new(1024);

	printf("%s to %s by %s: %s\n    %s\n", show_text(j, "template", keep),
	    show_text(j, "to", keep), show_text(j, "account", keep),
	    show_text(j, "outcome", keep), show_text(j, "text", keep));
	g_string_chunk_free(keep);
}

/* Many texts to one number: the service may want some seconds between them. */
static int
ask(const struct client *c, const char *verb, const json_t *in, json_t **out)
{
	for (;;) {
		int code = hand_post(c, verb, "/v1/testsend", json_deep_copy(in), out);
		json_int_t wait = code == 0 ? show_int(*out, "wait_ms") : 0;

		if (wait <= 0)
			return code;
		fprintf(stderr, "reachd %s: %s: waiting\n", verb,
		    json_string_value(json_object_get(*out, "error")));
		json_decref(*out);
		sleep((unsigned)(wait / 1000 + 1));
	}
}

/* One text, or each of a playbook's. */
static int
send(const struct client *c, const char *verb, json_t *in)
{
	json_t *out, *one, *list, *told;
	int code = ask(c, verb, in, &out);
	size_t i;

	if (code != 0)
		return code;
	list = json_object_get(out, "texts");
	if (list == NULL)
		print(out);
	json_array_foreach(list, i, one)
	{
		int rc;

		json_object_set(in, "what", one);
		if ((rc = ask(c, verb, in, &told)) == 0)
			print(told);
		else
			code = rc;
		json_decref(told);
	}
	json_decref(out);
	return code;
}

int
cmd_testsend(int argc, char **argv)
{
	struct client c = { 0 };
	const char *to = NULL, *as = NULL, *by = NULL;
	bool now = false;
	const struct options_spec specs[] = { CLIENT_OPTIONS(c), { "to", 0, &to, NULL },
		{ "as", 0, &as, NULL }, { "by", 0, &by, NULL },
		{ "now", 0, NULL, &now } };
	const struct options o = { help, specs, G_N_ELEMENTS(specs), 1, 1 };
	int words = options_read(argc, argv, &o), code;
	json_t *in;

	if (words < 0)
		return -1 - words;
	if (to == NULL)
		return options_usage(argv[0], "say to whom: --to STAFF or an address");
	in = request(argv[1], to, as, by, now);
	code = send(&c, argv[0], in);
	json_decref(in);
	return code;
}
