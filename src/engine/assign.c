#include "assign.h"

#include <string.h>

#include "store/subject.h"

#define ADVISOR "advisor"
#define MANAGER "manager"

/* Who may be asked, while they are gathered. */
struct search {
	struct work *w;
	const struct customer *c;
	int64_t day;
	struct team *team;
};

static void
found(struct search *s, const char *name)
{
	if (*name == '\0' || s->team->n == TEAM_MAX)
		return;
	for (int i = 0; i < s->team->n; i++)
		if (strcmp(s->team->names[i], name) == 0)
			return;
	s->team->names[s->team->n++] = name;
}

/* A name as the dealer wrote it. Who is no member of staff is taken at his name. */
static int
by_name(struct search *s, const char *word, struct err *e)
{
	struct store *store = s->w->store;
	struct staff f;
	int rc = *word == '\0' ? 0 : staff_find(store, word, s->c->store, &f, e);

	if (rc == 0)
		found(s, word);
	if (rc == 1 && (rc = staff_today(store, s->day, &f, e)) == 1)
		found(s, f.name);
	return rc < 0 ? -1 : 0;
}

static int
of_staff(struct search *s, const char *role, struct err *e)
{
	struct staff *all = arena_array(s->w->arena, struct staff, TEAM_MAX);
	const char *shop = s->c->store;
	int n = staff_of_role(s->w->store, role, shop, all, TEAM_MAX, e);
	bool here = false;

	for (int i = 0; i < n; i++)
		here |= staff_present(&all[i], s->day) && strcmp(all[i].store, shop) == 0;
	/* Those of the customer's store come first; others when it has none. */
	for (int i = 0; i < n; i++)
		if (staff_present(&all[i], s->day) &&
		    (!here || strcmp(all[i].store, shop) == 0))
			found(s, all[i].name);
	return n < 0 ? -1 : 0;
}

static int
of_config(struct search *s, const char *role, struct err *e)
{
	const struct config *cfg = s->w->cat->config;

	for (int i = 0; i < cfg->n_roles; i++) {
		const char *const *people = (const char *const *)cfg->roles[i].people;

		if (strcmp(cfg->roles[i].name, role) != 0)
			continue;
		for (int k = 0; people[k] != NULL; k++)
			if (by_name(s, people[k], e) != 0)
				return -1;
	}
	return 0;
}

/* The manager of the customer's own store. */
static int
of_shop(struct search *s, const char *role, struct err *e)
{
	const struct shop *shop =
	    strcmp(role, MANAGER) != 0
		? NULL
		: shop_find(&s->w->cat->config->stores, s->c->store);
	struct staff f;
	int rc = shop == NULL ? 0 : staff_get(s->w->store, shop->manager, &f, e);

	if (rc == 1 && (rc = staff_today(s->w->store, s->day, &f, e)) == 1)
		found(s, f.name);
	return rc < 0 ? -1 : 0;
}

/* The roles of the staff list are called so there. */
static const char *
as_staff_say(const char *role)
{
	return strcmp(role, "specialist") == 0 ? "win-back" : role;
}

static int
of_role(struct search *s, const char *role, struct err *e)
{
	if (of_shop(s, role, e) != 0)
		return -1;
	if (s->team->n == 0 && of_staff(s, as_staff_say(role), e) != 0)
		return -1;
	return s->team->n == 0 ? of_config(s, role, e) : 0;
}

int
task_team(struct work *w, const struct customer *c, const char *to, int64_t day,
    struct team *out, struct err *e)
{
	struct search s = { w, c, day, out };

	out->n = 0;
	if (strcmp(to, ADVISOR) == 0) {
		if (*c->advisor != '\0' && by_name(&s, c->advisor, e) != 0)
			return -1;
		if (out->n > 0)
			return 0;
		to = MANAGER;
	}
	if (of_role(&s, to, e) != 0)
		return -1;
	/* An absent specialist's calls are the manager's to give away. */
	return out->n == 0 && strcmp(to, MANAGER) != 0 ? of_role(&s, MANAGER, e) : 0;
}

/* Of several the one who has the least to do, the first of equals; "": nobody. */
static int
least_busy(struct work *w, const struct team *team, const char *but, const char **name,
    struct err *e)
{
	int least = 0;

	*name = "";
	for (int i = 0; i < team->n; i++) {
		int held = 0;

		if (*but != '\0' && strcmp(team->names[i], but) == 0)
			continue;
		if (team->n > 1 && task_held(w->store, team->names[i], &held, e) != 0)
			return -1;
		if (**name == '\0' || held < least) {
			*name = team->names[i];
			least = held;
		}
	}
	return 0;
}

int
task_assignee(struct work *w, const struct customer *c, const char *to, const char **name,
    struct err *e)
{
	struct team team;

	*name = "";
	return task_team(w, c, to, desk_today(w), &team, e) != 0
		   ? -1
		   : least_busy(w, &team, "", name, e);
}

int
task_higher(struct work *w, const struct customer *c, const struct task_row *t,
    const char **role, const char **name, struct err *e)
{
	struct team team = { .n = 0 };
	struct search s = { w, c, desk_today(w), &team };
	const char *had;

	*role = t->late_to;
	if (task_holder(w, c, t, &had, e) != 0 ||
	    task_team(w, c, t->late_to, s.day, &team, e) != 0 ||
	    least_busy(w, &team, had, name, e) != 0)
		return -1;
	/* He had it already: whom reachd.yaml names for the role, else above all roles. */
	if (**name == '\0' && (of_config(&s, t->late_to, e) != 0 ||
				  least_busy(w, &team, had, name, e) != 0))
		return -1;
	if (**name != '\0')
		return 0;
	team.n = 0;
	if (of_role(&s, ROLE_ABOVE, e) != 0 || least_busy(w, &team, had, name, e) != 0)
		return -1;
	if (**name != '\0')
		*role = ROLE_ABOVE;
	else
		*name = had;
	return 0;
}

int
task_holder(struct work *w, const struct customer *c, const struct task_row *t,
    const char **name, struct err *e)
{
	struct team team = { .n = 0 };
	struct search s = { w, c, desk_today(w), &team };

	/* The customer may have another advisor by now; a draft is its sender's. */
	if (strcmp(t->role, ADVISOR) == 0 && strcmp(t->kind, TASK_DRAFT) != 0)
		return task_assignee(w, c, ADVISOR, name, e);
	if (*t->assignee != '\0' && by_name(&s, t->assignee, e) != 0)
		return -1;
	*name = team.n > 0 ? team.names[0] : "";
	return team.n > 0 ? 0 : task_assignee(w, c, t->role, name, e);
}
