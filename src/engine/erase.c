/* erase.c - one customer asks to be forgotten: his runs end, his data goes, and marketing to
 * his addresses stays stopped by keyed hashes. */
#include "store/erase.h"

#include <jansson.h>

#include "base/log.h"
#include "core/reason.h"
#include "engine_impl.h"
#include "intake.h"
#include "plan.h"
#include "provider/provider.h"
#include "refusal.h"
#include "store/contact.h"
#include "store/device.h"
#include "store/run.h"
#include "store/subject.h"
#include "store/task.h"
#include "store/tie.h"

#define AT_ONCE 64

struct erasing {
	engine_answer *cb;
	void *arg;
	char *ext;
	int64_t id; /* 0: nobody */
	int runs, replies, numbers;
	struct erase_counts n;
};

static int
leave_runs(struct erasing *g, struct work *w, int64_t id, struct err *e)
{
	struct run r[AT_ONCE];
	int n;

	do {
		n = run_of_customer(w->store, id, true, r, AT_ONCE, e);
		for (int i = 0; i < n; i++)
			if (plan_leave(w, &r[i], "erased", REASON_ERASED, e) != 0)
				return -1;
		g->runs += MAX(n, 0);
	} while (n == AT_ONCE);
	w->desk->asked = true; /* what they were told of says so */
	return n < 0 ? -1 : 0;
}

/* Those of drivers and of a contact about his cars. */
static int
leave_others(struct work *w, int64_t id, struct err *e)
{
	int64_t others[AT_ONCE];
	int n = tie_others(w->store, id, others, AT_ONCE, e);

	for (int i = 0; i < n; i++) {
		struct run *r;
		int k = plan_runs(w, others[i], true, &r, e);

		for (int j = 0; j < k; j++) {
			struct vehicle v;
			int rc = vehicle_get(w->store, r[j].subject, &v, e);

			if (rc < 0 || (rc == 1 && v.customer == id &&
					  plan_leave(w, &r[j], "erased", REASON_ERASED, e) != 0))
				return -1;
		}
		if (k < 0)
			return -1;
	}
	return n < 0 ? -1 : 0;
}

static int
withdraw_tasks(struct work *w, int64_t id, struct err *e)
{
	struct task_row *t = arena_array(w->arena, struct task_row, AT_ONCE);
	int n;

	do {
		n = task_of_customer(w->store, id, t, AT_ONCE, e);
		for (int i = 0; i < n; i++) {
			t[i].state = fsm_move(&task_fsm, t[i].state, TASK_WITHDRAWN);
			t[i].next_at = 0;
			t[i].done_at = w->now;
			if (task_save(w->store, &t[i], e) != 0)
				return -1;
		}
	} while (n == AT_ONCE);
	return n < 0 ? -1 : 0;
}

/* A request about to leave is stopped too, whatever its category. */
static int
silence(struct erasing *g, struct work *w, struct person *p, struct err *e)
{
	for (int c = 0; c < CHANNELS; c++) {
		const char *address = p->row.c.address[c];
		int64_t h;

		if (*address == '\0')
			continue;
		h = customer_hash(w->store, c, address);
		if (refusal_own(w, h, c, "erase", e) != 0 ||
		    erase_replies(w->store, RECEIPT_REPLY, address, &g->replies, e) != 0)
			return -1;
		h = STOP_ALL ^ intake_stop_key(h, c);
		g_array_append_val(w->stops, h);
		g->numbers++;
	}
	return 0;
}

static int
silence_devices(struct work *w, int64_t id, struct err *e)
{
	struct device d[DEVICES_MAX];
	int n = device_list(w->store, id, d, e);

	for (int i = 0; i < n; i++) {
		int64_t key = STOP_ALL ^ intake_stop_key(d[i].h, CHANNEL_PUSH);

		if (refusal_own(w, d[i].h, CHANNEL_PUSH, "erase", e) != 0)
			return -1;
		g_array_append_val(w->stops, key);
	}
	return n < 0 ? -1 : 0;
}

/* All his ids in WeCom, also those nobody has any more: lists are read again tonight. */
static int
silence_contacts(struct erasing *g, struct work *w, int64_t id, struct err *e)
{
	struct contact_row *c = arena_array(w->arena, struct contact_row, AT_ONCE);
	int n = contact_of_customer(w->store, id, c, AT_ONCE, e);

	for (int i = 0; i < n; i++) {
		int64_t key = STOP_ALL ^ intake_stop_key(c[i].h, CHANNEL_WECOM);

		if (refusal_own(w, c[i].h, CHANNEL_WECOM, "erase", e) != 0 ||
		    erase_replies(
			w->store, RECEIPT_CONTACT, c[i].external, &g->replies, e) != 0)
			return -1;
		g_array_append_val(w->stops, key);
	}
	return n < 0 ? -1 : 0;
}

static int
forget(struct erasing *g, struct work *w, int64_t id, struct err *e)
{
	int64_t twins[AT_ONCE];
	struct person p;
	int n = erase_twins(w->store, id, twins, AT_ONCE, e);

	for (int i = 0; i < n; i++)
		if (forget(g, w, twins[i], e) != 0)
			return -1;
	if (n < 0 || person_load(w, id, &p, e) != 1 ||
	    customer_open(w->store, &p.row, e) != 0 || leave_runs(g, w, id, e) != 0 ||
	    leave_others(w, id, e) != 0 ||
	    withdraw_tasks(w, id, e) != 0 || silence(g, w, &p, e) != 0 ||
	    silence_devices(w, id, e) != 0 || silence_contacts(g, w, id, e) != 0)
		return -1;
	return erase_customer(w->store, id, w->now, &g->n, e);
}

static int
run(struct task *t, struct work *w, struct err *e)
{
	struct erasing *g = t->data;
	int rc = customer_find(w->store, g->ext, &g->id, e);

	g->n = (struct erase_counts){ 0 };
	g->runs = g->replies = g->numbers = 0;
	if (rc == 0)
		g->id = 0;
	return rc <= 0 ? rc : forget(g, w, g->id, e);
}

static void
done(struct task *t, const struct err *e)
{
	struct erasing *g = t->data;
	char receipt[48], *text;
	json_t *j;
	int status = e != NULL ? 503 : g->id == 0 ? 404 : 200;

	g_snprintf(receipt, sizeof(receipt), "gone:%" G_GINT64_FORMAT, g->id);
	if (status == 503)
		j = json_pack(
		    "{ss}", "error", "the database cannot take it now: try again");
	else if (status == 404)
		j = json_pack("{ss}", "error", "there is no customer of this id");
	else
		j = json_pack("{ss si si si si si si si si}", "receipt", receipt, "runs",
		    g->runs, "texts", g->n.texts, "links", g->n.links, "events",
		    g->n.events, "vehicles", g->n.vehicles, "replies", g->replies,
		    "images", g->n.images, "stopped", g->numbers);
	text = json_dumps(j, JSON_COMPACT);
	if (status == 200)
		log_info("erased", "receipt=%s", receipt);
	g->cb(g->arg, status, text);
	free(text);
	json_decref(j);
}

static void
erasing_free(gpointer p)
{
	struct erasing *g = p;

	g_free(g->ext);
	g_free(g);
}

void
engine_erase(struct engine *en, const char *ext, engine_answer *cb, void *arg)
{
	struct erasing *g = g_new0(struct erasing, 1);

	g->cb = cb;
	g->arg = arg;
	g->ext = g_strdup(ext);
	task_start(task_new(en, run, done, g, erasing_free));
}
