/* sandbox_http.h - the smallest HTTP/1.1 server that can also misbehave on purpose.
 *
 * Content-Length bodies of at most 1 MiB, keep-alive, one exchange at a time on
 * a connection. A request that is not whole 10 s after its first byte is cut
 * off. Everything on the loop thread. handle() is called once per whole request
 * and owes exactly one of answer, cut or drop, at once or later; the exchange is
 * gone after it. Its strings live until then. */
#ifndef CMD_SANDBOX_HTTP_H
#define CMD_SANDBOX_HTTP_H

#include <uv.h>

#include "base/err.h"
#include "sandbox_parse.h"

struct exchange {
	const char *method, *path, *query; /* query: behind the ?, else "" */
	const char *key;                   /* Idempotency-Key, else "" */
	const char *sent_at;               /* X-Sent-At, else "" */
	const char *body;
	size_t body_len;
	const struct sandbox_field *fields;
	int n_fields;
	void *user; /* the handler's */
};

struct sandbox_http;

struct sandbox_http *sandbox_http_open(uv_loop_t *loop, const char *listen,
    void (*handle)(void *arg, struct exchange *x), void *arg, struct err *e);
/* "127.0.0.1:8090": where it really listens. */
const char *sandbox_http_address(const struct sandbox_http *s);
/* Stops listening and closes every connection; exchanges still owed an answer
 * are dropped. The loop must run once more before sandbox_http_free(). */
void sandbox_http_close(struct sandbox_http *s);
void sandbox_http_free(struct sandbox_http *s);

struct sandbox_answer {
	int status;
	const char *type; /* NULL: application/json */
	int retry_after;  /* seconds; 0: none */
	const char *headers; /* "Name: value\r\n" each; NULL: none */
	const char *body;
	size_t len;
};
void sandbox_http_answer(struct exchange *x, const struct sandbox_answer *a);
/* Only the first `bytes` of the answer, head included, then the connection ends. */
void sandbox_http_cut(struct exchange *x, const struct sandbox_answer *a, size_t bytes);
/* The connection ends without a byte. */
void sandbox_http_drop(struct exchange *x);

#endif
