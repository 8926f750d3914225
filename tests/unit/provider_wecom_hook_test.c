/* Callbacks sealed by hand: every part of them may be wrong while its signature is right.
 * proves: W3, W9, W10 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <openssl/evp.h>

#include "provider_stage.h"

#define CORP "ww1436e0e65a779aee"
#define TOKEN "QDG6eK"
#define KEY_TEXT "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C"

static struct pair settings[] = { { "corp_id", CORP }, { "secret", "example-secret" },
	{ "sender", "LiNa" }, { "callback_token", TOKEN }, { "callback_key", KEY_TEXT } };

static int
set_up(void **state)
{
	(void)state;
	stage_open("wecom", settings, (int)G_N_ELEMENTS(settings));
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	stage_close();
	return 0;
}

/* ---- sealing ---- */

/* What goes under the cipher, byte by byte. */
static GByteArray *
plain(const char *message, guint32 length, const char *corp)
{
	GByteArray *b = g_byte_array_new();
	guint32 n = GUINT32_TO_BE(length);

	g_byte_array_append(b, (const guint8 *)"0123456789abcdef", 16);
	g_byte_array_append(b, (const guint8 *)&n, 4);
	g_byte_array_append(b, (const guint8 *)message, (guint)strlen(message));
	g_byte_array_append(b, (const guint8 *)corp, (guint)strlen(corp));
	return b;
}

/* To a multiple of `block`, by bytes that say how many they are. */
static void
pad(GByteArray *b, guint block)
{
	guint8 n = (guint8)(block - b->len % block);

	for (guint8 i = 0; i < n; i++)
		g_byte_array_append(b, &n, 1);
}

static char *
encrypt(const GByteArray *b, const char *key_text)
{
	char *whole = g_strconcat(key_text, "=", NULL), *text;
	gsize key_len;
	guchar *key = g_base64_decode(whole, &key_len), *out = g_malloc(b->len + 32);
	EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
	int n = 0;

	assert_int_equal(key_len, 32);
	EVP_EncryptInit_ex(ctx, EVP_aes_256_cbc(), NULL, key, key);
	EVP_CIPHER_CTX_set_padding(ctx, 0);
	EVP_EncryptUpdate(ctx, out, &n, b->data, (int)b->len);
	EVP_CIPHER_CTX_free(ctx);
	text = g_base64_encode(out, (gsize)n);
	g_free(out);
	g_free(key);
	g_free(whole);
	return text;
}

