/* What `do:`, `then:` and replies may do to a customer. */
#include <string.h>

#include <jansson.h>

#include "intake.h"
#include "plan.h"
#include "store/event.h"
#include "store/run.h"
#include "tags.h"

static int
set_attr(struct work *w, struct person *p, const struct action *a, struct err *e)
{
	json_t *j = json_loads(p->row.c.attrs, 0, NULL);
	char *text;

	if (!json_is_object(j)) {
		json_decref(j);
		j = json_object();
	}
	json_object_set_new(j, a->name, value_to_json(a->value));
	text = json_dumps(j, JSON_COMPACT | JSON_SORT_KEYS);
	json_decref(j);
	p->row.c.attrs = arena_strdup(w->arena, text);
	free(text);
	p->attrs = NULL;
	return customer_set_attr(w->store, p->row.c.id, p->row.c.attrs, e);
}

static int
set_stage(struct work *w, struct person *p, const struct action *a, struct err *e)
{
	const char *data;

	if (strcmp(p->row.c.stage, a->name) == 0)
		return 0;
	data = arena_printf(w->arena, "{\"from\":\"%s\",\"to\":\"%s\"}", p->row.c.stage, a->name);
	if (customer_set_stage(w->store, p->row.c.id, a->name, e) != 0)
		return -1;
	p->row.c.stage = a->name;
	return intake_own(w, p, "stage_changed", data, e);
}

static int
stop_marketing(struct work *w, struct person *p, struct err *e)
{
	if (customer_open(w->store, &p->row, e) != 0)
		return -1;
	return intake_opt_out(w, p, -1, w->now, "playbook", e);
}

static int
own_event(struct work *w, struct person *p, const struct action *a, struct err *e)
{
	json_t *data = json_object(), *v = value_to_json(a->value);
	char *text;
	int rc;

	if (!json_is_null(v))
		json_object_set(data, "value", v);
	json_decref(v);
	text = json_dumps(data, JSON_COMPACT);
	json_decref(data);
	rc = intake_own(w, p, a->name, text, e);
	free(text);
	return rc;
}

static int
set_tags(struct work *w, struct person *p, const char *tags, struct err *e)
{
	p->row.c.tags = tags;
	return customer_set_tags(w->store, p->row.c.id, tags, e);
}

int
plan_actions(struct work *w, struct person *p, const struct actions *list, int *target,
    struct err *e)
{
	for (int i = 0; i < list->n; i++) {
		const struct action *a = &list->items[i];
		int rc = 0;

		switch (a->kind) {
		case ACTION_SET:
			rc = set_attr(w, p, a, e);
			break;
		case ACTION_TAG_ADD:
			rc = set_tags(w, p, tags_add(w->arena, p->row.c.tags, a->name), e);
			break;
		case ACTION_TAG_REMOVE:
			rc = set_tags(w, p, tags_remove(w->arena, p->row.c.tags, a->name), e);
			break;
		case ACTION_STAGE:
			rc = set_stage(w, p, a, e);
			break;
		case ACTION_STOP_MARKETING:
			rc = stop_marketing(w, p, e);
			break;
		case ACTION_EVENT:
			rc = own_event(w, p, a, e);
			break;
		case ACTION_GOTO:
			*target = a->target;
			break;
		case ACTION_STOP:
			*target = STEP_END;
			break;
		}
		if (rc != 0)
			return -1;
	}
	return 0;
}

int
plan_act(struct work *w, struct person *p, struct run *r, const struct actions *a, int *target,
    struct err *e)
{
	struct run before;

	if (a->n == 0)
		return 1;
	r->wait = WAIT_STEP;
	r->wake_at = 0;
	if (run_save(w->store, r, e) != 0)
		return -1;
	before = *r;
	if (plan_actions(w, p, a, target, e) != 0 || run_get(w->store, r->id, r, e) != 1)
		return -1;
	return r->state == before.state && strcmp(r->step, before.step) == 0 && r->occ == before.occ &&
	    r->wait == before.wait;
}
