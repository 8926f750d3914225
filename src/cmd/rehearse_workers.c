#include "rehearse_workers.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <glib.h>

struct worker {
	pid_t pid; /* 0: none */
	int fd, nth;
};

struct crew {
	const struct workers *w;
	struct worker *all;
	int jobs, begun, ended;
	int64_t steps;
	int told; /* per cent */
};

void
workers_step(int fd)
{
	/* Who reads it may be gone; then this process ends by itself. */
	if (write(fd, ".", 1) != 1)
		_exit(1);
}

static void
tell(struct crew *c)
{
	int per_cent = (int)(100 * c->steps / MAX(1, (int64_t)c->w->parts * c->w->steps));

	if (per_cent == c->told || !isatty(STDERR_FILENO))
		return;
	c->told = per_cent;
	fprintf(stderr, "\r%d of %d parts, %d %% of all days ", c->ended, c->w->parts,
	    per_cent);
	fflush(stderr);
}

static void
wipe(const struct crew *c)
{
	if (c->told >= 0)
		fprintf(stderr, "\r%60s\r", "");
}

static int
begin(struct crew *c, struct worker *k, struct err *e)
{
	int ends[2];

	if (pipe(ends) != 0)
		return err_set(e, ERR_IO, "no pipe: %s", g_strerror(errno));
	fflush(NULL); /* or both would write what waits */
	k->nth = c->begun++;
	k->pid = fork();
	if (k->pid < 0) {
		close(ends[0]);
		close(ends[1]);
		k->pid = 0;
		return err_set(e, ERR_IO, "no process: %s", g_strerror(errno));
	}
	if (k->pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		close(ends[0]);
		_exit(c->w->work(c->w->arg, k->nth, ends[1]));
	}
	close(ends[1]);
	k->fd = ends[0];
	return 0;
}

static int
end(struct crew *c, struct worker *k, struct err *e)
{
	int status = 0;

	while (waitpid(k->pid, &status, 0) < 0 && errno == EINTR)
		;
	close(k->fd);
	k->pid = 0;
	c->ended++;
	if (WIFSIGNALED(status))
		return err_set(e, ERR_INTERNAL, "part %d was ended by signal %d (%s)",
		    k->nth + 1, WTERMSIG(status), strsignal(WTERMSIG(status)));
	if (WEXITSTATUS(status) > 1)
		return err_set(e, ERR_IO,
		    "part %d could not write what came of it: is the disk full?",
		    k->nth + 1);
	return c->w->through(c->w->arg, k->nth, e);
}

static int
hear(struct crew *c, struct err *e)
{
	struct pollfd *fds = g_new0(struct pollfd, c->jobs);
	char buf[512];
	int rc = 0;

	for (int i = 0; i < c->jobs; i++)
		fds[i] =
		    (struct pollfd){ c->all[i].pid == 0 ? -1 : c->all[i].fd, POLLIN, 0 };
	if (poll(fds, (nfds_t)c->jobs, -1) < 0 && errno != EINTR)
		rc = err_set(e, ERR_IO, "poll: %s", g_strerror(errno));
	for (int i = 0; i < c->jobs && rc == 0; i++) {
		ssize_t n =
		    fds[i].revents == 0 ? -1 : read(c->all[i].fd, buf, sizeof(buf));

		if (n > 0)
			c->steps += n;
		else if (n == 0)
			rc = end(c, &c->all[i], e);
	}
	g_free(fds);
	return rc;
}

static void
stop(struct crew *c)
{
	for (int i = 0; i < c->jobs; i++)
		if (c->all[i].pid != 0) {
			kill(c->all[i].pid, SIGKILL);
			waitpid(c->all[i].pid, NULL, 0);
			close(c->all[i].fd);
		}
}

int
workers_run(const struct workers *w, struct err *e)
{
	struct crew c = { .w = w, .told = -1 };
	int rc = 0;

	c.jobs = w->jobs > 0 ? w->jobs : (int)g_get_num_processors();
	c.all = g_new0(struct worker, c.jobs);
	while (rc == 0 && c.ended < w->parts) {
		for (int i = 0; i < c.jobs && rc == 0 && c.begun < w->parts; i++)
			if (c.all[i].pid == 0)
				rc = begin(&c, &c.all[i], e);
		if (rc == 0)
			rc = hear(&c, e);
		tell(&c);
	}
	wipe(&c);
	stop(&c);
	g_free(c.all);
	return rc;
}
