/* lane.c - the store and reader threads: groups of jobs, one transaction each.
 *
 * The writer takes what is queued (at most 256 jobs) and never waits for more;
 * the group has one commit and one wake-up of the loop.
 * A reader takes one job at a time on a snapshot of its own. There are two: what counts
 * for seconds does not keep a question that takes a millisecond waiting. The worker takes
 * one at a time, too, and has no store. */
#include <stdlib.h>

#include "loop_impl.h"

#include "base/check.h"
#include "base/log.h"

#define GROUP_MAX 256

void
lane_list_init(struct job_list *list)
{
	list->first = NULL;
	list->last = &list->first;
}

static void
list_add(struct job_list *list, struct job *job)
{
	job->next = NULL;
	*list->last = job;
	list->last = &job->next;
}

/* Puts the jobs of `more` at the end and empties it. */
static void
list_move(struct job_list *list, struct job_list *more)
{
	if (more->first == NULL)
		return;
	*list->last = more->first;
	list->last = more->last;
	lane_list_init(more);
}

/* At most max jobs, alike in whether they can be run twice. */
static void
list_take(struct job_list *from, struct job_list *to, int max)
{
	bool repeats = from->first->repeats;

	lane_list_init(to);
	while (from->first != NULL && from->first->repeats == repeats && max-- > 0) {
		struct job *job = from->first;

		from->first = job->next;
		list_add(to, job);
	}
	if (from->first == NULL)
		from->last = &from->first;
}

static void
write_group(struct lane *lane, struct job_list *group)
{
	struct err e = { 0 };

	/* Whether it is on disk cannot be known in this life of the process. */
	if (lane->loop->options.store_write(lane->store, group->first, &e) < -1) {
		log_error("commit_unknown", "error=\"%s\"", e.text);
		abort();
	}
}

static void
work(struct job *job)
{
	job->failed = job->run(job, NULL, &job->err) != 0;
}

static bool
open_store(struct lane *lane)
{
	struct loop *l = lane->loop;

	lane->store =
	    l->options.store_open(l->options.store_arg, lane->read_only, &lane->open_err);
	uv_mutex_lock(&l->jobs);
	lane->state = lane->store != NULL ? LANE_OPEN : LANE_FAILED;
	uv_cond_broadcast(&l->opened);
	uv_mutex_unlock(&l->jobs);
	return lane->store != NULL;
}

static void
thread_main(void *arg)
{
	struct lane *lane = arg;
	struct loop *l = lane->loop;
	struct job_list group;

	if (!lane->bare && !open_store(lane))
		return;
	uv_mutex_lock(&l->jobs);
	for (;;) {
		while (lane->waiting.first == NULL && !lane->stop)
			uv_cond_wait(&lane->wake, &l->jobs);
		if (lane->waiting.first == NULL)
			break;
		list_take(&lane->waiting, &group, lane->read_only ? 1 : GROUP_MAX);
		lane->busy_since = loop_boot();
		uv_mutex_unlock(&l->jobs);
		if (lane->bare)
			work(group.first);
		else if (lane->read_only)
			l->options.store_read(lane->store, group.first);
		else
			write_group(lane, &group);
		uv_mutex_lock(&l->jobs);
		list_move(&l->done, &group);
		uv_mutex_unlock(&l->jobs);
		uv_async_send(&l->jobs_done);
		if (!lane->read_only)
			l->options.store_idle(lane->store);
		uv_mutex_lock(&l->jobs);
		lane->busy_since = 0;
	}
	uv_mutex_unlock(&l->jobs);
	if (!lane->bare)
		l->options.store_close(lane->store);
}

int
lane_start(struct lane *lane, struct loop *l, bool read_only, struct err *e)
{
	lane->loop = l;
	lane->read_only = read_only;
	lane_list_init(&lane->waiting);
	if (l->options.store_open == NULL)
		return 0;
	CHECK(uv_cond_init(&lane->wake) == 0);
	CHECK(uv_thread_create(&lane->thread, thread_main, lane) == 0);
	lane->started = true;
	uv_mutex_lock(&l->jobs);
	while (lane->state == LANE_OPENING)
		uv_cond_wait(&l->opened, &l->jobs);
	uv_mutex_unlock(&l->jobs);
	if (lane->state == LANE_OPEN)
		return 0;
	*e = lane->open_err;
	return -1;
}

void
lane_init_bare(struct lane *lane, struct loop *l)
{
	lane->loop = l;
	lane->read_only = lane->bare = true;
	lane_list_init(&lane->waiting);
}

static void
start_bare(struct lane *lane)
{
	CHECK(uv_cond_init(&lane->wake) == 0);
	CHECK(uv_thread_create(&lane->thread, thread_main, lane) == 0);
	lane->started = true;
}

void
lane_stop(struct lane *lane)
{
	if (!lane->started)
		return;
	uv_mutex_lock(&lane->loop->jobs);
	lane->stop = true;
	uv_cond_signal(&lane->wake);
	uv_mutex_unlock(&lane->loop->jobs);
	uv_thread_join(&lane->thread);
	uv_cond_destroy(&lane->wake);
	lane->started = false;
}

void
lane_add(struct lane *lane, struct job *job)
{
	struct loop *l = lane->loop;

	CHECK(lane->bare || l->options.store_open != NULL);
	job->failed = job->again = false;
	job->err = (struct err){ 0 };
	if (l->closing) {
		err_set(
		    &job->err, ERR_BUSY, "reachd is stopping; try again after its start");
		job->failed = true;
	}
	if (lane->bare && !lane->started && !l->closing)
		start_bare(lane);
	uv_mutex_lock(&l->jobs);
	list_add(l->closing ? &l->done : &lane->waiting, job);
	if (!l->closing)
		uv_cond_signal(&lane->wake);
	uv_mutex_unlock(&l->jobs);
}

bool
lane_deliver(struct loop *l)
{
	struct job_list list;
	bool any;

	lane_list_init(&list);
	uv_mutex_lock(&l->jobs);
	list_move(&list, &l->done);
	uv_mutex_unlock(&l->jobs);
	any = list.first != NULL;
	for (struct job *job = list.first, *next; job != NULL; job = next) {
		uint64_t start = uv_hrtime();

		next = job->next;
		job->done(job, job->failed ? &job->err : NULL);
		loop_measure(l, "job_done", start);
	}
	return any;
}
