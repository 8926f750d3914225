/* access.h - tokens as the loop knows them, and the record of what people decide. */
#ifndef ENGINE_ACCESS_H
#define ENGINE_ACCESS_H

#include "engine_impl.h"
#include "store/access.h"

/* A token; strings owned. */
struct key {
	char *id, *name, *kind, *role, *scope, *made_by;
	char **stores;
	uint8_t hash[32];
	ms_t made_at, expires_at, used_at, revoked_at;
};
GPtrArray *access_keys_new(void); /* struct key * */
/* All there are, into an empty list. */
int access_keys_read(struct work *w, GPtrArray *keys, struct err *e);

/* One row of the record; ref 0: about no publication. */
int access_note(struct work *w, const char *who, int role, const char *act,
    const char *about, const char *why, int64_t ref, int64_t n, struct err *e);
/* What stands in the record for a customer: nobody's name, the same for the same one. */
const char *access_customer(struct work *w, const char *ext);

#endif
