#include "winner.h"

#include "base/log.h"

static int
keep(struct work *w, struct experiment_row *row, const struct experiment *x,
    const struct share *arms, const struct finding *f, struct err *e)
{
	row->decide_at = 0;
	row->decided_at = w->now;
	row->verdict = (int)f->verdict;
	row->arm = f->arm == ARM_STOP ? "" : x->arms[f->arm].name;
	row->p = f->p;
	for (int i = 0; i < x->n_arms; i++)
		if (experiment_tally(w->store, row->id, i, arms[i], e) != 0)
			return -1;
	log_info("experiment_decided", "name=%s step=%s verdict=%s arm=%s p=%.4f",
	    row->name, row->step, experiment_verdict_name(row->verdict),
	    *row->arm == '\0' ? "stop" : row->arm, row->p);
	return experiment_save(w->store, row, e);
}

int
winner_one(struct work *w, struct experiment_row *row, struct err *e)
{
	struct share arms[ARMS_MAX];
	const struct version *v;
	const struct step *s;
	struct finding f;

	if (desk_version(w, row->pinned, &v, e) != 0)
		return -1;
	s = playbook_step(v->playbook, row->step);
	if (s == NULL || s->split == NULL)
		return err_set(
		    e, ERR_INTERNAL, "experiment %s: its step has no split", row->name);
	if (experiment_count(w->store, row, row->decide_at, arms, ARMS_MAX, e) != 0)
		return -1;
	experiment_decide(s->split, arms, &f);
	return keep(w, row, s->split, arms, &f, e);
}

/* One that cannot be decided must not stand before all others: it stays open. */
static int
winner_or_leave(struct work *w, struct experiment_row *row, struct err *e)
{
	struct err own = { 0 };

	if (store_mark(w->store, e) != 0)
		return -1;
	if (winner_one(w, row, &own) == 0)
		return store_unmark(w->store, e);
	if (store_back(w->store, &own, e) != 0)
		return -1;
	log_error("experiment_failed", "name=%s error=\"%s\"", row->name, own.text);
	row->decide_at = 0;
	row->decided_at = 0;
	return experiment_save(w->store, row, e);
}

int
winner_due(struct work *w, ms_t *next, struct err *e)
{
	struct experiment_row row;
	int rc;

	while ((rc = experiment_due(w->store, w->now, &row, e)) == 1)
		if (winner_or_leave(w, &row, e) != 0)
			return -1;
	return rc < 0 ? -1 : experiment_next(w->store, next, e);
}
