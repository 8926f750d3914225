/* sandbox_desk.h - the counter: requests in, messages taken, answers after the fsync.
 *
 *	POST /v1/messages      the batch dialect of src/provider/sandbox.c
 *	GET  /v1/messages?ref=R
 *	POST /send             one message, as a plain gateway takes it:
 *	                       {"to","text","ref","channel","callback","customer"}
 *	                       -> {"code":"0","data":{"id":I}}
 *	                       1001: bad number, 1002: content
 *	GET  /v1/status        counters
 *	/TYPE/ACCOUNT/...      a service's own dialect: dialect.h
 *
 * Idempotency: a message's own "key", else the Idempotency-Key header where the
 * request holds one message. Loop thread. */
#ifndef CMD_SANDBOX_DESK_H
#define CMD_SANDBOX_DESK_H

#include "sandbox_book.h"
#include "sandbox_clock.h"
#include "sandbox_faults.h"
#include "sandbox_http.h"
#include "sandbox_people.h"

struct config;
struct sandbox_desk;

struct sandbox_desk_options {
	uv_loop_t *loop;
	struct sandbox_clock *clock;
	struct sandbox_book *book;
	struct sandbox_faults *faults;
	struct sandbox_people *people; /* NULL: nobody is there */
	struct sandbox_post *post;
	struct sandbox_outbox *outbox;
	const char *callback; /* for requests that name none; NULL: none */
	const struct config *config; /* accounts of the dialects; NULL: none */
	ms_t window;          /* a request signed longer ago is refused; 0: never */
};

struct sandbox_desk *sandbox_desk_new(const struct sandbox_desk_options *o);
void sandbox_desk_handle(void *desk, struct exchange *x); /* for sandbox_http_open */
/* Fsyncs what was taken and lets the answers leave; once a turn of the loop. */
int sandbox_desk_commit(struct sandbox_desk *d, struct err *e);
/* Before the server closes: answers put off are dropped. */
void sandbox_desk_close(struct sandbox_desk *d);
void sandbox_desk_free(struct sandbox_desk *d);

#endif
