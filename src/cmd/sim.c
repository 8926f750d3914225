/* sim.c - reachd sim: one seed, a town in its weather, and the promises judged. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <glib.h>

#include "accounts.h"
#include "base/log.h"
#include "cmd/cmd.h"
#include "options.h"
#include "sim/trial.h"

static const char help[] =
    "usage: reachd sim --seed N [--customers 200] [--days 30] [--faults on|off]\n"
    "                  [--config DIR] [--other DIR] [--log]\n\n"
    "Plays a town out of a seed against the whole daemon on a virtual clock: gateways\n"
    "that fail, people who answer, a process that dies, a clock that jumps. Checkers of\n"
    "their own hold what the gateways took against the rules and the books. The same\n"
    "seed gives the same trace.\n\n"
    "  --seed N         a number\n"
    "  --customers N    how many people (200)\n"
    "  --days N         how long, the last four days without faults (30)\n"
    "  --faults on|off  whether things go wrong (on)\n"
    "  --config DIR     the configuration (config)\n"
    "  --other DIR      a second one, for reloads\n"
    "  --log            the daemon's log on stderr\n\n"
    "Exits with 1 when a promise was broken.\n";

struct words {
	const char *seed, *customers, *days, *faults, *config, *other;
	bool log;
};

static int
number(const char *text, guint64 max, guint64 *out)
{
	guint base = g_str_has_prefix(text, "0x") ? 16 : 10;

	return g_ascii_string_to_unsigned(
		   text + (base == 16 ? 2 : 0), base, 0, max, out, NULL)
		   ? 0
		   : -1;
}

static struct catalog *
load(const char *dir)
{
	struct report *r = report_new();
	struct catalog *cat = catalog_load((const char *const[]){ dir, NULL }, r);

	if (cat == NULL)
		options_report(r);
	else
		report_free(r);
	return cat;
}

static void
print(const struct trial *t)
{
	printf("trace=%016" PRIx64 " touches=%" PRId64 " sent=%" PRId64
	       " taken=%d unknown=%" PRId64 " runs=%" PRId64 " goals=%" PRId64
	       " deaths=%d reloads=%d orders=%d weather=\"%s\"\n",
	    t->trace, t->touches, t->sent, t->taken, t->unknown, t->runs, t->goals,
	    t->deaths, t->reloads, t->orders, t->weather);
}

static int
run(const struct words *w, struct trial_options *o)
{
	struct catalog *sets[2] = { load(w->config), NULL };
	struct trial t;
	int rc;

	if (sets[0] == NULL)
		return 1;
	o->n_sets = 1;
	if (w->other != NULL && (sets[o->n_sets++] = load(w->other)) == NULL)
		return 1;
	o->sets = sets;
	rc = trial_run(o, &t);
	print(&t);
	if (rc != 0)
		trial_print(o, &t, stderr);
	catalog_unref(sets[0]);
	if (sets[1] != NULL)
		catalog_unref(sets[1]);
	return rc;
}

int
cmd_sim(int argc, char **argv)
{
	struct words w = {
		.customers = "200", .days = "30", .faults = "on", .config = "config"
	};
	const struct options_spec specs[] = {
		{ "seed", 0, &w.seed, NULL },
		{ "customers", 0, &w.customers, NULL },
		{ "days", 0, &w.days, NULL },
		{ "faults", 0, &w.faults, NULL },
		{ "config", 0, &w.config, NULL },
		{ "other", 0, &w.other, NULL },
		{ "log", 0, NULL, &w.log },
	};
	const struct options opts = { help, specs, G_N_ELEMENTS(specs), 0, 0 };
	int words = options_read(argc, argv, &opts);
	struct trial_options o = { .program = "reachd" };
	guint64 customers, days;

	if (words < 0)
		return -1 - words;
	if (w.seed == NULL || number(w.seed, G_MAXUINT64, &o.seed) != 0)
		return options_usage(argv[0], "--seed is a number");
	if (number(w.customers, 1000000, &customers) != 0 || customers == 0 ||
	    number(w.days, 4000, &days) != 0 || days == 0)
		return options_usage(
		    argv[0], "--customers and --days are numbers above 0");
	if (strcmp(w.faults, "on") != 0 && strcmp(w.faults, "off") != 0)
		return options_usage(argv[0], "--faults is on or off");
	o.customers = (int)customers;
	o.days = (int)days;
	o.log = w.log ? stderr : NULL;
	o.faults = strcmp(w.faults, "on") == 0;
	accounts_register();
	log_threshold(w.log ? LOG_LEVEL_DEBUG : LOG_LEVEL_WARN);
	return run(&w, &o);
}
