/* event_name.c - names of events: houses have their own, so a slip of one that reachd knows is
 * only warned of. */
#include <string.h>

#include "base/report.h"
#include "core/profile.h"
#include "read.h"

/* Those that reachd makes itself, beside the ones profiles are kept from. */
static const char *const made[] = { "stage_changed", "task_done", "call_reached",
	"call_booked", "call_none", "call_wrong_number", "call_car_sold",
	"call_moved_away", "call_opt_out", "call_complaint", "call_settled",
	"call_open", "call_escalate", "consent_given", "click",
	"warning", "reply_closed", NULL };

#define NAMES_MAX 64

bool
event_name_read(const struct yaml *y, const char **out, struct report *r)
{
	const char *known[NAMES_MAX], *help, *near;
	int n = 0;

	if (!word_read(y, "an event", false, out, r))
		return false;
	for (int i = 0; profile_event(i, &help) != NULL; i++)
		known[n++] = profile_event(i, &help);
	for (int i = 0; made[i] != NULL; i++)
		known[n++] = made[i];
	known[n] = NULL;
	for (int i = 0; i < n; i++)
		if (strcmp(known[i], *out) == 0)
			return true;
	/* Half the names that end alike are meant: no_show, no_shows. */
	near = report_nearest(*out, known);
	if (near != NULL && ABS((int)strlen(near) - (int)strlen(*out)) <= 1 &&
	    near[0] == (*out)[0]) {
		char *hint = g_strdup_printf("did you mean \"%s\"?", near);

		report_add(r, SEV_WARNING, y->at, "event", hint,
		    "reachd knows no event \"%s\"; it counts if your systems send it",
		    *out);
		g_free(hint);
	}
	return true;
}
