/* world.h - the seam: everything the engine asks of its outside, as one struct of functions.
 *
 * There are two worlds: src/world (libuv, libcurl, a store thread) and src/sim
 * (a seed and a heap of future events). No other folder reads a clock, rolls
 * dice, opens a socket or starts a thread.
 *
 * All functions are called on the loop thread, and all callbacks come on it,
 * except job.run, which runs on the store, reader or worker thread. done() comes
 * exactly once and never from inside the call that started the work. Callers
 * embed timer, job and http_call in structs of their own and keep them alive
 * until done(). `now` is read once at the top of a callback and passed down. */
#ifndef BASE_WORLD_H
#define BASE_WORLD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/clock.h"
#include "base/envelope.h"
#include "base/err.h"

struct store;
struct world;

struct timer {
	void (*fire)(struct timer *);
	void *impl; /* the world's; zero before first use */
};

/* Work inside a database transaction. When run() returns -1 only its own changes are
 * rolled back. done() comes after the commit of the whole group (err NULL), or with the
 * error of the run or the commit. A COMMIT whose outcome is unknown ends the process. */
struct job {
	int (*run)(struct job *, struct store *, struct err *);
	void (*done)(struct job *, const struct err *);
	/* run() may be called a second time, with `again` set, after all that the first
	 * call did to the database was undone: it starts afresh. Such jobs are cheaper. */
	bool repeats;
	/* Of a read: it counts for seconds, so it goes beside the others, not before them. */
	bool slow;
	bool again;       /* the world's, and the rest */
	struct job *next;
	struct err err;
	bool failed;
};

enum http_end {
	HTTP_NOT_WRITTEN, /* no byte of the request left: DNS, connect, TLS, guard said no;
	                   * of a mail: its server had not asked for the text (354) */
	HTTP_BROKEN,      /* it was sent at least in part; no full answer came */
	HTTP_ANSWERED     /* status and whole body are here */
};

/* What was in the way of a call that was not written. */
enum http_fault {
	HTTP_FAULT_OTHER,
	HTTP_FAULT_NAME,    /* the host's name is unknown */
	HTTP_FAULT_CONNECT, /* nobody answers there */
	HTTP_FAULT_TLS      /* no connection that can be trusted */
};

struct http_req {
	const char *method, *url;
	const char *const *headers; /* "Name: value", NULL-terminated; NULL: none */
	const char *body;
	size_t body_len;
	ms_t timeout;  /* whole exchange; 0: 15 s. Boot clock */
	bool internal; /* plain http and private addresses are allowed */
	/* A mail by SMTP, body is its text, CRLF lines; no method, no headers. The answer is
	 * the last reply: its code as status, and as body what it answered to (CONNECT, MAIL,
	 * RCPT, DATA or END; NOOP where there is no mail), a blank and its words. Connecting, TLS and AUTH come before the
	 * guard, MAIL FROM after it. NULL: HTTP. */
	const struct envelope *envelope;
};

struct http_call {
	struct http_req req; /* borrowed until done() */
	/* The last instant we own: called once, after connect and TLS, before the
	 * first byte. false: nothing is written, end is HTTP_NOT_WRITTEN. May be NULL.
	 * It starts and cancels no call. */
	bool (*guard)(struct http_call *);
	void (*done)(struct http_call *);
	/* Filled before done(): */
	enum http_end end;
	bool refused; /* the guard said no */
	int status;
	ms_t retry_after; /* from Retry-After, in ms; 0: none */
	const char *head; /* of the answer (base/header.h), what fits in 16 KiB; as long as body */
	char *body;       /* NUL-terminated, at most 256 KiB; the world frees it after done() */
	size_t body_len;
	enum http_fault fault; /* of HTTP_NOT_WRITTEN; a simulated world says OTHER */
	char error[160];  /* why it was not answered; no address, no secret */
	ms_t date;        /* HEAD only: the answer's Date; 0: none */
	void *impl;       /* the world's */
};

/* Small files beside the database: flight log, ballast. Paths are absolute or
 * relative to the state directory. Everything returns 0 or -1 with err. */
struct file;
struct files {
	struct file *(*open)(struct world *, const char *path, bool create, struct err *);
	int (*pwrite)(struct file *, const void *buf, size_t len, int64_t off, struct err *);
	int64_t (*pread)(struct file *, void *buf, size_t len, int64_t off, struct err *);
	int (*truncate)(struct file *, int64_t len, struct err *);
	int (*sync)(struct file *, struct err *);
	void (*close)(struct file *);
};

struct world {
	ms_t (*now)(struct world *);  /* wall; may run at a speed (demo, rehearsal) */
	ms_t (*boot)(struct world *); /* never goes back, never scaled */
	uint64_t (*random)(struct world *);
	void (*secret)(struct world *, void *buf, size_t len); /* CSPRNG; any thread */
	/* Fires once at or after `at` on the wall clock; setting again moves it. */
	void (*timer_set)(struct world *, struct timer *, ms_t at);
	/* The same on the boot clock (back-off, buckets, watchdogs). */
	void (*timer_set_boot)(struct world *, struct timer *, ms_t at);
	void (*timer_cancel)(struct world *, struct timer *);
	void (*http_start)(struct world *, struct http_call *);
	void (*http_cancel)(struct world *, struct http_call *);
	void (*job_start)(struct world *, struct job *);  /* the one writer */
	void (*read_start)(struct world *, struct job *); /* read-only snapshot */
	/* What takes long and needs no store: run() is given NULL for it, and touches nothing
	 * that anybody else may change meanwhile. One at a time, in order. */
	void (*work_start)(struct world *, struct job *);
	/* Bytes free for us and in all, where the state lies. NULL: there is no end. */
	int (*disk_room)(struct world *, int64_t *left, int64_t *size);
	/* Time synchronisation answers for the wall clock. NULL: nobody does. */
	bool (*clock_vouched)(struct world *);
	const struct files *files;
	char boot_id[40]; /* of this boot of the machine */
	double speed;     /* wall ms per boot ms; 1 in real life */
};

#endif
