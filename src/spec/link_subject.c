/* link_subject.c - a text about a vehicle is sent by a playbook about vehicles only. */
#include <string.h>

#include "read.h"
#include "set.h"

#define DEEP 8

/* ---- every path of a text, its partials and its layout ---- */

struct walking {
	const struct set *set;
	liquid_path_fn *each;
	void *arg;
	int depth;
};

static void on_partial(void *arg, const char *name, struct pos at);

static void
walk(struct walking *w, const struct liquid *text)
{
	if (text == NULL || w->depth >= DEEP)
		return;
	w->depth++;
	liquid_paths(text, w->each, w->arg);
	liquid_partials(text, on_partial, w);
	w->depth--;
}

static void
on_partial(void *arg, const char *name, struct pos at)
{
	struct walking *w = arg;
	const struct set_partial *p = g_hash_table_lookup(w->set->partials, name);

	(void)at;
	if (p != NULL)
		walk(w, p->liquid);
}

void
link_paths(const struct set *s, const struct template *t, liquid_path_fn *each, void *arg)
{
	struct walking w = { s, each, arg, 0 };

	walk(&w, t->body);
	walk(&w, t->subject);
	walk(&w, t->text);
	for (int i = 0; i < t->n_registered; i++)
		for (int n = 0; n < t->registered[i].n_params; n++)
			walk(&w, t->registered[i].params[n].value);
	if (t->layout != NULL)
		on_partial(&w, t->layout, t->layout_at);
}

/* ---- subjects ---- */

struct asking {
	const struct set *set;
	const struct playbook *playbook;
	struct pos sent_at;
	const char *name;
	bool said;
};

static void
on_path(void *arg, const char *dotted, struct pos at, bool has_default)
{
	struct asking *q = arg;
	int need = path_subjects(dotted);

	(void)at;
	if (need == 0 || has_default || q->said ||
	    (need & path_of_subject(q->playbook->subject)) != 0)
		return;
	q->said = true;
	report_add(q->set->report, SEV_ERROR, q->sent_at, "subject",
	    "write the subject it is about, or add | default: to the text",
	    "\"%s\" uses %.80s, and the playbook's subject is %s", q->name, dotted,
	    subject_name((int)q->playbook->subject));
}

static void
ask_step(const struct set *s, const struct playbook *p, const struct step *step)
{
	for (int k = 0; k < step->n_sends; k++) {
		const struct template *t = step->templates[k];
		struct asking q = {
			.set = s, .playbook = p, .sent_at = step->sends_at[k]
		};

		if (t == NULL)
			continue;
		q.name = t->name;
		link_paths(s, t, on_path, &q);
	}
}

void
link_subjects(const struct set *s)
{
	for (guint i = 0; i < s->playbooks->len; i++) {
		const struct set_playbook *one = s->playbooks->pdata[i];

		for (int k = 0; playbook_sender(one->playbook, k) != NULL; k++)
			ask_step(s, one->playbook, playbook_sender(one->playbook, k));
	}
}
