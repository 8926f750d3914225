/* What a set would do, who must agree, and what becomes of it in the database. */
#include "publish.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "access.h"
#include "answer.h"
#include "base/log.h"
#include "contacts.h"
#include "core/role.h"
#include "launch.h"
#include "outlet.h"
#include "pace.h"
#include "notices.h"
#include "pulls.h"
#include "read_set.h"
#include "registry.h"
#include "store/launch.h"

#define HUNDREDTHS 10000 /* of a yuan: hundredths of a fen */

/* ---- counting ---- */

/* What one customer costs who goes through it to its end, on the dearest channel of each
 * step: rather too much than too little. */
static double
cost_of_one(const struct policy *policy, const struct playbook *pb)
{
	double sum = 0;

	for (int i = 0; i < pb->n_steps; i++) {
		double dearest = 0;

		for (int k = 0; k < pb->steps[i].n_sends; k++)
			dearest = MAX(
			    dearest, policy->costs[pb->steps[i].templates[k]->channel]);
		sum += dearest;
	}
	return sum;
}

/* Of the playbooks that are not in force as they are now. */
static int
count(struct work *w, struct publish_figures *out, struct err *e)
{
	for (int i = 0; i < w->cat->n_versions; i++) {
		const struct version *v = w->cat->versions[i];
		const struct live *live = desk_live_named(w->desk, v->playbook->name);
		struct launch l;
		int64_t n;
		int rc;

		if (v->playbook->status != PLAYBOOK_LIVE)
			continue;
		if ((rc = launch_of_hash(w->store, v->hash, &l, e)) < 0)
			return -1;
		if (rc == 1 && live != NULL && !live_stands(live))
			continue;
		if (launch_audience(w, v->playbook, &n, e) != 0)
			return -1;
		if (v->playbook->start.limit > 0)
			n = MIN(n, v->playbook->start.limit);
		out->audience += n;
		out->cost += (int64_t)((double)n * HUNDREDTHS *
				       cost_of_one(w->cat->policy, v->playbook));
	}
	return launch_due_soon(w, &out->due, e);
}

int
publish_judge(
    struct work *w, const struct catalog *cat, struct publish_figures *out, struct err *e)
{
	const struct approval_rules *rules = &w->cat->policy->approvals;
	const struct catalog *in_force = w->cat;
	bool much, blast;
	int rc;

	*out = (struct publish_figures){ 0 };
	w->cat = cat;
	rc = count(w, out, e);
	w->cat = in_force;
	much = (rules->audience > 0 && out->audience > rules->audience) ||
	       (rules->cost > 0 && (double)out->cost > rules->cost * HUNDREDTHS);
	blast = rules->due > 0 && out->due > rules->due;
	if (cat->config->publish_approved)
		out->needs = much || blast ? 2 : 1;
	else
		out->needs = blast;
	return rc;
}

int
publish_prove(
    struct work *w, const struct catalog *cat, struct report *r, struct err *e)
{
	const struct catalog *in_force = w->cat;
	int rc;

	w->cat = cat;
	rc = pace_prove(w, r, e);
	if (rc == 0)
		rc = registry_prove(w, r, e);
	w->cat = in_force;
	return rc;
}

/* ---- authors ---- */

static const char *
text_of(const json_t *files, const char *path)
{
	const json_t *one;
	size_t i;

	json_array_foreach(files, i,
	    one) if (strcmp(json_string_value(json_object_get(one, "path")), path) ==
		     0) return json_string_value(json_object_get(one, "text"));
	return NULL;
}

static void
author_add(json_t *list, const struct config *cfg, const char *user)
{
	const struct member *m = config_user(cfg, user);
	const char *name = m != NULL ? m->name : user;
	const json_t *one;
	size_t i;

	json_array_foreach(list, i,
	    one) if (*name == '\0' || strcmp(json_string_value(one), name) == 0) return;
	if (*name != '\0')
		json_array_append_new(list, json_string(name));
}

const char *
publish_authors(struct work *w, const struct catalog *from, const struct catalog *to,
    const char *who, const char *by)
{
	json_t *old = json_loadb(from->content, from->content_len, 0, NULL),
	       *new = json_loadb(to->content, to->content_len, 0, NULL),
	       *list = json_array();
	const char *out;
	char *text;

	if (*who != '\0')
		json_array_append_new(list, json_string(who));
	if (*by != '\0' && strcmp(by, who) != 0)
		json_array_append_new(list, json_string(by));
	for (int i = 0; i < to->n_sources; i++) {
		const struct catalog_source *s = &to->sources[i];

		if (g_strcmp0(text_of(json_object_get(old, "files"), s->path),
			text_of(json_object_get(new, "files"), s->path)) != 0)
			author_add(list, to->config, s->owner);
	}
	text = json_dumps(list, JSON_COMPACT);
	out = arena_strdup(w->arena, text);
	free(text);
	json_decref(old);
	json_decref(new);
	json_decref(list);
	return out;
}

