#include "rehearse_play.h"

#include <stdio.h>
#include <string.h>

#include "base/zone.h"
#include "effects.h"
#include "rehearse_parts.h"
#include "rehearse_workers.h"
#include "run_state.h"
#include "sim/town.h"
#include "spec/customers.h"

struct stage {
	const struct rehearse_options *o;
	struct town *town;
	struct rehearse_lines *lines;
	struct customers *rows;
	struct arena *arena;
	const struct zone *zone;
	int64_t first_day;
};

static int
next_customer(void *arg, struct customer *c, struct err *e)
{
	struct stage *s = arg;
	struct row_fault fault;
	int rc;

	do {
		arena_reset(s->arena);
		rc = customers_next(s->rows, s->arena, c, &fault, e);
		if (rc == 1 && fault.verdict > ROW_NOTED && !s->o->quiet)
			fprintf(stderr, "row %" G_GINT64_FORMAT ": %s\n", fault.row,
			    fault.reason);
	} while (rc == 1 && fault.verdict > ROW_NOTED);
	return rc;
}

static void
touched(void *arg, const struct engine_touch *t)
{
	rehearse_lines_touch(((struct stage *)arg)->lines, t);
}

static void
acked(void *arg, const struct crowd_ack *a)
{
	struct stage *s = arg;

	if (a->kind == CROWD_REPLY || a->kind == CROWD_STOP)
		rehearse_lines_reply(s->lines, a->kind == CROWD_STOP);
}

static const struct habits_rates *
rates(void *arg, const char *playbook, int channel)
{
	const struct stage *s = arg;

	return s->o->past == NULL ? NULL
				  : rehearse_past_rates(s->o->past, playbook, channel);
}

static int
play(struct stage *s, struct balance *b, struct err *e)
{
	for (int d = 0; d < s->o->days; d++) {
		ms_t start = zone_instant(s->zone, s->first_day + d, 0);
		ms_t end = zone_instant(s->zone, s->first_day + d + 1, 0);

		if (town_run(s->town, end, e) != 0 ||
		    balance_day(town_store(s->town), end, b, e) != 0)
			return -1;
		rehearse_lines_day(s->lines, start, b);
		if (s->o->day_over != NULL)
			s->o->day_over(s->o->day_arg);
	}
	return balance_get(town_store(s->town), 0,
	    zone_instant(s->zone, s->first_day + s->o->days, 0), b, e);
}

/* The daemon's own key draws the arms and control groups, where it may be read. */
static const uint8_t *
draw_key(
    const struct rehearse_options *o, const struct catalog *cat, uint8_t key[CRYPT_KEY])
{
	int rc = run_state_key(cat->config->state, key);

	if (rc < 0 && !o->quiet)
		fprintf(stderr,
		    "the daemon's key may not be read: who is in which arm or control "
		    "group will differ\n");
	return rc == 0 ? key : NULL;
}

/* A house, or a part of one. */
static int
play_one(const struct rehearse_options *o, struct catalog *cat,
    struct rehearse_lines *lines, struct balance *b, GArray *effects, struct err *e)
{
	struct stage s = { .o = o,
		.lines = lines,
		.zone = cat->config->entity.zone,
		.first_day = date_days(o->from),
		.arena = arena_new(),
		.rows = customers_open(o->customers, TABLE_DETECT, NULL, e) };
	int rc = -1;

	s.town = town_new(&(struct town_options){ .seed = o->seed,
			      .start = zone_instant(s.zone, s.first_day, 0),
			      .catalog = catalog_ref(cat),
			      .draw_key = o->draw_key,
			      .portion = o->portion,
			      .rehearsal = true,
			      .silent = o->silent,
			      .rates = rates,
			      .watch = { .touch = touched, .arg = &s },
			      .acked = acked,
			      .arg = &s },
	    e);
	if (s.rows != NULL && s.town != NULL &&
	    town_settle(s.town, next_customer, &s, e) == 0 &&
	    town_start(s.town, e) == 0 &&
	    rehearse_files_take(&o->files, s.town,
		zone_instant(s.zone, s.first_day, 0) + MS_SECOND, o->quiet, e) == 0)
		rc = play(&s, b, e);
	if (rc == 0)
		rc = effects_count(town_store(s.town), cat, effects, e);
	town_free(s.town);
	customers_close(s.rows);
	arena_free(s.arena);
	return rc;
}

/* ---- in parts ---- */

struct show {
	const struct rehearse_options *o;
	struct catalog *cat;
	struct rehearse_lines *lines;
	struct balance *b;
	GArray *effects;
	struct rehearse_parts *parts;
	int n;
	FILE **results; /* of each part, where it has begun */
};

static void
day_over(void *arg)
{
	workers_step(*(int *)arg);
}

/* In a process of its own. */
static int
work(void *arg, int nth, int fd)
{
	struct show *s = arg;
	const struct zone *zone = s->cat->config->entity.zone;
	struct rehearse_lines *lines = rehearse_lines_new(stdout, true, zone);
	GArray *effects = effects_new();
	FILE *f = s->results[nth];
	struct rehearse_options o;
	struct balance b = { 0 };
	struct err e = { 0 };

	rehearse_parts_options(s->parts, nth, &o);
	o.draw_key = s->o->draw_key;
	o.day_over = day_over;
	o.day_arg = &fd;
	rehearse_lines_record(lines, f, rehearse_lines_wanted(s->lines), o.portion,
	    zone_instant(zone, date_days(o.from), 0));
	if (play_one(&o, s->cat, lines, &b, effects, &e) != 0)
		record_write(f, RECORD_FAILED, 0, &e, sizeof(e));
	for (guint i = 0; i < effects->len; i++)
		record_write(f, RECORD_EFFECT, 0,
		    &g_array_index(effects, struct effect, i), sizeof(struct effect));
	record_write(f, RECORD_BALANCE, 0, &b, sizeof(b));
	return record_end(f) == 0 ? 0 : 2;
}

