#include "census.h"

#include <string.h>

#include "base/text.h"
#include "store/version.h"
#include "sweep_start.h"

#define PAGE 500

static void
book_clear(gpointer p)
{
	struct census_book *b = p;

	for (guint i = 0; i < b->texts->len; i++)
		g_array_unref(g_array_index(b->texts, struct census_text, i).uses);
	g_array_unref(b->texts);
}

static void
note_number(void *arg, int number, const char *name)
{
	struct census *c = arg;

	for (guint i = 0; i < c->books->len; i++) {
		struct census_book *b = &g_array_index(c->books, struct census_book, i);

		if (strcmp(b->v->playbook->name, name) == 0)
			b->number = number;
	}
}

struct census *
census_new(struct work *w, struct err *e)
{
	struct census *c = g_new0(struct census, 1);

	c->arena = arena_new();
	c->paths = g_array_new(FALSE, FALSE, sizeof(struct census_path));
	c->books = g_array_new(FALSE, TRUE, sizeof(struct census_book));
	g_array_set_clear_func(c->books, book_clear);
	for (int i = 0; i < w->cat->n_versions; i++) {
		struct census_book b = { .v = w->cat->versions[i] };

		if (b.v->playbook->status != PLAYBOOK_LIVE)
			continue;
		while (b.v->playbook->start.list != NULL &&
		       b.v->playbook->start.list[b.rows] != NULL)
			b.rows++;
		b.texts = g_array_new(FALSE, FALSE, sizeof(struct census_text));
		b.entry = census_entry(w, b.v->playbook);
		census_texts(c, &b);
		g_array_append_val(c->books, b);
	}
	c->rivals = g_new0(int64_t, (gsize)c->books->len * c->books->len + 1);
	if (playbook_each(w->store, note_number, c, e) == 0)
		return c;
	census_free(c);
	return NULL;
}

void
census_free(struct census *c)
{
	if (c == NULL)
		return;
	g_array_unref(c->books);
	g_array_unref(c->paths);
	g_free(c->rivals);
	arena_free(c->arena);
	g_free(c);
}

/* ---- whom a playbook means ---- */

/* Rows of a file are sorted; those that say a phone or a plate are not looked for. */
static bool
in_rows(const struct census_book *b, const char *ext)
{
	const char **list = b->v->playbook->start.list;

	return b->rows > 0 &&
	       bsearch(&ext, list, b->rows, sizeof(*list), text_order) != NULL;
}

/* As far as it is known before anything happens: of an event everybody it may happen to. */
static bool
is_meant(struct person *p, const struct census_book *b)
{
	const struct playbook *pb = b->v->playbook;

	if (pb->while_ != NULL && !cond_true(pb->while_, person_scope(p)))
		return false;
	switch (pb->start.kind) {
	case START_WHEN:
	case START_EVERY:
		return pb->start.when == NULL ||
		       cond_true(pb->start.when, person_scope(p));
	case START_LIST:
		return pb->start.tag == NULL && pb->start.segment == NULL
			   ? in_rows(b, p->row.c.ext)
			   : sweep_listed(p, pb);
	default:
		return true;
	}
}

/* For the first of his subjects that it means. */
static void
ask(struct work *w, struct person *p, struct census *c, struct census_book *b)
{
	static const char *const himself[] = { "", NULL };
	const struct playbook *pb = b->v->playbook;
	const char *const *about =
	    pb->subject == SUBJECT_NONE ? himself : person_subjects(p, pb->subject);

	b->meant = false;
	for (; *about != NULL && !b->meant; about++) {
		if (pb->subject != SUBJECT_NONE) {
			person_subject(p, pb->subject, *about);
			c->turn++;
		}
		b->meant = person_of_stores(p, pb) && is_meant(p, b);
	}
	if (b->meant) {
		b->people++;
		census_lacks(w, p, c, b);
	}
	if (pb->subject != SUBJECT_NONE) {
		person_subject(p, SUBJECT_NONE, "");
		c->turn++;
	}
}

static int
one(struct work *w, struct census *c, struct customer_row *row, struct err *e)
{
	struct person p;

	if (row->erased_at != 0 || row->blocked_at != 0 || row->merged != 0)
		return 0;
	c->people++;
	c->turn++;
	person_of_row(w, row, &p);
	for (guint i = 0; i < c->books->len; i++)
		ask(w, &p, c, &g_array_index(c->books, struct census_book, i));
	return census_rivals(w, &p, c, e);
}

/* A page at a time: what a page leaves in the scratch goes with it. */
int
census_take(struct work *w, struct census *c, int64_t *cursor, int64_t ids, bool *end,
    struct err *e)
{
	struct customer_row *rows = g_new(struct customer_row, PAGE);
	int64_t last, until = *cursor + ids;
	int rc = customer_last(w->store, &last, e);

	for (; rc == 0 && *cursor < MIN(until, last); *cursor += PAGE) {
		int n;

		arena_reset(w->arena);
		n = customer_page(w->store, *cursor, PAGE, NULL, rows, e);
		for (int i = 0; i < n && rc == 0; i++)
			rc = one(w, c, &rows[i], e);
		rc = n < 0 ? -1 : rc;
	}
	*end = rc == 0 && *cursor >= last;
	g_free(rows);
	return rc;
}

/* ---- told ---- */

static void
tell_lacks(const struct census *c, const struct census_book *b,
    const struct census_text *t, json_t *list)
{
	for (guint i = 0; i < t->uses->len; i++) {
		const struct census_use *use =
		    &g_array_index(t->uses, struct census_use, i);

		if (use->lack > 0)
			json_array_append_new(list,
			    json_pack("{ss ss ss si si ss sI}", "playbook",
				b->v->playbook->name, "template", t->t->name, "file",
				use->at.file, "line", use->at.line, "col", use->at.col,
				"path",
				g_array_index(c->paths, struct census_path, use->path)
				    .name,
				"lack", use->lack));
	}
}

static json_t *
side(const struct census_book *b)
{
	const struct playbook *pb = b->v->playbook;

	return json_pack("{ss si ss si si}", "name", pb->name, "priority", pb->priority,
	    "file", pb->start.at.file == NULL ? "" : pb->start.at.file, "line",
	    pb->start.at.line, "col", pb->start.at.col);
}

json_t *
census_json(const struct census *c)
{
	json_t *books = json_array(), *lacks = json_array(), *rivals = json_array();
	guint n = c->books->len;

	for (guint i = 0; i < n; i++) {
		const struct census_book *b =
		    &g_array_index(c->books, struct census_book, i);

		json_array_append_new(
		    books, json_pack("{ss sI}", "name", b->v->playbook->name, "means",
			       b->people));
		for (guint k = 0; k < b->texts->len; k++)
			tell_lacks(
			    c, b, &g_array_index(b->texts, struct census_text, k), lacks);
		for (guint k = i + 1; k < n; k++)
			if (c->rivals[i * n + k] > 0)
				json_array_append_new(
				    rivals, json_pack("{so so sI}", "a", side(b), "b",
						side(&g_array_index(
						    c->books, struct census_book, k)),
						"people", c->rivals[i * n + k]));
	}
	return json_pack("{sI so so so}", "customers", c->people, "playbooks", books,
	    "missing", lacks, "rivals", rivals);
}
