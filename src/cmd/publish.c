/* publish.c - `reachd publish`: what waits for somebody's yes, its difference, and the yes. */
#include <stdio.h>
#include <string.h>

#include "cmd/cmd.h"
#include "hand.h"
#include "pages.h"
#include "show.h"

#define NEWEST 20

static const char help[] =
    "usage: reachd publish list [--limit N|all] [--json]\n"
    "       reachd publish show [HASH] [--json]\n"
    "       reachd publish submit [--by NAME] [--confirm N]\n"
    "       reachd publish approve HASH [--confirm N] [--why TEXT]\n"
    "       reachd publish refuse HASH --why TEXT\n\n"
    "With `publish: approved` in reachd.yaml a changed set of files waits until somebody "
    "else\n"
    "agrees to exactly its content; what is in force runs on. So it is without where "
    "more\n"
    "messages than `approvals: due` of the policy would be due within the hour. Large\n"
    "audiences and costs (`approvals:`) want two others.\n\n"
    "  HASH         of the content, as `list` shows it; twelve letters are enough\n"
    "  --by NAME    puts it forward in another's name: for an admin, and on record\n"
    "  --confirm N  so many messages due within the hour are meant\n"
    "  --limit N    so many of the list, or all; else the newest 20\n"
    "  --why TEXT   stays on record\n\n"
    "Who owns a changed file, or puts it forward, may not agree to it. Any edit waits "
    "anew.\n"
    "After 30 days (`approvals: lapse`) it lapses; it waits anew, too, when the audience "
    "has\n"
    "grown by more than a fifth since somebody agreed.\n";

struct words {
	struct client c;
	const char *by, *why, *confirm, *limit;
	bool json;
};

static char *
joined(const json_t *list)
{
	GString *s = g_string_new(NULL);
	const json_t *one;
	size_t i;

	json_array_foreach(list, i, one)
	    g_string_append_printf(s, "%s%s", i > 0 ? ", " : "", json_string_value(one));
	return g_string_free(s, FALSE);
}

static void
print_said(const json_t *one, GStringChunk *keep)
{
	const json_t *said = json_object_get(one, "said"), *a;
	size_t i;

	json_array_foreach(said, i, a) printf("    %s  %s (%s) %s%s%s\n",
	    show_time(show_text(a, "at", keep), keep),
	    *show_text(a, "who", keep) != '\0' ? show_text(a, "who", keep)
					       : "saved files",
	    show_text(a, "role", keep), show_text(a, "act", keep),
	    *show_text(a, "why", keep) != '\0' ? ": " : "", show_text(a, "why", keep));
}

static void
print_one(const json_t *one, GStringChunk *keep)
{
	char *authors = joined(json_object_get(one, "authors"));

	printf("%.12s  %s since %s, by %s; audience %s, due within the hour %s, at most "
	       "%.2f "
	       "yuan; %s other%s must agree\n",
	    show_text(one, "hash", keep), show_text(one, "state", keep),
	    show_time(show_text(one, "since", keep), keep),
	    *authors != '\0' ? authors : "nobody known", show_text(one, "audience", keep),
	    show_text(one, "due", keep), json_number_value(json_object_get(one, "cost")),
	    show_int(one, "needs") == 0 ? "no" : show_text(one, "needs", keep),
	    show_int(one, "needs") == 1 ? "" : "s");
	print_said(one, keep);
	g_free(authors);
}

static void
print_list(const json_t *all)
{
	GStringChunk *keep = g_string_chunk_new(1024);
	const json_t *list = json_object_get(all, "publications"), *one;
	size_t i;

	json_array_foreach(list, i, one) print_one(one, keep);
	if (json_array_size(list) == 0)
		puts("nothing has been published, and nothing waits");
	g_string_chunk_free(keep);
}

static void
print_steps(const json_t *one, const char *key, const char *word)
{
	char *steps = joined(json_object_get(one, key));

	if (*steps != '\0')
		printf("    steps %s: %s\n", word, steps);
	g_free(steps);
}

static void
print_whole(const json_t *j)
{
	GStringChunk *keep = g_string_chunk_new(4096);
	const json_t *one;
	size_t i;

	print_one(j, keep);
	json_array_foreach(json_object_get(j, "playbooks"), i, one)
	{
		const char *was = show_text(one, "was", keep);

		printf("\n%s: %s%s%s, means %s people (before: %s)\n",
		    show_text(one, "playbook", keep), was,
		    *was != '\0' ? " -> " : "new, ", show_text(one, "is", keep),
		    show_text(one, "audience", keep),
		    show_text(one, "audience_before", keep));
		print_steps(one, "steps_new", "new");
		print_steps(one, "steps_gone", "gone");
	}
	json_array_foreach(json_object_get(j, "files"), i, one)
	{
		char **lines =
		    g_strsplit(json_string_value(json_object_get(one, "diff")), "\n", -1);

		printf("\n%s (%s)\n", show_text(one, "path", keep),
		    show_text(one, "change", keep));
		for (char **l = lines; *l != NULL; l++) {
			char *clean = show_clean(*l);

			if (**l != '\0')
				printf("  %s\n", clean);
			g_free(clean);
		}
		g_strfreev(lines);
	}
	g_string_chunk_free(keep);
}

