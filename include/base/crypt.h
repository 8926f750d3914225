/* crypt.h - sealing personal columns, keyed look-up, hashes, over OpenSSL libcrypto.
 *
 * One master key of 32 bytes gives two: one seals (AES-256-GCM, random 96-bit
 * nonce, place bound as associated data), one looks up (HMAC-SHA-256). A struct
 * crypt is used by one thread at a time. */
#ifndef BASE_CRYPT_H
#define BASE_CRYPT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CRYPT_KEY 32
#define CRYPT_OVERHEAD 29 /* key id 1, nonce 12, tag 16 */

struct crypt;

struct crypt *crypt_new(const uint8_t key[CRYPT_KEY]);
void crypt_free(struct crypt *c); /* wipes the keys */

/* out needs len + CRYPT_OVERHEAD bytes; returns the bytes written. place is the
 * associated data, "table.column:row". nonces come from OpenSSL's CSPRNG. */
size_t crypt_seal(struct crypt *c, const char *place, const void *in, size_t len, uint8_t *out);
/* out needs len bytes; returns bytes written, or -1 if it was not sealed so. */
ptrdiff_t crypt_open(struct crypt *c, const char *place, const uint8_t *in, size_t len, void *out);

/* Keyed hash for look-up, split() buckets and reference MACs; `use` separates them. */
void crypt_hmac(struct crypt *c, const char *use, const void *in, size_t len, uint8_t out[32]);
/* Its first eight bytes as a number, big-endian, top bit cleared (fits SQLite). */
int64_t crypt_hmac64(struct crypt *c, const char *use, const void *in, size_t len);

void crypt_sha256(const void *in, size_t len, uint8_t out[32]);
/* HMAC with a key of somebody else's: SHA-256, or (old) SHA-1. Returns the length. */
size_t crypt_sign(bool old, const void *key, size_t key_len, const void *in, size_t len,
    uint8_t out[32]);
char *crypt_hex(const uint8_t *in, size_t len, char *out /* 2 * len + 1 */);
bool crypt_equal(const void *a, const void *b, size_t len); /* constant time */

#endif
