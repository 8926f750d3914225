/* sim_jobs.c - the one writer: groups of jobs, a transaction each, at a drawn instant.
 *
 * Between the commit and the done() of its jobs other events may come, a death
 * among them. */
#include <string.h>

#include "sim_impl.h"
#include "store/group.h"
#include "store/store.h"

#define GROUP_MAX 256

struct group {
	struct sim *sim;
	struct job *first;
	struct group *next;
};

static void group_runs(void *arg);

static ms_t
takes(struct sim *s)
{
	if (s->o.instant)
		return 0;
	if (s->faults.slow_job > 0 && rng_chance(&s->world, s->faults.slow_job))
		return rng_between(&s->world, 100, 3000);
	return rng_between(&s->world, 0, 4);
}

static void
start(struct world *w, struct job *job)
{
	struct sim *s = (struct sim *)w;

	job->next = NULL;
	job->failed = job->again = false;
	job->err = (struct err){ 0 };
	*s->waiting_end = job;
	s->waiting_end = &job->next;
	if (s->job_due)
		return;
	s->job_due = true;
	agenda_at(s->agenda, agenda_now(s->agenda) + takes(s), s->life, group_runs, s);
}

static void
group_done(void *arg)
{
	struct group *g = arg;
	struct job *j = g->first, *next;
	struct group **at = &g->sim->groups;

	while (*at != g)
		at = &(*at)->next;
	*at = g->next;
	for (; j != NULL; j = next) {
		next = j->next;
		j->done(j, j->failed ? &j->err : NULL);
	}
	g_free(g);
}

static struct job *
take_group(struct sim *s)
{
	struct job *first = s->waiting, *j = first;

	for (int i = 1;
	     i < GROUP_MAX && j->next != NULL && j->next->repeats == first->repeats; i++)
		j = j->next;
	s->waiting = j->next;
	j->next = NULL;
	if (s->waiting == NULL)
		s->waiting_end = &s->waiting;
	return first;
}

static void
died(void *arg)
{
	struct sim *s = arg;

	s->o.died(s->o.arg);
}

static void
group_runs(void *arg)
{
	struct sim *s = arg;
	struct group *g = g_new0(struct group, 1);
	struct err e = { 0 };

	s->job_due = false;
	g->sim = s;
	g->first = take_group(s);
	if (s->faults.dies != NULL && s->faults.dies(s->faults.arg))
		s->dying = true;
	if (group_write(s->store, g->first, &e) == 0)
		store_idle(s->store);
	else if (e.kind == ERR_IO)
		s->dying = true;
	if (s->dying) {
		/* Its memory stays as it is; the caller buries it. */
		sim_bury(g);
		agenda_at(s->agenda, agenda_now(s->agenda), 0, died, s);
		return;
	}
	g->next = s->groups;
	s->groups = g;
	agenda_at(s->agenda, agenda_now(s->agenda) + (s->o.instant ? 0 : takes(s) / 2),
	    s->life, group_done, g);
	if (s->waiting != NULL) {
		s->job_due = true;
		agenda_at(
		    s->agenda, agenda_now(s->agenda) + takes(s), s->life, group_runs, s);
	}
}

static void
work_runs(void *arg)
{
	struct sim *s = arg;
	struct job *job = s->works;

	s->works = job->next;
	if (s->works == NULL)
		s->works_end = &s->works;
	job->failed = job->run(job, NULL, &job->err) != 0;
	job->done(job, job->failed ? &job->err : NULL);
}

static void
work(struct world *w, struct job *job)
{
	struct sim *s = (struct sim *)w;

	job->next = NULL;
	job->failed = job->again = false;
	job->err = (struct err){ 0 };
	*s->works_end = job;
	s->works_end = &job->next;
	agenda_at(s->agenda, agenda_now(s->agenda) + takes(s), s->life, work_runs, s);
}

void
sim_jobs_init(struct sim *s)
{
	s->works = NULL;
	s->works_end = &s->works;
	s->w.work_start = work;
	s->waiting = NULL;
	s->waiting_end = &s->waiting;
	s->w.job_start = start;
	s->w.read_start =
	    start; /* between transactions a reader sees what the writer sees */
}

void
sim_jobs_kill(struct sim *s)
{
	if (s->waiting != NULL)
		sim_bury(s->waiting);
	if (s->groups != NULL)
		sim_bury(s->groups);
	if (s->works != NULL)
		sim_bury(s->works);
	s->works = NULL;
	s->works_end = &s->works;
	s->groups = NULL;
	s->waiting = NULL;
	s->waiting_end = &s->waiting;
	s->job_due = false;
}
