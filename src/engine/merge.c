#include "merge.h"

#include <string.h>

#include "core/reason.h"
#include "plan.h"
#include "store/msg.h"
#include "store/run.h"
#include "store/subject.h"

#define WITHIN (3 * MS_DAY)
#define ASKED_MAX 16 /* messages of a run */

/* Only what is sent as it stands: calls, rounds and arms have texts of their own. */
static bool
fits_digest(const struct playbook *pb, const struct message *m)
{
	const struct step *s = playbook_step(pb, m->step);

	return pb->digest.from > 0 && s != NULL && s->verb == STEP_SEND && !s->each &&
	       *m->variant == '\0';
}

/* Its run goes on and the car is still whose it was. 1, *ext its vehicle; 0; -1. */
static int
stands(struct work *w, struct person *p, const struct playbook *pb, int64_t run,
    bool planned, const char **ext, struct err *e)
{
	struct about *own = p->about;
	struct run r;
	bool fits;

	if (run_get(w->store, run, &r, e) != 1)
		return -1;
	if (r.state == RUN_LEFT || (planned && r.state != RUN_RUNNING) || r.control ||
	    r.goal_at != 0 || *r.subject == '\0')
		return 0;
	person_subject(p, pb->subject, r.subject);
	fits = person_subject_stands(p) &&
	       (pb->while_ == NULL || cond_true(pb->while_, person_scope(p)));
	p->about = own;
	*ext = r.subject;
	return fits;
}

/* Those an earlier attempt took along, as far as nothing has happened to them since. */
static int
earlier(struct work *w, struct person *p, const struct playbook *pb,
    const struct message *m, const char **exts, struct err *e)
{
	int64_t *runs = arena_array(w->arena, int64_t, MERGE_MAX);
	int n = merged_runs(w->store, m->id, runs, MERGE_MAX, e), kept = 0;

	for (int i = 0; i < n; i++) {
		int rc = stands(w, p, pb, runs[i], false, &exts[kept], e);

		if (rc < 0)
			return -1;
		kept += rc;
	}
	return n < 0 ? -1 : kept;
}

static bool
is_known(const char *const *exts, int n, const char *ext)
{
	for (int i = 0; i < n; i++)
		if (strcmp(exts[i], ext) == 0)
			return true;
	return false;
}

/* Touches beside m that could go along, with their cars after exts[n]: of its own step, or
 * (any) of every step that a digest speaks for. */
static int
beside(struct work *w, struct person *p, const struct playbook *pb,
    const struct message *m, bool any, const char **exts, int n, struct merge *out,
    struct err *e)
{
	int found = msg_beside(w->store, m, any, w->now + WITHIN, m->planned_at + WITHIN,
	    MERGE_MAX, &out->with, e);

	for (int i = 0; i < found; i++) {
		const struct message *one = &out->with[i];
		bool own = strcmp(one->step, m->step) == 0;
		int rc = own || fits_digest(pb, one)
			     ? stands(w, p, pb, one->run, true, &exts[n], e)
			     : 0;

		if (rc < 0)
			return -1;
		if (rc == 0 || is_known(exts, n, exts[n]))
			continue;
		n++;
		out->with[out->n++] = *one;
	}
	return found < 0 ? -1 : n;
}

/* Fewer than a digest is for: what is at other steps goes by itself. */
static int
own_step(const struct message *m, const char **exts, int before, struct merge *out)
{
	int kept = 0;

	for (int i = 0; i < out->n; i++)
		if (strcmp(out->with[i].step, m->step) == 0) {
			exts[before + kept] = exts[before + i];
			out->with[kept++] = out->with[i];
		}
	out->n = kept;
	return before + kept;
}

int
merge_find(struct work *w, struct person *p, const struct version *v, const struct run *r,
    const struct message *m, struct merge *out, struct err *e)
{
	const struct playbook *pb = v->playbook;
	const char **exts;
	int before = 1, n, rc;
	bool any;

	*out = (struct merge){ 0 };
	if (pb->subject != SUBJECT_VEHICLE || *r->subject == '\0')
		return 0;
	any = fits_digest(pb, m);
	exts = arena_alloc(w->arena, sizeof(*exts) * (2 * MERGE_MAX + 2));
	exts[0] = r->subject;
	if (m->n > 0) {
		if ((rc = earlier(w, p, pb, m, exts + 1, e)) < 0)
			return -1;
		before += rc;
	}
	if ((n = beside(w, p, pb, m, any, exts, before, out, e)) < 0)
		return -1;
	out->digest = any && n >= pb->digest.from;
	if (any && !out->digest)
		n = own_step(m, exts, before, out);
	exts[n] = NULL;
	out->cars = n;
	person_vehicles(p, exts);
	return 0;
}

int
merge_close(struct work *w, const struct message *m, struct merge *with, struct pos at,
    struct err *e)
{
	const char *detail =
	    with->n == 0 ? ""
			 : arena_printf(w->arena, "goes with message %" G_GINT64_FORMAT, m->id);

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
		    plan_suppress(w, one, REASON_MERGED,
			with->digest ? "digest" : "subject", at, detail, e) != 0 ||
		    plan_settled(w, one, e) != 0)
			return -1;
	}
	return 0;
}

/* Another car's run goes where the answer leads. */
static int
follow(struct work *w, struct person *p, const struct run *r, int64_t run, int target,
    struct err *e)
{
	const struct version *v;
	struct run one;

	if (run_get(w->store, run, &one, e) != 1)
		return -1;
	if (one.state != RUN_RUNNING || one.version != r->version)
		return 0;
	if (desk_version(w, one.version, &v, e) != 0)
		return -1;
	person_subject(p, v->playbook->subject, one.subject);
	return trail_add(w->store, one.id, w->now, "answered with the others", e) != 0
		   ? -1
		   : plan_redirect(w, p, &one, v, target, e);
}

int
merge_answered(
    struct work *w, struct person *p, const struct run *r, int target, struct err *e)
{
	struct about *own = p->about;
	struct message *sent = arena_array(w->arena, struct message, ASKED_MAX);
	int64_t *runs;
	int n = msg_of_run(w->store, r->id, sent, ASKED_MAX, e), lead = n - 1;

	while (lead >= 0 && sent[lead].begun_at == 0)
		lead--;
	if (n < 0 || lead < 0)
		return n < 0 ? -1 : 0;
	runs = arena_array(w->arena, int64_t, MERGE_MAX);
	n = merged_runs(w->store, sent[lead].id, runs, MERGE_MAX, e);
	for (int i = 0; i < n; i++)
		if (follow(w, p, r, runs[i], target, e) != 0)
			return -1;
	p->about = own;
	return n < 0 ? -1 : 0;
}
