#include "complaint.h"

#include <string.h>

#include "base/log.h"
#include "intake.h"
#include "profile.h"
#include "store/task.h"

#define LIVE_MAX 64

/* Nobody needs to ring him any more. */
static int
take_off_list(struct work *w, int64_t customer, struct err *e)
{
	struct task_row *all = arena_array(w->arena, struct task_row, LIVE_MAX);
	int n = task_of_customer(w->store, customer, all, LIVE_MAX, e);

	for (int i = 0; i < n; i++) {
		if (strcmp(all[i].kind, TASK_COMPLAINT) != 0)
			continue;
		all[i].state = fsm_move(&task_fsm, all[i].state, TASK_WITHDRAWN);
		all[i].next_at = 0;
		all[i].done_at = w->now;
		w->desk->asked = true;
		if (task_save(w->store, &all[i], e) != 0)
			return -1;
	}
	return n < 0 ? -1 : 0;
}

int
complaint_closed(struct work *w, struct person *p, struct err *e)
{
	if (profile_view(p)->p->complaints_open > 0)
		return 0;
	if (p->row.blocked_at != 0) {
		log_info("complaint_settled", "customer=%" G_GINT64_FORMAT, p->row.c.id);
		p->row.blocked_at = 0;
		if (customer_unblock(w->store, p->row.c.id, e) != 0)
			return -1;
	}
	return take_off_list(w, p->row.c.id, e);
}

int
complaint_settle(struct work *w, struct person *p, json_t *how, struct err *e)
{
	char *text;
	int rc;

	json_object_set_new(how, "all", json_true());
	text = json_dumps(how, JSON_COMPACT | JSON_SORT_KEYS);
	json_decref(how);
	rc = intake_own(w, p, "complaint_closed", text, e);
	free(text);
	return rc;
}
