/* Publications as people read them. */
#include "publish_show.h"

#include <string.h>

#include "core/diff.h"
#include "launch.h"

#define AGREED_MAX 20
#define HUNDREDTHS 10000.0

static json_t *
when(const struct work *w, ms_t at)
{
	char buf[CLOCK_TEXT];

	return json_string(
	    clock_format(at, zone_offset(w->cat->config->entity.zone, at) / 60, buf));
}

static const char *
state_name(const struct work *w, const struct publication *p)
{
	static const char *const names[] = { "waits", "in force", "over", "refused",
		"withdrawn", "lapsed" };
	bool late = p->state == PUBLICATION_WAITS &&
		    w->now >= p->at + w->cat->policy->approvals.lapse;

	return names[late ? PUBLICATION_LAPSED : p->state];
}

static json_t *
one(const struct work *w, const struct publication *p)
{
	return json_pack("{so ss ss so so so si sI sI sf}", "id",
	    json_sprintf("%" G_GINT64_FORMAT, p->id), "hash", p->hash, "state",
	    state_name(w, p), "authors", json_loads(p->authors, 0, NULL), "at",
	    when(w, p->at), "since", when(w, p->since), "needs", p->needs, "audience",
	    p->audience, "due", p->due, "cost", (double)p->cost / HUNDREDTHS);
}

/* ---- who said what ---- */

void
publish_show_agreed(void *arg, const struct audit *a)
{
	struct show_names *n = arg;

	n->found =
	    n->found || (strcmp(a->act, "agree") == 0 && strcmp(a->who, n->who) == 0);
}

struct saying {
	const struct work *w;
	json_t *list;
};

static void
note_said(void *arg, const struct audit *a)
{
	const struct saying *s = arg;

	json_array_insert_new(s->list, 0,
	    json_pack("{so ss ss ss ss}", "at", when(s->w, a->at), "who", a->who, "role",
		a->role, "act", a->act, "why", a->why));
}

static int
said(struct work *w, const struct publication *p, json_t *j, struct err *e)
{
	struct saying s = { w, json_array() };

	json_object_set_new(j, "said", s.list);
	return audit_each(w->store, p->id, 0, AGREED_MAX, note_said, &s, e);
}

struct listing {
	struct work *w;
	json_t *list;
	GArray *ids;
};

static void
note_one(void *arg, const struct publication *p)
{
	struct listing *l = arg;

	json_array_append_new(l->list, one(l->w, p));
	g_array_append_val(l->ids, p->id);
}

int
publish_show_list(
    struct work *w, const struct page *page, int64_t before, json_t *out, struct err *e)
{
	struct listing l = { w, json_array(),
		g_array_new(FALSE, FALSE, sizeof(int64_t)) };
	int rc = publication_each(w->store, before, page->limit + 1, note_one, &l, e);

	json_object_set_new(out, "publications", l.list);
	page_end(out, l.list, page, "id");
	g_array_set_size(l.ids, (guint)json_array_size(l.list));
	for (guint i = 0; rc == 0 && i < l.ids->len; i++) {
		const struct publication p = { .id = g_array_index(l.ids, int64_t, i) };

		rc = said(w, &p, json_array_get(l.list, i), e);
	}
	g_array_unref(l.ids);
	return rc;
}

int
publish_show_waiting(struct work *w, json_t **out, struct err *e)
{
	struct publication p;
	int rc = publication_now(w->store, PUBLICATION_WAITS, &p, e);

	*out = NULL;
	if (rc <= 0)
		return rc;
	*out = one(w, &p);
	return said(w, &p, *out, e);
}

/* ---- the difference ---- */

static const char *
text_of(const json_t *files, const char *path)
{
	const json_t *f;
	size_t i;

	json_array_foreach(files, i,
	    f) if (strcmp(json_string_value(json_object_get(f, "path")), path) ==
		   0) return json_string_value(json_object_get(f, "text"));
	return NULL;
}

