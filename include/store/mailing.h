/* mailing.h - mails of an account and how many were called spam, by the hour; and where its
 * marketing stands still for it. */
#ifndef STORE_MAILING_H
#define STORE_MAILING_H

#include "store/store.h"

struct mailing {
	int64_t sent, complaints; /* of the window, since it was last let go on */
	int state;                /* enum spam_state */
	ms_t at;                  /* since when */
};

int mailing_add(struct store *s, const char *account, ms_t now, int sent, int complaints,
    struct err *e);
int mailing_get(
    struct store *s, const char *account, ms_t now, struct mailing *out, struct err *e);
/* Mails of the account since then, by whole hours. */
int mailing_since(
    struct store *s, const char *account, ms_t since, int64_t *sent, struct err *e);
int mailing_state(struct store *s, const char *account, int *state, struct err *e);
int mailing_set(struct store *s, const char *account, int state, ms_t now, struct err *e);
/* A person lets it go on: what was counted so far does not count. */
int mailing_go(struct store *s, const char *account, ms_t now, struct err *e);
int mailing_purge(struct store *s, ms_t before, struct err *e);

/* What the last look at an account's domain has found missing, as "SPF, DKIM"; "": nothing. */
struct mail_proof {
	const char *domain, *missing;
	ms_t at;
};
int mail_proof_set(
    struct store *s, const char *account, const struct mail_proof *p, struct err *e);
/* 1, 0 nobody has looked, -1. */
int mail_proof_get(
    struct store *s, const char *account, struct mail_proof *out, struct err *e);

#endif
