/* wecom_hook.c - callbacks of WeCom: SHA-1 over sorted strings, AES-256-CBC, XML.
 *
 * Whatever is wrong with one is answered alike, after the same work: a signature that
 * does not fit is still decrypted, so that neither answer nor time tells which check it was. */
#include "wecom.h"

#include <string.h>

#include <expat.h>
#include <openssl/evp.h>

#include "base/check.h"
#include "base/crypt.h"

#define BODY_MAX (256 * 1024)
#define FIELDS_MAX 128
#define DEPTH_MAX 8
#define BLOCK 32 /* of the padding; the cipher's own is 16 */
#define KEY 32
#define HEAD 20 /* 16 random bytes, the length */

/* XML --------------------------------------------------------------------------------- */

struct reading {
	XML_Parser parser;
	GHashTable *fields;
	GString *text;
	int depth;
	bool leaf;
};

static void XMLCALL
on_doctype(void *arg, const XML_Char *name, const XML_Char *sys, const XML_Char *pub,
    int internal)
{
	struct reading *x = arg;

	(void)name;
	(void)sys;
	(void)pub;
	(void)internal;
	XML_StopParser(x->parser, XML_FALSE);
}

static void XMLCALL
on_start(void *arg, const XML_Char *name, const XML_Char **attributes)
{
	struct reading *x = arg;

	(void)name;
	(void)attributes;
	if (++x->depth > DEPTH_MAX)
		XML_StopParser(x->parser, XML_FALSE);
	g_string_truncate(x->text, 0);
	x->leaf = true;
}

static void XMLCALL
on_end(void *arg, const XML_Char *name)
{
	struct reading *x = arg;

	if (x->leaf && x->depth > 1 && !g_hash_table_contains(x->fields, name)) {
		if (g_hash_table_size(x->fields) >= FIELDS_MAX)
			XML_StopParser(x->parser, XML_FALSE);
		else
			g_hash_table_insert(
			    x->fields, g_strdup(name), g_strdup(x->text->str));
	}
	x->depth--;
	x->leaf = false;
}

static void XMLCALL
on_text(void *arg, const XML_Char *s, int n)
{
	g_string_append_len(((struct reading *)arg)->text, s, n);
}

static bool
read_xml(const char *s, size_t len, struct wecom_event *ev)
{
	struct reading x = { .fields = g_hash_table_new_full(
				 g_str_hash, g_str_equal, g_free, g_free),
		.text = g_string_new(NULL) };
	bool ok;

	x.parser = XML_ParserCreate("UTF-8");
	CHECK(x.parser != NULL);
	XML_SetUserData(x.parser, &x);
	XML_SetStartDoctypeDeclHandler(x.parser, on_doctype);
	XML_SetElementHandler(x.parser, on_start, on_end);
	XML_SetCharacterDataHandler(x.parser, on_text);
	ok = len <= BODY_MAX &&
	     XML_Parse(x.parser, s, (int)len, XML_TRUE) == XML_STATUS_OK;
	XML_ParserFree(x.parser);
	g_string_free(x.text, TRUE);
	ev->fields = x.fields;
	return ok;
}

const char *
wecom_field(const struct wecom_event *ev, struct arena *a, const char *name)
{
	const char *s = g_hash_table_lookup(ev->fields, name);

	return s == NULL ? "" : arena_strdup(a, s);
}

void
wecom_event_free(struct wecom_event *ev)
{
	if (ev->fields != NULL)
		g_hash_table_destroy(ev->fields);
	ev->fields = NULL;
}

/* Signature and cipher --------------------------------------------------------------------- */

