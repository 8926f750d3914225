/* What is going on, as JSON: `reachd status`. Reads on a snapshot. */
#include <jansson.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "answer.h"
#include "base/text.h"
#include "contacts.h"
#include "core/phone.h"
#include "corrections.h"
#include "core/spam.h"
#include "engine_impl.h"
#include "experiments.h"
#include "launch.h"
#include "pace.h"
#include "publish_show.h"
#include "store/balance.h"
#include "store/batch.h"
#include "store/event.h"
#include "store/offer.h"
#include "store/task.h"
#include "store/version.h"

struct asking {
	engine_answer *cb;
	void *arg;
	json_t *json;
	struct balance total;
	ms_t contacts_due;
};

static int64_t
resident(void)
{
	FILE *f = fopen("/proc/self/statm", "re");
	long all, pages = 0;

	if (f == NULL)
		return 0;
	if (fscanf(f, "%ld %ld", &all, &pages) != 2)
		pages = 0;
	fclose(f);
	return (int64_t)pages * sysconf(_SC_PAGESIZE);
}

static json_t *
balance_json(const struct balance *b, const struct zone *z)
{
	json_t *j = json_object(), *by = json_object();
	char at[CLOCK_TEXT];

	json_object_set_new(j, "touches", json_integer(b->touches));
	for (int i = 0; i < COLUMNS; i++)
		json_object_set_new(j, column_name(i), json_integer(b->columns[i]));
	json_object_set_new(j, "runs",
	    json_pack("{sI sI sI sI sI sI sI}", "entered", b->runs, "running", b->running, "watching",
		b->watching, "finished", b->finished, "left", b->left, "control", b->control, "goals",
		b->goals));
	for (int i = 0; i < CHANNELS; i++)
		json_object_set_new(by, channel_name(i), json_integer(b->channel_sent[i]));
	json_object_set_new(j, "sent_by", by);
	if (b->held_until != MS_NEVER)
		json_object_set_new(j, "held_until",
		    json_string(clock_format(b->held_until, zone_offset(z, b->held_until) / 60, at)));
	json_object_set_new(j, "balanced", json_boolean(balance_ok(b)));
	return j;
}

struct named {
	int number;
	char name[128];
};

static void
note(void *arg, int number, const char *name)
{
	struct named n = { .number = number };

	g_strlcpy(n.name, name, sizeof(n.name));
	g_array_append_val((GArray *)arg, n);
}

static const char *
status_word(const struct catalog *cat, const char *name)
{
	static const char *const words[] = { "draft", "live", "paused", "ended" };
	const struct version *v = catalog_playbook(cat, name);

	return v == NULL ? "gone" : words[v->playbook->status];
}

/* A row of a list as it may be shown: a customer's id, or part of a number. */
static void
note_row(void *arg, const char *row)
{
	char phone[20], text[64];

	if (phone_normalise(row, phone) == PHONE_BAD)
		g_strlcpy(text, row, sizeof(text));
	else
		g_snprintf(text, sizeof(text), "%.3s****%s", row, row + strlen(row) - MIN(4, strlen(row)));
	json_array_append_new(arg, json_string(text_mend(text)));
}

/* What of its list means nobody. */
static int
unmatched(struct work *w, const struct version *v, json_t *j, struct err *e)
{
	json_t *rows = json_array();
	int n, rc = unmatched_each(w->store, v->hash, 5, &n, note_row, rows, e);

	if (n > 0)
		json_object_set_new(j, "unmatched", json_pack("{si sO}", "rows", n, "first", rows));
	json_decref(rows);
	return rc;
}

