/* test_play.c - a scenario's town from its first instant to its last. */
#include <glib/gstdio.h>
#include <stdarg.h>
#include <string.h>

#include "base/zone.h"
#include "store/customer.h"
#include "store/event.h"
#include "store/msg.h"
#include "test.h"

#define ANSWER_MAX MS_HOUR
/* Catalogs without a playbook are not counted: they share all with the whole one. */
#define UNCOUNTED (1 << 30)

/* ---- what comes to pass ---- */

static void
line_free(gpointer p)
{
	struct test_line *l = p;

	json_decref(l->json);
	g_free(l);
}

static void
letter_free(gpointer p)
{
	struct test_letter *l = p;

	g_free(l->ref);
	g_free(l->to);
	g_free(l->text);
	g_free(l);
}

static void
heard(void *arg, const char *line)
{
	struct test *t = arg;
	struct test_line *l;
	json_t *j = json_loads(line, 0, NULL);
	const char *type = json_string_value(json_object_get(j, "type"));

	if (strcmp(type, "message") != 0 && strcmp(type, "nonmessage") != 0) {
		json_decref(j);
		return;
	}
	l = g_new0(struct test_line, 1);
	l->json = j;
	l->nonmessage = strcmp(type, "nonmessage") == 0;
	g_ptr_array_add(t->told, l);
}

static void
touched(void *arg, const struct engine_touch *touch)
{
	struct test *t = arg;
	guint before = t->told->len;

	rehearse_lines_touch(t->lines, touch);
	if (t->told->len > before) {
		struct test_line *l = t->told->pdata[before];

		l->at = touch->at;
		l->msg = touch->msg;
	}
}

static void
took(void *arg, const struct vendor_letter *v, const struct vendor_taken *taken)
{
	struct test *t = arg;
	struct test_letter *l = g_new0(struct test_letter, 1);

	l->ref = g_strdup(taken->ref);
	l->to = g_strdup(v->to);
	l->text = g_strdup(*v->html != '\0' ? v->html : v->text);
	l->account = v->account;
	l->channel = v->channel;
	g_hash_table_replace(t->letters, g_memdup2(&v->msg, sizeof(v->msg)), l);
}

/* ---- waiting ---- */

void
test_answered(void *arg, int status, const char *json)
{
	struct test *t = arg;

	json_decref(t->answer.json);
	t->answer = (struct test_answer){ true, status, json_loads(json, 0, NULL) };
}

int
test_wait(struct test *t, struct err *e)
{
	ms_t now = sim_true(town_sim(t->town)), end = now + ANSWER_MAX;

	while (!t->answer.came) {
		if (now >= end)
			return err_set(e, ERR_INTERNAL, "the engine does not answer");
		now += now < end - ANSWER_MAX + MS_SECOND ? 1 : MS_SECOND;
		if (town_run(t->town, now, e) != 0)
			return -1;
	}
	t->answer.came = false;
	return 0;
}

void
test_fail(struct test *t, struct pos at, const char *fmt, ...)
{
	va_list ap;

	t->failures++;
	g_string_append_printf(t->out, "  %s:%d:%d: ", at.file, at.line, at.col);
	va_start(ap, fmt);
	g_string_append_vprintf(t->out, fmt, ap);
	va_end(ap);
	g_string_append_c(t->out, '\n');
}

/* ---- the first instant ---- */

static struct catalog *
load(void *arg, struct report *r)
{
	struct test *t = arg;

	if (!t->settled)
		return catalog_ref(t->catalog);
	return scenario_catalog(t->set, r);
}

static void
forget_zone(void *arg, const char *tz)
{
	g_ptr_array_add(arg, g_strdup(tz));
}

