/* customer.h - customers, their addresses, opt-outs and blocks. */
#ifndef STORE_CUSTOMER_H
#define STORE_CUSTOMER_H

#include <stdbool.h>

#include "core/customer.h"
#include "store/store.h"

/* When he is to be looked at: on that day, and before it if there is a place for him in the
 * playbook whose places were all taken (its number; 0: none). */
struct look {
	int64_t day;
	int place;
};

/* The row plus what only the store knows. */
struct customer_row {
	struct customer c;
	unsigned invalid;  /* bit per channel: wrong person, or refused for good */
	ms_t blocked_at;   /* complaint; 0: none */
	ms_t erased_at;
	int64_t merged; /* the customer he turned out to be; 0: nobody else */
	const void *sealed; /* addresses not opened yet; c.address are "" until then */
	size_t sealed_len;
};

/* A row of a file: inserts or updates by ext. *id is filled; *created tells which. Stage,
 * tags and attributes change only where the file says something else than last time: what
 * customer_set_*() wrote since stays. */
/* Stage, tags and attributes as files last told them: 1, -1. */
int customer_said(struct store *s, struct customer *c, struct err *e);
int customer_put(struct store *s, const struct customer *c, int64_t *id, bool *created,
    struct err *e);
/* 1 found, 0 not, -1 err. Strings live in the scratch arena. */
int customer_get(struct store *s, int64_t id, struct customer_row *out, struct err *e);
/* Opens the sealed addresses of a row that was read. Opening twice is fine. */
int customer_open(struct store *s, struct customer_row *row, struct err *e);
/* By the dealer's id; of one who was merged into another: that one. */
int customer_find(struct store *s, const char *ext, int64_t *id, struct err *e);
/* The customers of an address, at most max; returns how many or -1. */
int customer_of_address(struct store *s, int64_t h, int64_t *ids, int max, struct err *e);
/* Rows of the `ids` ids above `after`, in order; tz NULL: all, else that zone only.
 * out has room for `ids`; returns how many or -1. customer_last: the highest id. */
int customer_page(struct store *s, int64_t after, int ids, const char *tz,
    struct customer_row *out, struct err *e);
int customer_last(struct store *s, int64_t *id, struct err *e);
/* Distinct values of tz. Each(arg, tz) is called once a zone. */
int customer_zones(struct store *s, void (*each)(void *arg, const char *tz), void *arg,
    struct err *e);
/* Customers whose advisor is called one of these. */
int customer_count_of(
    struct store *s, const char *name, const char *other, int64_t *n, struct err *e);
int customer_count(struct store *s, int64_t *n, struct err *e);

int customer_set_stage(struct store *s, int64_t id, const char *stage, struct err *e);
int customer_set_attr(struct store *s, int64_t id, const char *attrs, struct err *e);
int customer_set_tags(struct store *s, int64_t id, const char *tags, struct err *e);
int customer_visited(struct store *s, int64_t id, ms_t at, int64_t day, struct err *e);
/* Facts that visits and orders tell, exactly as given. */
struct customer_facts {
	struct date first_visit, last_visit;
	ms_t last_visit_at;
	int visits;
	double spend_12m;
};
int customer_set_facts(
    struct store *s, int64_t id, const struct customer_facts *f, struct err *e);
/* Everything as given, where customer_put() keeps the later visit and other columns. */
int customer_replace(struct store *s, const struct customer *c, struct err *e);
/* Other addresses, all of them; what a file said last time is not touched. */
int customer_set_addresses(struct store *s, struct customer_row *old,
    const char *const *address, struct err *e);
/* Nothing of him stays but his number, which nobody gets again. */
int customer_forget(struct store *s, int64_t id, ms_t at, struct err *e);
/* A consent he gave himself: stands until a file says something new of that channel. */
int customer_consent(struct store *s, const struct customer *c, struct err *e);
int customer_block(struct store *s, int64_t id, ms_t at, struct err *e);
int customer_unblock(struct store *s, int64_t id, struct err *e);
int customer_invalidate(struct store *s, int64_t id, int channel, struct err *e);
/* The benefit of the doubt again. */
int customer_validate(struct store *s, int64_t id, int channel, struct err *e);

/* The keyed hash under which an address is looked up. phone and sms share it. */
int64_t customer_hash(struct store *s, int channel, const char *address);

#endif
