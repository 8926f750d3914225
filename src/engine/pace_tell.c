/* Who waits for hours, for `status` and `why`. Reads on a snapshot. */
#include <jansson.h>

#include "pace.h"
#include "store/pace.h"

int
pace_status(struct work *w, int number, json_t **out, struct err *e)
{
	char at[CLOCK_TEXT];
	int64_t n;
	ms_t since;

	*out = NULL;
	if (waiting_count(w->store, number, &n, &since, e) != 0)
		return -1;
	if (n > 0)
		*out = json_pack("{sI ss}", "waiting", n, "since",
		    clock_format(
			since, zone_offset(w->cat->config->entity.zone, since) / 60, at));
	return 0;
}

static const char *
day_text(struct work *w, int64_t day)
{
	struct date d = date_from_days(day);

	return arena_printf(w->arena, "%04d-%02d-%02d", d.year, d.month, d.day);
}

int
pace_why(struct work *w, const struct person *p, int number, const char *playbook,
    json_t *list, struct err *e)
{
	struct waiting wait;
	int rc = waiting_get(w->store, number, p->row.c.id, &wait, e);
	bool nobody;
	const char *day;

	if (rc != 1)
		return rc;
	nobody = *wait.who == '\0';
	day = day_text(w, wait.full);
	json_array_append_new(list,
	    json_pack("{ss ss ss ss so so}", "playbook", playbook, "state", "hours",
		"full", day, "who", wait.who, "sentence",
		json_sprintf("Not yet: his call would fall due on %s, when %s%s has no "
			     "hours left; he is tried again each morning.",
		    day, nobody ? "the team" : "", wait.who),
		"sentence_zh",
		json_sprintf(
		    "还没进入：电话会排在 %s，%s%s当天已没有空余工时；每天早上再试。",
		    day, nobody ? "团队" : "", wait.who)));
	return 0;
}
