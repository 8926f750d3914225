/* What may or may not have arrived and waits for a person (PARKED): the list, and his
 * word. */
#include <jansson.h>
#include <string.h>

#include "engine_impl.h"
#include "page.h"
#include "plan.h"
#include "slots.h"
#include "store/event.h"
#include "store/msg.h"
#include "store/run.h"
#include "store/version.h"

static const struct {
	const char *word;
	enum msg_state state;
} words[] = {
	{ "sent", MSG_PRESUMED },
	{ "lost", MSG_REJECTED }, /* the provider did not take it: nothing is held */
};

struct decide {
	engine_answer *cb;
	void *arg;
	char *id; /* as given */
	int word; /* index in words */
	struct page page;
	int64_t after;
	int status;
	char *answer;
};

static void
decide_free(gpointer p)
{
	struct decide *d = p;

	g_free(d->id);
	g_free(d->answer);
	g_free(d);
}

static int
say(struct decide *d, int status, char *answer)
{
	d->status = status;
	g_free(d->answer);
	d->answer = answer;
	return 0;
}

static void
decided(struct task *t, const struct err *e)
{
	struct decide *d = t->data;

	if (e != NULL)
		say(d, 503,
		    g_strdup(
			"{\"error\":\"the database cannot take this now: try again\"}"));
	d->cb(d->arg, d->status, d->answer);
}

/* ---- the list ---- */

static void
note_name(void *arg, int number, const char *name)
{
	g_hash_table_insert(arg, GINT_TO_POINTER(number), g_strdup(name));
}

static json_t *
one(struct work *w, GHashTable *names, const struct message *m, struct err *e)
{
	const struct zone *zone = w->cat->config->entity.zone;
	const char *name = g_hash_table_lookup(names, GINT_TO_POINTER(m->playbook));
	char id[24], at[CLOCK_TEXT];
	struct customer_row row;

	if (customer_get(w->store, m->customer, &row, e) != 1)
		return NULL;
	g_snprintf(id, sizeof(id), "%" G_GINT64_FORMAT, m->id);
	return json_pack("{ss ss ss ss ss ss ss ss}", "message", id, "customer",
	    row.c.ext, "playbook", name == NULL ? "" : name, "step", m->step, "channel",
	    channel_name(m->channel), "provider", m->account, "at",
	    clock_format(m->begun_at, zone_offset(zone, m->begun_at) / 60, at), "code",
	    m->perr);
}

static int
list_run(struct task *t, struct work *w, struct err *e)
{
	const struct decide *d = t->data;
	int max = d->page.limit + 1;
	struct message *m = arena_array(w->arena, struct message, max);
	GHashTable *names = g_hash_table_new_full(NULL, NULL, NULL, g_free);
	int n = msg_parked(w->store, d->after, m, max, e), rc = n < 0 ? -1 : 0;
	json_t *list = json_array(), *j = json_pack("{so}", "parked", list);
	char *text;

	if (rc == 0)
		rc = playbook_each(w->store, note_name, names, e);
	for (int i = 0; rc == 0 && i < n; i++) {
		json_t *row = one(w, names, &m[i], e);

		rc = row == NULL || json_array_append_new(list, row) != 0 ? -1 : 0;
	}
	page_end(j, list, &d->page, "message");
	text = json_dumps(j, JSON_COMPACT);
	say(t->data, 200, g_strdup(text));
	free(text);
	json_decref(j);
	g_hash_table_unref(names);
	return rc;
}

void
engine_parked(
    struct engine *en, const struct engine_page *page, engine_answer *cb, void *arg)
{
	struct decide *d = g_new0(struct decide, 1);

	d->cb = cb;
	d->arg = arg;
	d->page = page_of(page, ENGINE_PAGE);
	if (!page_number(&d->page, &d->after)) {
		page_refuse(cb, arg);
		decide_free(d);
		return;
	}
	task_start_read(task_new(en, list_run, decided, d, decide_free));
}

/* ---- his word ---- */

static int
settle(struct work *w, struct message *m, int word, struct err *e)
{
	const char *what = arena_printf(
	    w->arena, "%s: a person settled it as %s", m->step, words[word].word);

	/* What was sent keeps its slots, as every PRESUMED does. */
	if (words[word].state == MSG_REJECTED && slots_give(w, m, e) != 0)
		return -1;
	m->state = fsm_move(&message_fsm, m->state, (int)words[word].state);
	m->perr = words[word].state == MSG_REJECTED ? "settled-lost" : m->perr;
	if (msg_save(w->store, m, e) != 0 ||
	    trail_add(w->store, m->run, w->now, what, e) != 0 ||
	    alarm_drop(w->store, "parked", m->id, e) != 0)
		return -1;
	plan_tell(w, m, "", (struct pos){ 0 }, what, 0);
	return plan_settled(w, m, e);
}

static int
settle_run(struct task *t, struct work *w, struct err *e)
{
	struct decide *d = t->data;
	struct message m;
	gint64 id;
	int rc;

	if (!g_ascii_string_to_signed(d->id, 10, 1, G_MAXINT64, &id, NULL))
		return say(d, 404,
		    g_strdup("{\"error\":\"a message is named by its number: "
			     "`reachd settle` lists them\"}"));
	if ((rc = msg_get(w->store, id, &m, e)) < 0)
		return -1;
	if (rc == 0)
		return say(d, 404,
		    g_strdup("{\"error\":\"there is no message of that number: "
			     "`reachd settle` lists them\"}"));
	if (m.state != MSG_PARKED)
		return say(d, 422,
		    g_strdup_printf(
			"{\"error\":\"message %s does not wait for a person: it is %s\"}",
			d->id, fsm_name(&message_fsm, m.state)));
	if (settle(w, &m, d->word, e) != 0)
		return -1;
	return say(d, 200,
	    g_strdup_printf("{\"message\":\"%s\",\"state\":\"%s\"}", d->id,
		fsm_name(&message_fsm, m.state)));
}

void
engine_settle(
    struct engine *en, const char *id, const char *word, engine_answer *cb, void *arg)
{
	struct decide *d;
	int k = 0;

	while (k < (int)G_N_ELEMENTS(words) && strcmp(words[k].word, word) != 0)
		k++;
	if (k == (int)G_N_ELEMENTS(words)) {
		cb(arg, 404, "{\"error\":\"a message is settled as sent or lost\"}");
		return;
	}
	d = g_new0(struct decide, 1);
	d->cb = cb;
	d->arg = arg;
	d->id = g_strdup(id);
	d->word = k;
	task_start(task_new(en, settle_run, decided, d, decide_free));
}
