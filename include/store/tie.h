/* tie.h - who belongs with whom: the contact person of a company, the driver of a car, a
 * number that several have, a household.
 *
 * customer.ties says what there is to ask (enum tie), so that nobody asks for the many who
 * are on their own. Its bits are set here and never taken back: one too many only asks. */
#ifndef STORE_TIE_H
#define STORE_TIE_H

#include "core/customer.h"
#include "core/subject.h"
#include "store/store.h"

/* The bits of both sides, after `contact` (the dealer's id) was written for a company; after
 * a driver was; after an address was. */
int tie_contact(struct store *s, int64_t company, const char *contact, struct err *e);
int tie_driver(struct store *s, const char *vehicle, struct err *e);
int tie_number(struct store *s, int64_t customer, int64_t h, struct err *e);
/* A is asked for what B was: they have been merged. */
int tie_give(struct store *s, int64_t a, int64_t b, struct err *e);

/* Exactly as given; NULL leaves it. */
int tie_set(struct store *s, int64_t id, const struct customer *c, struct err *e);
int tie_set_driver(struct store *s, const char *vehicle, int64_t driver, struct err *e);

/* Who is spoken to for this customer: a company's contact person who is a customer himself
 * and is still there. 1, 0 himself, -1. */
int tie_contact_of(struct store *s, int64_t customer, int64_t *contact, struct err *e);
/* The companies he is spoken to for; how many, at most max, or -1. */
int tie_companies(struct store *s, int64_t contact, int64_t *ids, int max, struct err *e);
/* The cars of others he drives. */
int tie_vehicles(
    struct store *s, int64_t driver, struct vehicle *out, int max, struct err *e);
/* Who else hears of his cars: their drivers, a company's contact. */
int tie_others(struct store *s, int64_t customer, int64_t *ids, int max, struct err *e);
/* Those are looked at again: one of his cars has changed. */
int tie_look(struct store *s, int64_t owner, struct err *e);
/* The others of his household. */
int tie_household(struct store *s, int64_t customer, const char *word, int64_t *ids,
    int max, struct err *e);

/* What went to an address for one customer since an instant, newest first. */
struct tie_sent {
	ms_t at;
	int64_t msg;
	int category, playbook;
	const char *step, *subject;
};
int tie_sent(struct store *s, int64_t customer, int64_t h, ms_t since,
    struct tie_sent *out, int max, struct err *e);

#endif
