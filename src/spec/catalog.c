/* catalog.c - a set made into one frozen whole, counted. */
#include "spec/catalog.h"

#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "base/check.h"
#include "read.h"
#include "set.h"
#include "source.h"

/* Told once at start; the providers lie above this layer. */
static struct account_rules accounts;

void
catalog_set_accounts(const struct account_rules *rules)
{
	accounts = *rules;
}

bool
catalog_has_type(const char *type)
{
	return accounts.types == NULL || g_strv_contains(accounts.types, type);
}

void
catalog_lint(const struct account *acc, const struct template *t, const char *text,
    struct report *r)
{
	if (accounts.lint != NULL)
		accounts.lint(acc, t, text, r);
}

bool
catalog_bare(const struct account *acc)
{
	return accounts.bare != NULL && accounts.bare(acc);
}

const char *
catalog_refuses(const struct account *acc, const struct template *t, const char *text,
    const char *const *values, struct arena *a)
{
	return accounts.refuses == NULL ? NULL
					: accounts.refuses(acc, t, text, values, a);
}

void
account_secrets(const struct account *acc, struct report *r)
{
	if (accounts.secrets != NULL)
		accounts.secrets(acc, r);
}

static void
check_type(struct account *acc, const struct config *cfg, struct report *r)
{
	const char *near;
	char *list, *hint;

	if (accounts.types == NULL || acc->type[0] == '\0')
		return;
	if (g_strv_contains(accounts.types, acc->type)) {
		accounts.check(acc, r);
		acc->longest = accounts.longest != NULL ? accounts.longest(acc) : 0;
		if (accounts.answers != NULL)
			acc->reply_within = accounts.answers(acc);
		if (accounts.region != NULL)
			region_check(acc, accounts.region(acc), cfg, r);
		if (accounts.hours != NULL)
			accounts.hours(acc, &acc->selling_from, &acc->selling_to);
		return;
	}
	near = report_nearest(acc->type, accounts.types);
	list = g_strjoinv(", ", (char **)accounts.types);
	hint = near == NULL ? g_strdup_printf("there are %s", list)
			    : g_strdup_printf("did you mean \"%s\"?", near);
	report_add(r, SEV_ERROR, acc->at, "provider", hint,
	    "no provider is of type \"%.80s\"", acc->type);
	g_free(hint);
	g_free(list);
}

/* What only shows when everything is read. */
static void
check_set(struct set *s, bool dry)
{
	guint i;
	int k;

	for (k = 0; s->config != NULL && k < s->config->n_accounts; k++)
		check_type(&s->config->accounts[k], s->config, s->report);
	for (k = 0; s->config != NULL && k < s->config->n_accounts; k++)
		signature_check(s, &s->config->accounts[k],
		    accounts.approves != NULL && accounts.approves(&s->config->accounts[k]));
	if (s->config != NULL)
		credential_load(s->arena, s->config, dry, s->report);
	for (i = 0; i < s->playbooks->len; i++) {
		const struct set_playbook *one = s->playbooks->pdata[i];

		link_playbook(one->playbook, s->templates, s->sure, s->report);
		audiences_check(s, one->playbook);
		replies_check(s, one->playbook);
	}
	link_policy(s);
	link_templates(s);
	partials_used(s);
	link_subjects(s);
	lifecycle_check(s);
	names_check(s);
	if (s->report->errors == 0) {
		promise_check(s);
		link_answers(s);
		enters_check(s);
	}
	link_reports(s);
	lint_check(s);
	href_check(s);
	link_hosts_check(s);
	links_made_check(s);
	fit_check(s);
	hours_check(s);
	if (s->report->errors == 0)
		rivals_check(s);
}

static struct set *
read_paths(const char *const *paths, const struct catalog_change *change,
    struct arena *a, bool dry, struct report *r)
{
	struct tree *tree = tree_collect(paths, r);
	struct set *s;

