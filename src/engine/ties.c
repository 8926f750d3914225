/* ties.c - a company's contact, a household, the driver of a car: shown, and set by hand. */
#include "ties.h"

#include <string.h>

#include "answer.h"
#include "base/log.h"
#include "concern.h"
#include "engine_impl.h"
#include "plan.h"
#include "store/subject.h"
#include "store/tie.h"

#define SHOWN 64
#define FLEET 1024

/* ---- shown ---- */

static json_t *
id_of(struct work *w, int64_t id, struct err *e)
{
	struct customer_row row;

	return customer_get(w->store, id, &row, e) == 1 ? json_string(row.c.ext)
							: json_null();
}

static void
list_ids(struct work *w, json_t *j, const char *name, const int64_t *ids, int n,
    int64_t not, struct err *e)
{
	json_t *list = json_array();

	for (int i = 0; i < n; i++)
		if (ids[i] != not )
			json_array_append_new(list, id_of(w, ids[i], e));
	if (json_array_size(list) > 0)
		json_object_set(j, name, list);
	json_decref(list);
}

/* Others at one of his addresses. */
static int
sharers(struct work *w, struct person *p, json_t *j, struct err *e)
{
	static const int channels[] = { CHANNEL_SMS, CHANNEL_PHONE, CHANNEL_EMAIL,
		CHANNEL_WECOM };
	int64_t ids[SHOWN];

	for (size_t i = 0; i < G_N_ELEMENTS(channels); i++) {
		const char *a = p->row.c.address[channels[i]];
		int n = *a == '\0'
			    ? 0
			    : customer_of_address(w->store,
				  customer_hash(w->store, channels[i], a), ids, SHOWN, e);

		if (n < 0)
			return -1;
		if (n < 2)
			continue;
		list_ids(w, j, "shares_an_address_with", ids, n, p->row.c.id, e);
		return 0;
	}
	return 0;
}

static int
cars(struct work *w, struct person *p, json_t *j, struct err *e)
{
	json_t *list = json_array();
	struct vehicle *v;
	int n = concern_vehicles(p, &v);

	/* Another hears of them, and yet they are his. */
	if (n == 0 && *p->row.c.contact != '\0') {
		v = arena_array(w->arena, struct vehicle, FLEET);
		n = vehicle_of_customer(w->store, p->row.c.id, v, FLEET, e);
	}
	for (int i = 0; i < n && i < SHOWN; i++) {
		json_t *one = json_pack("{ss ss ss}", "vehicle", v[i].ext, "plate",
		    v[i].plate, "model", v[i].model);

		if (v[i].customer != p->row.c.id)
			json_object_set_new(one, "of", id_of(w, v[i].customer, e));
		if (v[i].driver != 0)
			json_object_set_new(one, "driver", id_of(w, v[i].driver, e));
		json_array_append_new(list, one);
	}
	json_object_set_new(j, "cars", json_integer(n));
	json_object_set_new(j, "vehicles", list);
	return 0;
}

json_t *
ties_json(struct work *w, struct person *p, struct err *e)
{
	const struct customer *c = &p->row.c;
	json_t *j = json_pack("{ss ss ss ss}", "kind", c->kind, "contact", c->contact,
	    "contact_name", c->contact_name, "household", c->household);
	int64_t ids[SHOWN];
	int n;

	if (*c->household != '\0') {
		n = tie_household(w->store, c->id, c->household, ids, SHOWN, e);
		list_ids(w, j, "household_with", ids, n, 0, e);
	}
	if (c->ties & TIE_CONTACT) {
		n = tie_companies(w->store, c->id, ids, SHOWN, e);
		list_ids(w, j, "contact_of", ids, n, 0, e);
	}
	if (c->ties & TIE_NUMBER && sharers(w, p, j, e) != 0) {
		json_decref(j);
		return NULL;
	}
	cars(w, p, j, e);
	return j;
}

/* ---- set ---- */

struct tying {
	engine_answer *cb;
	void *arg;
	char *ext, *kind, *contact, *contact_name, *household, *vehicle, *driver;
	bool sets;
	int status;
	char error[200];
	json_t *json;
};

static int
refuse(struct tying *g, int status, const char *fmt, const char *who)
{
	g->status = status;
	g_snprintf(g->error, sizeof(g->error), fmt, who);
	return 0;
}

/* "" says nothing, "-" takes it away. */
static const char *
told(const char *s)
{
	return *s == '\0' ? NULL : strcmp(s, "-") == 0 ? "" : s;
}

