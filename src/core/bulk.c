#include "core/bulk.h"

#include <stdbool.h>
#include <string.h>

#include <glib.h>

/* Under a country's two letters names are often sold below one of these, as in com.cn, co.uk. */
static bool
is_registry(const char *label, const char *top)
{
	static const char *const names[] = { "com.", "co.", "net.", "org.", "gov.",
		"edu.", "ac.", "ne.", "or.", "go.", NULL };

	if (strlen(top) != 2)
		return false;
	for (const char *const *n = names; *n != NULL; n++)
		if (g_str_has_prefix(label, *n))
			return true;
	return false;
}

static const char *
label_before(const char *domain, const char *dot)
{
	while (dot > domain && dot[-1] != '.')
		dot--;
	return dot;
}

const char *
bulk_domain(const char *domain)
{
	const char *top = strrchr(domain, '.'), *own;

	if (top == NULL)
		return domain;
	own = label_before(domain, top);
	return own > domain && is_registry(own, top + 1) ? label_before(domain, own - 1)
							 : own;
}
