/* offer.h - benefits as they were given: asked for, granted, redeemed. */
#ifndef STORE_OFFER_H
#define STORE_OFFER_H

#include "core/offer.h"
#include "store/store.h"

struct grant {
	int64_t id;
	const char *name;      /* of the offer */
	int64_t customer, run; /* run 0: by hand */
	int state;             /* enum offer_state */
	double value;          /* yuan, as it was when granted */
	const char *store;     /* the customer's then */
	const char *author;    /* who asked for it: "playbook NAME", or a person */
	const char *by;        /* who agreed, refused or redeemed it; "" nobody */
	ms_t asked_at, granted_at, ended_at; /* 0: not */
	ms_t expires_at;                     /* asked: until when somebody must agree */
	int64_t event;                       /* that redeemed it; 0: none */
};
/* Inserts, id filled; 1 done, 0 this run has that offer (nothing written), -1 err. */
int offer_add(struct store *s, struct grant *g, struct err *e);
/* All but name, customer, run, store, author and asked_at. */
int offer_save(struct store *s, const struct grant *g, struct err *e);
int offer_get(struct store *s, int64_t id, struct grant *out, struct err *e); /* 1/0/-1 */
int offer_of_run(struct store *s, int64_t run, const char *name, struct grant *out,
    struct err *e); /* 1/0/-1 */
/* Granted to a customer and neither redeemed nor over, newest first, at most max;
 * name NULL: of any. Returns how many or -1. */
int offer_standing(struct store *s, int64_t customer, const char *name, ms_t now,
    struct grant *out, int max, struct err *e);
/* Asked for or granted and now over, at most max; returns how many or -1. */
int offer_over(struct store *s, ms_t now, struct grant *out, int max, struct err *e);
/* Of a state and not over. */
int offer_count(struct store *s, int state, ms_t now, int64_t *n, struct err *e);
/* Newest first, those before an id (0: all); state -1: any; ext is the customer's id. */
int offer_each(struct store *s, int state, int64_t before, int max,
    void (*each)(void *arg, const struct grant *g, const char *ext), void *arg,
    struct err *e);

/* One conditional write; store "" for an offer of the whole house, limit -1: no quota.
 * 1 taken, 0 none left, -1 err. */
int offer_quota_take(struct store *s, const char *name, const char *store, int month,
    int limit, struct err *e);
int offer_quota_used(struct store *s, const char *name, const char *store, int month,
    int *used, struct err *e);
/* By store ("" of the house), where any were used. */
int offer_quota_each(struct store *s, const char *name, int month,
    void (*each)(void *arg, const char *store, int used), void *arg, struct err *e);

#endif
