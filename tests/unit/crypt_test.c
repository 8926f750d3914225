/* crypt_test.c - sealing, look-up hashes, and what tampering does. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/crypt.h"

static const uint8_t master[CRYPT_KEY] = { 1, 2, 3, 4, 5, 6, 7, 8 };
static const uint8_t other[CRYPT_KEY] = { 9, 9, 9, 9 };
static const char text[] = "a secret of some length, with a NUL at its end";

static void
test_round_trip(void **state)
{
	struct crypt *c = crypt_new(master), *clone = crypt_new(master);
	uint8_t sealed[sizeof(text) + CRYPT_OVERHEAD], opened[sizeof(text)];
	size_t len;

	(void)state;
	for (len = 0; len <= sizeof(text); len++) {
		assert_int_equal(crypt_seal(c, "customer.phone:1", text, len, sealed),
		    len + CRYPT_OVERHEAD);
		assert_int_equal(crypt_open(clone, "customer.phone:1", sealed,
				     len + CRYPT_OVERHEAD, opened),
		    (ptrdiff_t)len);
		assert_memory_equal(opened, text, len);
	}
	crypt_free(clone);
	crypt_free(c);
	crypt_free(NULL);
}

static void
test_refused(void **state)
{
	struct crypt *c = crypt_new(master), *d = crypt_new(other);
	uint8_t sealed[sizeof(text) + CRYPT_OVERHEAD], opened[sizeof(text)];
	uint8_t zero[sizeof(text)] = { 0 };
	size_t n, i;

	(void)state;
	n = crypt_seal(c, "customer.phone:1", text, sizeof(text), sealed);
	assert_int_equal(crypt_open(c, "customer.phone:2", sealed, n, opened), -1);
	assert_memory_equal(
	    opened, zero, sizeof(zero)); /* nothing unproven is given out */
	assert_int_equal(crypt_open(d, "customer.phone:1", sealed, n, opened), -1);
	for (i = 0; i < n; i++) {
		sealed[i] ^= 1;
		assert_int_equal(
		    crypt_open(c, "customer.phone:1", sealed, n, opened), -1);
		sealed[i] ^= 1;
	}
	for (i = 0; i < n; i++)
		assert_int_equal(
		    crypt_open(c, "customer.phone:1", sealed, i, opened), -1);
	assert_int_equal(crypt_open(c, "customer.phone:1", sealed, n, opened),
	    (ptrdiff_t)sizeof(text));
	crypt_free(c);
	crypt_free(d);
}

/* More than a pool of them, from two of the same key: none comes twice. */
static void
test_nonces_differ(void **state)
{
	enum { COUNT = 600 };
	struct crypt *c[2] = { crypt_new(master), NULL };
	static uint8_t sealed[2 * COUNT][1 + CRYPT_OVERHEAD];
	int i, k;

	(void)state;
	crypt_seal(
	    c[0], "x", "y", 1, sealed[0]); /* the pool is filled before the clone */
	c[1] = crypt_new(master);
	for (i = 0; i < 2 * COUNT; i++)
		crypt_seal(c[i % 2], "x", "y", 1, sealed[i]);
	for (i = 0; i < 2 * COUNT; i++) {
		for (k = 0; k < i; k++)
			assert_memory_not_equal(sealed[i] + 1, sealed[k] + 1, 12);
	}
	crypt_free(c[0]);
	crypt_free(c[1]);
}

static void
test_hmac(void **state)
{
	struct crypt *c = crypt_new(master), *clone = crypt_new(master),
		     *d = crypt_new(other);
	uint8_t a[32], b[32];

	(void)state;
	crypt_hmac(c, "phone", "123", 3, a);
	crypt_hmac(clone, "phone", "123", 3, b);
	assert_memory_equal(a, b, 32);
	crypt_hmac(c, "email", "123", 3, b);
	assert_memory_not_equal(a, b, 32);
	crypt_hmac(c, "phone1", "23", 2, b); /* where `use` ends is part of it */
	assert_memory_not_equal(a, b, 32);
	crypt_hmac(d, "phone", "123", 3, b);
	assert_memory_not_equal(a, b, 32);
	assert_true(crypt_hmac64(c, "phone", "123", 3) >= 0);
	assert_int_equal(crypt_hmac64(c, "phone", "123", 3),
	    ((int64_t)(a[0] & 127) << 56) | ((int64_t)a[1] << 48) |
		((int64_t)a[2] << 40) | ((int64_t)a[3] << 32) | ((int64_t)a[4] << 24) |
		((int64_t)a[5] << 16) | ((int64_t)a[6] << 8) | a[7]);
	/* Kept hashes must stay findable: the derivation may never change. */
	assert_int_equal(crypt_hmac64(c, "phone", "", 0), INT64_C(1254691811489482562));
	crypt_free(c);
	crypt_free(clone);
	crypt_free(d);
}

static void
test_sha256_and_hex(void **state)
{
	uint8_t sum[32];
	char hex[65];

	(void)state;
	crypt_sha256("abc", 3, sum);
	assert_string_equal(crypt_hex(sum, 32, hex),
	    "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
	crypt_sha256("", 0, sum);
	assert_string_equal(crypt_hex(sum, 4, hex), "e3b0c442");
	assert_string_equal(crypt_hex(sum, 0, hex), "");
	assert_true(crypt_equal("abc", "abd", 2));
	assert_false(crypt_equal("abc", "abd", 3));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_round_trip),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_nonces_differ),
		cmocka_unit_test(test_hmac),
		cmocka_unit_test(test_sha256_and_hex),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
