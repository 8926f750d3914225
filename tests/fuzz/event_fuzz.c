/* event_fuzz.c - the body of POST /v1/events. */
#include "fuzz.h"

#include "spec/event.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *a = arena_new();
	struct event_in in;
	struct err e = { 0 };

	/* What is taken is text through and through. */
	if (event_read(a, (const char *)data, size, 1795314600000, &in, &e) == 0 &&
	    (!g_utf8_validate(in.id, -1, NULL) || !g_utf8_validate(in.data, -1, NULL) ||
		*in.customer == '\0'))
		abort();
	arena_free(a);
	return 0;
}
