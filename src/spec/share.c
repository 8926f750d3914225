/* share.c - "10%": a part of customers. */
#include <math.h>
#include <string.h>

#include "read.h"

bool
share_read(const struct yaml *y, double most, int *per_10000, struct report *r)
{
	const char *text;
	char *end;
	double share;

	if (!yaml_str(y, &text, r))
		return false;
	share = g_ascii_strtod(text, &end);
	if (!g_ascii_isdigit(text[0]) || strcmp(end, "%") != 0 || !isfinite(share) ||
	    share > most) {
		report_add(r, SEV_ERROR, y->at, "type", "write a share, as in 10%",
		    "\"%.80s\" is not a share from 0%% to %g%%", text, most);
		return false;
	}
	*per_10000 = (int)lround(share * 100);
	return true;
}