bool
publish_is_author(const char *authors, const char *name)
{
	json_t *list = json_loads(authors, 0, NULL);
	const json_t *one;
	bool is = false;
	size_t i;

	json_array_foreach(list, i, one) is =
	    is || strcmp(json_string_value(one), name) == 0;
	json_decref(list);
	return is;
}

/* ---- in force ---- */

static int
put(struct work *w, const char *authors, const struct publish_figures *f, int64_t *id,
    struct err *e)
{
	struct publication p = { .hash = w->cat->hash,
		.state = PUBLICATION_IN_FORCE,
		.authors = authors,
		.at = w->now,
		.since = w->now,
		.needs = f->needs,
		.audience = f->audience,
		.due = f->due,
		.cost = f->cost,
		.content = w->cat->content };

	if (publication_add(w->store, &p, e) != 0)
		return -1;
	*id = p.id;
	return 0;
}

int
publish_force(struct work *w, const char *authors, const char *who, int role,
    const struct publish_figures *f, struct err *e)
{
	static const int ends[] = { PUBLICATION_OVER, PUBLICATION_WITHDRAWN };
	static const int states[] = { PUBLICATION_IN_FORCE, PUBLICATION_WAITS };
	struct publication p;
	int64_t id = 0;

	for (size_t i = 0; i < G_N_ELEMENTS(states); i++) {
		int rc =
		    publication_now(w->store, (enum publication_state)states[i], &p, e);

		if (rc < 0)
			return -1;
		if (rc == 1 && i == 1 && strcmp(p.hash, w->cat->hash) == 0) {
			if (publication_begin(w->store, id = p.id, w->now, e) != 0)
				return -1;
		} else if (rc == 1 &&
			   publication_end(w->store, p.id,
			       (enum publication_state)ends[i], w->now, e) != 0)
			return -1;
	}
	if (id == 0 && put(w, authors, f, &id, e) != 0)
		return -1;
	return access_note(w, who, role, "publish", w->cat->hash,
	    arena_printf(w->arena,
		"by %s; audience %" G_GINT64_FORMAT ", due within the hour "
		"%" G_GINT64_FORMAT,
		authors, f->audience, f->due),
	    id, f->audience, e);
}

void
publish_swap(struct engine *en, struct catalog *fresh)
{
	drop_set(en, en->catalog);
	en->catalog = fresh;
	json_decref(en->refused);
	en->refused = NULL;
	en->next_sweep = 0; /* a new list may be due */
	outlet_catalog(en);
	pulls_look(en);
	contacts_look(en);
	notices_look(en);
	log_info("reloaded", "playbooks=%d", en->catalog->n_versions);
}

/* ---- at a start ---- */

int
publish_resume(struct engine *en, const char *hash, const char *content, struct err *e)
{
	struct report *r;
	struct catalog *c;
	bool approved = en->catalog->config->publish_approved;

	if (en->options.revive == NULL || (hash == NULL && !approved) ||
	    g_strcmp0(hash, en->catalog->hash) == 0)
		return 0;
	r = report_new();
	/* Nobody has agreed to any playbook yet: the house runs without. */
	c = hash != NULL ? en->options.revive(
			       en->options.load_arg, content, strlen(content), true, r)
			 : en->options.revive(en->options.load_arg, en->catalog->content,
			       en->catalog->content_len, false, r);
	if (c == NULL) {
		struct err first = { 0 };

		report_first(r, &first);
		log_error("resume_failed", "error=\"%s\"", first.text);
		if (approved)
			err_set(e, ERR_INPUT,
			    "the set in force no longer fits reachd.yaml: %s",
			    first.text);
	} else {
		catalog_unref(en->catalog);
		en->catalog = c;
		outlet_catalog(en);
		en->changed_before = true;
	}
	report_free(r);
	return c == NULL && approved ? -1 : 0;
}

int
publish_first(struct work *w, struct engine *en, struct err *e)
{
	const struct publish_figures none = { 0 };
	static const struct catalog nothing = { .content = "{}", .content_len = 2 };

	if (en->options.revive == NULL || w->cat->config->publish_approved)
		return 0;
	return publish_force(
	    w, publish_authors(w, &nothing, w->cat, "", ""), "", ROLE_NONE, &none, e);
}
