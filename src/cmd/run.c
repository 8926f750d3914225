/* run.c - `reachd run`: the engine in the real world, with its listeners. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <glib.h>

#include "accounts.h"
#include "base/log.h"
#include "cmd/cmd.h"
#include "engine/engine.h"
#include "heap.h"
#include "options.h"
#include "run_state.h"
#include "run_summary.h"
#include "store/group.h"
#include "store/store.h"
#include "web/web.h"
#include "world/loop.h"
#include "world/notify.h"
#include "world/server.h"

static const char help[] =
    "usage: reachd run --config DIR [--state DIR] [--days N] [--epoch TIME --speed N]\n"
    "\n"
    "The daemon: plans, sends, receives. It stays in the foreground.\n"
    "\n"
    "  -c, --config DIR     reachd.yaml, policy.yaml, calendars/ and playbooks/; templates/\n"
    "                       inside it or beside it\n"
    "  -s, --state DIR      database, key and socket; default: what systemd gives, else\n"
    "                       `state` of reachd.yaml\n"
    "\n"
    "A demonstration may run faster than life; the gateway must be given the same two:\n"
    "      --speed N        so many simulated seconds in each real one\n"
    "      --epoch TIME     where the wall clock starts, as 2026-11-22T08:00:00+08:00\n"
    "      --days N         stop after so many days, with a line a day and the balance;\n"
    "                       exit 1 if it does not balance\n"
    "\n"
    "SIGHUP reads the configuration again, SIGTERM and SIGINT (Ctrl-C) stop; with --days\n"
    "Ctrl-C shows the balance first. Exit codes: 1 refused configuration, 3 already\n"
    "running, 4 the system failed.\n";

struct run {
	const char *config, *state_option;
	char *templates_dir;
	double speed;
	ms_t epoch;
	int days;
	struct run_state state;
	struct world *world;
	struct engine *engine;
	struct web *web;
	struct server *servers[3];
	struct run_summary *summary;
	int code;
	int reloads; /* asked for and not answered */
	bool stopping;
	struct err err;
};

/* ---- the set of files ---- */

static struct catalog *
load(void *arg, struct report *r)
{
	const struct run *run = arg;
	const char *paths[] = { run->config, NULL };

	return catalog_load(paths, r);
}

static struct catalog *
revive(void *arg, const char *content, size_t len, bool playbooks, struct report *r)
{
	const struct run *run = arg;
	const char *paths[] = { run->config, NULL };

	return catalog_revive(paths, content, len, playbooks, r);
}

/* ---- store ---- */

static struct store *
open_store(void *arg, bool read_only, struct err *e)
{
	struct run *run = arg;
	const struct store_options o = { .path = run->state.db, .key = run->state.key,
		.read_only = read_only, .create = !read_only, .sync = true };

	return store_open(&o, e);
}

/* ---- stopping ---- */

static void
stopped(void *arg)
{
	struct run *run = arg;

	loop_stop(run->world);
}

static void
stop(struct run *run)
{
	if (run->stopping)
		return;
	run->stopping = true;
	notify_stopping();
	for (size_t i = 0; i < G_N_ELEMENTS(run->servers); i++)
		if (run->servers[i] != NULL)
			server_quiesce(run->servers[i]);
	engine_stop(run->engine, stopped, run);
}

static void
summary_done(void *arg, bool balanced)
{
	struct run *run = arg;

	run->code = balanced ? 0 : 1;
	stop(run);
}

/* ---- events of the process ---- */

static void
reloaded(void *arg, int status, const char *json)
{
	struct run *run = arg;

	(void)json;
	if (--run->reloads > 0) /* the last one tells */
		return;
	notify_ready(status == 202 ? "a changed set waits for a yes" : status == 200 ? "" : "the changed configuration has mistakes; the old one is in force");
}

static void
reload(void *arg)
{
	struct run *run = arg;

	notify_reloading();
	run->reloads++;
	engine_reload_next(run->engine, reloaded, run);
}

static void
signalled(void *arg, int signum)
{
	struct run *run = arg;

	if (signum == SIGHUP)
		reload(run);
	else if (signum == SIGINT && run->summary != NULL && !run->stopping)
		run_summary_end(run->summary);
	else
		stop(run);
}

/* ---- listeners ---- */

static void
public_request(void *arg, struct http_in *in)
{
	web_handle(((struct run *)arg)->web, in, WEB_PUBLIC);
}

static void
staff_request(void *arg, struct http_in *in)
{
	web_handle(((struct run *)arg)->web, in, WEB_STAFF);
}

static struct server_body
body(void *arg, const char *method, const char *path)
{
	struct server_body b = { 0 };

	(void)arg;
	b.to_file = web_body(method, path, &b.max);
	return b;
}

static int
listen_all(struct run *run, struct err *e)
{
	const struct config *cfg = engine_catalog(run->engine)->config;
	char *socket = g_strconcat("unix:", run->state.socket, NULL);
	const struct {
		const char *address;
		void (*handler)(void *, struct http_in *);
	} all[] = { { cfg->listen.public_, public_request }, { cfg->listen.staff, staff_request },
		{ socket, staff_request } };
	struct server_limits limits;
	int rc = 0;

	server_limits_default(&limits);
	limits.body = body;
	limits.temp_dir = run->state.dir;
	limits.proxies = cfg->listen.proxies;
	for (size_t i = 0; rc == 0 && i < G_N_ELEMENTS(all); i++) {
		if (all[i].address == NULL)
			continue;
		run->servers[i] = server_new(run->world, all[i].address, &limits, all[i].handler, run, e);
		if (run->servers[i] == NULL)
			rc = err_wrap(e, "listening on %s", all[i].address);
	}
	g_free(socket);
	return rc;
}

