/* profile_why.c - a customer's profile as `reachd why` tells it. */
#include <jansson.h>

#include "profile.h"

#define NAMES_MAX 32

static json_t *
list_of(const char *const *names, int n)
{
	json_t *list = json_array();

	for (int i = 0; i < n; i++)
		json_array_append_new(list, json_string(names[i]));
	return list;
}

static json_t *
signals_json(struct view *v)
{
	json_t *all = json_object();
	const struct signal *s;

	for (int i = 0; (s = signal_at(i)) != NULL; i++) {
		struct value value = s->read(v);

		if (value.type != VALUE_NIL)
			json_object_set_new(all, s->name, value_to_json(value));
	}
	return all;
}

json_t *
profile_json(struct person *p)
{
	struct view *v = profile_view(p);
	const char *names[NAMES_MAX];
	struct pos at;
	ms_t until;
	int n = signal_signs(v, ~0U, names, NAMES_MAX);
	const char *talk = stage_talk(v, &until, &at);
	json_t *j = json_pack("{ss ss ss ss so so}", "lifecycle", stage_lifecycle(v),
	    "dormant_type", stage_dormant_type(v), "lost_cause", stage_lost_cause(v),
	    "lost_duration", stage_duration(v), "signs",
	    list_of(names, MIN(n, NAMES_MAX)), "signals", signals_json(v));

	if (talk != NULL)
		json_object_set_new(j, "conversation", json_string(talk));
	return j;
}
