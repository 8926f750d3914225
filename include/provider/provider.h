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
#include "base/envelope.h"
#include "base/err.h"
#include "base/header.h"
#include "base/report.h"
#include "core/config.h"
#include "core/template.h"
#include "core/words.h"

/* A key of reachd.yaml that this service alone knows. */
struct provider_setting {
	const char *name, *help; /* help: one line for `reachd help provider NAME` */
	unsigned flags;
};
#define SETTING_NEEDED 1U
#define SETTING_SECRET 2U /* only as { credential: NAME } */

/* A text by its code on the provider's books, its parameters filled in. */
struct coded {
	const char *code;
	const char *const *names, *const *values; /* names[i] "": by position */
	int n;
};

/* What a member of staff is asked to do. */
struct ask {
	const char *id;    /* names the card when one of its buttons is pressed */
	const char *title;
	const char *const *names, *const *values; /* its lines */
	int n;
	const char *task;  /* its number; "": several */
	const char *const *keys, *const *buttons; /* outcomes and their words */
	int n_buttons;
	const char *text;  /* what he is to send by hand; NULL: nothing */
	/* Not a new card: `word` in place of the buttons of the one that has this code. NULL: a
	 * new one */
	const char *code, *word;
};

/* What is wanted of a message that waits for a member's yes (capabilities.confirm). */
enum wish { WISH_TOLD, WISH_REMIND, WISH_WITHDRAW };

/* So many he had by the account since midnight, in seven days, since the first. */
struct had {
	int day, week, month;
};

/* Whose turn it is between him and the account: when he last wrote, 0 never or it does not
 * count any more; and what went to him since. */
struct turn {
	ms_t heard_at;
	int sent;
};

/* One recipient's share of a request. All strings borrowed. */
struct parcel {
	int64_t msg;
	const char *to;      /* the address, clear */
	const char *const *devices; /* push: the tokens of all his devices, `to` first; ends with
	                             * NULL. NULL: only `to`. They are one recipient */
	const char *ref;     /* own_ref: comes back in receipts */
	const char *call;    /* names the call to all in it, for services with one reference a call */
	enum channel channel;
	enum category category;
	const char *subject; /* email, else "" */
	const char *text;    /* rendered */
	const char *html;    /* email: HTML part, else "" */
	const char *unsubscribe; /* one-click URL, "" when none */
	const char *customer; /* the dealer's id; "" when not told. Only the sandbox passes it
	                       * on, so that its people can visit; no real vendor sees it */
	const char *signature; /* SMS: of the house or store, without brackets; else "" */
	const struct coded *coded; /* capabilities.registered; else NULL */
	const struct ask *ask; /* capabilities.staff; else NULL */
	const char *provider_id; /* of a query: what the service called it, else "" */
	enum wish wish;      /* of a query */
	int asked;           /* of a query: how often it was asked before */
	struct had had;      /* capabilities.confirm: what he had by the account */
	struct turn turn;    /* capabilities.reply_most */
	bool again;          /* the same call once more, under its key */
	const char *key;     /* provider.keys: the one given to this message; NULL: none */
	const char *sender;  /* capabilities.member: who of the staff sends it; "" the account's own */
	ms_t begun_at;       /* when this attempt began: the day a query asks about */
	ms_t expires_at;     /* for providers that take a validity period */
};

/* The caller makes `headers` (g_ptr_array_new) and frees it; everything it is
 * filled with, and the strings, live in the arena. */
struct provider_request {
	const char *method, *url, *body; /* PROVIDER_TOKEN in url: the token goes there */
	size_t body_len;
	GPtrArray *headers;  /* char *, "Name: value" */
	const struct envelope *envelope; /* by SMTP (base/envelope.h): url and body alone count
	                                  * beside it. NULL: HTTP */
};
#define PROVIDER_TOKEN "{access_token}"

/* A whole answer as it came. */
struct provider_reply {
	int status;
	const char *body;
	size_t len;
	const char *head; /* its headers, as base/header.h has them; NULL: none */
};

enum outcome {
	OUTCOME_NOT_WRITTEN,   /* nothing left this host: back to DUE */
	OUTCOME_ACCEPTED,
	OUTCOME_REJECTED,      /* certainly refused, for good */
	OUTCOME_REFUSED_RETRY, /* certainly not taken; later */
	OUTCOME_UNKNOWN        /* may have been taken */
};

