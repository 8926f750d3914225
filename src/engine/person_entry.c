/* When he last entered a playbook: asked by who lets him in, and again by who foresees when
 * he may be let in next. */
#include <string.h>

#include "desk.h"
#include "store/run.h"

struct known {
	int playbook, rc;
	const char *subject;
	struct run_entry entry;
	struct known *next;
};

int
person_entry(struct person *p, int playbook, struct run_entry *out, struct err *e)
{
	struct work *w = p->work;
	const char *subject = person_subject_ext(p);
	int64_t written = store_written(w->store);
	struct known *k;

	/* Whatever was written since may have been a run of his. */
	if (p->known_at != written)
		p->known = NULL;
	p->known_at = written;
	for (k = p->known; k != NULL; k = k->next)
		if (k->playbook == playbook && strcmp(k->subject, subject) == 0) {
			*out = k->entry;
			return k->rc;
		}
	k = arena_new_of(w->arena, struct known);
	*k = (struct known){ .playbook = playbook, .subject = subject, .next = p->known };
	k->rc = run_entry_last(w->store, p->row.c.id, playbook, subject, &k->entry, e);
	*out = k->entry;
	if (k->rc >= 0)
		p->known = k;
	return k->rc;
}