static int
playbooks(struct task *t, struct work *w, GArray *balances, json_t *out, struct err *e)
{
	GArray *found = g_array_new(FALSE, FALSE, sizeof(struct named));
	int rc = playbook_each(w->store, note, found, e);

	for (guint i = 0; rc == 0 && i < found->len; i++) {
		const struct named *n = &g_array_index(found, struct named, i);
		const struct version *v = catalog_playbook(t->cat, n->name);
		json_t *launch = NULL, *budgets = NULL, *hours = NULL;

		rc = launch_status(w, n->number, v, &launch, e);
		if (rc == 0 && v != NULL)
			rc = launch_budgets(w, n->number, v->playbook, &budgets, e);
		if (rc == 0)
			rc = pace_status(w, n->number, &hours, e);
		if (rc == 0) {
			json_t *j = json_pack("{ss ss% ss so}", "name", n->name, "version",
				v == NULL ? "" : v->hash, (size_t)(v == NULL ? 0 : 12), "status",
				status_word(t->cat, n->name), "balance", balance_json(balance_of(balances, n->number), t->cat->config->entity.zone));

			json_array_append_new(out, j);
			if (launch != NULL)
				json_object_set_new(j, "launch", launch);
			if (budgets != NULL)
				json_object_set_new(j, "budgets", budgets);
			if (hours != NULL)
				json_object_set_new(j, "hours", hours);
			if (v != NULL && v->playbook->start.kind == START_LIST)
				rc = unmatched(w, v, j, e);
		}
	}
	g_array_unref(found);
	return rc;
}

struct alarms {
	json_t *list;
	const struct zone *zone;
};

static void
note_alarm(void *arg, ms_t at, const char *kind, const char *ext, const char *text)
{
	const struct alarms *a = arg;
	char buf[CLOCK_TEXT];

	json_t *j = json_pack("{ss ss ss ss}", "at",
	    clock_format(at, zone_offset(a->zone, at) / 60, buf), "kind", kind, "customer", ext,
	    "text", text);

	answer_twin(j, "text_zh", text);
	json_array_append_new(a->list, j);
}

/* When each kind of table was last imported. */
static int
feeds(struct work *w, const struct zone *z, json_t *out, struct err *e)
{
	static const char *const names[] = { "customers", "optouts", "vehicles", "orders",
		"appointments", "staff", "sends", "complaints", "contacts" };
	char key[32], value[24], at[CLOCK_TEXT];

	for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
		ms_t when;

		g_snprintf(key, sizeof(key), "feed.%s", names[i]);
		if (store_meta_get(w->store, key, value, sizeof(value), e) != 0)
			return -1;
		if (*value == '\0')
			continue;
		when = g_ascii_strtoll(value, NULL, 10);
		json_array_append_new(out, json_pack("{ss ss sI}", "name", names[i], "at",
					       clock_format(when, zone_offset(z, when) / 60, at), "age_s", (w->now - when) / MS_SECOND));
	}
	return 0;
}

struct visit_feeds {
	json_t *list;
	const struct zone *zone;
	ms_t now, stale_after;
};

/* Visits of a store: what data_stale goes by. */
static void
note_feed(void *arg, const char *shop, const char *source, ms_t at)
{
	const struct visit_feeds *f = arg;
	char buf[CLOCK_TEXT], *name = g_strdup_printf("visits %s (%s)", shop, source);

	json_array_append_new(f->list,
	    json_pack("{ss ss sI sb}", "name", name, "at",
		clock_format(at, zone_offset(f->zone, at) / 60, buf), "age_s",
		(f->now - at) / MS_SECOND, "stale",
		f->stale_after != MS_NEVER && f->now - at > f->stale_after));
	g_free(name);
}

/* Calls and other tasks together, by what became of them. */
static int
task_figures(struct work *w, json_t *out, struct err *e)
{
	int64_t by_state[TASK_STATES];

	if (task_counts(w->store, by_state, e) != 0)
		return -1;
	for (int i = 0; i < TASK_STATES; i++)
		json_object_set_new(out, fsm_name(&task_fsm, i), json_integer(by_state[i]));
	return 0;
}