/* The first look at the customers comes when all that is given is there. */
static int
look_again(struct test *t, struct err *e)
{
	struct store *s = town_store(t->town);
	GPtrArray *zones = g_ptr_array_new_with_free_func(g_free);
	int rc;

	g_ptr_array_add(zones, g_strdup(""));
	rc = store_begin(s, e);
	if (rc == 0)
		rc = customer_zones(s, forget_zone, zones, e);
	for (guint i = 0; rc == 0 && i < zones->len; i++)
		rc = sweep_set(s, zones->pdata[i], 0, 0, e);
	if (rc == 0)
		rc = store_commit(s, e);
	g_ptr_array_unref(zones);
	return rc;
}

static int
settle(struct test *t, struct err *e)
{
	for (int i = 0; i < t->s->n_given; i++)
		if (test_import(t, &t->s->given[i], true, e) != 0)
			return -1;
	if (look_again(t, e) != 0)
		return -1;
	engine_reload(town_engine(t->town), test_answered, t);
	if (test_wait(t, e) != 0)
		return -1;
	/* What these customers make of it may be more than its people can do. */
	if (t->answer.status == 422)
		test_fail(t, t->s->at, "the set is not published:\n%s",
		    json_string_value(json_object_get(t->answer.json, "report")));
	t->settled = true;
	return 0;
}

static int
rise(struct test *t, ms_t start, struct err *e)
{
	t->bare = g_memdup2(t->catalog, sizeof(*t->catalog));
	t->bare->n_versions = 0;
	t->bare->refs = UNCOUNTED;
	t->town = town_new(&(struct town_options){ .seed = (uint64_t)t->s->seed,
			       .start = start,
			       .catalog = t->bare,
			       .load = load,
			       .load_arg = t,
			       .rehearsal = true,
			       .silent = !t->s->lively,
			       .watch = { .touch = touched, .arg = t },
			       .took = took,
			       .arg = t },
	    e);
	if (t->town == NULL || town_start(t->town, e) != 0)
		return -1;
	for (ms_t now = start; town_engine(t->town) == NULL;)
		if (now - start > MS_MINUTE || town_run(t->town, ++now, e) != 0)
			return e->kind != ERR_NONE ? -1
						   : err_set(e, ERR_INTERNAL,
							 "the engine does not start");
	return settle(t, e);
}

/* ---- until the last ---- */

static int64_t
last_day(const struct scenario *s)
{
	int64_t day = s->first_day;

	for (int i = 0; i < s->n_acts; i++)
		day = s->acts[i].verb == SCENARIO_DAYS ? day + s->acts[i].days
						       : MAX(day, s->acts[i].when.day);
	for (int i = 0; i < s->n_rows; i++)
		day = MAX(day, s->rows[i].when.day);
	return day + 1;
}

static int
play(struct test *t, struct err *e)
{
	const struct scenario *s = t->s;
	int64_t end = s->days > 0 ? s->first_day + s->days : last_day(s) + 1;

	if (rise(t, zone_instant(t->zone, s->first_day, s->from_minute), e) != 0)
		return -1;
	for (int i = 0; i < s->n_acts && t->failures == 0; i++) {
		const struct scenario_act *act = &s->acts[i];
		struct sim *sim = town_sim(t->town);
		ms_t at = act->verb == SCENARIO_DAYS
			      ? sim_true(sim) + act->days * MS_DAY
			      : zone_instant(t->zone, act->when.day, act->when.minute);

		if (town_run(t->town, MAX(at, sim_true(sim)), e) != 0 ||
		    test_act(t, act, e) != 0)
			return -1;
	}
	return t->failures > 0 ? 0 : town_run(t->town, zone_instant(t->zone, end, 0), e);
}

