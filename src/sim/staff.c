/* staff.c - looking at the list, taking a task, reporting what came of it. */
#include "sim/staff.h"

#include <string.h>

#include <jansson.h>

#include "base/json.h"
#include "sim/habits.h"

#define CHINA 480 /* minutes east of UTC */
#define LOOKS (30 * MS_MINUTE)
#define WORKS (40 * MS_MINUTE)
#define IDLE 0.05
/* Whose report was swallowed by a death is taken up again. */
#define FORGOTTEN (6 * MS_HOUR)

/* A task somebody has taken. */
struct job_taken {
	struct staff_room *room;
	int64_t id;
	ms_t at;
	uint64_t nth;
	bool idle;
};

struct staff_room {
	struct staff_options o;
	GHashTable *taken; /* id -> struct job_taken * */
};

static uint64_t
mix(uint64_t x)
{
	x = (x ^ (x >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	x = (x ^ (x >> 27)) * UINT64_C(0x94d049bb133111eb);
	return x ^ (x >> 31);
}

/* ---- what came of it ---- */

static bool
may_end(const json_t *task, const char *outcome)
{
	const json_t *one;
	size_t i;

	json_array_foreach(json_object_get(task, "outcomes"), i, one)
	{
		if (strcmp(json_string_value(json_object_get(one, "name")), outcome) == 0)
			return true;
	}
	return false;
}

/* A word of habits.h where the script has it, else one of the script's own. */
static const char *
outcome_of(const struct job_taken *j, const json_t *task, ms_t now)
{
	static const char *const words[] = { "none", "reached", "refused",
		"wrong_number" };
	const char *who = json_string_value(json_object_get(task, "customer"));
	const json_t *list = json_object_get(task, "outcomes");
	enum habit_call call;

	if (may_end(task, "done"))
		return "done";
	/* Some texts do not fit, some come at a bad hour. */
	if (may_end(task, "sent"))
		return j->nth % 10 == 0 ? "unfit" : j->nth % 10 < 3 ? "later" : "sent";
	call = habits_call(
	    j->room->o.seed, habits_person(who, strlen(who)), j->nth, now, CHINA);
	if (may_end(task, words[call]))
		return words[call];
	if (may_end(task, "settled"))
		return j->nth % 10 == 0   ? "escalate"
		       : j->nth % 10 < 4 ? "open"
					 : "settled";
	return json_string_value(json_object_get(json_array_get(list, 0), "name"));
}

static void
reported(void *arg, int status, const char *json)
{
	struct job_taken *j = arg;

	(void)status;
	(void)json;
	/* Whatever is still to be done about it shows on the list again. */
	g_hash_table_remove(j->room->taken, &j->id);
}

static void
report(struct job_taken *j, struct engine *en, const json_t *task)
{
	const struct engine_report said = {
		outcome_of(j, task, sim_true(j->room->o.sim)), "", "", "", ""
	};

	if (strcmp(said.outcome, "settled") == 0 && j->room->o.settles != NULL)
		j->room->o.settles(j->room->o.arg,
		    json_string_value(json_object_get(task, "customer")));
	engine_task_done(en, j->id, &said, reported, j);
}

static void
shown(void *arg, int status, const char *json)
{
	struct job_taken *j = arg;
	struct engine *en = j->room->o.engine(j->room->o.arg);
	json_t *task = status == 200 ? json_read_text(json) : NULL;
	const char *state = json_string_value(json_object_get(task, "state"));

	/* Off the list meanwhile: nobody calls in a quiet window. */
	if (en == NULL || state == NULL ||
	    (strcmp(state, "open") != 0 && strcmp(state, "escalated") != 0))
		g_hash_table_remove(j->room->taken, &j->id);
	else
		report(j, en, task);
	json_decref(task);
}

static void
works(void *arg)
{
	struct job_taken *j = arg;
	struct engine *en = j->room->o.engine(j->room->o.arg);

	if (en != NULL)
		engine_task_brief(en, j->id, shown, j);
	else
		g_hash_table_remove(j->room->taken, &j->id);
}

/* ---- the list ---- */

static void
take(struct staff_room *s, int64_t id, uint64_t tries)
{
	ms_t now = sim_true(s->o.sim);
	struct job_taken *j = g_hash_table_lookup(s->taken, &id);
	uint64_t luck = mix(s->o.seed ^ mix((uint64_t)id) ^ mix(tries));

	if (j != NULL && (j->idle || now - j->at < FORGOTTEN))
		return;
	j = g_new0(struct job_taken, 1);
	*j = (struct job_taken){ s, id, now, luck, false };
	g_hash_table_replace(s->taken, &j->id, j);
	j->idle = (double)(luck % 1000) < 1000 * IDLE;
	if (j->idle)
		return;
	sim_at(s->o.sim, now + (ms_t)(luck % (uint64_t)(2 * WORKS)), works, j);
}

static void
listed(void *arg, int status, const char *json)
{
	struct staff_room *s = arg;
	json_t *root = status == 200 ? json_read_text(json) : NULL;
	const json_t *one;
	size_t i;

	json_array_foreach(json_object_get(root, "tasks"), i, one) take(s,
	    g_ascii_strtoll(json_string_value(json_object_get(one, "id")), NULL, 10),
	    (uint64_t)json_integer_value(json_object_get(one, "tries")));
	json_decref(root);
}

static void
looks(void *arg)
{
	struct staff_room *s = arg;
	struct engine *en = s->o.engine(s->o.arg);

	if (en != NULL)
		engine_tasks_brief(en, listed, s);
	sim_at(s->o.sim, sim_true(s->o.sim) + LOOKS, looks, s);
}

static void
taken_free(gpointer p)
{
	g_free(p);
}

struct staff_room *
staff_new(const struct staff_options *o)
{
	struct staff_room *s = g_new0(struct staff_room, 1);

	s->o = *o;
	s->taken = g_hash_table_new_full(g_int64_hash, g_int64_equal, NULL, taken_free);
	sim_at(o->sim, sim_true(o->sim) + LOOKS, looks, s);
	return s;
}

void
staff_free(struct staff_room *s)
{
	if (s == NULL)
		return;
	g_hash_table_unref(s->taken);
	g_free(s);
}
