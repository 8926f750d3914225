/* listen.h - a listening socket from its text. */
#ifndef LISTEN_H
#define LISTEN_H

#include "base/err.h"

/* "127.0.0.1:8080", "[::1]:8080", "unix:/path", "systemd:NAME". Returns the
 * descriptor (non-blocking, close-on-exec) or -1; port: 0 when it has none. */
int listen_open(const char *address, int *port, struct err *e);

#endif
