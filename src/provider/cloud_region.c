#include "cloud_region.h"

#include <string.h>

/* "ap-guangzhou", "us-gov-east-1" */
static bool
is_region(const char *s)
{
	int parts = 1;

	if (!g_ascii_islower(*s))
		return false;
	for (; *s != '\0'; s++) {
		if (*s == '-' && g_ascii_isalnum(s[1]))
			parts++;
		else if (!g_ascii_islower(*s) && !g_ascii_isdigit(*s))
			return false;
	}
	return parts > 1;
}

void
cloud_region_check(const struct account *acc, const char *const *known, struct report *r)
{
	const char *near;
	char *hint;

	for (int i = 0; i < acc->n_settings; i++) {
		const struct setting *s = &acc->settings[i];

		if (strcmp(s->name, "region") != 0 || s->value == NULL ||
		    *s->value == '\0' || g_strv_contains(known, s->value))
			continue;
		near = report_nearest(s->value, known);
		hint = near != NULL
			   ? g_strdup_printf("did you mean \"%s\"?", near)
			   : g_strdup_printf(
				 "look it up there: it is written as %s", known[0]);
		report_add(r, is_region(s->value) ? SEV_WARNING : SEV_ERROR, s->at,
		    "provider", hint,
		    is_region(s->value) ? "region \"%s\" is none that reachd knows of"
					: "region \"%s\" is not the name of a region",
		    s->value);
		g_free(hint);
	}
}
