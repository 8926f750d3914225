/* undo_optouts.c - `reachd undo optouts`: who it concerns is listed; --yes takes them back. */
#include "undo.h"

#include <stdio.h>
#include <string.h>

#include "hand.h"
#include "show.h"

struct tally {
	json_int_t lifted, stayed;
	bool yes;
};

static void
rows(const json_t *out)
{
	const json_t *one;
	size_t i;

	json_array_foreach(json_object_get(out, "rows"), i, one)
	{
		const char *who = json_string_value(json_object_get(one, "customer")),
			   *why = json_string_value(json_object_get(one, "stays"));

		printf("%-24s %-6s %s%s%s\n", *who == '\0' ? "(no customer's)" : who,
		    json_string_value(json_object_get(one, "channel")),
		    json_string_value(json_object_get(one, "at")),
		    why == NULL ? "" : "  stays out: ", why == NULL ? "" : why);
	}
}

/* The window as the first portion understood it: "2h" must not move with the clock. */
static void
go_on(json_t *ask, const json_t *out)
{
	static const char *const keys[] = { "cursor", "since", "until" };

	for (size_t i = 0; i < G_N_ELEMENTS(keys); i++)
		json_object_set(ask, keys[i], json_object_get(out, keys[i]));
}

static int
all(const struct client *c, const char *verb, json_t *ask, struct tally *t)
{
	bool more = true;
	json_t *out;

	while (more) {
		int code = hand_ask(c, verb, "undo-optouts", json_incref(ask), &out);

		if (code != 0)
			return code;
		t->lifted += show_int(out, "lifted");
		t->stayed += show_int(out, "stayed");
		if (!t->yes)
			rows(out);
		more = json_is_true(json_object_get(out, "more"));
		go_on(ask, out);
		json_decref(out);
	}
	return 0;
}

int
undo_optouts(const struct client *c, const char *verb, json_t *in, bool yes)
{
	struct tally t = { .yes = yes };
	int code;

	json_object_set_new(in, "yes", json_boolean(yes));
	code = all(c, verb, in, &t);
	json_decref(in);
	if (code != 0 && t.lifted > 0 && yes)
		fprintf(stderr,
		    "reachd %s: %lld were taken back before that; the same again goes "
		    "on\n",
		    verb, (long long)t.lifted);
	if (code != 0)
		return code;
	printf("%lld opt-outs %s, %lld stay%s\n", (long long)t.lifted,
	    yes ? "taken back" : "could be taken back", (long long)t.stayed,
	    yes || t.lifted == 0 ? "" : "; --yes --by NAME --reason TEXT does it");
	return 0;
}
