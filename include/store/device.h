/* device.h - the telephones a customer's app told of, by their push tokens.
 *
 * His push address is the first of them; who has only an address (of an import) has no rows. */
#ifndef STORE_DEVICE_H
#define STORE_DEVICE_H

#include "store/store.h"

#define DEVICES_MAX 16

struct device {
	const char *token, *platform, *app_version, *vendor;
	int64_t h; /* keyed hash of the token; filled when read */
	ms_t at;
};

/* In their order, each once, at most DEVICES_MAX; how many or -1. Strings live in the
 * scratch arena. */
int device_list(struct store *s, int64_t customer, struct device *out, struct err *e);
/* These and no others. */
int device_replace(
    struct store *s, int64_t customer, const struct device *d, int n, struct err *e);
/* One is gone; an address of that token, too. */
int device_drop(struct store *s, int64_t customer, int64_t h, struct err *e);

#endif
