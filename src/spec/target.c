/* target.c - step ids that lead somewhere, kept until all steps are known. */
#include <string.h>

#include "read.h"

void
target_read(struct reading *rd, const struct yaml *y, int *target)
{
	struct target_use use = { .target = target };

	if (!yaml_str(y, &use.id, rd->report))
		return;
	use.at = y->at;
	g_array_append_val(rd->targets, use);
}

static void
missing(const struct reading *rd, const struct target_use *use)
{
	const struct playbook *p = rd->playbook;
	GPtrArray *ids = g_ptr_array_new();
	const char *near;
	char *hint;
	int i;

	for (i = 0; i < p->n_steps; i++) {
		if (p->steps[i].id[0] != '\0')
			g_ptr_array_add(ids, (char *)p->steps[i].id);
	}
	g_ptr_array_add(ids, (char *)"next");
	g_ptr_array_add(ids, (char *)"stop");
	g_ptr_array_add(ids, NULL);
	near = report_nearest(use->id, (const char *const *)ids->pdata);
	hint = near == NULL ? g_strdup("name a step of this playbook, next or stop")
			    : g_strdup_printf("did you mean \"%s\"?", near);
	report_add(rd->report, SEV_ERROR, use->at, "no-step", hint,
	    "there is no step \"%.80s\" to go to", use->id);
	g_free(hint);
	g_ptr_array_free(ids, TRUE);
}

void
target_resolve(struct reading *rd)
{
	guint i;

	for (i = 0; i < rd->targets->len; i++) {
		const struct target_use *use =
		    &g_array_index(rd->targets, struct target_use, i);
		const struct step *s = playbook_step(rd->playbook, use->id);

		if (strcmp(use->id, "stop") == 0)
			*use->target = STEP_END;
		else if (strcmp(use->id, "next") == 0)
			*use->target = STEP_NEXT;
		else if (s != NULL)
			*use->target = s->index;
		else
			missing(rd, use);
	}
}
