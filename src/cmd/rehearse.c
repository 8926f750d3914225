/* rehearse.c - reachd rehearse: the same engine on a virtual clock, before anyone is
 * touched. */
#include <stdio.h>
#include <string.h>

#include <glib.h>

#include "accounts.h"
#include "base/log.h"
#include "cmd/cmd.h"
#include "options.h"
#include "rehearse_lines.h"
#include "sim/town.h"
#include "spec/customers.h"
#include "store/store.h"

#define DAYS_MAX 800

static const char help[] =
    "usage: reachd rehearse --config DIR --customers FILE --from DATE [--days N]\n"
    "                       [--seed S] [--people none] [--json]\n\n"
    "Plays the coming days on a virtual clock: who gets what and when, what is held and\n"
    "why, what it costs. Nothing is sent and nothing is written. Templates are taken\n"
    "from `templates` inside DIR or beside it.\n\n"
    "  --config DIR      the configuration\n"
    "  --customers FILE  as for `reachd import customers`\n"
    "  --from DATE       the first day, as in 2026-11-22\n"
    "  --days N          how many days (90)\n"
    "  --seed S          what people do (1)\n"
    "  --people none     people who never react\n"
    "  --json            NDJSON: messages, non-messages, days, and the balance at the "
    "end\n\n"
    "Exits with 1 when the configuration has mistakes or the books do not balance.\n";

struct rehearse {
	const char *config, *customers, *from, *days, *seed, *people;
	bool json;
	struct date date;
	guint64 n_days, n_seed;
};

struct stage {
	const struct rehearse *o;
	struct town *town;
	struct rehearse_lines *lines;
	struct customers *rows;
	struct arena *arena;
	const struct zone *zone;
	int64_t first_day;
};

static int
understand(const char *verb, struct rehearse *r)
{
	if (r->config == NULL || r->customers == NULL || r->from == NULL)
		return options_usage(verb, "--config, --customers and --from are needed");
	if (date_parse(r->from, &r->date) != 0)
		return options_usage(verb, "--from is a date, as in 2026-11-22");
	if (!g_ascii_string_to_unsigned(r->days, 10, 1, DAYS_MAX, &r->n_days, NULL))
		return options_usage(verb, "--days is a number from 1 to %d", DAYS_MAX);
	if (!g_ascii_string_to_unsigned(
		r->seed + (g_str_has_prefix(r->seed, "0x") ? 2 : 0),
		g_str_has_prefix(r->seed, "0x") ? 16 : 10, 0, G_MAXUINT64, &r->n_seed,
		NULL))
		return options_usage(verb, "--seed is a number");
	if (r->people != NULL && strcmp(r->people, "none") != 0)
		return options_usage(verb, "--people knows only none");
	return 0;
}

static int
next_customer(void *arg, struct customer *c, struct err *e)
{
	struct stage *s = arg;
	struct row_fault fault;
	int rc;

	do {
		arena_reset(s->arena);
		rc = customers_next(s->rows, s->arena, c, &fault, e);
		if (rc == 1 && fault.verdict > ROW_NOTED)
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

static int
play(struct stage *s, struct balance *b, struct err *e)
{
	for (guint64 d = 0; d < s->o->n_days; d++) {
		ms_t start = zone_instant(s->zone, s->first_day + (int64_t)d, 0);
		ms_t end = zone_instant(s->zone, s->first_day + (int64_t)d + 1, 0);

		if (town_run(s->town, end, e) != 0 ||
		    balance_get(town_store(s->town), 0, end, b, e) != 0)
			return -1;
		rehearse_lines_day(s->lines, start, b);
	}
	return 0;
}

static int
rehearse(struct stage *s, struct catalog *cat, struct err *e)
{
	struct balance b;
	int rc = -1;

	s->zone = cat->config->entity.zone;
	s->first_day = date_days(s->o->date);
	s->arena = arena_new();
	s->rows = customers_open(s->o->customers, TABLE_DETECT, NULL, e);
	s->lines = rehearse_lines_new(stdout, s->o->json, s->zone);
	s->town = town_new(&(struct town_options){ .seed = s->o->n_seed,
			       .start = zone_instant(s->zone, s->first_day, 0),
			       .catalog = cat,
			       .rehearsal = true,
			       .silent = s->o->people != NULL,
			       .watch = { .touch = touched, .arg = s },
			       .acked = acked,
			       .arg = s },
	    e);
	if (s->rows != NULL && s->town != NULL &&
	    town_settle(s->town, next_customer, s, e) == 0 &&
	    town_start(s->town, e) == 0 && play(s, &b, e) == 0) {
		rc = balance_ok(&b) ? 0 : 1;
		rehearse_lines_balance(s->lines, &b, rc == 0);
	}
	town_free(s->town);
	rehearse_lines_free(s->lines);
	customers_close(s->rows);
	arena_free(s->arena);
	return rc;
}

int
cmd_rehearse(int argc, char **argv)
{
	struct rehearse r = { .days = "90", .seed = "1" };
	const struct options_spec specs[] = {
		{ "config", 0, &r.config, NULL },
		{ "customers", 0, &r.customers, NULL },
		{ "from", 0, &r.from, NULL },
		{ "days", 0, &r.days, NULL },
		{ "seed", 0, &r.seed, NULL },
		{ "people", 0, &r.people, NULL },
		{ "json", 0, NULL, &r.json },
	};
	const struct options o = { help, specs, G_N_ELEMENTS(specs), 0, 0 };
	int words = options_read(argc, argv, &o), rc;
	struct report *report;
	struct stage s = { .o = &r };
	struct err e = { 0 };
	struct catalog *cat;

	if (words < 0)
		return -1 - words;
	if ((rc = understand(argv[0], &r)) != 0)
		return rc;
	accounts_register();
	report = report_new();
	cat = catalog_load((const char *const[]){ r.config, NULL }, report);
	if (cat == NULL)
		return options_report(report);
	report_free(report);
	log_threshold(LOG_LEVEL_ERROR);
	rc = rehearse(&s, cat, &e);
	return rc < 0 ? options_fail(argv[0], &e) : rc;
}
