/* When he last entered a playbook: asked by who lets him in, and again by who foresees when
 * he may be let in next, for many playbooks in a row. */
#include <string.h>

#include "desk.h"
#include "store/run.h"

/* Whatever was written since may have been a run of his. */
static int
load(struct person *p, struct err *e)
{
	struct store *s = p->work->store;
	int64_t written = store_written(s);

	if (p->entries_known && p->entries_at == written)
		return 0;
	p->entries_known = true;
	p->entries_at = written;
	if (run_entries(s, p->row.c.id, &p->entries, e) != 0)
		return -1;
	for (struct run_entry *r = p->entries; r != NULL; r = r->next)
		r->family = desk_family(p->work->desk, r->playbook);
	return 0;
}

int
person_entry(struct person *p, int family, struct run_entry *out, struct err *e)
{
	const char *subject = person_subject_ext(p);
	struct run_entry *last = NULL;

	if (load(p, e) != 0)
		return -1;
	for (struct run_entry *r = p->entries; r != NULL; r = r->next)
		if (r->family == family && (last == NULL || r->id > last->id) &&
		    strcmp(r->subject, subject) == 0)
			last = r;
	if (last == NULL)
		return 0;
	if (!last->read && run_entry_read(p->work->store, last, e) != 0)
		return -1;
	*out = *last;
	return 1;
}
