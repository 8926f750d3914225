/* sandbox_post.h - HTTP out of the sandbox: webhooks, visits, clicks.
 *
 * At most 32 calls at once, the rest waits in order. A call that must arrive is
 * tried again, same bytes, with growing pauses for about two minutes; a click is
 * tried once. Redirects are not followed. Loop thread; done() comes later, never
 * from inside sandbox_post_send(). */
#ifndef CMD_SANDBOX_POST_H
#define CMD_SANDBOX_POST_H

#include <stdbool.h>
#include <stdint.h>

#include <uv.h>

#include "base/err.h"

struct sandbox_post;

struct errand {
	const char *method; /* constant: GET, HEAD, POST */
	char *url, *body;   /* taken; body NULL: none */
	const char *type;   /* constant; of the body */
	const char *agent;  /* constant: User-Agent */
	char *key;          /* taken; Idempotency-Key; NULL: none */
	const char *bearer; /* borrowed; NULL: none */
	char **headers;     /* taken, NULL-terminated "Name: value"; NULL: none */
	char *own_type;     /* taken; instead of type; NULL: type */
	bool must_arrive;
	void (*done)(void *arg); /* may be NULL */
	void *arg;
};

struct sandbox_post_counts {
	uint64_t sent, retried, given_up;
	unsigned open; /* under way, waiting or pausing */
};

struct sandbox_post *sandbox_post_open(uv_loop_t *loop, struct err *e);
void sandbox_post_send(struct sandbox_post *p, const struct errand *what);
struct sandbox_post_counts sandbox_post_counts(const struct sandbox_post *p);
/* Drops everything; the loop must run once more before sandbox_post_free(). */
void sandbox_post_close(struct sandbox_post *p);
void sandbox_post_free(struct sandbox_post *p);

#endif