/* What a query learns beside "taken". */
enum told { TOLD_NOTHING, TOLD_DELIVERED, TOLD_FAILED, TOLD_WITHDRAWN };

/* Why, in the provider's terms; perr is the provider's own code, "http-..." when it told none. */
#define ANSWER_CODE 81
struct answer {
	enum outcome outcome;
	char provider_id[128]; /* "" when none */
	char perr[ANSWER_CODE];
	bool bad_address;      /* REJECTED because of the address */
	bool opted_out;        /* REJECTED: the provider knows that he wants no more */
	bool freeze;           /* balance, credentials, redirect: stop this account, alarm; the
	                        * message itself is not refused and waits */
	bool no_code;          /* REJECTED: the registered text, or */
	bool no_signature;     /* the signature, is not approved there (any more): the message is
	                        * not at fault and waits, or goes another way */
	bool number;           /* REFUSED_RETRY for this recipient alone; the account goes on */
	bool alone;            /* REFUSED_RETRY: one of the batch was at fault; each goes alone */
	bool stale_token;      /* REFUSED_RETRY: the token is no longer good */
	bool hopeless;         /* UNKNOWN: asking again says nothing new; a person must look */
	bool shut;             /* REFUSED_RETRY: not before he has written again */
	enum told told;        /* of a query */
	ms_t retry_after;      /* 0: the caller's back-off */
	ms_t pause;            /* the account's next call waits so long, whatever became of this one */
};

/* What a webhook says of one message. */
enum receipt_kind { RECEIPT_SENT, RECEIPT_DELIVERED, RECEIPT_FAILED, RECEIPT_OPEN, RECEIPT_CLICK,
	RECEIPT_REPLY, RECEIPT_COMPLAINT, RECEIPT_UNSUBSCRIBE,
	RECEIPT_DONE, /* a member of staff: ref is the ask's id, text the outcome, from who */
	RECEIPT_CONTACT /* a contact: from is his id, ref the member's, text what happened
	                 * (CONTACT_...), perr the state of the code he scanned */ };
#define CONTACT_ADDED "added"
#define CONTACT_CHANGED "changed"
#define CONTACT_LEFT "left"       /* the customer removed the member */
#define CONTACT_DROPPED "dropped" /* the member removed the customer */
struct receipt {
	enum receipt_kind kind;
	const char *key;         /* the provider's event id, or a hash that stands for it */
	const char *once;        /* what it came under is good once, whatever it says then; NULL:
	                          * the key alone counts */
	const char *ref;         /* own_ref when it comes back, else "" */
	const char *provider_id; /* else "" */
	const char *from;        /* the customer's address, clear; "" when not told */
	enum channel channel;
	const char *text;        /* a reply's text, else "" */
	const char *code;        /* DONE: what replaces the card, once; NULL: nothing does */
	const char *perr;        /* a failure's code, else "" */
	bool bad_address;        /* FAILED: nobody is there */
	bool opted_out;          /* FAILED, REPLY: he wants no more, says the provider */
	bool shut;               /* FAILED: nothing more before he has written again */
	bool answers;            /* REPLY: counts only if the last that `from` had on its channel went
	                          * by this account: it may have come to another of the service's */
	bool our_mail;           /* it names no message, but is of one of ours to `from` */
	bool distrusted;         /* FAILED: his mailbox refuses our domain: the account must stop */
	ms_t at;                 /* as told; 0: unknown */
	const char *raw;         /* of a broken one: the element as it came, for the quarantine */
	bool broken;             /* could not be understood: kept raw, no effect */
};

struct hook_request {
	const char *method, *path; /* below /hooks/PROVIDER/ACCOUNT */
	const char *query;         /* behind the ?, as it came; "" */
	const char *url;           /* what the provider was told: public_url, path and query */
	const char *body;
	size_t body_len;
	const char *(*header)(const struct hook_request *, const char *name); /* "" when absent */
	const void *arg;
	/* What was fetched from an address before (a certificate); NULL: not yet. */
	const char *(*fetched)(const struct hook_request *, const char *url);
	ms_t now;
};
struct hook_reply {
	int status;
	const char *type, *body; /* the provider's own success form */
	const struct account *news; /* there is something to be had by pull() for this account, */
	const char *ticket;      /* with this, for ten minutes */
	const char *fetch;       /* https address the hook must see first; http, too, where the
	                          * account is internal */
};

