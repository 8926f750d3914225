/* crypt.c - AES-256-GCM and HMAC-SHA-256 with contexts that are set up once. */
#include "base/crypt.h"

#include <string.h>

#include <glib.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <openssl/rand.h>

#include "base/check.h"

#define NONCE 12
#define TAG 16
#define POOL (NONCE * 256)
#define LOOKED 96

/* The pool holds random bytes drawn ahead, for one call of the generator is slow and
 * the bytes are cheap. Each is used once and wiped; a clone draws its own. */
struct crypt {
	uint8_t seal_key[CRYPT_KEY], look_key[CRYPT_KEY];
	uint8_t id; /* tells keys apart after a rotation; derived, not secret */
	EVP_CIPHER_CTX *sealer, *opener;
	EVP_MAC_CTX *mac;
	uint8_t pool[POOL];
	size_t pool_left;
	/* The last look-up: whoever sends a message asks for one address several times. */
	struct {
		char key[LOOKED]; /* use, a NUL and what was looked up */
		size_t len;       /* of all; 0: none */
		int64_t out;
	} last;
};

static EVP_MAC_CTX *
mac_new(const uint8_t key[CRYPT_KEY])
{
	char sha256[] = "SHA256";
	OSSL_PARAM params[] = { OSSL_PARAM_utf8_string(
				    "digest", sha256, sizeof(sha256) - 1),
		OSSL_PARAM_END };
	EVP_MAC *hmac = EVP_MAC_fetch(NULL, "HMAC", NULL);
	EVP_MAC_CTX *mac = EVP_MAC_CTX_new(hmac);

	CHECK(mac != NULL && EVP_MAC_init(mac, key, CRYPT_KEY, params) == 1);
	EVP_MAC_free(hmac); /* the context holds on to it */
	return mac;
}

/* HMAC over `use`, a NUL and the data. Starting again without a key keeps the key. */
static void
mac_run(EVP_MAC_CTX *mac, const char *use, const void *in, size_t len, uint8_t out[32])
{
	size_t n;

	CHECK(EVP_MAC_init(mac, NULL, 0, NULL) == 1);
	CHECK(EVP_MAC_update(mac, (const uint8_t *)use, strlen(use) + 1) == 1);
	CHECK(len == 0 || EVP_MAC_update(mac, in, len) == 1);
	CHECK(EVP_MAC_final(mac, out, &n, 32) == 1 && n == 32);
}

static EVP_CIPHER_CTX *
cipher_new(const uint8_t key[CRYPT_KEY], int sealing)
{
	EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();

	CHECK(ctx != NULL);
	CHECK(EVP_CipherInit_ex(ctx, EVP_aes_256_gcm(), NULL, key, NULL, sealing) == 1);
	return ctx;
}

static void
setup(struct crypt *c)
{
	c->sealer = cipher_new(c->seal_key, 1);
	c->opener = cipher_new(c->seal_key, 0);
	c->mac = mac_new(c->look_key);
}

struct crypt *
crypt_new(const uint8_t key[CRYPT_KEY])
{
	struct crypt *c = g_new0(struct crypt, 1);
	EVP_MAC_CTX *master = mac_new(key);
	uint8_t id[32];

	mac_run(master, "seal", "", 0, c->seal_key);
	mac_run(master, "look up", "", 0, c->look_key);
	mac_run(master, "key id", "", 0, id);
	c->id = id[0];
	EVP_MAC_CTX_free(master);
	setup(c);
	return c;
}

void
crypt_free(struct crypt *c)
{
	if (c == NULL)
		return;
	EVP_CIPHER_CTX_free(c->sealer);
	EVP_CIPHER_CTX_free(c->opener);
	EVP_MAC_CTX_free(c->mac);
	OPENSSL_cleanse(c, sizeof(*c));
	g_free(c);
}

static void
draw_nonce(struct crypt *c, uint8_t nonce[NONCE])
{
	if (c->pool_left == 0) {
		CHECK(RAND_bytes(c->pool, POOL) == 1);
		c->pool_left = POOL;
	}
	c->pool_left -= NONCE;
	memcpy(nonce, c->pool + c->pool_left, NONCE);
	memset(c->pool + c->pool_left, 0, NONCE);
}

size_t
crypt_seal(struct crypt *c, const char *place, const void *in, size_t len, uint8_t *out)
{
	uint8_t *nonce = out + 1, *body = nonce + NONCE;
	int n = 0, last;

	CHECK(len <= INT32_MAX - CRYPT_OVERHEAD);
	out[0] = c->id;
	draw_nonce(c, nonce);
	CHECK(EVP_EncryptInit_ex(c->sealer, NULL, NULL, NULL, nonce) == 1);
	CHECK(EVP_EncryptUpdate(
		  c->sealer, NULL, &n, (const uint8_t *)place, (int)strlen(place)) == 1);
	n = 0;
	if (len > 0)
		CHECK(EVP_EncryptUpdate(c->sealer, body, &n, in, (int)len) == 1);
	CHECK((size_t)n == len && EVP_EncryptFinal_ex(c->sealer, body + len, &last) == 1);
	CHECK(
	    EVP_CIPHER_CTX_ctrl(c->sealer, EVP_CTRL_AEAD_GET_TAG, TAG, body + len) == 1);
	return len + CRYPT_OVERHEAD;
}

