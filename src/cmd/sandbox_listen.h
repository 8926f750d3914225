/* sandbox_listen.h - a listening socket for the sandbox's servers. */
#ifndef CMD_SANDBOX_LISTEN_H
#define CMD_SANDBOX_LISTEN_H

#include <uv.h>

#include "base/err.h"

/* where: HOST:PORT of --flag. address: where it really listens. -1: the handle is being
 * closed; the loop must run once more. */
int sandbox_listen(uv_loop_t *loop, uv_tcp_t *tcp, const char *flag, const char *where,
    uv_connection_cb on_connect, char *address, size_t n, struct err *e);

#endif
