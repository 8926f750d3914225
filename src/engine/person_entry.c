/* When he last entered a playbook: asked by who lets him in, and again by who foresees when
 * he may be let in next, for many playbooks in a row. */
#include <string.h>

#include "desk.h"
#include "store/run.h"

int
person_entry(struct person *p, int playbook, struct run_entry *out, struct err *e)
{
	struct work *w = p->work;
	const char *subject = person_subject_ext(p);
	int64_t written = store_written(w->store);

	/* Whatever was written since may have been a run of his. */
	if (!p->entries_known || p->entries_at != written) {
		if (run_entries(w->store, p->row.c.id, &p->entries, e) != 0)
			return -1;
		p->entries_known = true;
		p->entries_at = written;
	}
	for (const struct run_entry *r = p->entries; r != NULL; r = r->next)
		if (r->playbook == playbook && strcmp(r->subject, subject) == 0) {
			*out = *r;
			return 1;
		}
	return 0;
}
