/* mail_fuzz.c - a mail that comes back: whatever is posted, at most one receipt, in UTF-8, that
 * is known again when it comes twice. */
#include "fuzz.h"

#include "provider/mail.h"

static struct setting settings[] = { { .name = "from", .value = "news@dealer.example" } };
static const struct account acc = {
	.name = "post", .type = "smtp", .settings = settings, .n_settings = 1
};

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *a = arena_new();
	struct receipt *r;
	struct mail_read m;
	int n = mail_receipts(&acc, (const char *)data, size, a, &r);

	if (n > 1 ||
	    (n == 1 && (*r->key == '\0' || strlen(r->perr) > 40 ||
			   !g_utf8_validate(r->text, -1, NULL))))
		abort();
	if (mail_read(a, (const char *)data, size, &m) == 0 &&
	    !g_utf8_validate(m.text, -1, NULL))
		abort();
	arena_free(a);
	return 0;
}
