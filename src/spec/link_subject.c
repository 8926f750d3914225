/* link_subject.c - a text about a vehicle is sent by a playbook about vehicles only. */
#include <string.h>

#include "read.h"
#include "set.h"

#define DEEP 8

struct asking {
	const struct set *set;
	const struct playbook *playbook;
	struct pos sent_at;
	const char *name;
	int depth;
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

static void on_partial(void *arg, const char *name, struct pos at);

static void
ask(struct asking *q, const struct liquid *text)
{
	if (text == NULL || q->depth >= DEEP)
		return;
	q->depth++;
	liquid_paths(text, on_path, q);
	liquid_partials(text, on_partial, q);
	q->depth--;
}

static void
on_partial(void *arg, const char *name, struct pos at)
{
	struct asking *q = arg;
	const struct set_partial *p = g_hash_table_lookup(q->set->partials, name);

	(void)at;
	if (p != NULL)
		ask(q, p->liquid);
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
		ask(&q, t->body);
		ask(&q, t->subject);
		ask(&q, t->text);
		for (int i = 0; i < t->n_registered; i++)
			for (int n = 0; n < t->registered[i].n_params; n++)
				ask(&q, t->registered[i].params[n].value);
		if (t->layout != NULL)
			on_partial(&q, t->layout, t->layout_at);
	}
}

void
link_subjects(const struct set *s)
{
	for (guint i = 0; i < s->playbooks->len; i++) {
		const struct set_playbook *one = s->playbooks->pdata[i];

		for (int k = 0; k < one->playbook->n_steps; k++)
			ask_step(s, one->playbook, &one->playbook->steps[k]);
	}
}
