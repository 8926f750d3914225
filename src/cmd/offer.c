/* offer.c - `reachd offer`: what was given away, what waits for a yes, and the answer. */
#include <stdio.h>
#include <string.h>

#include <jansson.h>

#include "client.h"
#include "cmd/cmd.h"
#include "pages.h"
#include "show.h"

#define NEWEST 500

static const char help[] =
    "usage: reachd offer list [STATE] [--limit N|all] [--json]\n"
    "       reachd offer approve|refuse|redeem ID [--by NAME]\n"
    "       reachd offer ask CUSTOMER OFFER [--by NAME]\n\n"
    "Offers are described in config/offers.yaml and granted by playbooks. One that "
    "needs\n"
    "a manager waits until somebody else than the one who asked agrees. What somebody may\n"
    "agree to follows from his role (people: and roles: in reachd.yaml).\n\n"
    "  STATE          asked, granted, redeemed, expired or refused\n"
    "  --by NAME      for an admin who types it for somebody else; stays on record\n"
    "  --limit N      so many of the list, or all; else the newest 500\n"
    "  --json         the answer as JSON\n"
    "  --config DIR, --socket PATH  which daemon\n";

struct offer {
	struct client client;
	const char *verb, *by, *limit;
	bool json;
};

/* ---- the list ---- */

static void
print_quotas(const json_t *list, GStringChunk *keep)
{
	struct show_table *t = show_table_new(6);
	const json_t *one;
	size_t i;

	show_table_row(
	    t, (const char *[]){ "offer", "of", "used", "of", "left", "needs" });
	json_array_foreach(list, i, one)
	{
		const char *store = show_text(one, "store", keep),
			   *quota = show_text(one, "quota", keep);

		show_table_row(
		    t, (const char *[]){ show_text(one, "offer", keep),
			   *store == '\0' ? "house" : store, show_text(one, "used", keep),
			   *quota == '\0' ? "-" : quota, show_text(one, "left", keep),
			   show_text(one, "approval", keep) });
	}
	puts("\nThis month:");
	show_table_print(t, "  ", stdout);
}

static void
print_list(const json_t *answer)
{
	GStringChunk *keep = g_string_chunk_new(1024);
	const json_t *list = json_object_get(answer, "offers"), *one;
	struct show_table *t = show_table_new(7);
	size_t i;

	show_table_row(t, (const char *[]){ "id", "offer", "customer", "state",
			      "asked by", "by", "until" });
	json_array_foreach(list, i, one) show_table_row(t,
	    (const char *[]){ show_text(one, "id", keep), show_text(one, "offer", keep),
		show_text(one, "customer", keep), show_text(one, "state", keep),
		show_text(one, "author", keep), show_text(one, "by", keep),
		show_time(show_text(one, "expires", keep), keep) });
	if (json_array_size(list) == 0)
		puts("no offers");
	show_table_print(t, "", stdout);
	if (json_array_size(json_object_get(answer, "quotas")) > 0)
		print_quotas(json_object_get(answer, "quotas"), keep);
	g_string_chunk_free(keep);
}

static int
list(const struct offer *o, const char *state)
{
	char *escaped = g_uri_escape_string(state, NULL, FALSE);
	char *path = g_strconcat("/v1/offers", *state == '\0' ? "" : "/", escaped, NULL);
	int code = pages_show(&o->client,
	    &(struct pages){ o->verb, path, "offers", o->limit, NEWEST }, o->json,
	    print_list);

	g_free(path);
	g_free(escaped);
	return code;
}

/* ---- what a person does ---- */

static void
print_answer(const struct offer *o, const char *body)
{
	json_t *j = json_loads(body, 0, NULL);
	const json_t *id = json_object_get(j, "id");

	if (o->json)
		puts(body);
	else if (id != NULL)
		printf("%s, number %" JSON_INTEGER_FORMAT "\n",
		    json_string_value(json_object_get(j, "state")),
		    json_integer_value(id));
	else
		puts(json_string_value(json_object_get(j, "state")));
	json_decref(j);
}

static int
post(const struct offer *o, const char *path, json_t *body)
{
	static const char *const json[] = { "Content-Type: application/json", NULL };
	char *text, *error;
	struct client_answer ans;
	struct err e = { 0 };
	int code;

	if (o->by != NULL)
		json_object_set_new(body, "by", json_string(o->by));
	text = json_dumps(body, JSON_COMPACT);
	json_decref(body);
	if (text == NULL)
		return options_usage(o->verb, "the words are not valid UTF-8");
	code = client_ask(&o->client,
	    &(struct client_ask){ .method = "POST",
		.path = path,
		.headers = json,
		.body = text,
		.len = strlen(text) },
	    &ans, &e);
	free(text);
	if (code != 0)
		return options_fail(o->verb, &e);
	code = client_exit(ans.status);
	if (code == 0) {
		print_answer(o, ans.body->str);
	} else {
		error = client_error(ans.body->str);
		fprintf(stderr, "reachd %s: %s\n", o->verb, error);
		g_free(error);
	}
	client_answer_fini(&ans);
	return code;
}

static int
act(const struct offer *o, int words, char **argv)
{
	bool asks = strcmp(argv[1], "ask") == 0;
	char *path;
	int code;

	if (!asks && strcmp(argv[1], "approve") != 0 && strcmp(argv[1], "refuse") != 0 &&
	    strcmp(argv[1], "redeem") != 0)
		return options_usage(o->verb,
		    "\"%.40s\" is not one of list, approve, refuse, redeem, ask",
		    argv[1]);
	if (words != (asks ? 3 : 2))
		return options_usage(o->verb, asks ? "name a customer and an offer"
						   : "name one offer by its number");
	if (asks)
		return post(o, "/v1/offers",
		    json_pack("{ss ss}", "customer", argv[2], "offer", argv[3]));
	if (argv[2][strspn(argv[2], "0123456789")] != '\0')
		return options_usage(
		    o->verb, "\"%.40s\" is not a number of an offer", argv[2]);
	path = g_strdup_printf("/v1/offers/%s/%s", argv[2], argv[1]);
	code = post(o, path, json_object());
	g_free(path);
	return code;
}

int
cmd_offer(int argc, char **argv)
{
	struct offer o = { .verb = argv[0] };
	const struct options_spec specs[] = { CLIENT_OPTIONS(o.client),
		{ "by", 0, &o.by, NULL }, { "limit", 0, &o.limit, NULL },
		{ "json", 0, NULL, &o.json } };
	const struct options options = { help, specs, G_N_ELEMENTS(specs), 1, 3 };
	int words = options_read(argc, argv, &options);

	if (words < 0)
		return -1 - words;
	if (strcmp(argv[1], "list") != 0)
		return act(&o, words, argv);
	if (words > 2)
		return options_usage(o.verb, "name one state, or none");
	return list(&o, words == 2 ? argv[2] : "");
}
