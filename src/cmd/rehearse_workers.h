/* rehearse_workers.h - parts of one piece of work, each in a process of its own, some at a
 * time. */
#ifndef CMD_REHEARSE_WORKERS_H
#define CMD_REHEARSE_WORKERS_H

#include "base/err.h"

struct workers {
	int parts, jobs; /* jobs 0: as many as there are cores */
	int steps;       /* of each part */
	/* In the process of part nth: its exit code. step(fd) tells that one is done. */
	int (*work)(void *arg, int nth, int fd);
	/* A part is through; 0, or -1 to end all. */
	int (*through)(void *arg, int nth, struct err *e);
	void *arg;
};

void workers_step(int fd);
/* On a terminal a line on stderr says how far they are. */
int workers_run(const struct workers *w, struct err *e);

#endif
