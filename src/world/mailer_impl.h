/* mailer_impl.h - outgoing mail: what mailer.c (a call) and wire.c (libcurl) share. */
#ifndef MAILER_IMPL_H
#define MAILER_IMPL_H

#include <curl/curl.h>
#include <glib.h>

#include "loop_impl.h"

#define WIRE_IDLE (30 * MS_SECOND)

struct letter;

struct wire {
	struct mailer *mailer;
	struct wire *next;
	CURL *easy;
	char *key; /* url and user: whose connection it is */
	int fd;    /* -1: none */
	bool busy;
	ms_t since;            /* boot: idle since */
	struct letter *letter; /* it carries now; NULL: none */
};

enum verdict { VERDICT_NONE, VERDICT_ASKED, VERDICT_GO, VERDICT_NO };

/* One call. The thread owns all but what the lock guards. */
struct letter {
	struct mailer *mailer;
	struct letter *next, *next_asking;
	struct http_call *call; /* the loop's */
	char *url, *from, *to, *user, *password, *body;
	size_t len, at;
	ms_t timeout;
	bool plain, internal;
	const char *wrong; /* it cannot be sent at all */
	/* Under the lock: */
	struct wire *wire;
	enum verdict verdict;
	bool cancelled;
	/* What the server said: */
	int code, replies; /* code of the last whole reply; how many after the guard */
	bool guarded, private_address;
	bool whole;    /* the reply has ended */
	bool over;     /* what comes now answers QUIT */
	bool go_ahead; /* 354: it asked for the text */
	GString *reply;
	CURLcode rc;
};

struct mailer {
	struct loop *loop;
	struct crew *pool;
	uv_async_t wake;
	uv_timer_t tick;
	uv_mutex_t lock;
	uv_cond_t said;
	/* Under the lock: */
	struct wire *wires;
	struct letter *asking, *ended;
	bool stop;
	int handles;
};

static inline void
mailer_lock(struct mailer *m)
{
	uv_mutex_lock(&m->lock);
}

static inline void
mailer_unlock(struct mailer *m)
{
	uv_mutex_unlock(&m->lock);
}

/* Carries a letter, on the thread that asks. Returns when it is over. */
void wire_carry(struct letter *t);
/* Closes those that nobody has wanted for a while; all of them when stopping. */
void wires_sweep(struct mailer *m, bool all);

#endif