/* What names a message in a receipt. */
enum match {
	MATCH_REF,       /* our own reference comes back */
	MATCH_ID,        /* the id the provider answered */
	MATCH_ID_ADDRESS /* that id is the call's: with the address it names one */
};

/* What is true of the service, for gate, check and dispatcher. */
struct capabilities {
	unsigned channels;      /* bit set it can serve at all */
	enum region region;     /* NONE: wherever the account's own machine is */
	int batch;              /* recipients in one call; 1: no batches */
	enum settle settle;
	/* life of a key, oldest request still taken; lag of the query, or how long a call whose
	 * answer was lost may still be at work there before it is repeated under its key */
	ms_t key_ttl, window, lag;
	ms_t longest;           /* H: the whole exchange; 0: 15 s */
	bool given;             /* KEY: for messages that have one of provider.keys; without it NONE */
	bool call_key;          /* the key is the call's: a batch is repeated whole or not at all */
	enum match match;
	bool receipts, replies, opens, clicks; /* what can be observed */
	ms_t confirm;           /* what it took waits so long for a person to press send; 0: it goes.
	                         * Its query tells, reminds and withdraws: parcel.wish */
	bool finds;             /* RECEIPT: its query finds what was taken by our reference, for `lag`;
	                         * what is absent proves nothing */
	bool tells;             /* its query says what became of a message: struct answer.told */
	bool member;            /* a member of staff who has the customer as a contact sends it */
	bool registered;        /* takes registered texts only: a code and parameters */
	bool advertises;        /* push: all of it is marketing to the vendors, whatever we call it */
	bool keeps;             /* its request says how long it may be kept: parcel.expires_at */
	bool staff;             /* it tells staff what they are asked to do, no customers */
	bool bare;              /* SMS goes without 【signature】 in its text */
	const struct number_limit *per_number; /* below what the service allows one number */
	int n_per_number;
	int selling_from, selling_to; /* SMS marketing is taken in [from, to) minutes; 0, 0: always */
	ms_t pull;              /* how often receipts and replies are asked for; 0: never */
	bool pulls_receipts;    /* but receipts alone: replies are only posted */
	ms_t reply_within;      /* it takes messages only to who has written to the account, so */
	int reply_most;         /* long after and so many until he writes again; 0: to anybody */
};

/* Contacts asked for: a page of a member's, or (external not "") all who have one. */
struct contact_query {
	const char *member, *external, *cursor; /* cursor "": the first page */
};
/* One contact of one member, as the service tells; "" what it does not. */
struct contact_told {
	const char *external, *member, *name, *unionid, *remark, *state;
	const char *const *mobiles; /* of the member's remark; ends with NULL */
	ms_t since;
};

/* Settling where the service keeps no reference of ours: what it took at the time is looked
 * through. Where the look stands: */
struct search_at {
	const char *cursor; /* of the list, "" its beginning */
	const char *id;     /* not "": is this one ours? */
	const char *clue;   /* what was told of it before, "" nothing */
};
enum search_shown {
	SEARCH_NOTHING, /* cannot tell now */
	SEARCH_PAGE,    /* rows, and the cursor of the next page, "" the last */
	SEARCH_CLUE,    /* of one: ask once more, with the clue */
	SEARCH_OURS, SEARCH_OTHER
};
struct search_row {
	const char *id;
	bool alike; /* its words are ours */
};
struct search_found {
	enum search_shown what;
	struct search_row *rows;
	int n;
	const char *cursor, *clue;
};
struct provider_search {
	/* now: ours, of the time the call was made (parcel.begun_at). */
	int (*request)(const struct account *acc, const struct parcel *p,
	    const struct search_at *at, ms_t now, struct arena *a, struct provider_request *out,
	    struct err *e);
	/* why: what the answer says of the account and its token; its outcome does not count. */
	void (*answer)(const struct account *acc, const struct parcel *p,
	    const struct search_at *at, int status, const char *body, size_t len,
	    struct arena *a, struct search_found *out, struct answer *why);
};

