/* reload_test.c - Y27: a set is read beside the loop; what is asked for meanwhile is answered
 * 409 or waits for its turn, and a stop in the middle of it publishes nothing. */
#include "hand_stage.h"

#define START "2026-03-10T10:00:00+08:00"
#define CARE "config/playbooks/care.yaml"
#define NAMED(title)                                                                    \
	"playbook: care\ntitle: " title                                                 \
	"\ncategory: marketing\nstatus: live\nstart: { on: visit }\nsteps:\n  - { id: " \
	"one, after: 1m, send: a }\n"
#define BAD "playbook: care\ncategory: x\n"

/* A line is a moment: "reload", "next" and "stop" are asked for, files are written, what is
 * under way comes to its end ("wait"). */
static const struct row {
	const char *name;
	const char *acts[8];
	int answers[4];    /* in the order of the asking */
	const char *title; /* in force at the end */
} rows[] = {
	{ "one", { "good", "reload", "wait" }, { 200 }, "good" },
	{ "it is not read inside the call", { "good", "reload", "better", "wait" }, { 200 },
	    "better" },
	{ "two at once: the first wins", { "good", "reload", "reload", "wait" },
	    { 200, 409 }, "good" },
	{ "one by one", { "good", "reload", "wait", "better", "reload", "wait" },
	    { 200, 200 }, "better" },
	{ "a signal waits for its turn", { "good", "reload", "next", "wait" },
	    { 200, 200 }, "good" },
	{ "and reads what is there by then",
	    { "good", "reload", "run", "next", "better", "wait" }, { 200, 200 },
	    "better" },
	{ "of two signals the last is read", { "good", "reload", "next", "next", "wait" },
	    { 200, 409, 200 }, "good" },
	{ "a signal alone", { "good", "next", "wait" }, { 200 }, "good" },
	{ "an order waits for what was read by itself", { "good", "next", "reload", "wait" },
	    { 200, 200 }, "good" },
	{ "two orders behind it", { "good", "next", "reload", "reload", "wait" },
	    { 200, 200, 409 }, "good" },
	{ "an order takes the place of a signal", { "good", "next", "next", "reload", "wait" },
	    { 200, 409, 200 }, "good" },
	{ "a signal does not take an order's", { "good", "next", "reload", "next", "wait" },
	    { 200, 200, 409 }, "good" },
	{ "an order behind an order", { "good", "reload", "next", "reload", "wait" },
	    { 200, 200, 409 }, "good" },
	{ "behind a set with mistakes",
	    { "bad", "reload", "run", "next", "good", "wait" }, { 422, 200 }, "good" },
	{ "mistakes behind a good one",
	    { "good", "reload", "run", "next", "bad", "wait" }, { 200, 422 }, "good" },
	{ "a stop while it is read", { "good", "reload", "stop", "wait" }, { 503 },
	    "old" },
	{ "a stop with a signal that waits", { "good", "reload", "next", "stop", "wait" },
	    { 503, 503 }, "old" },
	{ "after a stop", { "good", "stop", "reload", "next", "wait" }, { 503, 503 },
	    "old" },
};

struct said {
	int status, times;
};

static void
tell(void *arg, int status, const char *json)
{
	struct said *t = arg;

	(void)json;
	t->status = status;
	t->times++;
}

static void
stopped(void *arg)
{
	(void)arg;
}

static void
act(struct stage *s, const char *what, struct said *heard, int *n)
{
	if (strcmp(what, "reload") == 0)
		engine_reload(s->engine, tell, &heard[(*n)++]);
	else if (strcmp(what, "next") == 0)
		engine_reload_next(s->engine, tell, &heard[(*n)++]);
	else if (strcmp(what, "stop") == 0)
		engine_stop(s->engine, stopped, s);
	else if (strcmp(what, "wait") == 0)
		stage_run(s, 5 * MS_SECOND);
	else if (strcmp(what, "run") == 0)
		stage_run(s, 5); /* it has been read */
	else
		stage_put(s, CARE,
		    strcmp(what, "good") == 0     ? NAMED("good")
		    : strcmp(what, "better") == 0 ? NAMED("better")
						  : BAD);
}

static const char *
title(struct stage *s)
{
	return catalog_playbook(engine_catalog(s->engine), "care")->playbook->title;
}

static void
y27_one_at_a_time(void **state)
{
	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		struct stage *s = stage_new(START, CARE, NAMED("old"), NULL);
		struct said heard[4] = { 0 };
		int n = 0;

		for (int k = 0; k < 8 && rows[i].acts[k] != NULL; k++)
			act(s, rows[i].acts[k], heard, &n);
		for (int k = 0; k < n; k++)
			if (heard[k].status != rows[i].answers[k] || heard[k].times != 1)
				fail_msg("%s: the answer to %d is %d (%d times), not %d",
				    rows[i].name, k + 1, heard[k].status, heard[k].times,
				    rows[i].answers[k]);
		if (strcmp(title(s), rows[i].title) != 0)
			fail_msg("%s: \"%s\" is in force", rows[i].name, title(s));
		stage_free(s);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(y27_one_at_a_time) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
