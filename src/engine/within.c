/* What one who is limited by store, or to his own customers, sees of the house. */
#include <string.h>

#include <jansson.h>

#include "answer.h"
#include "assign.h"
#include "core/role.h"
#include "engine_impl.h"
#include "store/offer.h"
#include "store/subject.h"
#include "store/task.h"

#define TASKS_MAX 32

struct asking {
	engine_answer *cb;
	void *arg;
	char *name, *key, **stores;
	int role;
	enum engine_thing what;
	json_t *json; /* of a list */
	bool within;
};

static struct asking *
asking_new(const struct engine_who *who, const char *key, engine_answer *cb, void *arg)
{
	struct asking *a = g_new0(struct asking, 1);

	a->cb = cb;
	a->arg = arg;
	a->name = g_strdup(who->name);
	a->role = who->role;
	a->stores = g_strdupv((char **)(uintptr_t)who->stores);
	a->key = g_strdup(key);
	return a;
}

static void
asking_free(gpointer p)
{
	struct asking *a = p;

	g_free(a->name);
	g_free(a->key);
	g_strfreev(a->stores);
	json_decref(a->json);
	g_free(a);
}

static bool
of_stores(const struct asking *a, struct person *p)
{
	const struct shops *all = &p->work->cat->config->stores;
	const char *his = person_store(p);

	if (a->stores == NULL || a->stores[0] == NULL)
		return true;
	for (int i = 0; a->stores[i] != NULL; i++)
		if (strcmp(a->stores[i], his) == 0 ||
		    (p->shop != NULL && shop_find(all, a->stores[i]) == p->shop))
			return true;
	return false;
}

/* His customer, or one he has something to do for. */
static int
is_own(const struct asking *a, struct person *p, struct err *e)
{
	struct work *w = p->work;
	struct task_row rows[TASKS_MAX];
	struct staff f;
	int n, rc;

	if (strcmp(p->row.c.advisor, a->name) == 0)
		return 1;
	rc = staff_find(w->store, p->row.c.advisor, p->row.c.store, &f, e);
	if (rc < 0 || (rc == 1 && strcmp(f.name, a->name) == 0))
		return rc;
	n = task_of_customer(w->store, p->row.c.id, rows, TASKS_MAX, e);
	for (int i = 0; i < n; i++) {
		const char *who = rows[i].assignee;

		if (task_is_live(rows[i].state) &&
		    task_holder(w, &p->row.c, &rows[i], &who, e) != 0)
			return -1;
		if (strcmp(who, a->name) == 0)
			return 1;
	}
	return n < 0 ? -1 : 0;
}

static int
sees(struct work *w, const struct asking *a, int64_t customer, struct err *e)
{
	struct person p;
	int rc = person_load(w, customer, &p, e);

	if (rc <= 0 || !of_stores(a, &p))
		return rc < 0 ? -1 : 0;
	return role_own_only(a->role) ? is_own(a, &p, e) : 1;
}

static int
customer_of(
    struct work *w, enum engine_thing what, const char *key, int64_t *id, struct err *e)
{
	gint64 n = g_ascii_strtoll(key, NULL, 10);
	struct task_row t;
	struct grant g;
	int rc;

	if (what == ENGINE_CUSTOMER)
		return customer_find(w->store, key, id, e);
	if (what == ENGINE_TASK) {
		if ((rc = task_get(w->store, n, &t, e)) == 1)
			*id = t.customer;
		return rc;
	}
	if ((rc = offer_get(w->store, n, &g, e)) == 1)
		*id = g.customer;
	return rc;
}

static int
one_run(struct task *t, struct work *w, struct err *e)
{
	struct asking *a = t->data;
	int64_t id;
	int rc = customer_of(w, a->what, a->key, &id, e);

	if (rc == 1)
		rc = sees(w, a, id, e);
	a->within = rc == 1;
	return rc < 0 ? -1 : 0;
}

static void
one_done(struct task *t, const struct err *e)
{
	struct asking *a = t->data;

	if (e != NULL)
		answer_failed(a->cb, a->arg);
	else
		a->cb(a->arg, a->within ? 200 : 404, "{}");
}

void
engine_within(struct engine *en, const struct engine_who *who, enum engine_thing what,
    const char *key, engine_answer *cb, void *arg)
{
	struct asking *a = asking_new(who, key, cb, arg);

	a->what = what;
	task_start_read(task_new(en, one_run, one_done, a, asking_free));
}

static int
list_run(struct task *t, struct work *w, struct err *e)
{
	struct asking *a = t->data;
	json_t *list = json_object_get(a->json, a->key);

	for (size_t i = json_array_size(list); i > 0; i--) {
		const json_t *one = json_array_get(list, i - 1);
		const char *ext = json_string_value(json_object_get(one, "customer"));
		int64_t id;
		int rc = ext == NULL ? 0 : customer_find(w->store, ext, &id, e);

		if (rc == 1)
			rc = sees(w, a, id, e);
		if (rc < 0)
			return -1;
		if (rc == 0)
			json_array_remove(list, i - 1);
	}
	return 0;
}

static void
list_done(struct task *t, const struct err *e)
{
	struct asking *a = t->data;

	if (e != NULL)
		answer_failed(a->cb, a->arg);
	else
		answer_json(a->cb, a->arg, 200, a->json);
}

void
engine_within_list(struct engine *en, const struct engine_who *who, const char *json,
    const char *list, engine_answer *cb, void *arg)
{
	struct asking *a = asking_new(who, list, cb, arg);

	a->json = json_loads(json, 0, NULL);
	task_start_read(task_new(en, list_run, list_done, a, asking_free));
}