static void
file_diff(json_t *out, const char *path, const char *old, const char *new)
{
	GString *text = g_string_new(NULL);

	diff_lines(old == NULL ? "" : old, new == NULL ? "" : new, text);
	json_array_append_new(out, json_pack("{ss ss ss}", "path", path, "change",
				       old == NULL   ? "new"
				       : new == NULL ? "gone"
						     : "changed",
				       "diff", text->str));
	g_string_free(text, TRUE);
}

static json_t *
files_diff(const struct catalog *from, const struct catalog *to)
{
	json_t *old = json_loadb(from->content, from->content_len, 0, NULL),
	       *new = json_loadb(to->content, to->content_len, 0, NULL),
	       *out = json_array(), *f;
	size_t i;

	json_array_foreach(json_object_get(new, "files"), i, f)
	{
		const char *path = json_string_value(json_object_get(f, "path")),
			   *text = json_string_value(json_object_get(f, "text")),
			   *was = text_of(json_object_get(old, "files"), path);

		if (g_strcmp0(was, text) != 0)
			file_diff(out, path, was, text);
	}
	json_array_foreach(json_object_get(old, "files"), i, f)
	{
		const char *path = json_string_value(json_object_get(f, "path"));

		if (text_of(json_object_get(new, "files"), path) == NULL)
			file_diff(out, path,
			    json_string_value(json_object_get(f, "text")), NULL);
	}
	json_decref(old);
	json_decref(new);
	return out;
}

/* Ids of steps that one has and the other has not. */
static json_t *
steps_beyond(const struct playbook *a, const struct playbook *b)
{
	json_t *out = json_array();

	for (int i = 0; a != NULL && i < a->n_steps; i++)
		if (b == NULL || playbook_step(b, a->steps[i].id) == NULL)
			json_array_append_new(out, json_string(a->steps[i].id));
	return out;
}

static int
audience_of(struct work *w, const struct catalog *cat, const struct version *v,
    int64_t *n, struct err *e)
{
	const struct catalog *before = w->cat;
	int rc = 0;

	*n = 0;
	w->cat = cat;
	if (v != NULL)
		rc = launch_audience(w, v->playbook, n, e);
	w->cat = before;
	return rc;
}

static int
playbook_diff(struct work *w, const struct catalog *fresh, const char *name, json_t *out,
    struct err *e)
{
	static const char *const words[] = { "draft", "live", "paused", "ended" };
	const struct version *old = catalog_playbook(w->cat, name),
			     *new = catalog_playbook(fresh, name);
	const struct playbook *was = old == NULL ? NULL : old->playbook,
			      *is = new == NULL ? NULL : new->playbook;
	int64_t before, now;

	if (old != NULL && new != NULL && strcmp(old->hash, new->hash) == 0)
		return 0;
	if (audience_of(w, w->cat, old, &before, e) != 0 ||
	    audience_of(w, fresh, new, &now, e) != 0)
		return -1;
	json_array_append_new(
	    out, json_pack("{ss ss ss so so sI sI}", "playbook", name, "was",
		     was == NULL ? "" : words[was->status], "is",
		     is == NULL ? "gone" : words[is->status], "steps_new",
		     steps_beyond(is, was), "steps_gone", steps_beyond(was, is),
		     "audience_before", before, "audience", now));
	return 0;
}

int
publish_show(struct work *w, const struct publication *p, const struct catalog *fresh,
    json_t *out, struct err *e)
{
	json_t *playbooks = json_array(), *head = one(w, p);

	json_object_update(out, head);
	json_decref(head);
	json_object_set_new(out, "in_force", json_string(w->cat->hash));
	json_object_set_new(out, "files", files_diff(w->cat, fresh));
	json_object_set_new(out, "playbooks", playbooks);
	for (int i = 0; i < fresh->n_versions; i++)
		if (playbook_diff(
			w, fresh, fresh->versions[i]->playbook->name, playbooks, e) != 0)
			return -1;
	for (int i = 0; i < w->cat->n_versions; i++) {
		const char *name = w->cat->versions[i]->playbook->name;

		if (catalog_playbook(fresh, name) == NULL &&
		    playbook_diff(w, fresh, name, playbooks, e) != 0)
			return -1;
	}
	return said(w, p, out, e);
}