static int
status_run(struct task *t, struct work *w, struct err *e)
{
	struct asking *a = t->data;
	const struct zone *zone = t->cat->config->entity.zone;
	json_t *contacts = json_array(), *corrections = json_array();
	json_t *list = json_array(), *fed = json_array(), *tests = json_array(),
	       *tasks = json_object();
	struct alarms alarms = { json_array(), zone };
	struct visit_feeds visits = { fed, zone, w->now, w->cat->policy->stale_after };
	GArray *balances = balance_all(w->store, w->now, e);
	json_t *budgets = NULL, *waiting = NULL;
	int64_t quality = 0, customers = 0, asked = 0, open = 0, replies = 0, opt_outs = 0;
	int rc = 0;

	json_object_set_new(a->json, "playbooks", list);
	json_object_set_new(a->json, "alarms", alarms.list);
	json_object_set_new(a->json, "feeds", fed);
	json_object_set_new(a->json, "experiments", tests);
	json_object_set_new(a->json, "tasks", tasks);
	json_object_set_new(a->json, "contacts", contacts);
	json_object_set_new(a->json, "corrections", corrections);
	if (balances == NULL || customer_count(w->store, &customers, e) != 0 ||
	    playbooks(t, w, balances, list, e) != 0 ||
	    inbox_count_open(w->store, &open, e) != 0 || feeds(w, zone, fed, e) != 0 ||
	    feed_each(w->store, note_feed, &visits, e) != 0 ||
	    quality_count(w->store, &quality, e) != 0 || task_figures(w, tasks, e) != 0 ||
	    alarm_each(w->store, 10, note_alarm, &alarms, e) != 0 ||
	    experiments_json(w, 0, zone, tests, e) != 0 ||
	    offer_count(w->store, OFFER_ASKED, w->now, &asked, e) != 0 ||
	    balance_answers(w->store, &replies, &opt_outs, e) != 0 ||
	    launch_budgets(w, 0, NULL, &budgets, e) != 0 ||
	    corrections_status(w, corrections, e) != 0 ||
	    contacts_status(w, a->contacts_due, contacts, e) != 0)
		rc = -1;
	if (balances != NULL) {
		a->total = *balance_of(balances, 0);
		g_array_unref(balances);
	}
	if (rc == 0)
		rc = publish_show_waiting(w, &waiting, e);
	if (budgets != NULL)
		json_object_set_new(a->json, "budgets", budgets);
	if (waiting != NULL)
		json_object_set_new(a->json, "publication", waiting);
	json_object_set_new(a->json, "customers", json_integer(customers));
	json_object_set_new(a->json, "quality", json_integer(quality));
	json_object_set_new(a->json, "replies", json_integer(replies));
	json_object_set_new(a->json, "opt_outs", json_integer(opt_outs));
	json_object_set_new(a->json, "offers_asked", json_integer(asked));
	json_object_set_new(a->json, "inbox_open", json_integer(open));
	json_object_set_new(a->json, "balance", balance_json(&a->total, zone));
	return rc;
}

static void
status_done(struct task *t, const struct err *e)
{
	struct asking *a = t->data;

	if (e != NULL)
		answer_failed(a->cb, a->arg);
	else
		answer_json(a->cb, a->arg, 200, a->json);
	json_decref(a->json);
}

static json_t *
outlets(const struct engine *en)
{
	json_t *list = json_array();

	for (guint i = 0; i < en->outlets->len; i++) {
		const struct outlet *o = en->outlets->pdata[i];

		json_t *one =
		    json_pack("{ss ss ss si sI sI sI}", "name", o->name, "state",
			o->frozen	? "frozen" :
			    o->failures ? "unreachable" :
					  "ok",
			"why", o->frozen ? o->frozen_why : o->failures ? o->failed_why : "", "busy", o->busy, "sent", o->sent, "rejected", o->failed,
			"unknown", o->unknown);

		if (o->mails > 0 || o->complaints > 0) {
			json_object_set_new(one, "mails_7d", json_integer(o->mails));
			json_object_set_new(one, "complaints_7d", json_integer(o->complaints));
			json_object_set_new(one, "marketing", json_string(spam_state_name(o->spam)));
		}
		json_array_append_new(list, one);
	}
	return list;
}

