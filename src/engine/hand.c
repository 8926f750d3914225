#include "hand.h"

#include <string.h>

#include "base/log.h"
#include "core/role.h"
#include "engine_impl.h"
#include "store/customer.h"

static const struct {
	const char *name;
	hand_order *order;
} orders[] = {
	{ "hold", hand_hold },
	{ "go", hand_go },
	{ "recall", hand_recall },
	{ "correct", hand_correct },
	{ "correct-agree", hand_correct_agree },
	{ "correct-refuse", hand_correct_refuse },
	{ "undo-event", hand_undo_event },
	{ "undo-tag", hand_undo_tag },
	{ "undo-stage", hand_undo_stage },
	{ "undo-optout", hand_undo_optout },
	{ "undo-block", hand_undo_block },
	{ "undo-optouts", hand_undo_optouts },
	{ "mail-go", hand_mail_go },
	{ "mail-dns", hand_mail_dns },
	{ "forecast", hand_forecast },
};

/* ---- what orders ask of a request ---- */

int
hand_no(struct hand *h, int status, const char *fmt, ...)
{
	va_list ap;
	char *text;

	va_start(ap, fmt);
	text = g_strdup_vprintf(fmt, ap);
	va_end(ap);
	json_object_clear(h->out);
	json_object_set_new(h->out, "error", json_string(text));
	h->status = status;
	g_free(text);
	return 0;
}

const char *
hand_text(const struct hand *h, const char *key)
{
	const char *text = json_string_value(json_object_get(h->in, key));

	return text == NULL ? "" : text;
}

bool
hand_flag(const struct hand *h, const char *key)
{
	return json_is_true(json_object_get(h->in, key));
}

bool
hand_instant(struct hand *h, const char *key, ms_t *out)
{
	const struct zone *house = h->w->cat->config->entity.zone;
	const char *text = hand_text(h, key);
	struct date d;
	ms_t span;

	*out = 0;
	if (*text == '\0' || clock_parse(text, out) == 0)
		return true;
	if (date_parse(text, &d) == 0)
		*out = zone_instant(house, date_days(d), 0);
	else if (clock_duration(text, &span) == 0)
		*out = h->w->now - span;
	else {
		hand_no(h, 422,
		    "\"%.40s\" is no time: write 2h, 2026-11-22 or "
		    "2026-11-22T10:00:00+08:00",
		    text);
		return false;
	}
	return true;
}

struct live *
hand_playbook(struct hand *h)
{
	const char *name = hand_text(h, "playbook");
	struct live *l = desk_live_named(h->w->desk, name);

	if (l == NULL || l->version == 0)
		hand_no(h, 404,
		    "there is no playbook \"%.64s\" in force: `reachd status` lists them",
		    name);
	return l == NULL || l->version == 0 ? NULL : l;
}

int
hand_customer(struct hand *h, struct person *p, struct err *e)
{
	const char *ext = hand_text(h, "customer");
	int64_t id;
	int rc = customer_find(h->w->store, ext, &id, e);

	if (rc == 1)
		rc = person_load(h->w, id, p, e);
	if (rc == 1)
		return customer_open(h->w->store, &p->row, e) != 0 ? -1 : 1;
	return rc < 0 ? -1 : hand_no(h, 404, "there is no customer \"%.64s\"", ext);
}

const char *
hand_reason(struct hand *h)
{
	const char *by = hand_text(h, "by"), *reason = hand_text(h, "reason");

	if (*by == '\0' || *reason == '\0') {
		hand_no(h, 422, "say who you are and why: --by NAME --reason TEXT");
		return NULL;
	}
	return arena_printf(h->w->arena, "%s: %s", by, reason);
}

/* ---- from request to answer ---- */

struct handing {
	engine_answer *cb;
	void *arg;
	int order, role;
	char *who;
	json_t *in, *out;
	int status;
};

static void
handing_free(gpointer p)
{
	struct handing *g = p;

	g_free(g->who);
	json_decref(g->in);
	json_decref(g->out);
	g_free(g);
}

static int
hand_run(struct task *t, struct work *w, struct err *e)
{
	struct handing *g = t->data;
	struct hand h = { .w = w, .in = g->in, .out = g->out, .status = 200, .role = g->role,
		.who = g->who };
	int rc = orders[g->order].order(&h, e);

	g->status = h.status;
	return rc;
}

static void
hand_done(struct task *t, const struct err *e)
{
	struct handing *g = t->data;
	char *text;

	if (e != NULL) {
		g->cb(g->arg, 503,
		    "{\"error\":\"the database cannot take this now: try again\"}");
		return;
	}
	t->en->next_sweep = 0; /* a stage may have begun */
	text = json_dumps(g->out, JSON_COMPACT);
	log_info("by_hand", "order=%s status=%d", orders[g->order].name, g->status);
	g->cb(g->arg, g->status, text);
	free(text);
}

void
engine_hand(struct engine *en, const char *order, const char *body, size_t len,
    engine_answer *cb, void *arg)
{
	const struct engine_who anyone = { "", ROLE_ADMIN, ~0U, NULL, "" };

	engine_hand_by(en, &anyone, order, body, len, cb, arg);
}

void
engine_hand_by(struct engine *en, const struct engine_who *who, const char *order,
    const char *body, size_t len, engine_answer *cb, void *arg)
{
	json_t *in = json_loadb(body, len, JSON_REJECT_DUPLICATES, NULL);
	struct handing *g;
	int k = 0;

	while (k < (int)G_N_ELEMENTS(orders) && strcmp(orders[k].name, order) != 0)
		k++;
	if (k == (int)G_N_ELEMENTS(orders) || !json_is_object(in)) {
		json_decref(in);
		cb(arg, k == (int)G_N_ELEMENTS(orders) ? 404 : 400,
		    "{\"error\":\"send a JSON object to one of the orders there are\"}");
		return;
	}
	g = g_new0(struct handing, 1);
	*g = (struct handing){
		.cb = cb, .arg = arg, .order = k, .role = who->role,
		.who = g_strdup(who->name), .in = in, .out = json_object()
	};
	task_start(task_new(en, hand_run, hand_done, g, handing_free));
}
