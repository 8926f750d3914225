/* provider.h - what a vendor's service is to reachd: pure functions between messages and bytes.
 *
 * message -> request, answer -> outcome, webhook -> receipts. One file a
 * service, one line in the table in src/provider/provider.c. No clock, no I/O:
 * what a call needs (time, credentials) comes in. Memory is the caller's arena.
 *
 * An outcome may only narrow what the HTTP exchange itself says: the dispatcher has already turned "never written" and "no full answer"
 * into outcomes; a provider sees only whole answers. */
#ifndef PROVIDER_PROVIDER_H
#define PROVIDER_PROVIDER_H

#include <stdbool.h>

#include <glib.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/report.h"
#include "core/config.h"
#include "core/words.h"

/* One recipient's share of a request. All strings borrowed. */
struct parcel {
	int64_t msg;
	const char *to;      /* the address, clear */
	const char *ref;     /* own_ref: comes back in receipts */
	enum channel channel;
	enum category category;
	const char *subject; /* email, else "" */
	const char *text;    /* rendered */
	const char *html;    /* email: HTML part, else "" */
	const char *unsubscribe; /* one-click URL, "" when none */
	const char *customer; /* the dealer's id; "" when not told. Only the sandbox passes it
	                       * on, so that its people can visit; no real vendor sees it */
	ms_t expires_at;     /* for providers that take a validity period */
};

/* The caller makes `headers` (g_ptr_array_new) and frees it; everything it is
 * filled with, and the strings, live in the arena. */
struct provider_request {
	const char *method, *url, *body;
	size_t body_len;
	GPtrArray *headers;  /* char *, "Name: value" */
};

enum outcome {
	OUTCOME_NOT_WRITTEN,   /* nothing left this host: back to DUE */
	OUTCOME_ACCEPTED,
	OUTCOME_REJECTED,      /* certainly refused, for good */
	OUTCOME_REFUSED_RETRY, /* certainly not taken; later */
	OUTCOME_UNKNOWN        /* may have been taken */
};

/* Why, in the provider's terms; perr is the provider's own code, at most 40 bytes. */
struct answer {
	enum outcome outcome;
	char provider_id[128]; /* "" when none */
	char perr[41];
	bool bad_address;      /* REJECTED because of the address */
	bool freeze;           /* balance, credentials, redirect: stop this account, alarm */
	ms_t retry_after;      /* 0: the caller's back-off */
};

/* What a webhook says of one message. */
enum receipt_kind { RECEIPT_SENT, RECEIPT_DELIVERED, RECEIPT_FAILED, RECEIPT_OPEN, RECEIPT_CLICK,
	RECEIPT_REPLY, RECEIPT_COMPLAINT, RECEIPT_UNSUBSCRIBE };
struct receipt {
	enum receipt_kind kind;
	const char *key;         /* the provider's event id, or a hash that stands for it */
	const char *ref;         /* own_ref when it comes back, else "" */
	const char *provider_id; /* else "" */
	const char *from;        /* the customer's address, clear; "" when not told */
	enum channel channel;
	const char *text;        /* a reply's text, else "" */
	const char *perr;        /* a failure's code, else "" */
	ms_t at;                 /* as told; 0: unknown */
	const char *raw;         /* the element as it came, for the quarantine */
	bool broken;             /* could not be understood: kept raw, no effect */
};

struct hook_request {
	const char *method, *path; /* below /hooks/PROVIDER/ACCOUNT */
	const char *body;
	size_t body_len;
	const char *(*header)(const struct hook_request *, const char *name); /* "" when absent */
	const void *arg;
	ms_t now;
};
struct hook_reply {
	int status;
	const char *type, *body; /* the provider's own success form */
};

/* What is true of the service, for gate, check and dispatcher. */
struct capabilities {
	unsigned channels;      /* bit set it can serve at all */
	int batch;              /* recipients in one call; 1: no batches */
	enum settle settle;
	ms_t key_ttl, window, lag; /* life of a key, oldest request still taken, lag of the query */
	bool receipts, replies, opens, clicks; /* what can be observed */
	bool optional_text;     /* true: takes free text; false: registered templates only */
};

struct provider {
	const char *name;    /* the `type:` in reachd.yaml */
	const char *summary; /* one line for `reachd help providers` */
	/* Mistakes of an account's settings, once at load. May be NULL. */
	void (*check)(const struct account *acc, struct report *r);
	void (*capabilities)(const struct account *acc, struct capabilities *out);
	/* parcels: 1..batch, one account, one channel, no address twice. */
	int (*request)(const struct account *acc, const struct config *cfg,
	    const struct parcel *parcels, int n, ms_t sig_ts, struct arena *a,
	    struct provider_request *out, struct err *e);
	/* One answer per parcel, in order. */
	void (*answer)(const struct account *acc, const struct parcel *parcels, int n, int status,
	    const char *body, size_t len, struct answer *out);
	/* Settling, class Q: the query for one reference, and what its answer means:
	 * ACCEPTED found, REFUSED_RETRY absent, UNKNOWN cannot tell. NULL: none. */
	int (*query)(const struct account *acc, const struct config *cfg, const char *ref,
	    ms_t sig_ts, struct arena *a, struct provider_request *out, struct err *e);
	void (*query_answer)(const struct account *acc, int status, const char *body, size_t len,
	    struct answer *out);
	/* Verifies, then parses. -1: refuse with reply->status (401, 400, 413). Returned
	 * receipts live in the arena. NULL: this service posts nothing. */
	int (*hook)(const struct account *acc, const struct config *cfg,
	    const struct hook_request *req, struct arena *a, struct receipt **out, int *n,
	    struct hook_reply *reply);
};

const struct provider *provider_find(const char *type); /* NULL: none */
const struct provider *const *provider_all(void);       /* NULL-terminated */
/* Value of `credential.NAME` for templates and signers; NULL: missing. */
const char *provider_credential(const struct config *cfg, const char *name);

#endif