/* From December on next year wants its holidays. */
static void
note_calendars(const struct engine *en, ms_t now, json_t *out)
{
	struct local l;
	int year;

	zone_local(en->catalog->config->entity.zone, now, &l);
	year = policy_year_missing(en->catalog->policy, l.date);
	if (year != 0)
		json_object_set_new(out, "calendar_missing", json_integer(year));
}

void
engine_status(struct engine *en, engine_answer *cb, void *arg)
{
	struct asking *a = g_new0(struct asking, 1);
	json_t *freezes = json_array();
	GHashTableIter it;
	gpointer cause;
	char buf[CLOCK_TEXT];
	ms_t now = en->world->now(en->world);

	g_hash_table_iter_init(&it, en->frozen);
	while (g_hash_table_iter_next(&it, &cause, NULL))
		json_array_append_new(freezes, json_string(cause));
	a->cb = cb;
	a->contacts_due = contacts_due(en);
	a->arg = arg;
	a->json = json_pack("{ss sI sI sI si so so}", "now",
	    clock_format(now, zone_offset(en->catalog->config->entity.zone, now) / 60, buf),
	    "uptime_s", (en->world->boot(en->world) - en->started_at) / MS_SECOND, "rss_bytes", resident(), "epoch", en->epoch, "in_flight", en->in_flight, "freezes",
	    freezes, "providers", outlets(en));
	note_calendars(en, now, a->json);
	if (en->refused != NULL)
		json_object_set(a->json, "refused", en->refused);
	task_start_read(task_new(en, status_run, status_done, a, g_free));
}

char *
engine_metrics(struct engine *en)
{
	GString *s = g_string_new(NULL);

	g_string_append_printf(s,
	    "# TYPE reachd_events_total counter\nreachd_events_total %" G_GINT64_FORMAT "\n"
	    "# TYPE reachd_receipts_total counter\nreachd_receipts_total %" G_GINT64_FORMAT "\n"
	    "# TYPE reachd_hits_total counter\nreachd_hits_total %" G_GINT64_FORMAT "\n"
	    "# TYPE reachd_begun_total counter\nreachd_begun_total %" G_GINT64_FORMAT "\n"
	    "# TYPE reachd_in_flight gauge\nreachd_in_flight %d\n"
	    "# TYPE reachd_frozen gauge\nreachd_frozen %d\n"
	    "# TYPE reachd_resident_bytes gauge\nreachd_resident_bytes %" G_GINT64_FORMAT "\n",
	    en->count.events, en->count.receipts, en->count.hits, en->count.begun, en->in_flight,
	    engine_is_frozen(en), resident());
	g_string_append(s, "# TYPE reachd_provider_messages_total counter\n");
	for (guint i = 0; i < en->outlets->len; i++) {
		const struct outlet *o = en->outlets->pdata[i];

		g_string_append_printf(s,
		    "reachd_provider_messages_total{provider=\"%s\",outcome=\"accepted\"} %" G_GINT64_FORMAT
		    "\nreachd_provider_messages_total{provider=\"%s\",outcome=\"rejected\"} %" G_GINT64_FORMAT
		    "\nreachd_provider_messages_total{provider=\"%s\",outcome=\"unknown\"} %" G_GINT64_FORMAT
		    "\n",
		    o->name, o->sent, o->name, o->failed, o->name, o->unknown);
	}
	g_string_append(s, "# TYPE reachd_provider_frozen gauge\n");
	for (guint i = 0; i < en->outlets->len; i++) {
		const struct outlet *o = en->outlets->pdata[i];

		g_string_append_printf(s, "reachd_provider_frozen{provider=\"%s\"} %d\n", o->name, o->frozen);
	}
	g_string_append(s, "# TYPE reachd_mail_complaint_ratio gauge\n");
	for (guint i = 0; i < en->outlets->len; i++) {
		const struct outlet *o = en->outlets->pdata[i];

		if (o->mails > 0 || o->complaints > 0)
			g_string_append_printf(s,
			    "reachd_mail_complaint_ratio{provider=\"%s\"} %.6f\n", o->name,
			    (double)o->complaints / (double)MAX(o->mails, 1));
	}
	return g_string_free(s, FALSE);
}
