/* step_send.c - send: a template, or a list of them: the first reachable channel wins. */
#include <string.h>

#include "step.h"

#define SENDS_MAX 10

void
step_send_read(
    struct reading *rd, const struct yaml *map, const struct yaml *y, struct step *s)
{
	const struct yaml *one[1] = { y };
	const struct yaml *const *items = one;
	int n = 1, i, k;

	(void)map;
	if (y->kind == YAML_LIST) {
		items = (const struct yaml *const *)y->items;
		n = y->n;
	}
	if (n == 0 || n > SENDS_MAX) {
		report_add(rd->report, SEV_ERROR, y->at, "range", "",
		    "name 1 to %d templates", SENDS_MAX);
		return;
	}
	s->sends = arena_array(rd->arena, const char *, n);
	s->sends_at = arena_array(rd->arena, struct pos, n);
	s->templates = arena_array(rd->arena, const struct template *, n);
	for (i = 0; i < n; i++) {
		const char **name = &s->sends[s->n_sends];

		if (!word_read(items[i], "a template", true, name, rd->report))
			continue;
		for (k = 0; k < s->n_sends && strcmp(s->sends[k], *name) != 0; k++)
			;
		if (k < s->n_sends)
			report_add(rd->report, SEV_ERROR, items[i]->at, "duplicate",
			    "delete one of them", "\"%s\" is named twice", *name);
		else
			s->sends_at[s->n_sends++] = items[i]->at;
	}
}