	if (change->alone)
		tree_only(tree, "reachd.yaml");
	tree_change(tree, change->files, change->n_files);
	s = set_read(a, tree, change->playbooks, change->lists, r);
	tree_free(tree);
	check_set(s, dry);
	return s;
}

static const struct catalog_change as_it_stands;

static void
calendar_check(const struct set *s, const struct date *today, struct report *r)
{
	int year;

	if (s->policy == NULL || (year = policy_year_missing(s->policy, *today)) == 0)
		return;
	report_add(r, SEV_WARNING,
	    s->policy->calendars[s->policy->n_calendars - 1].at, "calendar", "copy the holidays and make-up workdays of the State Council's notice",
	    "no calendar covers %d: its holidays would be days like any other", year);
}

int
catalog_check_on(const char *const *paths, struct date today, struct report *r)
{
	struct arena *a = arena_new();
	struct set *s = read_paths(paths, &as_it_stands, a, true, r);
	int n = s->n_files;

	calendar_check(s, &today, r);
	set_free(s);
	arena_free(a);
	return n;
}

int
catalog_check(const char *const *paths, struct report *r)
{
	struct arena *a = arena_new();
	struct set *s = read_paths(paths, &as_it_stands, a, true, r);
	int n = s->n_files;

	set_free(s);
	arena_free(a);
	return n;
}

static void
demand(const char *first, bool there, const char *name, struct report *r)
{
	if (!there)
		report_add(r, SEV_ERROR, (struct pos){ source_name(first), 0, 0 },
		    "missing", "name the configuration directory",
		    "no %s is among the files", name);
}

/* Every version stands on its own text, as it will when it is read from the store. */
static void
make_versions(struct catalog *c, const struct set *s)
{
	struct err e = { .kind = ERR_NONE };
	guint i;

	c->n_versions = (int)s->playbooks->len;
	c->versions = arena_array(c->arena, struct version *, c->n_versions);
	for (i = 0; i < s->playbooks->len; i++) {
		char *bundle = bundle_write(s, s->playbooks->pdata[i]);

		c->versions[i] = version_load(bundle, strlen(bundle), &e);
		CHECK(c->versions[i] != NULL);
		g_free(bundle);
	}
}

static bool
invites(const struct playbook *p)
{
	for (int i = 0; i < p->n_steps; i++)
		for (int k = 0; k < p->steps[i].n_wait_for; k++)
			if (strcmp(p->steps[i].wait_for[k], "reply") == 0)
				return true;
	return p->n_replies > 0;
}

static const char *const *
inviting(struct catalog *c)
{
	const char **names = arena_array(c->arena, const char *, c->n_versions + 1);
	int n = 0;

	for (int i = 0; i < c->n_versions; i++)
		if (invites(c->versions[i]->playbook))
			names[n++] = c->versions[i]->playbook->name;
	return names;
}

static const struct expected *
expected(struct catalog *c)
{
	struct expected *all = arena_array(c->arena, struct expected, c->n_versions + 1);
	int n = 0;

	for (int i = 0; i < c->n_versions; i++) {
		const struct playbook *p = c->versions[i]->playbook;

		if (p->expect.goal > 0)
			all[n++] = (struct expected){ p->name, p->expect };
	}
	return all;
}

static struct catalog *
make(struct arena *a, const struct set *s)
{
	struct catalog *c = arena_new_of(a, struct catalog);
	GHashTableIter it;
	gpointer v;

	c->refs = 1;
	c->arena = a;
	c->config = s->config;
	c->policy = s->policy;
	c->audiences = s->audiences;
	c->n_audiences = s->n_audiences;
	c->lifecycle = s->lifecycle;
	c->rules_sum = s->rules_sum;
	if (c->lifecycle == NULL) {
		c->lifecycle = arena_new_of(a, struct lifecycle);
		lifecycle_default(c->lifecycle);
	}
	c->offers = s->offers != NULL ? s->offers : arena_new_of(a, struct offers);
	c->templates = g_hash_table_ref(s->templates);
	c->partials = g_hash_table_new(g_str_hash, g_str_equal);
	c->partial_texts = g_hash_table_new(g_str_hash, g_str_equal);
	g_hash_table_iter_init(&it, s->partials);
	while (g_hash_table_iter_next(&it, NULL, &v)) {
		const struct set_partial *p = v;

		g_hash_table_insert(c->partials, (char *)p->name, p->liquid);
		g_hash_table_insert(c->partial_texts, (char *)p->name, (char *)p->text);
	}
	make_versions(c, s);
	c->inviting = inviting(c);
	content_write(c, s);
	c->expected = expected(c);
	return c;
}

