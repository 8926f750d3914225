/* loop.h - the real world: struct world over libuv, libcurl and a store thread.
 *
 * loop_new() starts the store and reader threads and returns the seam of
 * base/world.h; everything here is called on the loop thread. Callbacks come on
 * it too, except loop_work.work. Durations are milliseconds. */
#ifndef WORLD_LOOP_H
#define WORLD_LOOP_H

#include <stdbool.h>

#include "base/world.h"

struct loop_options {
	double speed;          /* wall ms per boot ms; 0 is taken as 1: the real clock */
	ms_t epoch;            /* where the wall starts when speed is not 1 */
	const char *state_dir; /* relative paths of struct files begin here */
	const char *ca_file;   /* trusted certificates; NULL: the system's */
	int http_connections;  /* at most, in all; 0: 512 */
	int http_per_host;     /* at most, to one host; 0: 256 */
	/* SIGTERM, SIGINT, SIGHUP. NULL: signals keep their default. */
	void (*signalled)(void *arg, int signum);
	void *signal_arg;
	/* The store, opened on the thread that uses it: once to write, then twice
	 * read-only. store_open NULL: a world without a store. What the others
	 * mean stands in store/store.h and store/group.h. */
	struct store *(*store_open)(void *arg, bool read_only, struct err *);
	void *store_arg;
	void (*store_close)(struct store *);
	int (*store_write)(struct store *, struct job *first, struct err *); /* a group */
	void (*store_read)(struct store *, struct job *);
	void (*store_idle)(struct store *);
};

/* NULL with err when the store cannot be opened. Borrows nothing but store_arg.
 * Clears proxy variables from the environment and ignores SIGPIPE. */
struct world *loop_new(const struct loop_options *o, struct err *e);
/* Runs until loop_stop(), which may come from any callback. */
void loop_run(struct world *w);
void loop_stop(struct world *w);
/* Ends the threads after the jobs that wait; what is still open gets its done().
 * Servers are freed before. */
void loop_free(struct world *w);

/* Calls changed() once, 300 ms after the last change below the directories
 * (NULL-terminated, with their sub-directories). At most one watch; a further
 * call replaces it. */
int loop_watch(struct world *w, const char *const *dirs, void (*changed)(void *arg),
    void *arg, struct err *e);

/* Boot instants: the loop last turned; the store thread last was not busy with
 * the group it has now. The service manager's watchdog is fed while both are
 * younger than 10 s. */
struct loop_progress {
	ms_t loop, store;
};
struct loop_progress loop_progress(struct world *w);

#endif