static int
set_driver(struct tying *g, struct work *w, int64_t owner, struct err *e)
{
	struct vehicle v;
	int64_t driver = 0;
	int rc = vehicle_find(w->store, g->vehicle, &v, e);

	if (rc < 0)
		return -1;
	if (rc == 0 || v.customer != owner)
		return refuse(g, 404, "he has no vehicle \"%.60s\"", g->vehicle);
	if (strcmp(g->driver, "-") != 0 &&
	    (rc = customer_find(w->store, g->driver, &driver, e)) != 1)
		return rc < 0
			   ? -1
			   : refuse(g, 404, "there is no customer \"%.60s\"", g->driver);
	return tie_set_driver(w->store, v.ext, driver, e);
}

static bool
is_company(struct work *w, int64_t id, const char *told)
{
	struct customer_row row;
	struct err e = { 0 };

	if (told == NULL && customer_get(w->store, id, &row, &e) == 1)
		told = row.c.kind;
	return g_strcmp0(told, KIND_COMPANY) == 0;
}

static int
set(struct tying *g, struct work *w, int64_t id, struct err *e)
{
	const struct customer c = { .kind = told(g->kind),
		.contact = told(g->contact),
		.contact_name = told(g->contact_name),
		.household = told(g->household) };
	int64_t contact = 0;
	int rc = 1;

	if (c.kind != NULL && *c.kind != '\0' && strcmp(c.kind, KIND_COMPANY) != 0 &&
	    strcmp(c.kind, KIND_PERSON) != 0)
		return refuse(g, 422, "kind is company or person, not \"%.60s\"", c.kind);
	if (c.contact != NULL && *c.contact != '\0')
		rc = customer_find(w->store, c.contact, &contact, e);
	if (rc != 1)
		return rc < 0
			   ? -1
			   : refuse(g, 404, "there is no customer \"%.60s\"", c.contact);
	if (contact != 0 && !is_company(w, id, c.kind))
		return refuse(g, 422,
		    "only a company has a contact: set its kind to company too%s", "");
	if (contact == id)
		return refuse(g, 422, "\"%.60s\" cannot be his own contact", g->ext);
	if (*g->vehicle != '\0' && set_driver(g, w, id, e) != 0)
		return -1;
	if (g->status != 200) /* a refusal writes nothing */
		return 0;
	return tie_set(w->store, id, &c, e) != 0 ? -1 : plan_dates_of(w, id, e);
}

static int
ties_run(struct task *t, struct work *w, struct err *e)
{
	struct tying *g = t->data;
	struct person p;
	int64_t id;
	int rc = customer_find(w->store, g->ext, &id, e);

	if (rc != 1)
		return rc < 0 ? -1
			      : refuse(g, 404, "there is no customer \"%.60s\"", g->ext);
	if (g->sets && set(g, w, id, e) != 0)
		return -1;
	if (g->status != 200)
		return 0;
	if (person_load(w, id, &p, e) != 1 || customer_open(w->store, &p.row, e) != 0)
		return -1;
	json_decref(g->json);
	g->json = ties_json(w, &p, e);
	return g->json == NULL ? -1 : 0;
}

static void
ties_done(struct task *t, const struct err *e)
{
	struct tying *g = t->data;

	if (e != NULL)
		answer_failed(g->cb, g->arg);
	else if (g->status != 200)
		answer_error(g->cb, g->arg, g->status, g->error);
	else
		answer_json(g->cb, g->arg, 200, g->json);
	if (e == NULL && g->status == 200 && g->sets)
		log_info("ties_set", "fields=%s%s%s", *g->kind != '\0' ? "kind " : "",
		    *g->contact != '\0' || *g->contact_name != '\0' ? "contact " : "",
		    *g->vehicle != '\0' ? "driver" : "");
}

static void
tying_free(gpointer p)
{
	struct tying *g = p;
	char *texts[] = { g->ext, g->kind, g->contact, g->contact_name, g->household,
		g->vehicle, g->driver };

	for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
		g_free(texts[i]);
	json_decref(g->json);
	g_free(g);
}

static struct tying *
tying_new(const char *ext, engine_answer *cb, void *arg)
{
	struct tying *g = g_new0(struct tying, 1);

	g->cb = cb;
	g->arg = arg;
	g->ext = g_strdup(ext);
	g->status = 200;
	return g;
}

void
engine_ties(struct engine *en, const char *ext, engine_answer *cb, void *arg)
{
	task_start_read(
	    task_new(en, ties_run, ties_done, tying_new(ext, cb, arg), tying_free));
}

void
engine_ties_set(struct engine *en, const char *ext, const struct engine_ties *t,
    engine_answer *cb, void *arg)
{
	struct tying *g = tying_new(ext, cb, arg);

	g->sets = true;
	g->kind = g_strdup(t->kind);
	g->contact = g_strdup(t->contact);
	g->contact_name = g_strdup(t->contact_name);
	g->household = g_strdup(t->household);
	g->vehicle = g_strdup(t->vehicle);
	g->driver = g_strdup(t->driver);
	task_start(task_new(en, ties_run, ties_done, g, tying_free));
}
