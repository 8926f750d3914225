#include "merge.h"

#include <string.h>

#include "core/reason.h"
#include "plan.h"
#include "store/msg.h"
#include "store/run.h"
#include "store/subject.h"

#define WITHIN (3 * MS_DAY)
#define PLANS_MAX 64

/* May this touch go along? 1, *ext its vehicle; 0; -1. */
static int
goes_along(struct work *w, struct person *p, const struct playbook *pb,
    const struct message *m, const struct message *other, const char **ext, struct err *e)
{
	struct about *own = p->about;
	struct run r;
	bool fits;

	if (other->id == m->id || other->playbook != m->playbook ||
	    strcmp(other->step, m->step) != 0 || other->due_at > w->now + WITHIN ||
	    other->planned_at > m->planned_at + WITHIN)
		return 0;
	if (run_get(w->store, other->run, &r, e) != 1)
		return -1;
	if (r.state != RUN_RUNNING || r.control || r.goal_at != 0 || *r.subject == '\0')
		return 0;
	person_subject(p, pb->subject, r.subject);
	fits = person_subject_stands(p) &&
	       (pb->while_ == NULL || cond_true(pb->while_, person_scope(p)));
	p->about = own;
	*ext = r.subject;
	return fits;
}

/* Those an earlier attempt took along. */
static int
earlier(
    struct work *w, const struct message *m, const char **exts, int max, struct err *e)
{
	int64_t runs[MERGE_MAX];
	int n = merged_runs(w->store, m->id, runs, MIN(max, MERGE_MAX), e);

	for (int i = 0; i < n; i++) {
		struct run r;

		if (run_get(w->store, runs[i], &r, e) != 1)
			return -1;
		exts[i] = r.subject;
	}
	return n;
}

int
merge_find(struct work *w, struct person *p, const struct playbook *pb,
    const struct run *r, const struct message *m, struct merge *out, struct err *e)
{
	const char *exts[2 * MERGE_MAX + 2] = { r->subject };
	struct message *all;
	int n = 1, plans, rc;

	out->n = 0;
	if (pb->subject != SUBJECT_VEHICLE || *r->subject == '\0')
		return 0;
	if (m->n > 0) {
		if ((rc = earlier(w, m, exts + n, MERGE_MAX, e)) < 0)
			return -1;
		n += rc;
	}
	all = arena_array(w->arena, struct message, PLANS_MAX);
	if ((plans = msg_planned(w->store, m->customer, all, PLANS_MAX, e)) < 0)
		return -1;
	for (int i = 0; i < plans && out->n < MERGE_MAX; i++) {
		if ((rc = goes_along(w, p, pb, m, &all[i], &exts[n], e)) < 0)
			return -1;
		if (rc == 1) {
			out->with[out->n++] = all[i];
			n++;
		}
	}
	exts[n] = NULL;
	person_vehicles(p, exts);
	return 0;
}

int
merge_close(struct work *w, const struct message *m, struct merge *with, struct pos at,
    struct err *e)
{
	const char *detail =
	    arena_printf(w->arena, "goes with message %" G_GINT64_FORMAT, m->id);

	for (int i = 0; i < with->n; i++) {
		struct message *one = &with->with[i];
		struct run r;

		if (run_get(w->store, one->run, &r, e) != 1)
			return -1;
		if (r.first_sent_at == 0) {
			r.first_sent_at = m->begun_at;
			if (run_save(w->store, &r, e) != 0)
				return -1;
		}
		if (merged_add(w->store, m->id, one->id, e) != 0 ||
		    plan_suppress(w, one, REASON_MERGED, "subject", at, detail, e) != 0 ||
		    plan_settled(w, one, e) != 0)
			return -1;
	}
	return 0;
}