static gint
by_bytes(gconstpointer a, gconstpointer b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Posts it, signed with the token. */
static int
post(const char *cipher, const char *body, struct receipt **r, int *n,
    struct hook_reply *reply)
{
	const char *parts[] = { TOKEN, "1795319400", "nonce", cipher };
	struct stage_hook h = { 0 };
	char *all, *sum;
	int rc;

	qsort(parts, G_N_ELEMENTS(parts), sizeof(*parts), by_bytes);
	all = g_strconcat(parts[0], parts[1], parts[2], parts[3], NULL);
	sum = g_compute_checksum_for_string(G_CHECKSUM_SHA1, all, -1);
	h.query =
	    arena_printf(arena, "msg_signature=%s&timestamp=1795319400&nonce=nonce", sum);
	h.body = body != NULL
		     ? body
		     : arena_printf(arena, "<xml><Encrypt>%s</Encrypt></xml>", cipher);
	rc = stage_hook(&h, SIGNED_AT, r, n, reply);
	g_free(sum);
	g_free(all);
	return rc;
}

#define ADDED(who)                                                                   \
	"<xml><FromUserName>sys</FromUserName><CreateTime>1795319400</CreateTime>"   \
	"<Event>change_external_contact</Event><ChangeType>add_external_contact"     \
	"</ChangeType><UserID>LiNa</UserID><ExternalUserID>" who "</ExternalUserID>" \
	"</xml>"

/* true: accepted; *out is its only receipt, NULL when there is none. */
static bool
accepted(const char *message, struct receipt **out)
{
	GByteArray *b = plain(message, (guint32)strlen(message), CORP);
	struct hook_reply reply;
	char *cipher;
	int n, rc;

	pad(b, 32);
	cipher = encrypt(b, KEY_TEXT);
	rc = post(cipher, NULL, out, &n, &reply);
	assert_int_equal(reply.status, rc == 0 ? 200 : 401);
	if (n != 1)
		*out = NULL;
	g_free(cipher);
	g_byte_array_unref(b);
	return rc == 0;
}

static struct receipt *
told(const char *message)
{
	struct receipt *r;

	assert_true(accepted(message, &r));
	return r;
}

/* ---- what is under the cipher ---- */

enum padding { RIGHT, A_BYTE_WRONG, BEYOND_A_BLOCK, NOTHING };

static void
pad_as(GByteArray *b, enum padding how)
{
	if (how == BEYOND_A_BLOCK) {
		guint8 n = (guint8)(32 + 16 - b->len % 16);

		for (guint8 i = 0; i < n; i++)
			g_byte_array_append(b, &n, 1);
		return;
	}
	pad(b, 32);
	if (how == A_BYTE_WRONG)
		b->data[b->len - 2] ^= 1;
	else if (how == NOTHING)
		b->data[b->len - 1] = 0;
}

static void
whatever_is_wrong_inside_is_refused_alike(void **state)
{
	static const struct {
		const char *name, *corp;
		int64_t length; /* beside the true one */
		enum padding padding;
		bool good;
	} rows[] = {
		{ "right", CORP, 0, RIGHT, true },
		{ "W10 another company", "ww0000000000000000", 0, RIGHT, false },
		{ "W10 no company", "", 0, RIGHT, false },
		{ "W10 a length of 2^31", CORP, INT64_C(1) << 31, RIGHT, false },
		{ "W10 a length of 2^32 - 1", CORP,
		    -1 - (int64_t)(sizeof(ADDED("wm1")) - 1), RIGHT, false },
		{ "W10 a byte too long", CORP, 1, RIGHT, false },
		{ "W10 a byte too short", CORP, -1, RIGHT, false },
		{ "W10 a byte of the padding", CORP, 0, A_BYTE_WRONG, false },
		{ "W10 padding beyond a block", CORP, 0, BEYOND_A_BLOCK, false },
		{ "W10 padding of nothing", CORP, 0, NOTHING, false },
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		const char *text = ADDED("wm1");
		GByteArray *b = plain(text,
		    (guint32)((int64_t)strlen(text) + rows[i].length), rows[i].corp);
		struct hook_reply reply;
		struct receipt *r;
		char *cipher;
		int n;

		pad_as(b, rows[i].padding);
		cipher = encrypt(b, KEY_TEXT);
		if ((post(cipher, NULL, &r, &n, &reply) == 0) != rows[i].good ||
		    (!rows[i].good &&
			strcmp(reply.body, "{\"error\":\"not accepted\"}") != 0))
			fail_msg("%s", rows[i].name);
		g_free(cipher);
		g_byte_array_unref(b);
	}
}

static void
a_key_of_another_length_is_none(void **state)
{
	static const char small[] = "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2";
	struct hook_reply reply;
	struct receipt *r;
	int n;

	(void)state;
	for (int i = 0; i < account.n_settings; i++)
		if (strcmp(account.settings[i].name, "callback_key") == 0)
			account.settings[i].value = small;
	assert_int_equal(post("AAAAAAAAAAAAAAAAAAAAAA==", NULL, &r, &n, &reply), -1);
	assert_int_equal(reply.status, 401);
}

/* ---- XML ---- */

static const char *
many(const char *open, const char *close, int n)
{
	GString *s = g_string_new("<xml>");
	const char *text;

	for (int i = 0; i < n; i++)
		g_string_append_printf(s, open, i);
	for (int i = n - 1; i >= 0; i--)
		g_string_append_printf(s, close, i);
	g_string_append(s, "</xml>");
	text = arena_strdup(arena, s->str);
	g_string_free(s, TRUE);
	return text;
}

static bool
refused(const char *message)
{
	struct receipt *r;

	return !accepted(message, &r);
}

/* W9 */
static void
xml_has_its_bounds(void **state)
{
	(void)state;
	assert_false(refused(many("<e>", "</e>", 5)));
	assert_true(refused(many("<e>", "</e>", 12)));
	assert_false(refused(many("<e%d/>", "", 100)));
	assert_true(refused(many("<e%d/>", "", 200)));
	assert_true(
	    refused("<!DOCTYPE x [<!ENTITY a \"b\">]><xml><Event>&a;</Event></xml>"));
	assert_true(refused("<!DOCTYPE x SYSTEM \"file:///etc/passwd\"><xml></xml>"));
	assert_true(refused("<xml><Event>"));
}

/* What stands there once more further on is not believed. */
static void
the_first_of_a_name_counts(void **state)
{
	const struct receipt *r =
	    told("<xml><FromUserName>sys</FromUserName><CreateTime>1795319400"
		 "</CreateTime><Event>change_external_contact</Event><ChangeType>"
		 "add_external_contact</ChangeType><UserID>LiNa</UserID>"
		 "<ExternalUserID>wm1</ExternalUserID><More><ExternalUserID>wm2"
		 "</ExternalUserID></More></xml>");

	(void)state;
	assert_non_null(r);
	assert_string_equal(r->from, "wm1");
}

/* W3: told twice it is one; two in the same second are two. */
static void
each_event_has_its_name(void **state)
{
	const struct receipt *one = told(ADDED("wm1")), *again = told(ADDED("wm1")),
			     *two = told(ADDED("wm2"));

	(void)state;
	assert_non_null(one);
	assert_non_null(again);
	assert_non_null(two);
	assert_string_equal(one->key, again->key);
	assert_string_not_equal(one->key, two->key);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define CASE(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
		CASE(whatever_is_wrong_inside_is_refused_alike),
		CASE(a_key_of_another_length_is_none),
		CASE(xml_has_its_bounds),
		CASE(the_first_of_a_name_counts),
		CASE(each_event_has_its_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
