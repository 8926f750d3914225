/* people_read.c - who may do what, and what wants a second person. */
#include <string.h>

#include "read.h"
#include "spec/schema.h"

#define NAME_MAX_CHARS 40

static bool
name_fits(const char *name)
{
	if (*name == '\0' || g_utf8_strlen(name, -1) > NAME_MAX_CHARS)
		return false;
	for (const char *p = name; *p != '\0'; p = g_utf8_next_char(p))
		if (g_unichar_iscntrl(g_utf8_get_char(p)) || strchr(",;\"", *p) != NULL)
			return false;
	return true;
}

static void
member_read(struct arena *a, const struct yaml *y, struct config *cfg, struct report *r)
{
	struct member *m = &cfg->people[cfg->n_people];
	const struct yaml *name, *role;
	int n = 0, word = 0;

	if (!schema_check(y, &schema_member, r))
		return;
	m->at = y->at;
	m->name = "";
	m->users = m->stores = arena_array(a, const char *, 1);
	if ((name = yaml_get(y, "name")) == NULL)
		schema_missing(y, "name", "write the person's name", r);
	else if (yaml_str(name, &m->name, r) && !name_fits(m->name))
		report_add(r, SEV_ERROR, name->at, "type", "write it as others know it",
		    "\"%.80s\" is no person's name", m->name);
	if ((role = yaml_get(y, "role")) == NULL)
		schema_missing(y, "role", "write role: marketer", r);
	else if (yaml_enum(role, role_names(), &word, r))
		m->role = (enum staff_role)(word + 1);
	yaml_strings(a, yaml_get(y, "user"), &m->users, &n, r);
	yaml_strings(a, yaml_get(y, "stores"), &m->stores, &n, r);
	for (int i = 0; i < cfg->n_people; i++)
		if (strcmp(cfg->people[i].name, m->name) == 0)
			report_add(r, SEV_ERROR, y->at, "duplicate-id",
			    "give one person one line, with all roles' highest",
			    "\"%.80s\" is named twice, first on line %d", m->name,
			    cfg->people[i].at.line);
	for (int k = 0; m->users[k] != NULL; k++)
		if (config_user(cfg, m->users[k]) != NULL)
			report_add(r, SEV_ERROR, y->at, "duplicate-id",
			    "let each person have a user of his own",
			    "the user \"%.40s\" is two persons'", m->users[k]);
	cfg->n_people++;
}

void
people_read(struct arena *a, const struct yaml *y, struct config *cfg, struct report *r)
{
	if (y == NULL)
		return;
	if (y->kind != YAML_LIST) {
		report_add(r, SEV_ERROR, y->at, "type",
		    "write - { name: NAME, role: marketer, user: USER }",
		    "\"people\" is a list");
		return;
	}
	cfg->people = arena_array(a, struct member, y->n);
	for (int i = 0; i < y->n; i++)
		member_read(a, y->items[i], cfg, r);
}

void
people_check(const struct config *cfg, struct report *r)
{
	for (int i = 0; i < cfg->n_people; i++)
		for (int k = 0; cfg->people[i].stores[k] != NULL; k++)
			if (shop_find(&cfg->stores, cfg->people[i].stores[k]) == NULL)
				report_add(r, SEV_ERROR, cfg->people[i].at, "store",
				    "write an id of stores.yaml",
				    "there is no store \"%.64s\"",
				    cfg->people[i].stores[k]);
}

static bool
is_off(const struct yaml *y)
{
	return y->kind == YAML_SCALAR && strcmp(y->text, "off") == 0;
}

static void
bound_read(const struct yaml *y, int64_t *out, struct report *r)
{
	if (y != NULL && is_off(y))
		*out = 0;
	else if (y != NULL)
		yaml_int(y, 1, 10000000, out, r);
}

void
approvals_read(const struct yaml *y, struct approval_rules *out, struct report *r)
{
	const struct yaml *cost;

	*out = (struct approval_rules){ 5000, 1000, 20000, 30 * MS_DAY };
	if (y == NULL || !schema_check(y, &schema_approvals, r))
		return;
	bound_read(yaml_get(y, "audience"), &out->audience, r);
	bound_read(yaml_get(y, "due"), &out->due, r);
	if ((cost = yaml_get(y, "cost")) != NULL) {
		if (is_off(cost))
			out->cost = 0;
		else
			yaml_number(cost, 0.01, 1e9, &out->cost, r);
	}
	if (yaml_get(y, "lapse") != NULL)
		yaml_span(yaml_get(y, "lapse"), MS_HOUR, 400 * MS_DAY, &out->lapse, r);
}
