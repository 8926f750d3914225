/* task_spec.c - who is asked, by when, and who else when it is late: call: and task:. */
#include "read.h"
#include "spec/schema.h"

#define DUE_MAX (30 * MS_DAY)

static void
late_read(const struct yaml *y, struct task_spec *out, struct report *r)
{
	if (y == NULL || !schema_check(y, &schema_late, r))
		return;
	if (yaml_get(y, "to") == NULL)
		report_add(r, SEV_ERROR, y->at, "missing",
		    "write late: { to: manager, after: 24h }", "nobody is named for it");
	else
		word_read(yaml_get(y, "to"), "a role", false, &out->late_to, r);
	yaml_span(yaml_get(y, "after"), MS_MINUTE, DUE_MAX, &out->late_after, r);
}

void
task_spec_read(
    struct reading *rd, const struct yaml *map, ms_t due, struct task_spec *out)
{
	const struct yaml *to = yaml_get(map, "to");

	*out = (struct task_spec){
		.at = map->at, .to = "advisor", .script = "", .due = due, .late_to = ""
	};
	if (to != NULL)
		word_read(to, "a role", false, &out->to, rd->report);
	yaml_span(yaml_get(map, "due"), MS_MINUTE, DUE_MAX, &out->due, rd->report);
	late_read(yaml_get(map, "late"), out, rd->report);
}
