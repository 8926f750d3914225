/* rehearse.c - reachd rehearse: the same engine on a virtual clock, before anyone is
 * touched. */
#include <stdio.h>
#include <string.h>

#include <glib.h>

#include "accounts.h"
#include "base/log.h"
#include "cmd/cmd.h"
#include "heap.h"
#include "options.h"
#include "rehearse_diff.h"
#include "rehearse_play.h"

#define DAYS_MAX 800
#define PART 4000 /* 110 MB and 10 s with all that ships */

static const char help[] =
    "usage: reachd rehearse --config DIR --customers FILE --from DATE [--days N]\n"
    "                       [--seed S] [--people none] [--react past --history PATH]\n"
    "                       [--part N] [--jobs N] [--json]\n"
    "       reachd rehearse --diff OLD NEW --customers FILE --from DATE ...\n\n"
    "Plays the coming days on a virtual clock: who gets what and when, what is held and\n"
    "why, what it costs. Nothing is sent and nothing is written. Templates are taken\n"
    "from `templates` inside DIR or beside it.\n\n"
    "  --config DIR      the configuration\n"
    "  --diff OLD NEW    two configurations: who gains, loses or gets otherwise what\n"
    "  --customers FILE  as for `reachd import customers`\n"
    "  --vehicles FILE   likewise, and --orders, --appointments, --staff, --sends\n"
    "  --from DATE       the first day, as in 2026-11-22\n"
    "  --days N          how many days (90)\n"
    "  --seed S          what people do (1)\n"
    "  --people none     people who never react\n"
    "  --react past      people react as often as yours did, by playbook and channel\n"
    "  --history PATH    with --react past: the daemon's state directory or database;\n"
    "                    it is only read\n"
    "  --part N          a larger house is played in parts of so many customers (4000),\n"
    "                    the same ones for the same file. What all customers share is\n"
    "                    divided among them, so that the sum is never exceeded: limits\n"
    "                    of entries, budgets, quotas of offers, calls a day, stages of\n"
    "                    a ramp, rates. A/B tests and the stops of a ramp are judged in\n"
    "                    each part. With N as large as the house nothing is divided\n"
    "  --jobs N          parts played at a time (one a core); changes no result\n"
    "  --json            NDJSON: messages, non-messages, days, and the balance at the "
    "end;\n"
    "                    with --diff gains, losses, moves, changes, days, the "
    "difference\n\n"
    "Exits with 1 when a configuration has mistakes or the books do not balance.\n";

struct rehearse {
	const char *config, *from, *days, *seed, *people, *react, *history, *part, *jobs;
	bool json, diff;
	struct rehearse_options o;
	struct rehearse_past *past;
};

static int
understand_people(const char *verb, struct rehearse *r)
{
	if (r->people != NULL && strcmp(r->people, "none") != 0)
		return options_usage(verb, "--people knows only none");
	if (r->react != NULL && strcmp(r->react, "past") != 0)
		return options_usage(verb, "--react knows only past");
	if (r->people != NULL && r->react != NULL)
		return options_usage(verb,
		    "people who never react do not react as before: "
		    "leave out --people none or --react past");
	if ((r->react == NULL) != (r->history == NULL))
		return options_usage(verb, "--react past and --history PATH go together");
	r->o.silent = r->people != NULL;
	return 0;
}

static int
understand_parts(const char *verb, struct rehearse *r)
{
	guint64 part, jobs;

	if (!g_ascii_string_to_unsigned(r->part, 10, 1, 1000000, &part, NULL))
		return options_usage(verb, "--part is a number of customers");
	if (!g_ascii_string_to_unsigned(r->jobs, 10, 0, 256, &jobs, NULL))
		return options_usage(verb, "--jobs is a number from 1 to 256");
	r->o.part = (int)part;
	r->o.jobs = (int)jobs;
	return 0;
}