static int
through(void *arg, int nth, struct err *e)
{
	struct show *s = arg;

	(void)e;
	rehearse_parts_done(s->parts, nth);
	return 0;
}

static void
add_day(struct rehearse_day *sum, const struct rehearse_day *d)
{
	sum->start = d->start;
	for (int c = 0; c < CHANNELS; c++)
		sum->sent[c] += d->sent[c];
	sum->tasks += d->tasks;
	sum->failed += d->failed;
	sum->held += d->held;
	sum->capped += d->capped;
	sum->opted_out += d->opted_out;
	sum->replies += d->replies;
	sum->opt_outs += d->opt_outs;
	sum->goals += d->goals;
	sum->cost += d->cost;
}

/* The lines of one day, as their instants follow each other. */
static void
tell_lines(struct show *s, struct tape *tapes)
{
	for (;;) {
		struct tape *first = NULL;

		for (int i = 0; i < s->n; i++)
			if (tapes[i].more && tapes[i].head.kind == RECORD_LINE &&
			    (first == NULL || tapes[i].head.at < first->head.at))
				first = &tapes[i];
		if (first == NULL)
			return;
		rehearse_lines_again(s->lines, first->text->str, first->text->len);
		tape_next(first);
	}
}

static bool
tell_day(struct show *s, struct tape *tapes)
{
	struct rehearse_day sum = { 0 };
	bool any = false;

	tell_lines(s, tapes);
	for (int i = 0; i < s->n; i++) {
		struct rehearse_day d;

		if (!tapes[i].more || tapes[i].head.kind != RECORD_DAY)
			continue;
		memcpy(&d, tapes[i].text->str, sizeof(d));
		add_day(&sum, &d);
		tape_next(&tapes[i]);
		any = true;
	}
	if (any)
		rehearse_lines_day_again(s->lines, &sum);
	return any;
}

static int
take_end(struct show *s, struct tape *t, struct err *e)
{
	struct effect f;
	struct balance b;

	for (; t->more; tape_next(t)) {
		if (t->head.kind == RECORD_FAILED) {
			memcpy(e, t->text->str, sizeof(*e));
			return -1;
		}
		if (t->head.kind == RECORD_EFFECT) {
			memcpy(&f, t->text->str, sizeof(f));
			effects_add(s->effects, &f);
		}
		if (t->head.kind == RECORD_BALANCE) {
			memcpy(&b, t->text->str, sizeof(b));
			balance_add(s->b, &b);
			return 0;
		}
	}
	return err_set(e, ERR_INTERNAL, "a part has not told its end");
}

static int
tell_all(struct show *s, struct err *e)
{
	struct tape *tapes = g_new0(struct tape, s->n);
	int rc = 0;

	for (int i = 0; i < s->n; i++)
		tape_open(&tapes[i], s->results[i]);
	rehearse_lines_parts(s->lines, s->n, rehearse_parts_customers(s->parts));
	while (tell_day(s, tapes))
		;
	*s->b = (struct balance){ .held_until = MS_NEVER };
	for (int i = 0; i < s->n && rc == 0; i++)
		rc = take_end(s, &tapes[i], e);
	for (int i = 0; i < s->n; i++)
		tape_close(&tapes[i]);
	g_free(tapes);
	return rc;
}

static int
play_parts(struct show *s, struct err *e)
{
	int rc = 0;

	s->results = g_new0(FILE *, s->n);
	for (int i = 0; i < s->n && rc == 0; i++)
		if ((s->results[i] = tmpfile()) == NULL)
			rc = err_set(e, ERR_IO, "no temporary file can be written");
	if (rc == 0)
		rc = workers_run(&(struct workers){ .parts = s->n,
				     .jobs = s->o->jobs,
				     .steps = s->o->days,
				     .work = work,
				     .through = through,
				     .arg = s },
		    e);
	if (rc == 0)
		rc = tell_all(s, e);
	for (int i = 0; i < s->n; i++)
		if (s->results[i] != NULL)
			fclose(s->results[i]);
	g_free(s->results);
	return rc;
}

static void
effect(void *arg, struct pos at, const char *json, const char *text, bool weak)
{
	(void)at;
	(void)weak;
	rehearse_lines_effect(arg, json, text);
}

int
rehearse_play(const struct rehearse_options *given, struct catalog *cat,
    struct rehearse_lines *lines, struct balance *b, struct err *e)
{
	struct rehearse_options o = *given;
	uint8_t key[CRYPT_KEY];
	struct show s = {
		.o = &o, .cat = cat, .lines = lines, .b = b, .effects = effects_new()
	};
	int rc = -1;

	o.draw_key = draw_key(&o, cat, key);
	s.parts = rehearse_parts_new(&o, cat->config->entity.zone, e);
	s.n = s.parts == NULL ? 0 : rehearse_parts_count(s.parts);
	if (s.n == 1)
		rc = play_one(&o, cat, lines, b, s.effects, e);
	else if (s.n > 1)
		rc = play_parts(&s, e);
	if (rc == 0)
		effects_tell(s.effects, cat, effect, lines);
	rehearse_parts_free(s.parts);
	g_array_unref(s.effects);
	catalog_unref(cat);
	return rc;
}
