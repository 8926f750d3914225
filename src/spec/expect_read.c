/* expect_read.c - what a playbook is expected to reach. */
#include "read.h"
#include "spec/schema.h"

#define EXPECT_MAX 10000

void
expect_read(const struct yaml *y, struct playbook *p, struct report *r)
{
	static const char *const bases[] = { "field", "assumption", NULL };
	int basis;

	if (y == NULL || !schema_check(y, &schema_expect, r))
		return;
	p->expect.at = y->at;
	p->expect.by = p->goal.window;
	if (yaml_get(y, "goal") == NULL)
		schema_missing(
		    y, "goal", "write goal: 20%, the share of those who enter", r);
	share_read(yaml_get(y, "goal"), EXPECT_MAX, &p->expect.goal, r);
	yaml_duration(yaml_get(y, "by"), &p->expect.by, r);
	if (yaml_enum(yaml_get(y, "basis"), bases, &basis, r))
		p->expect.assumed = basis == 1;
	if (p->goal.on == NULL)
		report_add(r, SEV_ERROR, y->at, "expect",
		    "give the playbook a goal: first",
		    "nothing can be expected of a playbook without a goal");
	else if (p->expect.by > p->goal.window)
		report_add(r, SEV_ERROR, y->at, "expect",
		    "shorten by:, or lengthen the window of the goal",
		    "the goal counts for a shorter time than expect: by");
}