static struct catalog *
load(const char *const *paths, const struct catalog_change *change, bool dry,
    struct report *r)
{
	const char *first = paths[0] == NULL ? "" : paths[0];
	struct arena *a = arena_new();
	struct catalog *c = NULL;
	struct set *s;

	s = read_paths(paths, change, a, dry, r);
	demand(first, s->config != NULL || r->errors > 0, "reachd.yaml", r);
	demand(first, s->policy != NULL || r->errors > 0, "policy.yaml", r);
	/* Without its templates a playbook is not a version; a missing one is a mistake
	 * now. */
	if (!s->sure && r->errors == 0) {
		for (guint i = 0; i < s->playbooks->len; i++) {
			const struct set_playbook *one = s->playbooks->pdata[i];

			link_playbook(one->playbook, s->templates, true, r);
		}
	}
	if (r->errors == 0)
		c = make(a, s);
	set_free(s);
	if (c == NULL)
		arena_free(a);
	return c;
}

struct catalog *
catalog_load(const char *const *paths, struct report *r)
{
	return load(paths, &as_it_stands, false, r);
}

struct catalog *
catalog_load_dry(const char *const *paths, struct report *r)
{
	return load(paths, &as_it_stands, true, r);
}

struct catalog *
catalog_load_changed(
    const char *const *paths, const struct catalog_change *change, struct report *r)
{
	return load(paths, change, true, r);
}

struct catalog *
catalog_revive(const char *const *paths, const char *content, size_t len, bool playbooks,
    struct report *r)
{
	json_t *all = json_loadb(content, len, 0, NULL), *one;
	const json_t *files = json_object_get(all, "files");
	struct catalog_file *changes =
	    g_new0(struct catalog_file, json_array_size(files) + 1);
	struct catalog_change change = { .files = changes,
		.alone = true,
		.lists = json_object_get(all, "lists") };
	struct catalog *c;
	size_t i;

	json_array_foreach(files, i, one)
	{
		struct catalog_file *f = &changes[change.n_files];

		f->path = f->shown = json_string_value(json_object_get(one, "path"));
		f->text = json_string_value(json_object_get(one, "text"));
		f->len = json_string_length(json_object_get(one, "text"));
		if (f->path != NULL && f->text != NULL &&
		    (playbooks || strncmp(f->path, "config/playbooks/", 17) != 0))
			change.n_files++;
	}
	c = load(paths, &change, false, r);
	g_free(changes);
	json_decref(all);
	return c;
}

struct catalog *
catalog_ref(struct catalog *c)
{
	c->refs++;
	return c;
}

void
catalog_unref(struct catalog *c)
{
	int i;

	if (c == NULL || --c->refs > 0)
		return;
	for (i = 0; i < c->n_versions; i++)
		version_free(c->versions[i]);
	g_hash_table_destroy(c->templates);
	g_hash_table_destroy(c->partials);
	g_hash_table_destroy(c->partial_texts);
	arena_free(c->arena);
}

static int
by_name(const void *key, const void *version)
{
	const struct version *v = *(const struct version *const *)version;

	return strcmp(key, v->playbook->name);
}

const struct version *
catalog_playbook(const struct catalog *c, const char *name)
{
	struct version **v = c->n_versions == 0
				 ? NULL
				 : bsearch(name, c->versions, (size_t)c->n_versions,
				       sizeof(struct version *), by_name);

	return v == NULL ? NULL : *v;
}
