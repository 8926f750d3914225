#include "store/group.h"

#include "base/check.h"
#include "store/store.h"

static void
fail_all(struct job *first, const struct err *e)
{
	for (struct job *job = first; job != NULL; job = job->next)
		if (!job->failed) {
			job->failed = true;
			job->err = *e;
		}
}

/* After "full" and I/O errors SQLite may have rolled all of it back by itself: nothing
 * of the group is kept. */
static bool
loses_all(const struct err *e)
{
	return e->kind == ERR_FULL || e->kind == ERR_IO;
}

/* Every job keeps what it did, or loses it alone. */
static int
run_carefully(struct store *s, struct job *first, struct err *e)
{
	for (struct job *job = first; job != NULL; job = job->next) {
		if (store_savepoint(s, e) != 0)
			return -1;
		if (job->run(job, s, &job->err) == 0) {
			if (store_release(s, e) != 0)
				return -1;
			continue;
		}
		job->failed = true;
		if (loses_all(&job->err)) {
			*e = job->err;
			return -1;
		}
		store_rollback_to(s);
	}
	return 0;
}

/* Without a savepoint anywhere: 1 when a job failed, and all must be undone. */
static int
run_boldly(struct store *s, struct job *first, struct err *e)
{
	for (struct job *job = first; job != NULL; job = job->next) {
		arena_reset(store_scratch(s));
		if (job->run(job, s, &job->err) == 0)
			continue;
		if (!loses_all(&job->err))
			return 1;
		job->failed = true;
		*e = job->err;
		return -1;
	}
	return 0;
}

static int
commit(struct store *s, struct job *first, struct err *e)
{
	if (store_commit(s, e) == 0)
		return 0;
	if (e->kind != ERR_FULL)
		return GROUP_UNKNOWN;
	store_rollback(s);
	fail_all(first, e);
	return -1;
}

static int
lose(struct store *s, struct job *first, const struct err *e)
{
	store_rollback(s);
	fail_all(first, e);
	return -1;
}

static int
carefully(struct store *s, struct job *first, struct err *e)
{
	if (store_begin(s, e) != 0)
		return lose(s, first, e);
	store_set_careful(s, true);
	return run_carefully(s, first, e) != 0 ? lose(s, first, e) : commit(s, first, e);
}

int
group_write(struct store *s, struct job *first, struct err *e)
{
	int rc;

	if (!first->repeats)
		return carefully(s, first, e);
	if (store_begin(s, e) != 0)
		return lose(s, first, e);
	store_set_careful(s, false);
	rc = run_boldly(s, first, e);
	if (rc <= 0)
		return rc < 0 ? lose(s, first, e) : commit(s, first, e);
	store_rollback(s);
	for (struct job *job = first; job != NULL; job = job->next) {
		CHECK(job->repeats);
		job->again = true;
		job->err = (struct err){ 0 };
	}
	return carefully(s, first, e);
}

void
group_read(struct store *s, struct job *job)
{
	arena_reset(store_scratch(s));
	job->failed = store_begin(s, &job->err) != 0 || job->run(job, s, &job->err) != 0;
	store_rollback(s);
}
