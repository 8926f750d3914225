#include "facts.h"

#include <jansson.h>

#include "plan.h"
#include "profile.h"
#include "tags.h"

int
facts_set(
    struct work *w, struct person *p, const char *name, struct value value, struct err *e)
{
	json_t *j = json_loads(p->row.c.attrs, 0, NULL);
	char *text;

	if (!json_is_object(j)) {
		json_decref(j);
		j = json_object();
	}
	json_object_set_new(j, name, value_to_json(value));
	text = json_dumps(j, JSON_COMPACT | JSON_SORT_KEYS);
	json_decref(j);
	p->row.c.attrs = arena_strdup(w->arena, text);
	free(text);
	p->attrs = NULL;
	if (customer_set_attr(w->store, p->row.c.id, p->row.c.attrs, e) != 0 ||
	    profile_told(w, p, name, value, e) != 0)
		return -1;
	return plan_dates(w, p, e);
}

static int
set_tags(struct work *w, struct person *p, const char *tags, struct err *e)
{
	p->row.c.tags = tags;
	if (customer_set_tags(w->store, p->row.c.id, tags, e) != 0)
		return -1;
	return profile_told(w, p, "tags", VALUE_NONE, e);
}

int
facts_tag_add(struct work *w, struct person *p, const char *tag, struct err *e)
{
	return set_tags(w, p, tags_add(w->arena, p->row.c.tags, tag), e);
}

int
facts_tag_remove(struct work *w, struct person *p, const char *tag, struct err *e)
{
	return set_tags(w, p, tags_remove(w->arena, p->row.c.tags, tag), e);
}
