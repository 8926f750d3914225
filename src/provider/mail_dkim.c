/* mail_dkim.c - DKIM (RFC 6376): is the public key there that mails of the domain are signed for? */
#include <string.h>

#include <openssl/evp.h>
#include <openssl/x509.h>

#include "mail_look.h"
#include "provider/wire.h"

/* Shorter ones Gmail takes for none; longer is advised. */
#define BITS_LEAST 1024
#define BITS_ADVISED 2048

/* Of an RSA key; 0: it cannot be read. */
static int
bits_of(struct mail_look *l, const char *base64)
{
	size_t len;
	char *packed = arena_strdup(l->dns->arena, base64), *w = packed;
	const uint8_t *der;
	EVP_PKEY *key;
	int bits;

	for (const char *p = base64; *p != '\0'; p++)
		if (!g_ascii_isspace(*p))
			*w++ = *p;
	*w = '\0';
	der = wire_unbase64(l->dns->arena, packed, &len);
	key = der == NULL ? NULL : d2i_PUBKEY(NULL, &der, (long)len);
	bits = key == NULL ? 0 : EVP_PKEY_bits(key);
	EVP_PKEY_free(key);
	return bits;
}

static void
bad(struct mail_look *l, const char *en, const char *zh)
{
	mail_note(
	    l, &(struct mail_found){ "dkim", "failed", en, zh,
		   "copy the record from the service's console, or from the server that "
		   "signs, whole",
		   "请从服务商控制台（或负责签名的服务器）完整复制这条记录" });
}

static void
judge(struct mail_look *l, const char *name, const char *record)
{
	const char *kind = mail_tag(l, record, "k"), *key = mail_tag(l, record, "p");
	bool rsa = kind == NULL || g_ascii_strcasecmp(kind, "rsa") == 0;
	int bits = key == NULL || !rsa ? 0 : bits_of(l, key);

	if (key == NULL)
		bad(l, MAIL_SAY(l, "%s holds no key", name),
		    MAIL_SAY(l, "%s 里没有公钥", name));
	else if (*key == '\0')
		bad(l, MAIL_SAY(l, "the key of %s is withdrawn", name),
		    MAIL_SAY(l, "%s 的公钥已作废", name));
	else if (rsa && bits == 0)
		bad(l, MAIL_SAY(l, "the key of %s cannot be read", name),
		    MAIL_SAY(l, "%s 的公钥读不出来", name));
	else if (rsa && bits < BITS_LEAST)
		bad(l,
		    MAIL_SAY(
			l, "the key of %s has %d bits; %d count", name, bits, BITS_LEAST),
		    MAIL_SAY(
			l, "%s 的公钥只有 %d 位，至少要 %d 位", name, bits, BITS_LEAST));
	else
		mail_note(
		    l, &(struct mail_found){ "dkim", "ok",
			   rsa ? MAIL_SAY(l, "%s: a key of %d bits", name, bits)
			       : MAIL_SAY(l, "%s: a key (%s)", name, kind),
			   rsa ? MAIL_SAY(l, "%s：%d 位公钥", name, bits)
			       : MAIL_SAY(l, "%s：公钥（%s）", name, kind),
			   rsa && bits < BITS_ADVISED ? "2048 bits are advised" : NULL,
			   rsa && bits < BITS_ADVISED ? "建议 2048 位" : NULL });
}

void
mail_look_dkim(struct mail_look *l)
{
	const char *name = MAIL_SAY(l, "%s._domainkey.%s", l->s->selector, l->s->domain);
	const char *const *all;
	int n;

	if (*l->s->selector == '\0') {
		mail_note(
		    l, &(struct mail_found){ "dkim", "note",
			   "which key signs is not known here, so it was not looked for",
			   "不知道用哪个密钥签名，没有查",
			   "write dkim_selector: in the account, what stands before "
			   "._domainkey in the service's console",
			   "请在账号里写 dkim_selector:（服务商控制台中 ._domainkey "
			   "前面的部分）" });
		return;
	}
	n = mail_texts(l, "dkim", name, "", &all);
	if (n < 0)
		return;
	for (int i = 0; i < n; i++)
		if (mail_tag(l, all[i], "p") != NULL) {
			judge(l, name, all[i]);
			return;
		}
	mail_note(l, &(struct mail_found){ "dkim", "failed",
			 MAIL_SAY(l, "%s has no DKIM record", name),
			 MAIL_SAY(l, "%s 没有 DKIM 记录", name),
			 MAIL_SAY(l,
			     "add TXT %s \"v=DKIM1; k=rsa; p=KEY\", or the CNAME that "
			     "the service's "
			     "console shows",
			     name),
			 MAIL_SAY(l,
			     "请添加 TXT %s \"v=DKIM1; k=rsa; "
			     "p=公钥\"，或服务商控制台给出的 CNAME",
			     name) });
}
