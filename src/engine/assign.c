#include "assign.h"

#include <string.h>

#include "store/subject.h"

#define ADVISOR "advisor"
#define MANAGER "manager"
#define SAME_ROLE 32

/* A name as the dealer wrote it. Who is no member of staff is taken at his name. */
static int
by_name(
    struct work *w, const char *word, const char *shop, const char **name, struct err *e)
{
	struct staff f;
	int rc = *word == '\0' ? 0 : staff_find(w->store, word, shop, &f, e);

	*name = "";
	if (rc == 0)
		*name = word;
	if (rc == 1 && (rc = staff_today(w->store, desk_today(w), &f, e)) == 1)
		*name = f.name;
	return rc < 0 ? -1 : 0;
}

/* Of several the one who has the least to do, the first of equals. */
struct pick {
	const char *name;
	int held;
};

static int
consider(struct work *w, struct pick *c, const char *name, struct err *e)
{
	int n;

	if (*name == '\0')
		return 0;
	if (task_held(w->store, name, &n, e) != 0)
		return -1;
	if (*c->name == '\0' || n < c->held)
		*c = (struct pick){ name, n };
	return 0;
}

static int
of_staff(
    struct work *w, const char *role, const char *shop, struct pick *c, struct err *e)
{
	struct staff *all = arena_array(w->arena, struct staff, SAME_ROLE);
	int64_t day = desk_today(w);
	int n = staff_of_role(w->store, role, shop, all, SAME_ROLE, e);
	bool here = false;

	for (int i = 0; i < n; i++)
		here |= staff_present(&all[i], day) && strcmp(all[i].store, shop) == 0;
	/* Those of the customer's store come first; others when it has none. */
	for (int i = 0; i < n; i++)
		if (staff_present(&all[i], day) &&
		    (!here || strcmp(all[i].store, shop) == 0) &&
		    consider(w, c, all[i].name, e) != 0)
			return -1;
	return n < 0 ? -1 : 0;
}

static int
of_config(
    struct work *w, const char *role, const char *shop, struct pick *c, struct err *e)
{
	const struct config *cfg = w->cat->config;

	for (int i = 0; i < cfg->n_roles; i++) {
		const char *const *people = (const char *const *)cfg->roles[i].people;

		if (strcmp(cfg->roles[i].name, role) != 0)
			continue;
		for (int k = 0; people[k] != NULL; k++) {
			const char *name;

			if (by_name(w, people[k], shop, &name, e) != 0 ||
			    consider(w, c, name, e) != 0)
				return -1;
		}
	}
	return 0;
}

/* The manager of the customer's own store. */
static int
of_shop(
    struct work *w, const char *role, const char *store, const char **name, struct err *e)
{
	const struct shop *shop =
	    strcmp(role, MANAGER) != 0 ? NULL : shop_find(&w->cat->config->stores, store);
	struct staff f;
	int rc = shop == NULL ? 0 : staff_get(w->store, shop->manager, &f, e);

	*name = "";
	if (rc == 1 && (rc = staff_today(w->store, desk_today(w), &f, e)) == 1)
		*name = f.name;
	return rc < 0 ? -1 : 0;
}

/* The roles of the staff list are called so there. */
static const char *
as_staff_say(const char *role)
{
	return strcmp(role, "specialist") == 0 ? "win-back" : role;
}

int
task_assignee(struct work *w, const struct customer *c, const char *to, const char **name,
    struct err *e)
{
	struct pick choice = { "", 0 };

	if (strcmp(to, ADVISOR) == 0) {
		if (by_name(w, c->advisor, c->store, name, e) != 0)
			return -1;
		if (**name != '\0')
			return 0;
		to = MANAGER;
	}
	if (of_shop(w, to, c->store, name, e) != 0)
		return -1;
	if (**name != '\0')
		return 0;
	if (of_staff(w, as_staff_say(to), c->store, &choice, e) != 0 ||
	    (*choice.name == '\0' && of_config(w, to, c->store, &choice, e) != 0))
		return -1;
	/* An absent specialist's calls are the manager's to give away. */
	if (*choice.name == '\0' && strcmp(to, MANAGER) != 0)
		return task_assignee(w, c, MANAGER, name, e);
	*name = choice.name;
	return 0;
}

int
task_holder(struct work *w, const struct customer *c, const struct task_row *t,
    const char **name, struct err *e)
{
	/* The customer may have another advisor by now. */
	if (strcmp(t->role, ADVISOR) == 0)
		return task_assignee(w, c, ADVISOR, name, e);
	if (by_name(w, t->assignee, c->store, name, e) != 0)
		return -1;
	return **name != '\0' ? 0 : task_assignee(w, c, t->role, name, e);
}