static int
watch_files(struct run *run, struct err *e)
{
	const char *dirs[] = { run->config, run->templates_dir, NULL };

	return loop_watch(run->world, dirs, reload, run, e);
}

static void
fail(struct run *run, const struct err *e)
{
	run->err = *e;
	run->code = err_exit_code(e);
	stop(run);
}

static void
ready(void *arg, const struct err *e)
{
	struct run *run = arg;
	struct err own = { 0 };

	if (e != NULL) {
		fail(run, e);
		return;
	}
	if (listen_all(run, &own) != 0 || watch_files(run, &own) != 0) {
		fail(run, &own);
		return;
	}
	if (run->days > 0)
		run->summary = run_summary_new(run->engine, run->days, summary_done, run);
	notify_ready("");
	log_info("ready", "state=%s", run->state.dir);
}

/* ---- main ---- */

static int
go(struct run *run, struct catalog *cat)
{
	struct loop_options lo = {
		.speed = run->speed,
		.epoch = run->epoch,
		.state_dir = run->state.dir,
		.signalled = signalled,
		.signal_arg = run,
		.store_open = open_store,
		.store_arg = run,
		.store_close = store_close,
		.store_write = group_write,
		.store_read = group_read,
		.store_idle = store_idle,
	};
	struct engine_options eo = { .catalog = cat, .load = load, .load_arg = run, .revive = revive,
		.flight_path = run->state.flight, .nightly = run->state.inbox };

	heap_keep();
	run->world = loop_new(&lo, &run->err);
	if (run->world == NULL) {
		catalog_unref(cat);
		return err_exit_code(&run->err);
	}
	eo.world = run->world;
	run->engine = engine_new(&eo);
	run->web = web_new(run->engine, run->state.dir);
	engine_start(run->engine, ready, run);
	loop_run(run->world);
	run_summary_free(run->summary);
	for (size_t i = 0; i < G_N_ELEMENTS(run->servers); i++)
		if (run->servers[i] != NULL)
			server_free(run->servers[i]);
	loop_free(run->world);
	web_free(run->web);
	engine_free(run->engine);
	return run->code;
}

static int
find_dirs(struct run *run, struct err *e)
{
	char *inside = g_build_filename(run->config, "templates", NULL);
	char *parent = g_path_get_dirname(run->config);

	if (g_file_test(inside, G_FILE_TEST_IS_DIR))
		run->templates_dir = inside;
	else {
		g_free(inside);
		run->templates_dir = g_build_filename(parent, "templates", NULL);
	}
	g_free(parent);
	if (!g_file_test(run->templates_dir, G_FILE_TEST_IS_DIR))
		return err_set(e, ERR_INPUT, "there is no %s: templates lie inside the configuration or beside it",
		    run->templates_dir);
	return 0;
}

/* The service manager knows better than a configuration copied from elsewhere. */
static const char *
state_dir(const struct run *run, const struct config *cfg)
{
	const char *given = getenv("STATE_DIRECTORY");

	if (run->state_option != NULL)
		return run->state_option;
	return given != NULL && *given != '\0' ? given : cfg->state;
}

static int
start(struct run *run)
{
	struct report *r = report_new();
	struct catalog *cat;
	int code;

	accounts_register();
	cat = load(run, r);
	if (cat == NULL)
		return options_report(r);
	report_print(r, stderr); /* warnings */
	report_free(r);
	if (find_dirs(run, &run->err) != 0 ||
	    run_state_open(&run->state, state_dir(run, cat->config), &run->err) != 0) {
		catalog_unref(cat);
		return options_fail("run", &run->err);
	}
	code = go(run, cat);
	run_state_close(&run->state);
	if (run->err.kind != ERR_NONE)
		options_fail("run", &run->err);
	return code;
}

int
cmd_run(int argc, char **argv)
{
	struct run run = { .speed = 1 };
	const char *speed = NULL, *epoch = NULL, *days = NULL;
	const struct options_spec specs[] = {
		{ "config", 'c', &run.config, NULL },
		{ "state", 's', &run.state_option, NULL },
		{ "speed", 0, &speed, NULL },
		{ "epoch", 0, &epoch, NULL },
		{ "days", 0, &days, NULL },
	};
	const struct options o = { help, specs, (int)G_N_ELEMENTS(specs), 0, 0 };
	int words = options_read(argc, argv, &o), code;
	char *end;

	if (words < 0)
		return -1 - words;
	if (run.config == NULL)
		return options_usage("run", "--config DIR is needed");
	if (speed != NULL) {
		run.speed = g_ascii_strtod(speed, &end);
		if (*end != '\0' || run.speed < 1 || run.speed > 1e6)
			return options_usage("run", "--speed takes a number from 1 to 1000000");
	}
	if (epoch != NULL && clock_parse(epoch, &run.epoch) != 0)
		return options_usage("run", "--epoch takes a time as 2026-11-22T08:00:00+08:00");
	if (epoch == NULL && run.speed != 1)
		return options_usage("run", "--speed needs --epoch");
	if (epoch != NULL && run.speed == 1)
		return options_usage("run", "--epoch needs a --speed above 1");
	if (days != NULL) {
		run.days = (int)g_ascii_strtoll(days, &end, 10);
		if (*end != '\0' || run.days < 0 || run.days > 4000)
			return options_usage("run", "--days takes a number from 0 to 4000");
	}
	code = start(&run);
	g_free(run.templates_dir);
	return code;
}
