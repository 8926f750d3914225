/* people.c - reachd people: a plausible customer CSV on stdout.
 *
 * The one thing not told by the seed is the day that ages are counted from: it is
 * today's date in China unless --today names one. */
#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include <glib.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/zone.h"
#include "cmd/cmd.h"
#include "sim/people_cars.h"
#include "sim/people_make.h"

enum people_table {
	PEOPLE_CUSTOMERS,
	PEOPLE_VEHICLES,
	PEOPLE_ORDERS_TABLE,
	PEOPLE_TABLES
};
static const char *const people_tables[PEOPLE_TABLES] = { "customers", "vehicles",
	"orders" };

struct people_args {
	guint64 seed, count;
	enum people_table table;
	struct date today;
	bool help;
};

static const char people_help[] =
    "usage: reachd people [--seed S] [--count N] [--today DATE] [--table NAME]\n"
    "\n"
    "Writes a plausible customer file (CSV, UTF-8) to stdout, to try playbooks on.\n"
    "Nobody in it exists: phone numbers begin with 154, which belongs to no operator,\n"
    "and mailboxes are at example.com and example.org.\n"
    "\n"
    "  --seed S      a number; the same seed, count and day give the same bytes (1)\n"
    "  --count N     how many customers (1000)\n"
    "  --today DATE  the day visits are counted back from, as 2026-11-22 (today)\n"
    "  --table NAME  customers, or the vehicles or (repair) orders of the same people\n"
    "                (customers)\n";

static int
people_number_arg(
    const char *name, const char *text, guint64 max, guint64 *out, struct err *e)
{
	guint base = g_str_has_prefix(text, "0x") ? 16 : 10;

	if (g_ascii_string_to_unsigned(
		text + (base == 16 ? 2 : 0), base, 0, max, out, NULL))
		return 0;
	return err_set(
	    e, ERR_USAGE, "--%s wants a number from 0 to %" G_GUINT64_FORMAT, name, max);
}

static int
people_table_arg(const char *text, enum people_table *out, struct err *e)
{
	for (*out = 0; *out < PEOPLE_TABLES; (*out)++)
		if (strcmp(text, people_tables[*out]) == 0)
			return 0;
	return err_set(e, ERR_USAGE, "--table wants customers, vehicles or orders");
}

static int
people_parse(int argc, char **argv, struct people_args *out, struct err *e)
{
	static const struct option options[] = {
		{ "seed", required_argument, NULL, 's' },
		{ "count", required_argument, NULL, 'n' },
		{ "today", required_argument, NULL, 't' },
		{ "table", required_argument, NULL, 'b' },
		{ "help", no_argument, NULL, 'h' },
		{ NULL, 0, NULL, 0 },
	};
	int c;

	optind = 0;
	opterr = 0;
	while ((c = getopt_long(argc, argv, "h", options, NULL)) != -1) {
		if (c == 's' &&
		    people_number_arg("seed", optarg, G_MAXUINT64, &out->seed, e) != 0)
			return -1;
		if (c == 'n' &&
		    people_number_arg("count", optarg, PEOPLE_MAX, &out->count, e) != 0)
			return -1;
		if (c == 't' && date_parse(optarg, &out->today) != 0)
			return err_set(
			    e, ERR_USAGE, "--today wants a date such as 2026-11-22");
		if (c == 'b' && people_table_arg(optarg, &out->table, e) != 0)
			return -1;
		if (c == '?')
			return err_set(e, ERR_USAGE,
			    "%s is not understood; see reachd people --help",
			    optind > 0 && optind <= argc ? argv[optind - 1]
							 : "the command line");
		out->help |= c == 'h';
	}
	if (optind < argc)
		return err_set(
		    e, ERR_USAGE, "\"%s\" is one argument too many", argv[optind]);
	return 0;
}

static struct date
people_today(void)
{
	struct local local;

	zone_local(zone_get("Asia/Shanghai"), g_get_real_time() / 1000, &local);
	return local.date;
}

static int
people_flush(GString *out, struct err *e)
{
	size_t n = fwrite(out->str, 1, out->len, stdout);

	if (n != out->len || fflush(stdout) != 0)
		return err_set(e, ERR_IO, "cannot write the list: %s", g_strerror(errno));
	g_string_truncate(out, 0);
	return 0;
}

static void
people_heading(enum people_table table, GString *out)
{
	if (table == PEOPLE_CUSTOMERS)
		people_make_heading(out);
	else if (table == PEOPLE_VEHICLES)
		people_cars_heading(out);
	else
		people_orders_heading(out);
}

static void
people_rows(const struct people_args *args, struct arena *a, int64_t nth, GString *out)
{
	int64_t today = date_days(args->today);
	struct vehicle cars[PEOPLE_CARS];
	struct order orders[PEOPLE_ORDERS];
	struct customer c;
	int n;

	people_make(a, args->seed, nth, today, &c);
	if (args->table == PEOPLE_CUSTOMERS)
		people_make_row(&c, out);
	if (args->table == PEOPLE_VEHICLES) {
		n = people_cars(a, args->seed, nth, today, &c, cars);
		for (int i = 0; i < n; i++)
			people_cars_row(&cars[i], out);
	}
	if (args->table == PEOPLE_ORDERS_TABLE) {
		n = people_orders(a, args->seed, nth, today, &c, orders);
		for (int i = 0; i < n; i++)
			people_orders_row(&orders[i], out);
	}
}

static int
people_write(const struct people_args *args, struct err *e)
{
	struct arena *a = arena_new();
	GString *out = g_string_new(NULL);
	int rc = 0;

	people_heading(args->table, out);
	for (guint64 i = 0; i < args->count && rc == 0; i++) {
		people_rows(args, a, (int64_t)i, out);
		arena_reset(a);
		if (out->len >= 65536)
			rc = people_flush(out, e);
	}
	if (rc == 0)
		rc = people_flush(out, e);
	g_string_free(out, TRUE);
	arena_free(a);
	return rc;
}

int
cmd_people(int argc, char **argv)
{
	struct people_args args = { .seed = 1, .count = 1000 };
	struct err e = { .kind = ERR_NONE };

	/* A closed pipe is an error of write(), with its exit code. */
	signal(SIGPIPE, SIG_IGN);
	if (people_parse(argc, argv, &args, &e) == 0) {
		if (args.help) {
			fputs(people_help, stdout);
			return 0;
		}
		if (args.today.year == 0)
			args.today = people_today();
		if (people_write(&args, &e) == 0)
			return 0;
	}
	fprintf(stderr, "reachd people: %s\n", e.text);
	return err_exit_code(&e);
}
