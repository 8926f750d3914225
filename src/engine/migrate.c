/* `reachd migrate`: rehearsed on a snapshot, then begun; the sweep does the work. */
#include "migrate.h"

#include <string.h>

#include "answer.h"
#include "base/text.h"
#include "engine_impl.h"
#include "store/run.h"
#include "store/version.h"

/* So many versions are looked through for the steps they had. */
#define VERSIONS_READ 200

struct asking {
	engine_answer *cb;
	void *arg;
	json_t *request;
	int status;
	json_t *answer;
	/* While runs are counted. */
	const struct playbook *to;
	json_t *steps;
	int runs, lost;
};

static void
asking_free(gpointer p)
{
	struct asking *a = p;

	json_decref(a->request);
	json_decref(a->answer);
	g_free(a);
}

static int
say(struct asking *a, int status, json_t *answer)
{
	a->status = status;
	a->answer = answer;
	return 0;
}

static int
refuse(struct asking *a, int status, char *text)
{
	say(a, status, json_pack("{ss}", "error", text_mend(text)));
	g_free(text);
	return 0;
}

static void
note(void *arg, const char *step, int runs)
{
	struct asking *a = arg;
	const struct step *to =
	    migrate_step(a->to, json_object_get(a->request, "map"), step);

	a->runs += runs;
	a->lost += to == NULL;
	json_array_append_new(
	    a->steps, json_pack("{ss so si}", "step", step, "to",
			  to == NULL ? json_null() : json_string(to->id), "runs", runs));
}

/* ---- names in the map ---- */

static void
name_steps(const struct playbook *p, GHashTable *names)
{
	for (int i = 0; i < p->n_steps; i++)
		g_hash_table_add(names, g_strdup(p->steps[i].id));
}

/* Steps of the older versions, those that runs stand at included. */
static int
old_steps(struct asking *a, struct work *w, int number, int64_t newest, GHashTable *names,
    struct err *e)
{
	int64_t ids[VERSIONS_READ];
	int n = version_of_playbook(w->store, number, ids, VERSIONS_READ, e);
	const json_t *one;
	size_t k;

	for (int i = 0; i < n; i++) {
		struct version *v;
		char *bundle;
		int book, nth;

		if (ids[i] == newest)
			continue;
		if (version_get(w->store, ids[i], &book, &nth, &bundle, e) != 1 ||
		    (v = version_load(bundle, strlen(bundle), e)) == NULL)
			return -1;
		name_steps(v->playbook, names);
		version_free(v);
	}
	json_array_foreach(a->steps, k, one) g_hash_table_add(
	    names, g_strdup(json_string_value(json_object_get(one, "step"))));
	return n < 0 ? -1 : 0;
}

/* NULL: it is among the names; else the message. */
static char *
unknown(const char *name, GHashTable *names, bool older, const char *playbook)
{
	GPtrArray *all;
	const char *near;
	char *text;

	if (name != NULL && g_hash_table_contains(names, name))
		return NULL;
	all = text_keys(names);
	g_ptr_array_add(all, NULL);
	near = report_nearest(name == NULL ? "" : name, (const char *const *)all->pdata);
	text = g_strdup_printf("%s version of %s has %s step \"%.60s\"%s%s%s",
	    older ? "no older" : "the newest", playbook, older ? "a" : "no",
	    name == NULL ? "" : name, near == NULL ? "" : "; did you mean \"",
	    near == NULL ? "" : near, near == NULL ? "" : "\"?");
	g_ptr_array_unref(all);
	return text;
}

/* *bad: an old step that no older version has, or a new one that the newest has not; NULL:
 * the map is fine. */
static int
judge_map(struct asking *a, struct work *w, int number, int64_t newest, char **bad,
    struct err *e)
{
	json_t *map = json_object_get(a->request, "map"), *to;
	GHashTable *old = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL),
		   *new = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	const char *from;
	int rc = 0;

	*bad = NULL;
	name_steps(a->to, new);
	if (json_object_size(map) > 0)
		rc = old_steps(a, w, number, newest, old, e);
	if (rc == 0) {
		json_object_foreach(map, from, to)
		{
			if ((*bad = unknown(from, old, true, a->to->name)) == NULL)
				*bad = unknown(
				    json_string_value(to), new, false, a->to->name);
			if (*bad != NULL)
				break;
		}
	}
	g_hash_table_unref(old);
	g_hash_table_unref(new);
	return rc;
}

