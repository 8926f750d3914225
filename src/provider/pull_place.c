#include "pull_place.h"

#include <stdio.h>

#include <glib.h>

struct pull_place
pull_place_of(const char *cursor)
{
	struct pull_place at = { 0, 0, NULL };
	int n = 0;

	if (sscanf(cursor, "%lld %lld %n", &at.since, &at.newest, &n) == 2 && n > 0 &&
	    cursor[n] != '\0')
		at.page = cursor + n;
	return at;
}

bool
pull_place_forgotten(struct pull_place *at, bool paged, int status)
{
	if (!paged || (status != 400 && status != 404))
		return false;
	*at = (struct pull_place){ at->since, 0, NULL };
	return true;
}

const char *
pull_place_cursor(const struct pull_place *at, struct arena *a, bool *more)
{
	long long since = MAX(at->since, at->newest);

	*more = at->page != NULL && *at->page != '\0';
	if (*more)
		return arena_printf(a, "%lld %lld %s", at->since, at->newest, at->page);
	return since == 0 ? "" : arena_printf(a, "%lld", since);
}