static int
by_bytes(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static bool
signed_right(const char *token, const char *timestamp, const char *nonce,
    const char *cipher, const char *given, struct arena *a)
{
	const char *parts[] = { token, timestamp, nonce, cipher };
	uint8_t sum[32], ours[32], theirs[32];
	const char *made;
	char *all;
	unsigned n = 0;

	qsort(parts, G_N_ELEMENTS(parts), sizeof(*parts), by_bytes);
	all = g_strconcat(parts[0], parts[1], parts[2], parts[3], NULL);
	CHECK(EVP_Digest(all, strlen(all), sum, &n, EVP_sha1(), NULL) == 1);
	g_free(all);
	made = wire_hex(a, sum, n);
	/* Hashes are compared, whatever the length of what was given. */
	crypt_sha256(made, strlen(made), ours);
	crypt_sha256(given, strlen(given), theirs);
	return crypt_equal(ours, theirs, sizeof(ours));
}

/* Raw, with its padding still on; NULL: it is no cipher text. */
static uint8_t *
decrypt(const char *key_text, const char *cipher, struct arena *a, size_t *len)
{
	size_t key_len = 0, n = 0;
	const uint8_t *key = wire_unbase64(a, arena_printf(a, "%s=", key_text), &key_len);
	const uint8_t *in = wire_unbase64(a, cipher, &n);
	EVP_CIPHER_CTX *ctx;
	uint8_t *out;
	int got = 0, rest = 0;

	if (key == NULL || key_len != KEY || in == NULL || n == 0 || n % 16 != 0 ||
	    n > BODY_MAX)
		return NULL;
	out = arena_alloc(a, n + 16);
	ctx = EVP_CIPHER_CTX_new();
	CHECK(ctx != NULL);
	CHECK(EVP_DecryptInit_ex(ctx, EVP_aes_256_cbc(), NULL, key, key) == 1);
	EVP_CIPHER_CTX_set_padding(ctx, 0);
	CHECK(EVP_DecryptUpdate(ctx, out, &got, in, (int)n) == 1);
	CHECK(EVP_DecryptFinal_ex(ctx, out + got, &rest) == 1);
	EVP_CIPHER_CTX_free(ctx);
	*len = (size_t)(got + rest);
	return out;
}

/* PKCS#7 in blocks of 32, every byte of it checked. */
static bool
strip(const uint8_t *s, size_t *len)
{
	uint8_t pad = *len > 0 ? s[*len - 1] : 0, wrong = 0;

	if (pad < 1 || pad > BLOCK || pad > *len)
		return false;
	for (size_t i = *len - pad; i < *len; i++)
		wrong |= s[i] ^ pad;
	*len -= pad;
	return wrong == 0;
}

/* The message between its length and the receiver, who must be the company. */
static const char *
unwrap(
    const uint8_t *s, size_t len, const char *corp_id, struct arena *a, size_t *out_len)
{
	size_t n, corp = strlen(corp_id);

	if (!strip(s, &len) || len < HEAD)
		return NULL;
	n = (size_t)s[16] << 24 | (size_t)s[17] << 16 | (size_t)s[18] << 8 | s[19];
	if (n > len - HEAD || len - HEAD - n != corp ||
	    !crypt_equal(s + HEAD + n, corp_id, corp))
		return NULL;
	*out_len = n;
	return arena_strndup(a, (const char *)s + HEAD, n);
}

/* A callback -------------------------------------------------------------------------------- */

static int
refuse(struct hook_reply *reply)
{
	return wire_refuse(reply, 401, "{\"error\":\"not accepted\"}");
}

static const char *
query_field(struct arena *a, const struct hook_request *req, const char *name)
{
	const char *s = wire_field_of(a, req->query, name);

	return s == NULL ? "" : s;
}

static const char *
cipher_of(const struct hook_request *req, struct arena *a)
{
	struct wecom_event outer = { 0 };
	const char *cipher = "";

	if (strcmp(req->method, "GET") == 0)
		return query_field(a, req, "echostr");
	if (read_xml(req->body, req->body_len, &outer))
		cipher = wecom_field(&outer, a, "Encrypt");
	wecom_event_free(&outer);
	return cipher;
}

int
wecom_open(const struct account *acc, const struct hook_request *req, struct arena *a,
    struct wecom_event *ev, struct hook_reply *reply)
{
	const char *token = provider_setting(acc, "callback_token");
	const char *cipher = cipher_of(req, a), *text = NULL;
	bool hears = wecom_hears(acc), fits;
	size_t len = 0, n = 0;
	const uint8_t *raw;

	ev->fields = NULL;
	fits = signed_right(token, query_field(a, req, "timestamp"),
	    query_field(a, req, "nonce"), cipher, query_field(a, req, "msg_signature"),
	    a);
	raw = decrypt(provider_setting(acc, "callback_key"), cipher, a, &len);
	if (raw != NULL)
		text = unwrap(raw, len, provider_setting(acc, "corp_id"), a, &n);
	if (!hears || !fits || text == NULL)
		return refuse(reply);
	if (strcmp(req->method, "GET") == 0) {
		if (strlen(text) != n)
			return refuse(reply);
		*reply = (struct hook_reply){
			.status = 200, .type = "text/plain", .body = text
		};
		return 0;
	}
	*reply = (struct hook_reply){ .status = 200, .type = "text/plain", .body = "" };
	if (read_xml(text, n, ev))
		return 1;
	wecom_event_free(ev);
	return refuse(reply);
}

const char *
wecom_event_key(const struct wecom_event *ev, struct arena *a)
{
	static const char *const parts[] = { "FromUserName", "CreateTime", "Event",
		"EventKey", "TaskId", "ResponseCode", "ChangeType", "UserID",
		"ExternalUserID", "Token" };
	const char *id = wecom_field(ev, a, "MsgId");
	GString *s = g_string_new(NULL);
	const char *key;

	for (size_t i = 0; id[0] == '\0' && i < G_N_ELEMENTS(parts); i++)
		g_string_append_printf(s, "%s\n", wecom_field(ev, a, parts[i]));
	key = id[0] != '\0' && strlen(id) <= 64
		  ? id
		  : wire_key(a, id[0] != '\0' ? id : s->str);
	g_string_free(s, TRUE);
	return key;
}