ptrdiff_t
crypt_open(struct crypt *c, const char *place, const uint8_t *in, size_t len, void *out)
{
	const uint8_t *nonce, *body;
	uint8_t tag[TAG], rest[TAG];
	int n = 0, last;
	size_t size;

	if (len < CRYPT_OVERHEAD || len > INT32_MAX || in[0] != c->id)
		return -1;
	nonce = in + 1;
	body = nonce + NONCE;
	size = len - CRYPT_OVERHEAD;
	memcpy(tag, body + size, TAG);
	CHECK(EVP_DecryptInit_ex(c->opener, NULL, NULL, NULL, nonce) == 1);
	CHECK(EVP_CIPHER_CTX_ctrl(c->opener, EVP_CTRL_AEAD_SET_TAG, TAG, tag) == 1);
	CHECK(EVP_DecryptUpdate(
		  c->opener, NULL, &n, (const uint8_t *)place, (int)strlen(place)) == 1);
	if (size > 0)
		CHECK(EVP_DecryptUpdate(c->opener, out, &n, body, (int)size) == 1);
	/* GCM is a stream: the last call writes nothing and says whether the tag fits.
	 * What it did not confirm is not given out. */
	if (EVP_DecryptFinal_ex(c->opener, rest, &last) != 1) {
		OPENSSL_cleanse(out, size);
		return -1;
	}
	return (ptrdiff_t)size;
}

void
crypt_hmac(struct crypt *c, const char *use, const void *in, size_t len, uint8_t out[32])
{
	mac_run(c->mac, use, in, len, out);
}

int64_t
crypt_hmac64(struct crypt *c, const char *use, const void *in, size_t len)
{
	size_t from = strlen(use) + 1, all = from + len;
	uint64_t n = 0;
	uint8_t mac[32];
	int i;

	if (all == c->last.len && memcmp(c->last.key, use, from) == 0 &&
	    memcmp(c->last.key + from, in, len) == 0)
		return c->last.out;
	crypt_hmac(c, use, in, len, mac);
	for (i = 0; i < 8; i++)
		n = n << 8 | mac[i];
	c->last.out = (int64_t)(n & INT64_MAX);
	c->last.len = all <= LOOKED ? all : 0;
	if (c->last.len > 0) {
		memcpy(c->last.key, use, from);
		memcpy(c->last.key + from, in, len);
	}
	return c->last.out;
}

static gpointer
fetch_sha256(gpointer unused)
{
	(void)unused;
	return EVP_MD_fetch(NULL, "SHA256", NULL);
}

/* Looked up once: SHA256() asks OpenSSL's providers anew, which costs more than the hash. */
void
crypt_sha256(const void *in, size_t len, uint8_t out[32])
{
	static GOnce once = G_ONCE_INIT;

	CHECK(
	    EVP_Digest(in, len, out, NULL, g_once(&once, fetch_sha256, NULL), NULL) == 1);
}

char *
crypt_hex(const uint8_t *in, size_t len, char *out)
{
	static const char hex[] = "0123456789abcdef";
	size_t i;

	for (i = 0; i < len; i++) {
		out[2 * i] = hex[in[i] >> 4];
		out[2 * i + 1] = hex[in[i] & 15];
	}
	out[2 * len] = '\0';
	return out;
}

bool
crypt_equal(const void *a, const void *b, size_t len)
{
	return CRYPTO_memcmp(a, b, len) == 0;
}

/* One to copy, its hash looked up: HMAC() asks OpenSSL's providers anew, which costs more
 * than a short hash. Only what has a key can be copied. */
static gpointer
hmac_new(gpointer hash)
{
	const OSSL_PARAM params[] = { OSSL_PARAM_construct_utf8_string("digest", hash, 0),
		OSSL_PARAM_END };
	EVP_MAC *mac = EVP_MAC_fetch(NULL, "HMAC", NULL);
	EVP_MAC_CTX *ctx = EVP_MAC_CTX_new(mac);
	CHECK(EVP_MAC_init(ctx, (const uint8_t *)"none", 4, params) == 1);
	EVP_MAC_free(mac);
	return ctx;
}

size_t
crypt_sign(bool old, const void *key, size_t key_len, const void *in, size_t len,
    uint8_t out[32])
{
	static GOnce sha1 = G_ONCE_INIT, sha256 = G_ONCE_INIT;
	static char names[2][8] = { "SHA1", "SHA256" };
	const EVP_MAC_CTX *pattern =
	    old ? g_once(&sha1, hmac_new, names[0]) : g_once(&sha256, hmac_new, names[1]);
	EVP_MAC_CTX *ctx = EVP_MAC_CTX_dup(pattern);
	size_t n = 0;
	CHECK(EVP_MAC_init(ctx, key, key_len, NULL) == 1 &&
	      EVP_MAC_update(ctx, in, len) == 1 && EVP_MAC_final(ctx, out, &n, 32) == 1);
	EVP_MAC_CTX_free(ctx);
	return n;
}
