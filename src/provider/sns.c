#include "sns.h"

#include <string.h>

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

/* The string that is signed, for the type the envelope has; NULL: it lacks a part. */
static const char *
signed_text(struct arena *a, const json_t *envelope)
{
	static const char *const note[] = { "Message", "MessageId", "Subject",
		"Timestamp", "TopicArn", "Type", NULL };
	static const char *const confirmation[] = { "Message", "MessageId",
		"SubscribeURL", "Timestamp", "Token", "TopicArn", "Type", NULL };
	bool is_note = strcmp(wire_text(a, envelope, "Type"), "Notification") == 0;
	GString *s = g_string_new(NULL);
	const char *kept;
	bool whole = true;

	for (const char *const *k = is_note ? note : confirmation; *k != NULL; k++) {
		const char *v = json_string_value(json_object_get(envelope, *k));

		if (v != NULL)
			g_string_append_printf(s, "%s\n%s\n", *k, v);
		else
			whole = whole && strcmp(*k, "Subject") == 0;
	}
	kept = whole ? arena_strndup(a, s->str, s->len) : NULL;
	g_string_free(s, TRUE);
	return kept;
}

static bool
is_region(const char *s, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (!g_ascii_isalnum(s[i]) && s[i] != '-')
			return false;
	return len >= 3;
}

/* sns.REGION.amazonaws.com, or .com.cn; nothing else between the slashes: no port, no
 * user. */
static bool
is_sns(const char *host, size_t len)
{
	static const char *const ends[] = { ".amazonaws.com", ".amazonaws.com.cn" };

	if (len < 4 || strncmp(host, "sns.", 4) != 0)
		return false;
	for (size_t i = 0; i < G_N_ELEMENTS(ends); i++) {
		size_t end = strlen(ends[i]);

		if (len > 4 + end && strncmp(host + len - end, ends[i], end) == 0 &&
		    is_region(host + 4, len - 4 - end))
			return true;
	}
	return false;
}

bool
sns_is_theirs(const struct account *acc, const char *url, bool certificate)
{
	const char *host, *own = acc->url != NULL ? acc->url : "";
	size_t len = strcspn(url, "?#");

	if (certificate && (url[len] != '\0' || !g_str_has_suffix(url, ".pem")))
		return false;
	if (acc->internal && *own != '\0' && g_str_has_prefix(url, own) &&
	    (g_str_has_suffix(own, "/") || url[strlen(own)] == '/'))
		return strstr(url, "/../") == NULL;
	if (!g_str_has_prefix(url, "https://"))
		return false;
	host = url + strlen("https://");
	return is_sns(host, strcspn(host, "/?#"));
}

static EVP_PKEY *
key_of(const char *certificate)
{
	BIO *in = BIO_new_mem_buf(certificate, -1);
	X509 *x = PEM_read_bio_X509(in, NULL, NULL, NULL);
	EVP_PKEY *key = x == NULL ? NULL : X509_get_pubkey(x);

	X509_free(x);
	BIO_free(in);
	if (key != NULL && EVP_PKEY_base_id(key) != EVP_PKEY_RSA) {
		EVP_PKEY_free(key);
		return NULL;
	}
	return key;
}

bool
sns_verify(struct arena *a, const json_t *envelope, const char *certificate)
{
	const char *version = wire_text(a, envelope, "SignatureVersion");
	const EVP_MD *hash = strcmp(version, "1") == 0   ? EVP_sha1()
			     : strcmp(version, "2") == 0 ? EVP_sha256()
							 : NULL;
	const char *text = signed_text(a, envelope);
	size_t len = 0;
	uint8_t *sig = wire_unbase64(a, wire_text(a, envelope, "Signature"), &len);
	EVP_MD_CTX *ctx;
	EVP_PKEY *key;
	bool good = false;

	if (hash == NULL || text == NULL || sig == NULL)
		return false;
	key = key_of(certificate);
	ctx = EVP_MD_CTX_new();
	if (key != NULL && ctx != NULL &&
	    EVP_DigestVerifyInit(ctx, NULL, hash, NULL, key) == 1)
		good = EVP_DigestVerify(
			   ctx, sig, len, (const uint8_t *)text, strlen(text)) == 1;
	EVP_MD_CTX_free(ctx);
	EVP_PKEY_free(key);
	return good;
}