/* The hash that waits, or what is in force; g_free. NULL with the code told. */
static char *
hash_of(const struct words *w, const char *verb, const char *state, int *code)
{
	json_t *all, *one;
	char *hash = NULL;
	size_t i;

	*code = client_get(&w->c, verb, "/v1/publish?limit=20", &all);
	if (*code != 0)
		return NULL;
	if (strcmp(state, "in force") == 0)
		hash = g_strdup(json_string_value(json_object_get(all, "in_force")));
	json_array_foreach(json_object_get(all, "publications"), i,
	    one) if (hash == NULL &&
		     g_strcmp0(json_string_value(json_object_get(one, "state")), state) ==
			 0) hash =
	    g_strdup(json_string_value(json_object_get(one, "hash")));
	json_decref(all);
	if (hash == NULL) {
		fprintf(stderr, "reachd %s: nothing waits for anybody's yes\n", verb);
		*code = 1;
	}
	return hash;
}

static int
show(const struct words *w, const char *verb, const char *hash)
{
	int code;
	char *own = hash == NULL ? hash_of(w, verb, "waits", &code) : g_strdup(hash),
	     *path;

	if (own == NULL)
		return code;
	path = g_strconcat("/v1/publish/", own, NULL);
	code = client_show(&w->c, verb, path, w->json, print_whole);
	g_free(path);
	g_free(own);
	return code;
}

static void
print_answer(const struct words *w, const char *body)
{
	json_t *j = json_loads(body, 0, NULL);
	const char *hash = json_string_value(json_object_get(j, "hash"));
	const char *status = json_string_value(json_object_get(j, "status"));

	if (w->json)
		puts(body);
	else if (hash != NULL)
		printf("waits for %" JSON_INTEGER_FORMAT
		       " other%s: %.12s; `reachd publish show` "
		       "shows the difference\n",
		    json_integer_value(json_object_get(j, "needs")),
		    json_integer_value(json_object_get(j, "needs")) == 1 ? "" : "s",
		    hash);
	else
		puts(status != NULL ? status : body);
	json_decref(j);
}

static int
post(const struct words *w, const char *verb, const char *path, const char *match)
{
	char *field = match == NULL ? NULL : g_strdup_printf("If-Match: \"%s\"", match),
	     *body;
	const char *const headers[] = { "Content-Type: application/json", field, NULL };
	struct client_answer ans;
	struct err e = { 0 };
	json_t *in = json_object();
	int code;

	hand_set(in, "by", w->by);
	hand_set(in, "why", w->why);
	hand_set(in, "confirm", w->confirm);
	body = json_dumps(in, JSON_COMPACT);
	code = client_ask(&w->c,
	    &(struct client_ask){ .method = "POST",
		.path = path,
		.headers = headers,
		.body = body,
		.len = strlen(body) },
	    &ans, &e);
	json_decref(in);
	free(body);
	g_free(field);
	if (code != 0)
		return options_fail(verb, &e);
	code = client_exit(ans.status);
	if (code == 0)
		print_answer(w, ans.body->str);
	else
		client_refused(verb, ans.body->str);
	client_answer_fini(&ans);
	return code;
}

static int
answer(const struct words *w, const char *verb, const char *word, const char *hash)
{
	int code;
	char *match = hash_of(w, verb, "in force", &code), *path;

	if (match == NULL)
		return code;
	path = g_strdup_printf("/v1/publish/%s/%s", hash, word);
	code = post(w, verb, path, match);
	g_free(path);
	g_free(match);
	return code;
}

int
cmd_publish(int argc, char **argv)
{
	struct words w = { 0 };
	const struct options_spec specs[] = { CLIENT_OPTIONS(w.c),
		{ "by", 0, &w.by, NULL }, { "why", 0, &w.why, NULL },
		{ "confirm", 0, &w.confirm, NULL }, { "limit", 0, &w.limit, NULL }, { "json", 0, NULL, &w.json } };
	const struct options o = { help, specs, G_N_ELEMENTS(specs), 1, 2 };
	int words = options_read(argc, argv, &o);

	if (words < 0)
		return -1 - words;
	if (strcmp(argv[1], "list") == 0 && words == 1)
		return pages_show(&w.c,
		    &(struct pages){
			argv[0], "/v1/publish", "publications", w.limit, NEWEST },
		    w.json, print_list);
	if (strcmp(argv[1], "show") == 0)
		return show(&w, argv[0], words == 2 ? argv[2] : NULL);
	if (strcmp(argv[1], "submit") == 0 && words == 1)
		return post(&w, argv[0], "/v1/publish/submit", NULL);
	if ((strcmp(argv[1], "approve") != 0 && strcmp(argv[1], "refuse") != 0) ||
	    words != 2)
		return options_usage(
		    argv[0], "say list, show, submit, approve HASH or refuse HASH");
	if (argv[2][strspn(argv[2], "0123456789abcdef")] != '\0' || strlen(argv[2]) < 12)
		return options_usage(argv[0],
		    "\"%.40s\" is no hash: at least twelve letters of what `list` shows",
		    argv[2]);
	if (w.by != NULL)
		return options_usage(argv[0],
		    "nobody agrees in another's name: leave out --by, he says it himself "
		    "with his token");
	return answer(&w, argv[0], argv[1], argv[2]);
}
