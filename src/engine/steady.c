#include "steady.h"

/* 2024-01-01T00:00:00Z: no machine that runs this program lives before. */
#define BUILT INT64_C(1704067200000)
#define SLACK (2 * MS_SECOND)
#define FAR (400 * MS_DAY)
#define TRIAL MS_MINUTE

static enum steady_fault
place(const struct steady *s, ms_t wall)
{
	bool known = s->mark >= BUILT; /* else it was made by a clock as wrong */

	if (wall < BUILT)
		return STEADY_UNSET;
	if (known && wall < s->mark - SLACK)
		return STEADY_BEHIND;
	if (known && wall > s->mark + FAR)
		return STEADY_AHEAD;
	return STEADY_OK;
}

/* Where it would be had it never jumped: the jump was taken back. Nobody can tell
 * from a clock alone that the new time is the better one. A clock not yet believed
 * in this life was set, and has no course to be on. */
static bool
on_course(const struct steady *s)
{
	ms_t off = (s->wall - s->mark) - (s->boot - s->boot_at_mark);

	return s->boot_at_mark == 0 || (off <= SLACK && off >= -SLACK);
}

enum steady_fault
steady_look(struct steady *s, ms_t wall, ms_t boot, bool vouched)
{
	bool first = s->boot == 0;
	ms_t off = first ? 0 : (wall - s->wall) - (boot - s->boot);
	bool jumped = off > SLACK || off < -SLACK, tried;
	enum steady_fault was = s->fault;

	s->wall = wall;
	s->boot = boot;
	if (first || jumped)
		s->since = boot;
	tried = boot - s->since >= TRIAL;
	s->fault = place(s, wall);
	if (s->fault != STEADY_UNSET && s->fault != STEADY_OK && vouched && tried)
		s->fault = STEADY_OK;
	if (s->fault == STEADY_OK &&
	    (jumped || (was != STEADY_OK && !(tried && (vouched || on_course(s))))))
		s->fault = STEADY_JUMPED;
	if (s->fault == STEADY_OK) {
		s->mark = wall;
		s->boot_at_mark = boot;
	}
	return s->fault;
}

const char *
steady_why(enum steady_fault fault)
{
	static const char *const why[] = {
		[STEADY_OK] = "the clock runs well",
		[STEADY_UNSET] = "the clock shows a time before 2024",
		[STEADY_BEHIND] =
		    "the clock is behind a time this database has already seen",
		[STEADY_AHEAD] =
		    "the clock is over 400 days ahead of what this database has seen",
		[STEADY_JUMPED] = "the clock jumped",
	};

	return why[fault];
}

const char *
steady_advice(enum steady_fault fault)
{
	static const char *const advice[] = {
		[STEADY_OK] = "nothing",
		[STEADY_UNSET] = "set the clock; sending begins by itself a minute later",
		[STEADY_BEHIND] =
		    "set the clock, or if it is right start time synchronisation;"
		    " sending begins by itself a minute later",
		[STEADY_AHEAD] =
		    "set the clock, or if it is right start time synchronisation;"
		    " sending begins by itself a minute later",
		[STEADY_JUMPED] =
		    "if the time is right now start time synchronisation, or reachd"
		    " again; else set it back; sending begins by itself a minute later",
	};

	return advice[fault];
}
