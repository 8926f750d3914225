/* multipart.h - a form as browsers and services post it with files: multipart/form-data. Pure. */
#ifndef PROVIDER_MULTIPART_H
#define PROVIDER_MULTIPART_H

#include <stdbool.h>

#include "base/arena.h"

struct form_field {
	const char *name, *value; /* value: its bytes, and a NUL behind them */
	size_t len;
};

bool multipart_is(const char *content_type);
/* The fields in the order they came; files are passed over. Returns how many. */
int multipart_fields(struct arena *a, const char *content_type, const char *body,
    size_t len, struct form_field **out);
/* NULL: there is none of that name. */
const struct form_field *multipart_field(
    const struct form_field *f, int n, const char *name);

#endif
