/* hand_stage.h - the stage with many people on it, and orders given by hand. */
#ifndef TESTS_HAND_STAGE_H
#define TESTS_HAND_STAGE_H

#include "stage.h"

#define hand_stage stage_new

/* C1 ... Cn, tagged x, in a life that knows them. */
static inline void
hand_people(struct stage *s, int n)
{
	for (int i = 1; i <= n; i++) {
		char ext[16], phone[24];
		struct customer c = stage_person(ext);

		g_snprintf(ext, sizeof(ext), "C%d", i);
		g_snprintf(phone, sizeof(phone), "+86199%08d", i);
		c.address[CHANNEL_SMS] = phone;
		c.tags = "x";
		stage_keep(s, &c);
	}
	stage_fall(s, false);
	stage_rise(s);
	stage_run(s, MS_SECOND);
}

static json_t *hand_said; /* of the last order; borrowed until the next */

static inline void
hand_answer(void *arg, int status, const char *json)
{
	json_decref(hand_said);
	hand_said = json_loads(json, 0, NULL);
	((struct stage *)arg)->answer = status;
}

static inline int
hand(struct stage *s, const char *order, const char *body)
{
	s->answer = 0;
	engine_hand(s->engine, order, body, strlen(body), hand_answer, s);
	stage_run(s, 5);
	return s->answer;
}

static inline int
hand_reload(struct stage *s)
{
	s->answer = 0;
	engine_reload(s->engine, hand_answer, s);
	stage_run(s, 5);
	return s->answer;
}

/* How far the playbook in force is, by its status. */
static inline const char *
hand_launch(struct stage *s, const char *name)
{
	const json_t *list, *one;
	size_t i;

	engine_status(s->engine, hand_answer, s);
	stage_run(s, 5);
	list = json_object_get(hand_said, "playbooks");
	json_array_foreach(list, i,
	    one) if (strcmp(json_string_value(json_object_get(one, "name")), name) ==
		     0) return json_string_value(json_object_get(json_object_get(one,
								     "launch"),
	    "state"));
	return "";
}

static inline int64_t
hand_count(const char *key)
{
	return json_integer_value(json_object_get(hand_said, key));
}

#endif
