/* registry.h - texts as the gateways have them registered: by code. */
#ifndef STORE_REGISTRY_H
#define STORE_REGISTRY_H

#include "core/registered_text.h"
#include "store/store.h"

struct registry_row {
	const char *place;     /* an account, or a type of provider */
	const char *signature; /* "": of all */
	const char *code, *text;
	enum registered_status status;
	ms_t at; /* when it was told */
};
/* New, or in place of what was known of this code. */
int registry_put(struct store *s, const struct registry_row *row, struct err *e);
/* What holds for an account: its own row before its type's, that of the signature before
 * that of all. 1, 0 there is none, -1. */
int registry_get(struct store *s, const char *account, const char *type,
    const char *signature, const char *code, struct registry_row *out, struct err *e);
/* By place, code and signature, after one (NULL: all), at most max. */
int registry_each(struct store *s, const struct registry_row *after, int max,
    void (*each)(void *arg, const struct registry_row *row), void *arg, struct err *e);

/* What an account's service no longer takes: a text by its code under a signature, or (code "")
 * the signature itself. */
struct withdrawn {
	const char *account, *code, *signature;
	const char *perr; /* the service's own code */
	ms_t at;
};
/* 1 new, 0 known already, -1. */
int withdrawn_add(struct store *s, const struct withdrawn *w, struct err *e);
/* Of this text, under this signature: 1, 0, -1. */
int withdrawn_get(struct store *s, const char *account, const char *code,
    const char *signature, struct withdrawn *out, struct err *e);
int withdrawn_drop(struct store *s, const struct withdrawn *w, struct err *e);
/* By account, code and signature; none may be dropped meanwhile. */
int withdrawn_each(struct store *s, void (*each)(void *arg, const struct withdrawn *w),
    void *arg, struct err *e);

#endif
