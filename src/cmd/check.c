/* check.c - `reachd check PATH... [--json]`: every mistake in what people wrote, at once.
 *
 * Files and directories given together are one set. Exit 0: no error; 1: errors. */
#include <stdio.h>

#include "accounts.h"
#include "check_census.h"
#include "check_people.h"
#include "check_registered.h"
#include "cmd/cmd.h"
#include "options.h"
#include "spec/catalog.h"
#include "spec/schema.h"

static const char help[] =
    "usage: reachd check PATH... [--on DATE] [--customers FILE] [--json]\n"
    "       reachd check PATH... --people [--config DIR | --socket PATH]\n"
    "       reachd check PATH... --registered [--config DIR | --socket PATH]\n"
    "       reachd check --keys\n"
    "\n"
    "Checks playbooks, templates, policy, calendars and reachd.yaml. Files and\n"
    "directories given together are one set, as in: reachd check config templates\n"
    "\n"
    "  --on DATE  as on that day: from December on next year wants its calendar\n"
    "  --json  the mistakes as a JSON array\n"
    "  --customers FILE  also: how small a difference A/B tests and control groups\n"
    "          could show with these customers, before anyone is touched\n"
    "  --people  also: asks the daemon what the customers of now make of the set in its\n"
    "          directory: for how many a text lacks a variable, and which playbooks are\n"
    "          due the same people in the same days\n"
    "  --registered  also: asks the daemon what the gateways have registered: a code "
    "that is\n"
    "          not approved, a text that reads otherwise than it does there\n"
    "  --keys  the reference: every key that can be written\n"
    "  --help  this text\n"
    "\n"
    "Exit code: 0 no error, 1 errors, 2 usage.\n";

static const char *
plural(int n)
{
	return n == 1 ? "" : "s";
}

static void
summary(const struct report *r, int files)
{
	if (r->errors == 0 && r->warnings == 0)
		fprintf(stderr, "%d file%s, no mistakes\n", files, plural(files));
	else if (r->warnings == 0)
		fprintf(stderr, "%d error%s in %d file%s\n", r->errors, plural(r->errors),
		    files, plural(files));
	else
		fprintf(stderr, "%d error%s, %d warning%s in %d file%s\n", r->errors,
		    plural(r->errors), r->warnings, plural(r->warnings), files,
		    plural(files));
}

static int
check(const char *const *paths, const char *customers, const struct client *people,
    const struct client *registered, struct date on, bool json)
{
	GString *told = g_string_new("");
	struct err e = { 0 };
	struct report *r = report_new();
	int files, rc;

	accounts_register();
	files = catalog_check_on(paths, on, r);
	if (files == 0 && r->errors == 0)
		report_add(r, SEV_ERROR, (struct pos){ paths[0], 0, 0 }, "missing",
		    "name files, or directories with .yaml or .liquid files",
		    "there is nothing to check here");
	if (customers != NULL && r->errors == 0 &&
	    check_people(paths, customers, r, told, &e) != 0) {
		report_free(r);
		g_string_free(told, TRUE);
		return options_fail("check", &e);
	}
	if (people != NULL && r->errors == 0 &&
	    (rc = check_census(people, "check", r)) != 0) {
		report_free(r);
		g_string_free(told, TRUE);
		return rc;
	}
	if (registered != NULL && r->errors == 0 &&
	    (rc = check_registered(paths, registered, "check", r)) != 0) {
		report_free(r);
		g_string_free(told, TRUE);
		return rc;
	}
	if (json)
		report_json(r, stdout);
	else
		report_print(r, stdout);
	if (!json)
		fputs(told->str, stdout);
	g_string_free(told, TRUE);
	fflush(stdout); /* the summary comes after it on a terminal; main() tells of
			   errors */
	summary(r, files);
	rc = r->errors > 0 ? 1 : 0;
	report_free(r);
	return rc;
}

static bool
today(struct date *out)
{
	GDateTime *now = g_date_time_new_now_local();

	g_date_time_get_ymd(now, &out->year, &out->month, &out->day);
	g_date_time_unref(now);
	return true;
}

int
cmd_check(int argc, char **argv)
{
	bool json = false, keys = false, people = false, registered = false;
	struct client client = { 0 };
	const char *customers = NULL, *day = NULL;
	struct date on;
	const struct options_spec specs[] = {
		{ "json", 'j', NULL, &json },
		{ "keys", 0, NULL, &keys },
		{ "customers", 0, &customers, NULL },
		{ "on", 0, &day, NULL },
		{ "people", 0, NULL, &people },
		{ "registered", 0, NULL, &registered },
		CLIENT_OPTIONS(client),
	};
	const struct options options = { help, specs, G_N_ELEMENTS(specs), 0, argc };
	int n = options_read(argc, argv, &options);

	if (n < 0)
		return -1 - n;
	if (keys) {
		schema_print(stdout);
		return 0;
	}
	if (n == 0)
		return options_usage(
		    "check", "name what to check, as in: reachd check config templates");
	if (day != NULL ? date_parse(day, &on) != 0 : !today(&on))
		return options_usage("check", "--on takes a date, as in 2026-12-01");
	argv[n + 1] = NULL;
	return check((const char *const *)argv + 1, customers, people ? &client : NULL,
	    registered ? &client : NULL, on, json);
}
