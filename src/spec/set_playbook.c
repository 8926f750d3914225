/* set_playbook.c - the playbooks of a set, and which of them are stores' forms of others. */
#include <string.h>

#include "extends.h"
#include "read.h"
#include "set.h"

static void
playbook_add(struct set *s, const struct yaml *root, const struct set_written *own,
    const struct set_written *common)
{
	struct set_playbook *one = arena_new_of(s->arena, struct set_playbook);
	guint i;

	one->playbook = playbook_read(s->arena, root, s->report);
	one->file = root->at.file;
	one->text = own->text;
	one->common = common;
	audience_read(s, one->playbook);
	for (i = 0; i < s->playbooks->len; i++) {
		const struct set_playbook *other = s->playbooks->pdata[i];

		if (one->playbook->name[0] != '\0' &&
		    strcmp(other->playbook->name, one->playbook->name) == 0)
			report_add(s->report, SEV_ERROR, root->at, "duplicate-id",
			    "choose another name",
			    "two playbooks are called \"%s\", the first in %s",
			    one->playbook->name, other->file);
	}
	g_ptr_array_add(s->playbooks, one);
}

static int
by_name(const void *a, const void *b)
{
	const struct set_playbook *x = *(const struct set_playbook *const *)a;
	const struct set_playbook *y = *(const struct set_playbook *const *)b;

	return strcmp(x->playbook->name, y->playbook->name);
}

void
playbook_found(struct set *s, const struct yaml *root, const char *text, bool part)
{
	struct set_written *one = arena_new_of(s->arena, struct set_written);

	*one = (struct set_written){ root, root->at.file, text, part };
	g_ptr_array_add(s->written, one);
	if (part && yaml_get(root, "extends") == NULL)
		playbook_add(s, root, one, NULL);
}

static const char *
called(const struct yaml *root, const char *key)
{
	const struct yaml *name = yaml_get(root, key);

	return name != NULL && name->kind == YAML_SCALAR ? name->text : "";
}

/* One of this set before one of the folder beside it: a scenario writes it otherwise. */
static const struct set_written *
written(const struct set *s, const char *name)
{
	const struct set_written *beside = NULL;

	for (guint i = 0; i < s->written->len; i++) {
		const struct set_written *one = s->written->pdata[i];

		if (strcmp(called(one->root, "playbook"), name) != 0)
			continue;
		if (one->part)
			return one;
		beside = beside == NULL ? one : beside;
	}
	return beside;
}

static void
nothing_to_extend(struct set *s, const struct yaml *name)
{
	const char **names = g_new0(const char *, s->written->len + 1);
	const char *near;
	char *hint;
	int n = 0;

	for (guint i = 0; i < s->written->len; i++) {
		const struct set_written *one = s->written->pdata[i];

		if (yaml_get(one->root, "extends") == NULL)
			names[n++] = called(one->root, "playbook");
	}
	near = report_nearest(name->text, names);
	hint = near == NULL
		   ? g_strdup("name a playbook of this configuration; to check one "
			      "file of it, check its whole folder")
		   : g_strdup_printf("did you mean \"%s\"?", near);
	report_add(s->report, SEV_ERROR, name->at, "extends", hint,
	    "there is no playbook \"%.80s\" to extend", name->text);
	g_free(hint);
	g_free(names);
}

static struct playbook *
playbook_of(const struct set *s, const char *name)
{
	for (guint i = 0; i < s->playbooks->len; i++) {
		const struct set_playbook *one = s->playbooks->pdata[i];

		if (strcmp(one->playbook->name, name) == 0)
			return one->playbook;
	}
	return NULL;
}

/* Who was in either was in both: about the same car. */
static void
check_subject(struct set *s, const struct yaml *own, const struct playbook *common,
    const struct playbook *form)
{
	const struct yaml *subject = yaml_get(own, "subject");

	if (subject != NULL && common != NULL && form->subject != common->subject)
		report_add(s->report, SEV_ERROR, subject->at, "extends",
		    "delete it here, or write a playbook of its own",
		    "\"%s\" is about something else than its form", common->name);
}

/* Whose form it is, of what. */
static void
form_add(struct set *s, const struct set_written *own)
{
	const struct yaml *name = yaml_get(own->root, "extends");
	const struct set_written *common;

	if (name->kind != YAML_SCALAR)
		report_add(s->report, SEV_ERROR, name->at, "type",
		    "write extends: PLAYBOOK", "extends names one playbook");
	else if (strcmp(called(own->root, "playbook"), name->text) == 0)
		report_add(s->report, SEV_ERROR, name->at, "extends",
		    "give the form a name of its own: playbook: NAME",
		    "\"%.80s\" cannot be a form of itself", name->text);
	else if ((common = written(s, name->text)) == NULL || common == own)
		nothing_to_extend(s, name);
	else if (yaml_get(common->root, "extends") != NULL)
		report_add(s->report, SEV_ERROR, name->at, "extends",
		    "extend the playbook that it extends",
		    "\"%.80s\" is a store's own form itself", name->text);
	else if (yaml_get(own->root, "stores") == NULL)
		report_add(s->report, SEV_ERROR, name->at, "extends",
		    "write stores: with the stores whose form it is",
		    "whose form of \"%.80s\" this is it does not say", name->text);
	else {
		playbook_add(s,
		    extends_over(s->arena, common->root, own->root, s->report), own,
		    common);
		check_subject(s, own->root, playbook_of(s, name->text),
		    ((const struct set_playbook *)
			    s->playbooks->pdata[s->playbooks->len - 1])
			->playbook);
	}
}

/* By its id or by its name. */
static const char *
form_of(const struct set *s, const struct playbook *common, const char *store)
{
	const struct shop *shop = shop_find(&s->stores, store);
	const char *form = playbook_form(common, store);

	for (int i = 0; i < common->n_forms && form == NULL && shop != NULL; i++)
		if (shop_find(&s->stores, common->forms[i].store) == shop)
			form = common->forms[i].playbook;
	return form;
}

static void
give_over(struct set *s, struct playbook *common, const struct playbook *own)
{
	struct store_form *all =
	    arena_array(s->arena, struct store_form, common->n_forms + own->n_stores);

	for (int i = 0; i < common->n_forms; i++)
		all[i] = common->forms[i];
	common->forms = all;
	for (int i = 0; i < own->n_stores; i++) {
		const char *other = form_of(s, common, own->stores[i]);

		if (other != NULL)
			report_add(s->report, SEV_ERROR, own->stores_at[i], "extends",
			    "take the store out of one of them",
			    "\"%s\" has a form of \"%s\" already: \"%s\"", own->stores[i],
			    common->name, other);
		else
			all[common->n_forms++] =
			    (struct store_form){ own->stores[i], own->name };
	}
}

void
playbooks_close(struct set *s)
{
	for (guint i = 0; i < s->written->len; i++) {
		const struct set_written *one = s->written->pdata[i];

		if (one->part && yaml_get(one->root, "extends") != NULL)
			form_add(s, one);
	}
	g_ptr_array_sort(s->playbooks, by_name);
	for (guint i = 0; i < s->playbooks->len; i++) {
		const struct playbook *own =
		    ((struct set_playbook *)s->playbooks->pdata[i])->playbook;
		struct playbook *common =
		    own->extends == NULL ? NULL : playbook_of(s, own->extends);

		if (common != NULL &&
		    (own->status == PLAYBOOK_LIVE || own->status == PLAYBOOK_PAUSED))
			give_over(s, common, own);
	}
}
