/* customer_impl.h - the sealed addresses of a customer, for the files that write them. */
#ifndef STORE_CUSTOMER_IMPL_H
#define STORE_CUSTOMER_IMPL_H

#include "store/customer.h"

#define CUSTOMER_SEALED (1024 + CRYPT_OVERHEAD)

/* Two bits a channel. */
unsigned customer_pack_consent(const struct customer *c);

/* sealed has room for CUSTOMER_SEALED bytes. */
int customer_seal(struct store *s, int64_t id, const struct customer *c, uint8_t *sealed,
    size_t *n, struct err *e);
int customer_put_addresses(
    struct store *s, int64_t id, const struct customer *c, struct err *e);
int
customer_drop_addresses(struct store *s, const struct customer_row *old, struct err *e);

#endif
