/* token.c - `reachd token`: keys of programs and people; `reachd audit`: who decided what. */
#include <stdio.h>
#include <string.h>

#include "cmd/cmd.h"
#include "hand.h"
#include "pages.h"
#include "show.h"

#define NEWEST 200

static const char help[] =
    "usage: reachd token list [--json]\n"
    "       reachd token new NAME [--role ROLE] [--stores ID,ID] [--scope S] [--days N]\n"
    "       reachd token revoke ID\n\n"
    "A token opens the API to a program, or to a person where no system user can be "
    "seen.\n"
    "It is shown once; only its SHA-256 is kept.\n\n"
    "  NAME          somebody under people: in reachd.yaml (role and stores as there), "
    "one\n"
    "                of the staff (role and store as imported), or what a program is "
    "called\n"
    "  --role ROLE   of a program: admin, general-manager, manager, marketer, "
    "specialist,\n"
    "                advisor, viewer, auditor\n"
    "  --stores A,B  it sees these stores only\n"
    "  --scope S     all (default), read, or events: may only tell what customers did\n"
    "  --days N      how long it lasts, 1 to 365, default 90\n\n"
    "Send it as Authorization: Bearer TOKEN, or keep it in a file for `--token FILE` of "
    "every\nverb that asks the daemon. Only an admin makes and revokes tokens.\n";

static const char audit_help[] =
    "usage: reachd audit [--limit N|all] [--json] [--config DIR | --socket PATH]\n\n"
    "The newest of what people decided: publications put forward, agreed to, refused and "
    "in\n"
    "force, tokens, what an admin did in another's name, opt-outs lifted. Nothing of it "
    "is\n"
    "ever changed or deleted. The newest 200, or as many as --limit says.\n";

struct words {
	struct client c;
	const char *role, *stores, *scope, *days;
	bool json;
};

static void
print_list(const json_t *all)
{
	static const char *const keys[] = { "id", "name", "role", "stores", "scope" };
	GStringChunk *keep = g_string_chunk_new(1024);
	const json_t *list = json_object_get(all, "tokens"), *one;
	struct show_table *t = show_table_new(8);
	size_t i;

	show_table_row(t, (const char *[]){ "id", "for", "role", "stores", "scope",
			      "expires", "last used", "state" });
	json_array_foreach(list, i, one)
	{
		const char *cells[8];

		for (size_t k = 0; k < G_N_ELEMENTS(keys); k++)
			cells[k] = show_text(one, keys[k], keep);
		cells[5] = show_time(show_text(one, "expires", keep), keep);
		cells[6] = json_is_null(json_object_get(one, "used"))
			       ? "never"
			       : show_time(show_text(one, "used", keep), keep);
		cells[7] = show_text(one, "state", keep);
		show_table_row(t, cells);
	}
	if (json_array_size(list) == 0)
		puts("no tokens");
	show_table_print(t, "", stdout);
	g_string_chunk_free(keep);
}

static int
make(const struct words *w, const char *verb, const char *name)
{
	json_t *in = json_pack("{ss}", "name", name), *out;
	int code;

	if (in == NULL)
		return options_usage(verb, "the name is not UTF-8");
	hand_set(in, "role", w->role);
	hand_set(in, "stores", w->stores);
	hand_set(in, "scope", w->scope);
	if (w->days != NULL) {
		if (*w->days == '\0' || strlen(w->days) > 3 ||
		    strspn(w->days, "0123456789") != strlen(w->days) ||
		    strspn(w->days, "0") == strlen(w->days)) {
			json_decref(in);
			return options_usage(verb, "--days takes a number from 1 to 365");
		}
		json_object_set_new(
		    in, "days", json_integer(g_ascii_strtoll(w->days, NULL, 10)));
	}
	code = hand_post(&w->c, verb, "/v1/tokens", in, &out);
	if (code == 0)
		puts(json_string_value(json_object_get(out, "token")));
	if (code == 0)
		fprintf(stderr, "It is shown this once. Role: %s.\n",
		    json_string_value(json_object_get(out, "role")));
	json_decref(out);
	return code;
}

static int
take_back(const struct words *w, const char *verb, const char *id)
{
	char *escaped = g_uri_escape_string(id, NULL, FALSE);
	char *path = g_strdup_printf("/v1/tokens/%s/revoke", escaped);
	json_t *out;
	int code = hand_post(&w->c, verb, path, json_object(), &out);

	if (code == 0)
		puts("revoked");
	json_decref(out);
	g_free(path);
	g_free(escaped);
	return code;
}

int
cmd_token(int argc, char **argv)
{
	struct words w = { 0 };
	const struct options_spec specs[] = { CLIENT_OPTIONS(w.c),
		{ "role", 0, &w.role, NULL }, { "stores", 0, &w.stores, NULL },
		{ "scope", 0, &w.scope, NULL }, { "days", 0, &w.days, NULL },
		{ "json", 0, NULL, &w.json } };
	const struct options o = { help, specs, G_N_ELEMENTS(specs), 1, 2 };
	int words = options_read(argc, argv, &o);

	if (words < 0)
		return -1 - words;
	if (strcmp(argv[1], "list") == 0 && words == 1)
		return pages_show(&w.c,
		    &(struct pages){ argv[0], "/v1/tokens", "tokens", NULL, 0 }, w.json,
		    print_list);
	if (strcmp(argv[1], "new") == 0 && words == 2)
		return make(&w, argv[0], argv[2]);
	if (strcmp(argv[1], "revoke") == 0 && words == 2)
		return take_back(&w, argv[0], argv[2]);
	return options_usage(argv[0], "say list, new NAME or revoke ID");
}

static void
print_audit(const json_t *all)
{
	GStringChunk *keep = g_string_chunk_new(1024);
	const json_t *list = json_object_get(all, "decisions"), *one;
	struct show_table *t = show_table_new(6);
	size_t i;

	json_array_foreach(list, i, one) show_table_row(
	    t, (const char *[]){ show_time(show_text(one, "at", keep), keep),
		   show_text(one, "who", keep), show_text(one, "role", keep),
		   show_text(one, "act", keep), show_text(one, "about", keep),
		   show_text(one, "why", keep) });
	if (json_array_size(list) == 0)
		puts("nobody has decided anything yet");
	show_table_print(t, "", stdout);
	g_string_chunk_free(keep);
}

int
cmd_audit(int argc, char **argv)
{
	struct client c = { 0 };
	bool json = false;
	const char *limit = NULL;
	const struct options_spec specs[] = { CLIENT_OPTIONS(c),
		{ "limit", 0, &limit, NULL }, { "json", 0, NULL, &json } };
	const struct options o = { audit_help, specs, G_N_ELEMENTS(specs), 0, 0 };
	int words = options_read(argc, argv, &o);

	if (words < 0)
		return -1 - words;
	return pages_show(&c,
	    &(struct pages){ argv[0], "/v1/audit", "decisions", limit, NEWEST }, json,
	    print_audit);
}
