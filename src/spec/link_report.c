/* link_report.c - playbooks that reports are told of: those that are not there are a warning,
 * for they may have been, and their runs are still counted. */
#include <string.h>

#include "core/report_rules.h"
#include "set.h"

#define NAMES_SHOWN 3

/* One by one only those whose name is nearly one that is there: a slip of the pen. */
static bool
tell_near(const struct set *s, const struct report_named *n, const char *const *names)
{
	const char *near = s->partakers != NULL ? NULL : report_nearest(n->name, names);
	char *hint;

	if (near == NULL)
		return false;
	hint = g_strdup_printf("did you mean \"%s\"?", near);
	report_add(s->report, SEV_WARNING, n->at, "no-playbook", hint,
	    "there is no playbook \"%s\"", n->name);
	g_free(hint);
	return true;
}

/* The others in one line: a set without most playbooks is a set of some of them. */
static void
tell_rest(const struct set *s, const GPtrArray *missing)
{
	const struct report_named *first;
	GString *names = g_string_new(NULL);

	if (missing->len > 0) {
		first = missing->pdata[0];
		for (guint i = 0; i < MIN(missing->len, NAMES_SHOWN); i++)
			g_string_append_printf(names, "%s\"%s\"", i == 0 ? "" : ", ",
			    ((const struct report_named *)missing->pdata[i])->name);
		if (missing->len > NAMES_SHOWN)
			g_string_append_printf(
			    names, " and %u more", missing->len - NAMES_SHOWN);
		report_add(s->report, SEV_WARNING, first->at, "no-playbook",
		    "reports count what was sent while there was",
		    "there is no playbook %s", names->str);
	}
	g_string_free(names, TRUE);
}

static bool
is_listed(const GPtrArray *missing, const char *name)
{
	for (guint i = 0; i < missing->len; i++)
		if (strcmp(((const struct report_named *)missing->pdata[i])->name,
			name) == 0)
			return true;
	return false;
}

void
link_reports(const struct set *s)
{
	GPtrArray *names = g_ptr_array_new(), *missing = g_ptr_array_new();
	const struct report_named *n = NULL;

	for (guint i = 0; i < s->playbooks->len; i++)
		g_ptr_array_add(names,
		    (char *)(uintptr_t)((struct set_playbook *)s->playbooks->pdata[i])
			->playbook->name);
	g_ptr_array_add(names, NULL);
	if (s->whole && s->policy != NULL && s->policy->reports != NULL)
		n = s->policy->reports->named;
	for (; n != NULL; n = n->next)
		if (!g_strv_contains((const char *const *)names->pdata, n->name) &&
		    !is_listed(missing, n->name) &&
		    !tell_near(s, n, (const char *const *)names->pdata))
			g_ptr_array_insert(
			    missing, 0, (void *)(uintptr_t)n); /* they come last first */
	tell_rest(s, missing);
	g_ptr_array_unref(missing);
	g_ptr_array_unref(names);
}
