/* signature.c - signatures of SMS: how they are written, and whether they are approved. (B-CN3) */
#include <string.h>

#include "read.h"
#include "set.h"

static void
check_one(const char *sig, struct pos at, struct report *r)
{
	bool digits = true;
	glong n = g_utf8_strlen(sig, -1);

	for (const char *p = sig; *p != '\0'; p++)
		digits = digits && g_ascii_isdigit(*p);
	if (strstr(sig, "【") != NULL || strstr(sig, "】") != NULL)
		report_add(r, SEV_ERROR, at, "signature", "write the name alone",
		    "the brackets are added when a message is sent");
	else if (n < 2 || n > 16 || digits)
		report_add(r, SEV_ERROR, at, "signature", "",
		    "a signature has 2 to 16 characters, not only digits");
}

void
signature_read(
    struct arena *a, const struct yaml *y, struct account *acc, struct report *r)
{
	const struct yaml *one = yaml_get(y, "signature"),
			  *list = yaml_get(y, "signatures");
	int n;

	if (yaml_str(one, &acc->signature, r))
		check_one(acc->signature, one->at, r);
	if (list == NULL || !yaml_strings(a, list, &acc->signatures, &n, r))
		return;
	acc->signatures_at = list->at;
	for (int i = 0; i < n; i++)
		check_one(acc->signatures[i], list->at, r);
}

static bool
is_approved(const struct account *acc, const char *own, const char *sig)
{
	return g_strcmp0(sig, own) == 0 ||
	       (acc->signatures != NULL && g_strv_contains(acc->signatures, sig));
}

/* The account's own is taken for approved: it is what its console shows. A store's goes out
 * in its place, and must be on the list. */
void
signature_check(const struct set *s, const struct account *acc, bool approves)
{
	const char *own =
	    acc->signature != NULL ? acc->signature : s->config->entity.name;

	if (!(acc->channels & BIT(CHANNEL_SMS)) || (!approves && acc->signatures == NULL))
		return;
	for (int i = 0; i < s->stores.n; i++) {
		const struct shop *shop = &s->stores.items[i];
		char *hint;

		if (shop->signature == NULL || !shop_uses(shop, acc->name) ||
		    is_approved(acc, own, shop->signature))
			continue;
		hint = g_strdup_printf(
		    "write signatures: [%s] at the account once it is "
		    "approved there, or name other accounts for the store",
		    shop->signature);
		report_add(s->report, SEV_ERROR, shop->at, "signature", hint,
		    "the signature \"%s\" is not among those approved at \"%s\"",
		    shop->signature, acc->name);
		g_free(hint);
	}
}
