/* ref_fuzz.c - a reference that comes back: nothing but what we made is taken for ours.
 */
#include "fuzz.h"

#include "../../src/engine/ref.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const uint8_t key[CRYPT_KEY] = { 1 };
	struct crypt *c = crypt_new(key);
	char *text = g_strndup((const char *)data, size), again[REF_TEXT];
	int64_t msg;
	int n;

	if (ref_parse(c, text, &msg, &n) == 0 &&
	    strcmp(ref_make(c, msg, n, again), text) != 0)
		abort();
	g_free(text);
	crypt_free(c);
	return 0;
}
