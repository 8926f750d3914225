/* What requests are made of: signatures with one key after another, JSON. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "provider/wire.h"

/* RFC 4231, RFC 2202, and the empty key. */
static const struct row {
	const char *name;
	enum wire_hash hash;
	const char *key, *text, *hex;
} rows[] = {
	{ "RFC 4231 case 2", WIRE_SHA256, "Jefe", "what do ya want for nothing?",
	    "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843" },
	{ "an empty key", WIRE_SHA256, "", "what do ya want for nothing?",
	    "76d9e7194e7dbc3aa00bbe8ffb9f6fcb5a932170f971f948bb2ab61607d2b9d6" },
	{ "RFC 2202 case 2", WIRE_SHA1, "Jefe", "what do ya want for nothing?",
	    "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79" },
	{ "longer than a block", WIRE_SHA256,
	    "kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk"
	    "kkkk",
	    "", "c5705ea69e0d95c858492c429618ada636d77e1ea583a2c641baadb78f5767c3" },
	{ "nothing at all", WIRE_SHA256, "", "",
	    "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad" },
};

static void
hmacs(void **state)
{
	struct arena *a = arena_new();

	(void)state;
	for (int round = 0; round < 2; round++)
		for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
			const struct row *r = &rows[i];
			uint8_t mac[32];
			size_t n = wire_hmac(r->hash, r->key, strlen(r->key), r->text,
			    strlen(r->text), mac);

			assert_int_equal(n, r->hash == WIRE_SHA1 ? 20 : 32);
			if (strcmp(wire_hex(a, mac, n), r->hex) != 0)
				fail_msg("%s: %s", r->name, wire_hex(a, mac, n));
		}
	arena_free(a);
}

/* What is printed reads as what it was. */
static void
json(void **state)
{
	static const char *const texts[] = { "{}", "[]",
		"{\"b\":[1,-2,2.5,true,false,null,\"x\"],\"a\":{\"c\":{},\"d\":[]}}",
		"[[\"\"],[[]],{\"\":\"\"}]",
		"{\"李\":\"王先生 \\\"引\\\" \\\\ / \\n\\t\\r\\u0001\\u001f😀\x7f\"}" };
	struct arena *a = arena_new();

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
		json_t *was = json_loads(texts[i], 0, NULL), *is;
		const char *text;

		assert_non_null(was);
		text = wire_print(a, json_incref(was));
		is = json_loads(text, 0, NULL);
		if (!json_equal(was, is) || strlen(text) > strlen(texts[i]))
			fail_msg("%s became %s", texts[i], text);
		json_decref(is);
		json_decref(was);
	}
	arena_free(a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(hmacs),
		cmocka_unit_test(json) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
