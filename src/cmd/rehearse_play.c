#include "rehearse_play.h"

#include <stdio.h>

#include "base/zone.h"
#include "effects.h"
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
	}
	return balance_get(town_store(s->town), 0,
	    zone_instant(s->zone, s->first_day + s->o->days, 0), b, e);
}

static void
effect(void *arg, struct pos at, const char *json, const char *text, bool weak)
{
	(void)at;
	(void)weak;
	rehearse_lines_effect(((struct stage *)arg)->lines, json, text);
}

/* The daemon's own key draws the arms and control groups, where it may be read. */
static const uint8_t *
draw_key(const struct rehearse_options *o, const struct catalog *cat, uint8_t key[CRYPT_KEY])
{
	int rc = run_state_key(cat->config->state, key);

	if (rc < 0 && !o->quiet)
		fprintf(stderr, "the daemon's key may not be read: who is in which arm or control "
				"group will differ\n");
	return rc == 0 ? key : NULL;
}

int
rehearse_play(const struct rehearse_options *o, struct catalog *cat,
    struct rehearse_lines *lines, struct balance *b, struct err *e)
{
	struct stage s = { .o = o,
		.lines = lines,
		.zone = cat->config->entity.zone,
		.first_day = date_days(o->from),
		.arena = arena_new(),
		.rows = customers_open(o->customers, TABLE_DETECT, NULL, e) };
	uint8_t key[CRYPT_KEY];
	int rc = -1;

	s.town = town_new(&(struct town_options){ .seed = o->seed,
			      .start = zone_instant(s.zone, s.first_day, 0),
			      .catalog = cat,
			      .draw_key = draw_key(o, cat, key),
			      .rehearsal = true,
			      .silent = o->silent,
			      .rates = rates,
			      .watch = { .touch = touched, .arg = &s },
			      .acked = acked,
			      .arg = &s },
	    e);
	if (s.rows != NULL && s.town != NULL &&
	    town_settle(s.town, next_customer, &s, e) == 0 && town_start(s.town, e) == 0 &&
	    rehearse_files_take(&o->files, s.town,
		zone_instant(s.zone, s.first_day, 0) + MS_SECOND, o->quiet, e) == 0)
		rc = play(&s, b, e);
	if (rc == 0)
		rc = effects_each(town_store(s.town), cat, effect, &s, e);
	town_free(s.town);
	customers_close(s.rows);
	arena_free(s.arena);
	return rc;
}
