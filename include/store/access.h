/* access.h - tokens, and the record of who decided what. */
#ifndef STORE_ACCESS_H
#define STORE_ACCESS_H

#include "store/store.h"

struct token {
	const char *id;
	uint8_t hash[32];   /* SHA-256 of the whole token */
	const char *name;   /* whose */
	const char *kind;   /* people, staff, program: where the name is known from */
	const char *role;   /* its own; of `people`: as the file says when it is used */
	const char *stores; /* ids with commas; "" every one */
	const char *scope;  /* all, read, events */
	const char *made_by;
	ms_t made_at, expires_at, used_at, revoked_at; /* 0: not */
};
int token_add(struct store *s, const struct token *t, struct err *e);
int token_used(struct store *s, const char *id, ms_t at, struct err *e);
/* 1 revoked, 0 there is none that could be, -1. */
int token_revoke(struct store *s, const char *id, ms_t at, struct err *e);
/* The oldest first. */
int token_each(struct store *s, void (*each)(void *arg, const struct token *t), void *arg,
    struct err *e);

struct audit {
	ms_t at;
	const char *who, *role, *act, *about, *why;
	int64_t ref, n; /* ref 0: about no publication; n: what was counted then */
	int64_t id; /* when it is read */
};
int audit_add(struct store *s, const struct audit *a, struct err *e);
/* ref 0: of all, else those of the publication; newest first, before an id (0: all). */
int audit_each(struct store *s, int64_t ref, int64_t before, int max,
    void (*each)(void *arg, const struct audit *a), void *arg, struct err *e);

#endif
