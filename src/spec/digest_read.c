/* digest_read.c - digest: many cars, one message. */
#include "read.h"
#include "spec/schema.h"
#include "step.h"

#define FROM 3
#define FROM_MAX 100

void
digest_read(struct reading *rd, const struct yaml *y)
{
	struct playbook *p = rd->playbook;
	struct digest *d = &p->digest;
	const struct yaml *send;
	int64_t n = FROM;

	if (y == NULL || !schema_check(y, &schema_digest, rd->report))
		return;
	d->at = d->step.at = y->at;
	d->step.id = "digest";
	d->step.verb = STEP_SEND;
	if (p->subject != SUBJECT_VEHICLE)
		report_add(rd->report, SEV_ERROR, y->at, "digest",
		    "write subject: vehicle, or delete the digest",
		    "a digest lists cars, and the playbook is not about any");
	if ((send = yaml_get(y, "send")) == NULL)
		schema_missing(y, "send", "write send: TEMPLATE", rd->report);
	else
		step_send_read(rd, y, send, &d->step);
	if (yaml_get(y, "from") == NULL ||
	    yaml_int(yaml_get(y, "from"), 2, FROM_MAX, &n, rd->report))
		d->from = (int)n;
}
