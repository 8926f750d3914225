#include "check_people.h"

#include <string.h>
#include <time.h>

#include "base/log.h"
#include "effects.h"
#include "run_state.h"
#include "sim/town.h"
#include "spec/customers.h"

#define DAYS_LEAST 7
#define DAYS_MOST 60

struct people {
	struct customers *rows;
	struct arena *arena;
	struct report *report;
	GString *told;
};

static int
next_customer(void *arg, struct customer *c, struct err *e)
{
	struct people *p = arg;
	struct row_fault fault;
	int rc;

	do {
		arena_reset(p->arena);
		rc = customers_next(p->rows, p->arena, c, &fault, e);
	} while (rc == 1 && fault.verdict > ROW_NOTED);
	return rc;
}

static void
effect(void *arg, struct pos at, const char *json, const char *text, bool weak)
{
	struct people *p = arg;

	(void)json;
	if (weak)
		report_add(p->report, SEV_WARNING, at, "effect",
		    "take more people, larger arms, or what comes out as a direction "
		    "only",
		    "%s", text);
	else
		g_string_append_printf(p->told, "%s\n", text);
}

/* As if launched; and how long it takes until the last test is decided. */
static int
launch(struct catalog *cat)
{
	ms_t days = DAYS_LEAST;

	for (int i = 0; i < cat->n_versions; i++) {
		/* Ours alone, and not published by anybody. */
		struct playbook *p =
		    (struct playbook *)(uintptr_t)cat->versions[i]->playbook;

		if (p->status == PLAYBOOK_DRAFT)
			p->status = PLAYBOOK_LIVE;
		for (int k = 0; k < p->n_steps; k++)
			if (p->steps[k].split != NULL && p->steps[k].split->decide.given)
				days = MAX(
				    days, p->steps[k].split->decide.after / MS_DAY + 1);
	}
	return (int)MIN(days, DAYS_MOST);
}

static int
play(struct people *p, struct catalog *cat, int days, struct err *e)
{
	const struct zone *zone = cat->config->entity.zone;
	uint8_t key[CRYPT_KEY];
	struct local today;
	struct town *town;
	int rc = -1;

	zone_local(zone, (ms_t)time(NULL) * MS_SECOND, &today);
	town = town_new(
	    &(struct town_options){ .seed = 1,
		.start = zone_instant(zone, today.day, 0),
		.catalog = catalog_ref(cat),
		.draw_key = run_state_key(cat->config->state, key) == 0 ? key : NULL,
		.rehearsal = true,
		.silent = true },
	    e);
	if (town != NULL && town_settle(town, next_customer, p, e) == 0 &&
	    town_start(town, e) == 0 &&
	    town_run(town, zone_instant(zone, today.day + days, 0), e) == 0)
		rc = effects_each(town_store(town), cat, effect, p, e);
	town_free(town);
	return rc;
}

int
check_people(const char *const *paths, const char *customers, struct report *r,
    GString *told, struct err *e)
{
	struct people p = { .report = r, .told = told };
	struct report *again = report_new();
	struct catalog *cat = catalog_load_dry(paths, again);
	int rc = -1;

	if (cat == NULL) {
		report_first(again, e);
		report_free(again);
		return -1;
	}
	report_free(again);
	log_threshold(LOG_LEVEL_ERROR);
	p.rows = customers_open(customers, TABLE_DETECT, NULL, e);
	p.arena = arena_new();
	if (p.rows != NULL)
		rc = play(&p, cat, launch(cat), e);
	customers_close(p.rows);
	arena_free(p.arena);
	catalog_unref(cat);
	return rc;
}