/* Where everybody stands, and would go. 1: it can be done; 0: answered already; -1. */
static int
rehearse(struct task *t, struct work *w, int *number, int64_t *id, struct err *e)
{
	struct asking *a = t->data;
	const char *name = json_string_value(json_object_get(a->request, "playbook"));
	const struct version *v = name == NULL ? NULL : catalog_playbook(t->cat, name);
	char *bad = NULL;
	int rc;

	if (v == NULL)
		return refuse(a, 404,
		    g_strdup_printf("there is no playbook \"%.60s\" in force",
			name == NULL ? "" : name));
	if ((rc = version_find(w->store, v->hash, id, number, e)) != 1)
		return rc < 0 ? -1
			      : refuse(a, 503,
				    g_strdup("the set is being published: try again"));
	a->to = v->playbook;
	a->steps = json_array();
	rc = run_stands(w->store, *number, *id, note, a, e);
	if (rc == 0)
		rc = judge_map(a, w, *number, *id, &bad, e);
	if (rc == 0 && bad != NULL) {
		json_decref(a->steps);
		return refuse(a, 422, bad);
	}
	say(a, 200,
	    json_pack(
		"{ss si so}", "playbook", name, "runs", a->runs, "steps", a->steps));
	if (rc != 0)
		return -1;
	if (a->lost == 0)
		return 1;
	a->status = 422;
	json_object_set_new(a->answer, "error",
	    json_string("a step has no counterpart: name one with --map old=new"));
	return 0;
}

static int
rehearse_run(struct task *t, struct work *w, struct err *e)
{
	int64_t id;
	int number;

	return rehearse(t, w, &number, &id, e) < 0 ? -1 : 0;
}

static int
begin_run(struct task *t, struct work *w, struct err *e)
{
	struct asking *a = t->data;
	struct migration g = { 0 };
	char *map;
	int64_t id;
	int number, rc = rehearse(t, w, &number, &id, e);

	if (rc != 1)
		return rc;
	rc = migration_get(w->store, number, &g, e);
	if (rc < 0)
		return -1;
	if (rc == 1 && g.done_at == 0) {
		json_decref(a->answer);
		return refuse(
		    a, 409, g_strdup("a migration of this playbook is under way"));
	}
	map = json_dumps(
	    json_object_get(a->request, "map"), JSON_COMPACT | JSON_ENCODE_ANY);
	g = (struct migration){
		.playbook = number, .version = id, .map = map == NULL ? "{}" : map
	};
	rc = migration_put(w->store, &g, e);
	free(map);
	return rc;
}

static void
answer(struct task *t, const struct err *e)
{
	struct asking *a = t->data;

	if (e != NULL) {
		answer_failed(a->cb, a->arg);
		return;
	}
	/* The sweep takes it from here, if there is something to do. */
	t->en->next_sweep = 0;
	answer_json(a->cb, a->arg, a->status, a->answer);
}

void
engine_migrate(
    struct engine *en, const char *body, size_t len, engine_answer *cb, void *arg)
{
	struct asking *a = g_new0(struct asking, 1);
	bool dry;

	a->cb = cb;
	a->arg = arg;
	a->request = json_loadb(body, len, JSON_REJECT_DUPLICATES, NULL);
	if (!json_is_object(a->request)) {
		cb(arg, 400, "{\"error\":\"send JSON: playbook, map, dry_run\"}");
		asking_free(a);
		return;
	}
	dry = json_is_true(json_object_get(a->request, "dry_run"));
	if (dry)
		task_start_read(task_new(en, rehearse_run, answer, a, asking_free));
	else
		task_start(task_new(en, begin_run, answer, a, asking_free));
}

/* ---- how far it is ---- */

static int
progress_run(struct task *t, struct work *w, struct err *e)
{
	struct asking *a = t->data;
	const struct version *v = catalog_playbook(t->cat, json_string_value(a->request));
	struct migration g;
	int64_t id;
	int number, rc;

	rc = v == NULL ? 0 : version_find(w->store, v->hash, &id, &number, e);
	if (rc == 1)
		rc = migration_get(w->store, number, &g, e);
	if (rc < 0)
		return -1;
	if (rc == 0)
		return refuse(a, 404, g_strdup("this playbook was never migrated"));
	return say(a, 200,
	    json_pack("{ss si si}", "status", g.done_at == 0 ? "under way" : "done",
		"moved", g.moved, "stayed", g.stayed));
}

void
engine_migration(struct engine *en, const char *playbook, engine_answer *cb, void *arg)
{
	struct asking *a = g_new0(struct asking, 1);

	a->cb = cb;
	a->arg = arg;
	a->request = json_string(playbook);
	task_start_read(task_new(en, progress_run, answer, a, asking_free));
}
