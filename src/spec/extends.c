/* extends.c - a store's own form of a playbook: what its file says takes the place of the
 * same in the common one, steps by their ids. */
#include "extends.h"

#include <string.h>

#include "step.h"

static const char *const times[] = { "at", "after", "before", NULL };

static bool
is_verb(const char *key)
{
	for (int i = 0; i < STEP_VERBS; i++)
		if (strcmp(step_kinds[i].name, key) == 0)
			return true;
	return false;
}

static bool
has_other_verb(const struct yaml *own, const struct yaml *common)
{
	for (int i = 0; i < own->n; i++)
		if (is_verb(own->keys[i]->text) &&
		    yaml_get(common, own->keys[i]->text) == NULL)
			return true;
	return false;
}

static bool
does_nothing(const struct yaml *step)
{
	for (int i = 0; i < step->n; i++)
		if (step->kind == YAML_MAP && is_verb(step->keys[i]->text))
			return false;
	return true;
}

static bool
is_timed(const struct yaml *step)
{
	for (int i = 0; times[i] != NULL; i++)
		if (yaml_get(step, times[i]) != NULL)
			return true;
	return false;
}

static void
put(struct yaml *map, struct yaml *key, struct yaml *item)
{
	map->keys[map->n] = key;
	map->items[map->n++] = item;
}

/* A mapping like `like`, empty, with room for n keys, to be laid over `under`. */
static struct yaml *
mapping(struct arena *a, const struct yaml *like, const struct yaml *under, int n)
{
	struct yaml *y = arena_new_of(a, struct yaml);

	*y = *like;
	y->n = 0;
	y->under = under;
	y->keys = arena_array(a, struct yaml *, n);
	y->items = arena_array(a, struct yaml *, n);
	y->read = arena_array(a, bool, n);
	return y;
}

/* One time is enough; a step that does something else now is a new one. */
static struct yaml *
step_over(struct arena *a, const struct yaml *common, struct yaml *own)
{
	struct yaml *y;
	bool timed = is_timed(own);

	if (common->kind != YAML_MAP || own->kind != YAML_MAP ||
	    has_other_verb(own, common))
		return own;
	y = mapping(a, own, common, common->n + own->n);
	for (int i = 0; i < common->n; i++) {
		const char *key = common->keys[i]->text;

		if (yaml_get(own, key) == NULL && !(timed && g_strv_contains(times, key)))
			put(y, common->keys[i], common->items[i]);
	}
	for (int i = 0; i < own->n; i++)
		put(y, own->keys[i], own->items[i]);
	return y;
}

/* ---- the list of steps ---- */

static const char *
id_of(const struct yaml *step)
{
	const struct yaml *id = yaml_get(step, "id");

	return id == NULL || id->kind != YAML_SCALAR ? "" : id->text;
}

static int
place_of(const GPtrArray *steps, const char *id)
{
	for (guint i = 0; *id != '\0' && i < steps->len; i++)
		if (strcmp(id_of(steps->pdata[i]), id) == 0)
			return (int)i;
	return -1;
}

/* A slip of a step that was meant. */
static void
not_there(const GPtrArray *steps, const struct yaml *id, struct report *r)
{
	const char **ids = g_new0(const char *, steps->len + 1);
	const char *near;
	char *hint;

	for (guint i = 0; i < steps->len; i++)
		ids[i] = id_of(steps->pdata[i]);
	near = report_nearest(id->text, ids);
	hint = near == NULL ? g_strdup("name a step of the common playbook")
			    : g_strdup_printf("did you mean \"%s\"?", near);
	report_add(r, SEV_ERROR, id->at, "step", hint,
	    "the common playbook has no step \"%.80s\"", id->text);
	g_free(hint);
	g_free(ids);
}

static void
leave_out(struct arena *a, GPtrArray *steps, const struct yaml *without, struct report *r)
{
	const char **ids;
	int n;

	if (without == NULL || !yaml_strings(a, without, &ids, &n, r))
		return;
	for (int i = 0; i < n; i++) {
		const struct yaml *id =
		    without->kind == YAML_LIST ? without->items[i] : without;
		int at = place_of(steps, ids[i]);
		bool again = false;

		for (int k = 0; k < i && !again; k++)
			again = strcmp(ids[k], ids[i]) == 0;
		if (at >= 0)
			g_ptr_array_remove_index(steps, (guint)at);
		else if (again)
			report_add(r, SEV_ERROR, id->at, "duplicate-id", "delete it here",
			    "\"%.80s\" is left out already", id->text);
		else
			not_there(steps, id, r);
	}
}

/* Laid over each other the second would take the first one's place unseen. */
static bool
is_second(const struct yaml *own, int i, struct report *r)
{
	const char *id = id_of(own->items[i]);

	for (int k = 0; k < i && *id != '\0'; k++)
		if (strcmp(id_of(own->items[k]), id) == 0) {
			report_add(r, SEV_ERROR, yaml_get(own->items[i], "id")->at,
			    "duplicate-id", "choose another name",
			    "two steps are called \"%.80s\", the first on line %d", id,
			    own->items[k]->at.line);
			return true;
		}
	return false;
}

/* A new step comes after the one written above it. */
static struct yaml *
steps_over(struct arena *a, const struct yaml *common, const struct yaml *own,
    const struct yaml *without, struct report *r)
{
	GPtrArray *steps = g_ptr_array_new();
	struct yaml *y = arena_new_of(a, struct yaml);
	int next = 0;

	for (int i = 0; i < common->n; i++)
		g_ptr_array_add(steps, common->items[i]);
	leave_out(a, steps, without, r);
	for (int i = 0; own != NULL && i < own->n; i++) {
		int at = place_of(steps, id_of(own->items[i]));

		if (is_second(own, i, r))
			continue;
		if (at < 0 && *id_of(own->items[i]) != '\0' &&
		    does_nothing(own->items[i])) {
			not_there(steps, yaml_get(own->items[i], "id"), r);
			continue;
		}
		if (at < 0)
			g_ptr_array_insert(steps, at = next, own->items[i]);
		else
			steps->pdata[at] = step_over(a, steps->pdata[at], own->items[i]);
		next = at + 1;
	}
	*y = own != NULL ? *own : *common;
	y->n = (int)steps->len;
	y->items = arena_array(a, struct yaml *, MAX(1, y->n));
	memcpy(y->items, steps->pdata, steps->len * sizeof(*y->items));
	g_ptr_array_free(steps, TRUE);
	return y;
}

struct yaml *
extends_over(
    struct arena *a, const struct yaml *common, const struct yaml *own, struct report *r)
{
	struct yaml *y = mapping(a, own, common, common->n + own->n + 1);
	const struct yaml *steps = yaml_get(common, "steps"),
			  *mine = yaml_get(own, "steps"),
			  *without = yaml_get(own, "without");
	bool both = steps != NULL && steps->kind == YAML_LIST &&
		    (mine == NULL || mine->kind == YAML_LIST);

	for (int i = 0; i < common->n; i++) {
		struct yaml *key = common->keys[i];

		if (both && strcmp(key->text, "steps") == 0)
			put(y, key, steps_over(a, steps, mine, without, r));
		else if (yaml_get(own, key->text) == NULL &&
			 strcmp(key->text, "playbook") != 0)
			put(y, key, common->items[i]);
	}
	for (int i = 0; i < own->n; i++)
		if (!both || strcmp(own->keys[i]->text, "steps") != 0)
			put(y, own->keys[i], own->items[i]);
	return y;
}
