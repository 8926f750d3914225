/* step_enter.c - enter: another playbook, by its own rules of entry. */
#include "step.h"

void
step_enter_read(
    struct reading *rd, const struct yaml *map, const struct yaml *y, struct step *s)
{
	(void)map;
	s->name = "";
	s->name_at = y->at;
	word_read(y, "a playbook", false, &s->name, rd->report);
}
