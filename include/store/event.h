/* event.h - what came in: events, idempotency keys, the inbox of provider posts, alarms. */
#ifndef STORE_EVENT_H
#define STORE_EVENT_H

#include "store/store.h"

struct event {
	int64_t id;
	const char *source, *evid; /* unique together, for ever */
	int64_t customer;
	const char *type;
	ms_t at, recv_at;
	const char *data; /* JSON object */
};
/* 1 new (id filled), 0 seen before, -1 err. */
int event_add(struct store *s, struct event *ev, struct err *e);
int event_get(struct store *s, int64_t id, struct event *out, struct err *e);
/* By the id its source gave it: 1/0/-1. Retyped it counts for nothing of its old type. */
int event_find(struct store *s, const char *source, const char *evid, struct event *out,
    struct err *e);
int event_retype(struct store *s, int64_t id, const char *type, struct err *e);
/* Undoing: 1 it is there, 0 not. */
int event_known(struct store *s, const char *source, const char *evid, struct err *e);
/* A visit, a check-in or a check-out of his that happened since: 1/0/-1. */
int event_seen_since(struct store *s, int64_t customer, ms_t since, struct err *e);
int event_drop(struct store *s, const char *source, const char *evid, struct err *e);
int event_of_customer(struct store *s, int64_t customer,
    void (*each)(void *arg, const struct event *ev), void *arg, struct err *e);

/* Those told after the id, in that order; their strings are in the scratch arena. */
int event_of_customer_since(struct store *s, int64_t customer, int64_t since,
    void (*each)(void *arg, const struct event *ev), void *arg, struct err *e);

int parked_add(struct store *s, const char *ext, ms_t until, const char *body, struct err *e);
/* Takes one parked body of that customer out: 1/0/-1. */
int parked_take(struct store *s, const char *ext, char **body, struct err *e);
int parked_purge(struct store *s, ms_t now, int *gone, struct err *e);

/* 1 known (status and answer filled when the sha fits; *same tells), 0 new, -1. */
int idempotency_get(struct store *s, const char *key, const uint8_t sha[32], bool *same,
    int *status, char **answer, struct err *e);
int idempotency_put(struct store *s, const char *key, const uint8_t sha[32], ms_t at, int status,
    const char *answer, struct err *e);
int idempotency_purge(struct store *s, ms_t before, struct err *e);

/* A provider's post, once per (account, key). raw is sealed. */
struct inbox {
	int64_t id;
	const char *account, *evkey;
	ms_t recv_at;
	int kind;            /* enum receipt_kind; -1: quarantined */
	const char *verdict; /* "open", "applied", "unmatched", "conflict", "broken" */
	const char *raw;     /* JSON of the receipt */
};
int inbox_add(struct store *s, struct inbox *in, bool done, struct err *e); /* 1 new, 0 seen, -1 */
/* Is it the first that came under this token? 1, 0, -1. */
int inbox_once(
    struct store *s, const char *account, const char *token, ms_t at, struct err *e);
int inbox_once_purge(struct store *s, ms_t before, struct err *e);
int inbox_close(struct store *s, int64_t id, ms_t at, const char *verdict, struct err *e);
int inbox_reopen(struct store *s, int64_t id, struct err *e); /* its message is not there yet */
/* Open rows above *cursor: 1/0/-1. */
int inbox_next(struct store *s, int64_t *cursor, struct inbox *out, struct err *e);
/* What came at that very instant, whatever became of it. */
int inbox_at(struct store *s, ms_t at, void (*each)(void *arg, const struct inbox *in), void *arg,
    struct err *e);
/* The newest of each account and kind of what was understood. */
int inbox_last(struct store *s,
    void (*each)(void *arg, const char *account, int kind, ms_t at), void *arg,
    struct err *e);
int inbox_count_open(struct store *s, int64_t *n, struct err *e);

int alarm_add(struct store *s, ms_t at, const char *kind, int64_t msg, int64_t customer,
    const char *text, struct err *e);
int alarm_drop(struct store *s, const char *kind, int64_t msg, struct err *e); /* seen to */
/* Is there one that says just that: 1/0/-1. */
int alarm_said(struct store *s, const char *kind, const char *text, struct err *e);
int alarm_each(struct store *s, int max,
    void (*each)(void *arg, ms_t at, const char *kind, const char *ext, const char *text),
    void *arg, struct err *e);

/* Links and hits. */
int link_add(struct store *s, const char *code, int64_t msg, int n, const char *target, ms_t at,
    struct err *e);
int link_get(struct store *s, const char *code, int64_t *msg, char **target, ms_t *at,
    struct err *e); /* 1/0/-1 */
enum hit_kind { HIT_OPEN, HIT_CLICK };
int hit_add(struct store *s, int64_t msg, const char *code, int kind, ms_t at, const char *bot,
    struct err *e);
/* Hits of a message with different codes since an instant. */
int hit_codes_since(struct store *s, int64_t msg, ms_t since, int *n, struct err *e);

/* A person clicked a link of this message: 1/0/-1. */
int hit_clicked(struct store *s, int64_t msg, struct err *e);

/* When visits of a store were last told, by source. A file makes a feed; what comes by
 * event renews the one there is. feed_last: 0 none. */
int feed_heard(struct store *s, const char *shop, const char *source, ms_t at, struct err *e);
int feed_renew(struct store *s, const char *source, ms_t at, struct err *e);
int feed_event(struct store *s, const char *shop, ms_t at, struct err *e);
int feed_last(struct store *s, const char *shop, ms_t *at, struct err *e);
int feed_each(struct store *s,
    void (*each)(void *arg, const char *shop, const char *source, ms_t at), void *arg,
    struct err *e);

/* The daily sweep's place, and imports. */
int sweep_get(struct store *s, const char *zone, int64_t *day, int64_t *cursor, struct err *e);
/* Of a version whose list has not begun: when it was published, and whether the list of an
 * earlier version has. */
int sweep_list_news(struct store *s, int64_t version, ms_t *published, bool *begun,
    struct err *e);
int sweep_set(struct store *s, const char *zone, int64_t day, int64_t cursor, struct err *e);

/* Rows of a list that mean nobody, by the version of its playbook. */
int unmatched_add(struct store *s, int64_t version, int n, const char *row, struct err *e);
int unmatched_count(struct store *s, int64_t version, int *n, struct err *e);
/* The first rows of a version known by its hash; *n: of how many. */
int unmatched_each(struct store *s, const char *hash, int max, int *n,
    void (*each)(void *arg, const char *row), void *arg, struct err *e);

/* how: JSON of what its sender asked for. */
int import_add(struct store *s, const char *path, const char *what, ms_t at, int64_t batch,
    const char *how, struct err *e);
int import_known(struct store *s, const char *path, struct err *e); /* 1/0/-1 */
int import_drop(struct store *s, const char *path, struct err *e);
/* The first import not finished: 1/0/-1. */
int import_open(struct store *s, char **path, char **what, int64_t *batch, char **how,
    struct err *e);

#endif
