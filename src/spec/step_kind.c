/* step_kind.c - kind: who presses send of what goes by wecom. */
#include "step.h"

#define DUE_DEFAULT (24 * MS_HOUR)

static const char *const kinds[] = { "mass", "personal", NULL };

void
step_kind_read(struct reading *rd, const struct yaml *map, struct step *s)
{
	const struct yaml *y = yaml_get(map, "kind");
	int word;

	if (y == NULL || !yaml_enum(y, kinds, &word, rd->report))
		return;
	if (s->verb != STEP_SEND && s->verb != STEP_SPLIT && s->verb != STEP_REPEAT) {
		report_add(rd->report, SEV_ERROR, yaml_key_at(map, "kind"), "kind",
		    "delete it, or write send: TEMPLATE",
		    "\"kind\" says how a text goes by wecom, and the step sends none");
		return;
	}
	s->personal = word == 1;
	if (s->personal)
		task_spec_read(rd, map, DUE_DEFAULT, &s->task);
}

void
step_kind_check(const struct step *s, struct report *r)
{
	bool wecom = false;

	for (int i = 0; i < s->n_sends; i++)
		wecom |=
		    s->templates[i] == NULL || s->templates[i]->channel == CHANNEL_WECOM;
	if (s->personal && s->n_sends > 0 && !wecom)
		report_add(r, SEV_ERROR, s->at, "kind",
		    "name a template below templates/wecom, or delete kind:",
		    "step \"%s\" is personal and has no text for wecom", s->id);
}
