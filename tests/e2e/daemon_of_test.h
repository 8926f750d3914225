/* daemon_of_test.h - each test has a daemon of its own, not started yet. */
#ifndef TESTS_DAEMON_OF_TEST_H
#define TESTS_DAEMON_OF_TEST_H

#include "daemon.h"

static struct daemon *d;

static inline int
set_up(void **state)
{
	(void)state;
	d = daemon_new(NULL);
	return 0;
}

static inline int
tear_down(void **state)
{
	(void)state;
	daemon_free(d);
	return 0;
}

#endif