static int
understand(const char *verb, struct rehearse *r, int words)
{
	guint64 days;

	if (r->diff ? words != 2 : words != 0)
		return options_usage(
		    verb, r->diff ? "--diff needs two directories, OLD and NEW"
				  : "only --diff is followed by directories");
	if ((r->config == NULL) != r->diff)
		return options_usage(
		    verb, "one of --config DIR and --diff OLD NEW is needed");
	if (r->o.customers == NULL || r->from == NULL)
		return options_usage(verb, "--customers and --from are needed");
	if (date_parse(r->from, &r->o.from) != 0)
		return options_usage(verb, "--from is a date, as in 2026-11-22");
	if (!g_ascii_string_to_unsigned(r->days, 10, 1, DAYS_MAX, &days, NULL))
		return options_usage(verb, "--days is a number from 1 to %d", DAYS_MAX);
	r->o.days = (int)days;
	if (!g_ascii_string_to_unsigned(
		r->seed + (g_str_has_prefix(r->seed, "0x") ? 2 : 0),
		g_str_has_prefix(r->seed, "0x") ? 16 : 10, 0, G_MAXUINT64, &r->o.seed,
		NULL))
		return options_usage(verb, "--seed is a number");
	return understand_parts(verb, r) != 0 ? 2 : understand_people(verb, r);
}

static struct catalog *
load(const char *dir)
{
	struct report *report = report_new();
	struct catalog *cat = catalog_load_dry((const char *const[]){ dir, NULL }, report);

	if (cat == NULL) {
		options_report(report);
		return NULL;
	}
	report_free(report);
	return cat;
}

static int
rehearse(const struct rehearse *r, struct err *e)
{
	struct catalog *cat = load(r->config);
	struct rehearse_lines *lines;
	struct balance b;
	int rc;

	if (cat == NULL)
		return 1;
	lines = rehearse_lines_new(stdout, r->json, cat->config->entity.zone);
	rc = rehearse_play(&r->o, cat, lines, &b, e);
	if (rc == 0) {
		rc = balance_ok(&b) ? 0 : 1;
		rehearse_lines_balance(lines, &b, rc == 0);
	}
	rehearse_lines_free(lines);
	return rc;
}

static int
compare(const struct rehearse *r, char **dirs, struct err *e)
{
	struct rehearse_options o = r->o;
	struct rehearse_side *sides[2] = { NULL, NULL };
	int rc = 0;

	for (int i = 0; i < 2 && rc == 0; i++) {
		struct catalog *cat = load(dirs[i]);

		/* A row that cannot be used is told of once. */
		o.quiet = i > 0;
		sides[i] = cat == NULL ? NULL : rehearse_side_play(&o, cat, e);
		if (sides[i] == NULL)
			rc = cat == NULL ? 1 : -1;
	}
	if (rc == 0)
		rc = rehearse_diff_print(
		    sides[0], sides[1], dirs[0], dirs[1], r->json, stdout);
	rehearse_side_free(sides[0]);
	rehearse_side_free(sides[1]);
	return rc;
}

int
cmd_rehearse(int argc, char **argv)
{
	struct rehearse r = {
		.days = "90", .seed = "1", .part = G_STRINGIFY(PART), .jobs = "0"
	};
	const struct options_spec specs[] = {
		{ "config", 0, &r.config, NULL },
		{ "diff", 0, NULL, &r.diff },
		{ "customers", 0, &r.o.customers, NULL },
		{ "staff", 0, &r.o.files.staff, NULL },
		{ "vehicles", 0, &r.o.files.vehicles, NULL },
		{ "orders", 0, &r.o.files.orders, NULL },
		{ "appointments", 0, &r.o.files.appointments, NULL },
		{ "sends", 0, &r.o.files.sends, NULL },
		{ "from", 0, &r.from, NULL },
		{ "days", 0, &r.days, NULL },
		{ "seed", 0, &r.seed, NULL },
		{ "people", 0, &r.people, NULL },
		{ "react", 0, &r.react, NULL },
		{ "history", 0, &r.history, NULL },
		{ "part", 0, &r.part, NULL },
		{ "jobs", 0, &r.jobs, NULL },
		{ "json", 0, NULL, &r.json },
	};
	const struct options o = { help, specs, G_N_ELEMENTS(specs), 0, 2 };
	int words = options_read(argc, argv, &o), rc;
	struct err e = { 0 };

	if (words < 0)
		return -1 - words;
	if ((rc = understand(argv[0], &r, words)) != 0)
		return rc;
	heap_keep();
	accounts_register();
	log_threshold(LOG_LEVEL_ERROR);
	if (r.history != NULL) {
		r.past = rehearse_past_load(r.history, &e);
		if (r.past == NULL)
			return options_fail(argv[0], &e);
		r.o.past = r.past;
		rehearse_past_print(r.past, r.json, stdout);
	}
	rc = r.diff ? compare(&r, argv + 1, &e) : rehearse(&r, &e);
	rehearse_past_free(r.past);
	return rc < 0 ? options_fail(argv[0], &e) : rc;
}
