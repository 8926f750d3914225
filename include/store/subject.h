/* subject.h - vehicles, appointments, repair orders and staff, by the dealer's id.
 *
 * X_put inserts or replaces by ext; X_get, X_of_customer fill structs whose strings
 * live in the scratch arena; X_drop removes. 1 found, 0 not, -1 err. */
#ifndef STORE_SUBJECT_H
#define STORE_SUBJECT_H

#include "core/subject.h"
#include "store/store.h"

int vehicle_put(struct store *s, const struct vehicle *v, struct err *e);
int vehicle_get(struct store *s, const char *ext, struct vehicle *out, struct err *e);
/* By id, VIN or plate; a word that means several means none. */
int vehicle_find(struct store *s, const char *word, struct vehicle *out, struct err *e);
/* At most max, sold ones too, by id; returns how many or -1. */
int vehicle_of_customer(
    struct store *s, int64_t customer, struct vehicle *out, int max, struct err *e);
int vehicle_drop(struct store *s, const char *ext, struct err *e);
/* A visit tells the odometer and that it was serviced; never goes back. */
int vehicle_seen(struct store *s, const char *ext, int64_t day, int mileage,
    bool serviced, struct err *e);

int appointment_put(struct store *s, const struct appointment *a, struct err *e);
int
appointment_get(struct store *s, const char *ext, struct appointment *out, struct err *e);
/* The latest first. */
int appointment_of_customer(
    struct store *s, int64_t customer, struct appointment *out, int max, struct err *e);
/* When to ask whether he came; 0: that is settled. */
int appointment_look(struct store *s, const char *ext, ms_t at, struct err *e);
/* Settled, that one of his; ext "": all of his. */
int appointment_settled(struct store *s, int64_t customer, const char *ext, struct err *e);
/* Those to be asked about, the longest due first; returns how many or -1. */
int appointment_due(
    struct store *s, ms_t now, struct appointment *out, int max, struct err *e);
int appointment_next(struct store *s, ms_t *at, struct err *e); /* MS_NEVER: none */
int appointment_drop(struct store *s, const char *ext, struct err *e);

int order_put(struct store *s, const struct order *o, struct err *e);
int order_get(struct store *s, const char *ext, struct order *out, struct err *e);
/* The latest first. */
int order_of_customer(
    struct store *s, int64_t customer, struct order *out, int max, struct err *e);
int order_drop(struct store *s, const char *ext, struct err *e);
/* What a customer's orders add up to: since an instant, and altogether. */
struct order_sums {
	ms_t first, last;
	double since; /* yuan from that instant on */
	int days; /* on so many different days, by a zone's offset from UTC */
};
int order_sum(struct store *s, int64_t customer, ms_t since, ms_t offset,
    struct order_sums *out, struct err *e);

int staff_put(struct store *s, const struct staff *f, struct err *e);
int staff_get(struct store *s, const char *ext, struct staff *out, struct err *e);
/* By id, else by the name people call him; of two of a name the one of that store. */
int staff_find(struct store *s, const char *word, const char *shop, struct staff *out,
    struct err *e);
/* Their ids in WeCom know no case. */
int staff_of_wecom(struct store *s, const char *id, struct staff *out, struct err *e);
/* Who does this person's work on that local day: he himself, else whom his successor and
 * deputies lead to. 1, 0 nobody is there, -1. */
int staff_today(struct store *s, int64_t day, struct staff *out, struct err *e);
/* Those with a role, of that store first; at most max, returns how many or -1. */
int staff_of_role(struct store *s, const char *role, const char *shop, struct staff *out,
    int max, struct err *e);
int staff_drop(struct store *s, const char *ext, struct err *e);

/* Touches that went out inside another: the runs they belong to, at most max. */
int merged_add(struct store *s, int64_t lead, int64_t msg, struct err *e);
/* The message that took this one along: 1, 0, -1. */
int merged_lead(struct store *s, int64_t msg, int64_t *lead, struct err *e);
int merged_runs(struct store *s, int64_t lead, int64_t *runs, int max, struct err *e);

#endif
