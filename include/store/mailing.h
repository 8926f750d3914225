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
int mailing_state(struct store *s, const char *account, int *state, struct err *e);
int mailing_set(struct store *s, const char *account, int state, ms_t now, struct err *e);
/* A person lets it go on: what was counted so far does not count. */
int mailing_go(struct store *s, const char *account, ms_t now, struct err *e);
int mailing_purge(struct store *s, ms_t before, struct err *e);

#endif
