#include "dialect_wecom_seal.h"

#include <stdlib.h>
#include <string.h>

#include <glib.h>
#include <openssl/evp.h>

#include "base/check.h"
#include "provider/provider.h"

#define BLOCK 32

static int
by_bytes(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static char *
sign(const char *token, const char *timestamp, const char *nonce, const char *cipher)
{
	const char *parts[] = { token, timestamp, nonce, cipher };
	char *all, *sum;

	qsort(parts, G_N_ELEMENTS(parts), sizeof(*parts), by_bytes);
	all = g_strconcat(parts[0], parts[1], parts[2], parts[3], NULL);
	sum = g_compute_checksum_for_string(G_CHECKSUM_SHA1, all, -1);
	g_free(all);
	return sum;
}

static char *
encrypt(const char *key_text, const GByteArray *plain)
{
	char *padded = g_strconcat(key_text, "=", NULL), *text;
	gsize key_len = 0;
	guchar *key = g_base64_decode(padded, &key_len), *out = g_malloc(plain->len + 16);
	EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
	int n = 0;

	/* A key of another length is nobody's: what it makes fits nowhere. */
	key = g_realloc(key, MAX(key_len, BLOCK));
	CHECK(EVP_EncryptInit_ex(ctx, EVP_aes_256_cbc(), NULL, key, key) == 1);
	EVP_CIPHER_CTX_set_padding(ctx, 0);
	CHECK(EVP_EncryptUpdate(ctx, out, &n, plain->data, (int)plain->len) == 1);
	EVP_CIPHER_CTX_free(ctx);
	text = g_base64_encode(out, (gsize)n);
	g_free(out);
	g_free(key);
	g_free(padded);
	return text;
}

void
wecom_seal(const struct account *acc, const char *receiver, const char *message,
    size_t len, const char *salt, const char *timestamp, const char *nonce,
    struct wecom_sealed *out)
{
	GByteArray *plain = g_byte_array_new();
	const uint8_t size[] = { (uint8_t)(len >> 24), (uint8_t)(len >> 16),
		(uint8_t)(len >> 8), (uint8_t)len };
	char *cipher, *sum;
	uint8_t pad;

	g_byte_array_append(plain, (const guint8 *)salt, 16);
	g_byte_array_append(plain, size, sizeof(size));
	g_byte_array_append(plain, (const guint8 *)message, (guint)len);
	g_byte_array_append(plain, (const guint8 *)receiver, (guint)strlen(receiver));
	pad = (uint8_t)(BLOCK - plain->len % BLOCK);
	for (int i = 0; i < pad; i++)
		g_byte_array_append(plain, &pad, 1);
	cipher = encrypt(provider_setting(acc, "callback_key"), plain);
	sum = sign(provider_setting(acc, "callback_token"), timestamp, nonce, cipher);
	out->query = g_strdup_printf(
	    "msg_signature=%s&timestamp=%s&nonce=%s", sum, timestamp, nonce);
	out->body =
	    g_strdup_printf("<xml><ToUserName><![CDATA[%s]]></ToUserName><Encrypt>"
			    "<![CDATA[%s]]></Encrypt></xml>",
		receiver, cipher);
	g_free(sum);
	g_free(cipher);
	g_byte_array_unref(plain);
}
