/* link_report.c - playbooks that reports are told of: one that is not there is a warning,
 * for it may have been, and its runs are still counted. */
#include <string.h>

#include "core/report_rules.h"
#include "set.h"

void
link_reports(const struct set *s)
{
	GPtrArray *names = g_ptr_array_new();

	for (guint i = 0; i < s->playbooks->len; i++)
		g_ptr_array_add(names,
		    (char *)(uintptr_t)((struct set_playbook *)s->playbooks->pdata[i])
			->playbook->name);
	g_ptr_array_add(names, NULL);
	for (const struct report_named *n =
		 s->whole && s->policy != NULL && s->policy->reports != NULL ? s->policy->reports->named : NULL;
	     n != NULL; n = n->next) {
		const char *near;
		char *hint;

		if (g_strv_contains((const char *const *)names->pdata, n->name))
			continue;
		near = report_nearest(n->name, (const char *const *)names->pdata);
		hint = near == NULL ? g_strdup("it counts what was sent while there was")
				    : g_strdup_printf("did you mean \"%s\"?", near);
		report_add(s->report, SEV_WARNING, n->at, "no-playbook", hint,
		    "there is no playbook \"%s\"", n->name);
		g_free(hint);
	}
	g_ptr_array_unref(names);
}
