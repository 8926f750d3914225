#include "dialect_sns.h"

#include <stdlib.h>
#include <string.h>

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include "base/check.h"
#include "dialect_mail.h"
#include "provider/provider.h"

static EVP_PKEY *key;
static char *certificate;

/* Nobody looks at its dates or its name: where it lies tells whose it is. */
static void
make(void)
{
	X509 *x = X509_new();
	BIO *out = BIO_new(BIO_s_mem());
	char *text;
	long len;

	if (key == NULL)
		key = EVP_RSA_gen(2048);
	CHECK(key != NULL && x != NULL && out != NULL);
	X509_set_version(x, X509_VERSION_3);
	ASN1_INTEGER_set(X509_get_serialNumber(x), 1);
	X509_gmtime_adj(X509_getm_notBefore(x), 0);
	X509_gmtime_adj(X509_getm_notAfter(x), 365L * 24 * 3600);
	X509_set_pubkey(x, key);
	X509_NAME_add_entry_by_txt(X509_get_subject_name(x), "CN", MBSTRING_ASC,
	    (const unsigned char *)"sandbox", -1, -1, 0);
	X509_set_issuer_name(x, X509_get_subject_name(x));
	CHECK(X509_sign(x, key, EVP_sha256()) > 0);
	CHECK(PEM_write_bio_X509(out, x) == 1);
	len = BIO_get_mem_data(out, &text);
	certificate = g_strndup(text, (gsize)len);
	BIO_free(out);
	X509_free(x);
}

const char *
dialect_sns_certificate(void)
{
	if (certificate == NULL)
		make();
	return certificate;
}

/* Signature version 2, in base64; g_free. */
static char *
sign(const char *text)
{
	EVP_MD_CTX *c = EVP_MD_CTX_new();
	uint8_t sig[512];
	size_t len = sizeof(sig);

	dialect_sns_certificate();
	CHECK(EVP_DigestSignInit(c, NULL, EVP_sha256(), NULL, key) == 1);
	CHECK(EVP_DigestSign(c, sig, &len, (const uint8_t *)text, strlen(text)) == 1);
	EVP_MD_CTX_free(c);
	return g_base64_encode(sig, len);
}

void
dialect_sns_wrap(const struct account *acc, const char *id, const char *when,
    json_t *message, struct dialect_post *out)
{
	const char *topic = provider_setting(acc, "topic_arn");
	struct arena *a = arena_new();
	char *inner = json_dumps(message, JSON_COMPACT), *sig;

	sig = sign(arena_printf(a,
	    "Message\n%s\nMessageId\n%s\nTimestamp\n%s\nTopicArn\n%s\nType\n"
	    "Notification\n",
	    inner, id, when, topic));
	dialect_mail_post(
	    out, json_pack("{ss ss ss ss ss ss ss ss}", "Type", "Notification",
		     "MessageId", id, "TopicArn", topic, "Message", inner, "Timestamp",
		     when, "SignatureVersion", "2", "Signature", sig, "SigningCertURL",
		     provider_url(acc, a, DIALECT_SNS_PATH)));
	out->type = g_strdup("text/plain; charset=UTF-8");
	g_free(sig);
	free(inner);
	json_decref(message);
	arena_free(a);
}
