#include "core/subject.h"

#include <string.h>

const char *const subject_names[] = { "none", "vehicle", "appointment", "order", NULL };

const char *
subject_name(int subject)
{
	return subject >= 0 && subject < SUBJECTS ? subject_names[subject] : "";
}

bool
appointment_open(const struct appointment *a)
{
	return strcmp(a->state, "booked") == 0 || strcmp(a->state, "moved") == 0;
}

bool
staff_present(const struct staff *s, int64_t day)
{
	if (s->left_on.year != 0 && date_days(s->left_on) <= day)
		return false;
	if (s->away_from.year == 0 || date_days(s->away_from) > day)
		return true;
	return s->away_to.year != 0 && date_days(s->away_to) < day;
}
