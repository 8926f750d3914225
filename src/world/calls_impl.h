/* calls_impl.h - outgoing HTTP: what calls.c (a call), slot.c (the handle that carries
 * it) and sockets.c (libcurl's sockets) share. Loop thread. */
#ifndef CALLS_IMPL_H
#define CALLS_IMPL_H

#include <curl/curl.h>
#include <glib.h>

#include "loop_impl.h"

#define CALL_HEADERS 64

struct sock;

/* One easy handle, which carries one attempt after another. */
struct slot {
	struct calls *calls;
	struct slot *next, *prev; /* in active, ending or idle */
	struct http_call *call;   /* NULL: idle */
	CURL *easy;
	CURLU *url;
	char *url_text; /* what url holds */
	struct curl_slist headers[CALL_HEADERS + 3];
	GString *body, *head; /* head: base/header.h */
	ms_t date;
	bool internal, in_multi;
	int guards; /* how often libcurl was about to write the request */
	bool refused, private_address, too_long, whole_head;
};

struct calls {
	struct loop *loop;
	CURLM *multi;
	uv_timer_t timer;
	uv_idle_t later;
	struct slot *active, *idle;
	struct slot *ending, **ending_last; /* done() is due */
	struct sock **socks;                /* by descriptor */
	size_t n_socks;
	bool in_curl; /* inside a callback of libcurl's */
};

/* Looks for finished transfers after libcurl has run. */
void calls_collect(struct calls *c);

enum http_fault calls_fault(CURLcode rc);

/* An idle one or a new one, now active; back in the list when its call has ended. */
struct slot *slot_take(struct calls *c);
void slot_free(struct slot *s);
/* Makes it this request. NULL, or why it cannot be one (static). */
const char *slot_set(struct slot *s, const struct http_req *req);

void sockets_init(struct calls *c);
void sockets_fini(struct calls *c);
/* For CURLOPT_OPENSOCKETFUNCTION (data is the slot) and CLOSESOCKET (data is calls). */
curl_socket_t
sockets_open(void *slot, curlsocktype purpose, struct curl_sockaddr *address);
int sockets_close(void *calls, curl_socket_t fd);

#endif