/* When it was for the customer, and how the message stands now. */
static void
put_end(struct test *t)
{
	struct store *s = town_store(t->town);
	struct err e = { 0 };

	for (guint i = 0; i < t->told->len; i++) {
		struct test_line *l = t->told->pdata[i];
		const char *ext = json_string_value(json_object_get(l->json, "customer"));
		const struct zone *z = NULL;
		struct customer_row row;
		struct message m;
		int64_t id;

		if (customer_find(s, ext, &id, &e) == 1 &&
		    customer_get(s, id, &row, &e) == 1)
			z = zone_get(row.c.tz);
		zone_local(z != NULL ? z : t->zone, l->at, &l->local);
		if (!l->nonmessage)
			l->state = fsm_find(&message_fsm,
			    json_string_value(json_object_get(l->json, "state")));
		/* Taken back, it is the next channel's. */
		if (msg_get(s, l->msg, &m, &e) == 1 && m.state != MSG_DUE &&
		    m.state != MSG_SUPPRESSED)
			l->state = m.state;
	}
}

static void
test_fini(struct test *t)
{
	town_free(t->town);
	g_free(t->bare);
	catalog_unref(t->catalog);
	if (t->lines != NULL)
		rehearse_lines_free(t->lines);
	g_ptr_array_unref(t->told);
	g_hash_table_unref(t->letters);
	g_array_unref(t->missing);
	json_decref(t->answer.json);
	g_string_free(t->out, TRUE);
}

static void
play_catalog(struct test *t)
{
	struct err e = { 0 };

	t->zone = t->catalog->config->entity.zone;
	t->lines = rehearse_lines_new(stdout, true, t->zone);
	rehearse_lines_listen(t->lines, heard, t);
	if (play(t, &e) != 0) {
		test_fail(t, t->s->at, "%s", e.text);
		return;
	}
	put_end(t);
	/* Where something could not happen, what came of it proves nothing. */
	if (t->failures > 0)
		return;
	test_judge(t);
	if (test_end(t, &e) != 0)
		test_fail(t, t->s->at, "%s", e.text);
}

/* Mistakes in the files, as `reachd check` tells them; its warnings are told there. */
static void
tell_mistakes(const struct test *t, GString *out)
{
	GPtrArray *all = t->report->diags;
	bool lacks = false;
	char *text = NULL;
	size_t len = 0;
	FILE *f = open_memstream(&text, &len);

	for (guint i = all->len; i-- > 0;) {
		const struct diag *d = all->pdata[i];

		lacks |= g_str_has_prefix(d->text, "there is no playbook");
		if (d->severity == SEV_WARNING)
			g_ptr_array_remove_index(all, i);
	}
	report_print(t->report, f);
	fclose(f);
	g_string_append_len(out, text, (gssize)len);
	free(text);
	if (lacks && t->s != NULL && t->s->set.playbooks != NULL)
		g_string_append(out,
		    "  only what stands under `playbooks:` of the scenario "
		    "takes part: name those it leads to as well\n");
}

int
test_play(const char *file, const char *dir, const struct test_options *o, GString *out)
{
	struct arena *a = arena_new();
	struct test t = { .report = report_new(),
		.dir = dir,
		.told = g_ptr_array_new_with_free_func(line_free),
		.letters = g_hash_table_new_full(
		    g_int64_hash, g_int64_equal, g_free, letter_free),
		.missing = g_array_new(FALSE, FALSE, sizeof(struct scenario_row *)),
		.out = g_string_new(NULL) };
	int rc = 1;

	t.s = scenario_load(a, file, o->config, t.report);
	if (t.s != NULL) {
		t.set = &t.s->set;
		t.catalog = scenario_catalog(t.set, t.report);
	}
	if (t.catalog != NULL)
		play_catalog(&t);
	rc = t.catalog == NULL || t.failures > 0 || t.report->errors > 0;
	if (rc != 0)
		g_string_append_printf(out, "FAIL  %s (%s)\n%s",
		    t.s != NULL ? t.s->name : "not a scenario", file, t.out->str);
	else if (o->show)
		g_string_append_printf(out, "ok    %s (%s)\n", t.s->name, file);
	if (t.report->errors > 0)
		tell_mistakes(&t, out);
	if (t.told->len > 0 && (rc != 0 || o->show))
		test_show(&t, o, out);
	test_fini(&t);
	report_free(t.report);
	arena_free(a);
	return rc;
}