/* A token that goes with every request, fetched first; accounts with one key share it. */
struct provider_token {
	const char *(*key)(const struct account *acc, struct arena *a);
	int (*request)(const struct account *acc, const struct config *cfg, struct arena *a,
	    struct provider_request *out, struct err *e);
	/* Fills token and its life; else why->outcome says whether to ask again, and
	 * why->freeze that a person must. */
	bool (*answer)(const struct account *acc, int status, const char *body, size_t len,
	    char *token, size_t size, ms_t *life, struct answer *why);
};

/* Keys that the service gives out beforehand, one a message: a call repeated under its own is
 * not taken twice. A message for which none could be had goes without, and is not repeated. */
struct provider_keys {
	ms_t fresh; /* so old a key still begins a message; key_ttl counts from there */
	int low;    /* so many left: more are asked for */
	/* Whose they are; accounts of one owner share them. */
	const char *(*owner)(const struct account *acc);
	int (*request)(const struct account *acc, const struct config *cfg, struct arena *a,
	    struct provider_request *out, struct err *e);
	/* Into out, in the arena; how many, 0 when none were given. */
	int (*answer)(const struct account *acc, int status, const char *body, size_t len,
	    struct arena *a, const char **out, int max);
	/* Is it one of this owner's? Of another account's nothing may be repeated. */
	bool (*fits)(const struct account *acc, const char *key);
};

/* What trying an account out has shown. */
enum probed_as {
	PROBED_ODD,     /* nobody understands the answer */
	PROBED_GOOD,    /* the key is accepted */
	PROBED_MAY_NOT, /* accepted, but it may not ask this; what it may is not known */
	PROBED_KEY,     /* not accepted: `setting` */
	PROBED_SETTING, /* accepted, but what `setting` names is not there */
	PROBED_CLOCK,   /* the signature's time is too far from theirs */
	PROBED_PLACE,   /* not from this machine's address */
	PROBED_STOPPED, /* money, trial, suspension: nothing would be delivered */
	PROBED_LATER    /* not now */
};
struct probed {
	enum probed_as as;
	const char *setting; /* whose value is wrong, or "a, b": one of them; "" */
	char perr[41];       /* the provider's own code */
	char told[96];       /* what it says of the account: "balance 12.50 USD"; "" */
};

/* Trying an account out: a call that costs nothing and reaches nobody. */
struct provider_probe {
	/* 1: there is none, only its address can be tried. */
	int (*request)(const struct account *acc, const struct config *cfg, ms_t sig_ts,
	    struct arena *a, struct provider_request *out, struct err *e);
	/* Its answer, or that of a token's request which gave none. */
	void (*answer)(const struct account *acc, const struct provider_reply *reply,
	    struct probed *out);
};

struct provider {
	const char *name;    /* the `type:` in reachd.yaml */
	const char *summary; /* one line for `reachd help providers` */
	const char *url;     /* where it is reached when the account says nothing; NULL: it must */
	bool submits;        /* by SMTP: its url is smtp:// or smtps:// */
	const struct provider_setting *settings; /* ends with a NULL name; NULL: none */
	const struct provider_probe *probe;
	/* Mistakes of an account's settings, once at load. May be NULL. */
	void (*check)(const struct account *acc, struct report *r);
	/* Mistakes of what its settings name as credentials, once those are read; no secret may be
	 * told. May be NULL. */
	void (*secrets)(const struct account *acc, struct report *r);
	void (*capabilities)(const struct account *acc, struct capabilities *out);
	const struct provider_token *token; /* NULL: none is needed */
	const struct provider_keys *keys;   /* NULL: none are given */
	/* What is wrong with a text that may go through the account; `text` is it with its
	 * variables empty. May be NULL. */
	void (*lint)(const struct account *acc, const struct template *t, const char *text,
	    struct report *r);
	/* Why the service would not take this message, a fact of its rules; NULL: it would.
	 * Asked when it is composed, before anything is counted. May be NULL. */
	const char *(*refuses)(const struct account *acc, const struct parcel *p, struct arena *a);
	/* May two messages travel in one call? NULL: any may. */
	bool (*together)(const struct parcel *a, const struct parcel *b);
	/* parcels: 1..batch, one account, one channel, no address twice. */
	int (*request)(const struct account *acc, const struct config *cfg,
	    const struct parcel *parcels, int n, ms_t sig_ts, struct arena *a,
	    struct provider_request *out, struct err *e);
	/* One answer per parcel, in order. */
	void (*answer)(const struct account *acc, const struct parcel *parcels, int n,
	    const struct provider_reply *reply, struct answer *out);
	/* Of the answer to a card (capabilities.staff): what replaces its buttons, once; "" when
	 * nothing does. May be NULL. */
	const char *(*card_code)(const char *body, size_t len, struct arena *a);
	/* Settling, class Q: the query for one message (ref, to, channel, begun_at), and what
	 * its answer means: ACCEPTED found, REFUSED_RETRY absent, UNKNOWN cannot tell; and
	 * what has become of it, if told. NULL: none. */
	int (*query)(const struct account *acc, const struct config *cfg, const struct parcel *p,
	    ms_t sig_ts, struct arena *a, struct provider_request *out, struct err *e);
	void (*query_answer)(const struct account *acc, const struct parcel *p, int status,
	    const char *body, size_t len, struct answer *out);
	const struct provider_search *search; /* settling, class Q without a reference; NULL: none */
	/* Asking for receipts and replies where nothing is posted (capabilities.pull): the
	 * request for what comes after the cursor ("" at first), and the rows of its answer.
	 * ticket: of hook_reply, "" none. *cursor, at first the one that was asked with, is kept
	 * with them; *more: ask again at once. -1: no answer, ask later. */
	int (*pull)(const struct account *acc, const struct config *cfg, const char *cursor,
	    const char *ticket, ms_t sig_ts, struct arena *a, struct provider_request *out, struct err *e);
	int (*pull_answer)(const struct account *acc, int status, const char *body, size_t len,
	    struct arena *a, struct receipt **out, int *n, const char **cursor, bool *more,
	    struct answer *why);
	/* The staff's contacts, where the service has such: the request, and its rows. *cursor ""
	 * at the end. -1: why->outcome REJECTED when this member or contact cannot be asked
	 * about, else ask later. NULL: it has none. */
	int (*contacts)(const struct account *acc, const struct contact_query *q, struct arena *a,
	    struct provider_request *out, struct err *e);
	int (*contacts_answer)(const struct account *acc, const struct contact_query *q, int status,
	    const char *body, size_t len, struct arena *a, struct contact_told **out, int *n,
	    const char **cursor, struct answer *why);
	/* Its hook checks a signature: a secret in the path is not needed. */
	bool signs;
	size_t posts; /* the longest body it posts; 0: 256 KiB */
	/* Verifies, then parses. -1: refuse with reply->status (401, 400, 413). 1: wants to
	 * see reply->fetch first and is asked again. Returned receipts live in the arena.
	 * NULL: this service posts nothing. */
	int (*hook)(const struct account *acc, const struct config *cfg,
	    const struct hook_request *req, struct arena *a, struct receipt **out, int *n,
	    struct hook_reply *reply);
};

const struct provider *provider_find(const char *type); /* NULL: none */
const struct provider *const *provider_all(void);       /* NULL-terminated */
/* A setting of the account; "" when it is not written, or its secret is missing. */
const char *provider_setting(const struct account *acc, const char *name);
/* As it is written, NULL: not at all; and is it, whatever its value? */
const struct setting *provider_written(const struct account *acc, const char *name);
bool provider_is_set(const struct account *acc, const char *name);
/* The setting `pull`: how often it says to ask; `usual` without it, 0 when it is no duration. */
ms_t provider_pull_every(const struct account *acc, ms_t usual);
void provider_pull_check(const struct account *acc, struct report *r); /* 1s to 1d */
/* An error at the account, for check(). */
void provider_mistake(
    const struct account *acc, struct report *r, const char *hint, const char *text);
/* The account's url, or the service's, without a slash at its end, and a path behind it. */
const char *provider_url(const struct account *acc, struct arena *a, const char *path);
/* Value of `credential.NAME` for templates and signers; NULL: missing. */
const char *provider_credential(const struct config *cfg, const char *name);

#endif
