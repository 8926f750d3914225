/* One row into the store, with what it was before. */
#include <string.h>

#include "import_kind.h"
#include "store/subject.h"

static const struct import_kind *const kinds[] = { &import_customers, &import_optouts,
	&import_vehicles, &import_appointments, &import_orders, &import_staff,
	&import_sends, &import_complaints, &import_contacts };
/* What changes beside the rows of a file, for undoing. */
static const struct import_kind *const beside[] = { &import_facts, &import_events,
	&import_profile };

const struct import_kind *
import_kind_find(const char *what)
{
	for (size_t i = 0; i < G_N_ELEMENTS(kinds); i++)
		if (strcmp(kinds[i]->what, what) == 0)
			return kinds[i];
	for (size_t i = 0; i < G_N_ELEMENTS(beside); i++)
		if (strcmp(beside[i]->what, what) == 0)
			return beside[i];
	return NULL;
}

char *
import_kind_names(void)
{
	GString *s = g_string_new(NULL);

	for (size_t i = 0; i < G_N_ELEMENTS(kinds); i++)
		g_string_append_printf(s, "%s%s",
		    i == 0                         ? ""
		    : i == G_N_ELEMENTS(kinds) - 1 ? " and "
						   : ", ",
		    kinds[i]->what);
	return g_string_free(s, FALSE);
}

/* ---- a file that tells of one thing more than once ---- */

enum { MET = 1, COUNTED };

/* FNV-1a: a file is no enemy, and so many names of eight bytes fit into memory. */
static gpointer
name_of(const char *key)
{
	uint64_t h = 0xcbf29ce484222325U;

	for (const unsigned char *p = (const unsigned char *)key; *p != '\0'; p++)
		h = (h ^ *p) * 0x100000001b3U;
	return (gpointer)(uintptr_t)h;
}

/* A row comes: true when none of this key came before. */
static bool
meet(struct import *im, const char *key)
{
	if (g_hash_table_contains(im->met, name_of(key)))
		return false;
	g_hash_table_insert(im->met, name_of(key), GINT_TO_POINTER(MET));
	return true;
}

/* It is new or changed: true when that was not counted yet. */
static bool
count(struct import *im, const char *key)
{
	if (g_hash_table_lookup(im->met, name_of(key)) == GINT_TO_POINTER(COUNTED))
		return false;
	g_hash_table_insert(im->met, name_of(key), GINT_TO_POINTER(COUNTED));
	return true;
}

int
import_changed(struct import *im, struct work *w, const struct import_kind *k,
    const char *key, const char *before, const char *after, bool counted, struct err *e)
{
	struct batch_row r = { .what = k->what, .key = key, .before = before };

	int rc;

	/* Nobody undoes an import of a rehearsal. */
	if (w->desk->rehearsal && !im->how.dry_run)
		return 0;
	rc = after != NULL ? 1 : k->image(w, key, &after, e);

	if (rc < 0)
		return -1;
	if (rc == 0)
		return 0; /* it counts for nothing, as what was sent long ago */
	if (before != NULL && strcmp(before, after) == 0)
		return 0;
	if (counted && count(im, key)) {
		im->created += before == NULL;
		im->changed += before != NULL;
		if (im->how.dry_run)
			import_example(im, w, key, before, after);
	}
	if (im->how.dry_run)
		return 0;
	r.after = batch_hash(w->store, after);
	return batch_row_add(w->store, im->batch, &r, e);
}

static int
note_quality(struct import *im, struct work *w, const char *key,
    const struct row_fault *f, struct err *e)
{
	char *name = import_key_text(w, key);
	const struct quality q = { .what = im->kind->what,
		.source = im->how.source,
		.row = f->row,
		.at = w->now,
		.key = name,
		.heading = f->heading,
		.reason = f->reason };
	int rc = im->how.dry_run ? 0 : quality_add(w->store, &q, e);

	g_free(name);
	return rc;
}

int
import_row(struct import *im, struct work *w, struct err *e)
{
	const struct import_kind *k = im->kind;
	const char *key, *before = NULL, *after = NULL;
	struct row_fault fault;
	void *row = arena_alloc(im->arena, k->size);
	int rc = k->next(im->reader, im->arena, row, &fault, e);

	if (rc != 1)
		return rc;
	if (fault.verdict <= ROW_NOTED && k->settle != NULL &&
	    k->settle(im, w, row, &fault, e) != 0)
		return -1;
	key = k->key(row, im->arena);
	if ((fault.verdict == ROW_NOTED || fault.verdict == ROW_ASIDE) &&
	    note_quality(im, w, key, &fault, e) != 0)
		return -1;
	if (fault.verdict > ROW_NOTED)
		return 1;
	rc = k->image == NULL ? 0 : k->image(w, key, &before, e);
	if (rc < 0 || k->put(im, w, row, rc == 0, e) != 0)
		return -1;
	im->done++;
	if (k->image == NULL)
		return 1;
	im->repeated += !meet(im, key);
	if (rc == 0 && k->image_of != NULL && !w->desk->rehearsal)
		after = k->image_of(row, im->arena);
	rc = import_changed(im, w, k, key, rc == 1 ? before : NULL, after, true, e);
	return rc == 0 ? 1 : -1;
}

/* ---- records ---- */

void *
import_record_open(const struct record_kind *k, const struct import *im,
    const struct zone *zone, struct err *e)
{
	return records_open(
	    k, im->path, TABLE_DETECT, (const char *const *)im->mapping, zone, e);
}

void
import_record_close(void *reader)
{
	records_close(reader);
}

int
import_record_next(
    void *reader, struct arena *a, void *row, struct row_fault *f, struct err *e)
{
	return records_next(reader, a, row, f, e);
}

const struct columns *
import_record_columns(const void *reader)
{
	return records_columns(reader);
}

/* ---- whose it is ---- */

const char *
import_ext(struct work *w, int64_t customer)
{
	struct customer_row row;
	struct err e = { 0 };

	return customer != 0 && customer_get(w->store, customer, &row, &e) == 1
		   ? row.c.ext
		   : "";
}

int
import_owner(struct work *w, const char *owner, const char *phone, const char *vehicle,
    int64_t *customer, struct row_fault *f, struct err *e)
{
	struct vehicle v;
	int64_t ids[2];
	int rc;

	*customer = 0;
	if (*owner != '\0') {
		rc = customer_find(w->store, owner, customer, e);
		if (rc == 0)
			rows_judge(f, ROW_REFUSED, 0, "",
			    "no customer \"%.64s\" is known; import the customers first",
			    owner);
		return rc < 0 ? -1 : 0;
	}
	if (*phone != '\0') {
		rc = customer_of_address(
		    w->store, customer_hash(w->store, CHANNEL_PHONE, phone), ids, 2, e);
		if (rc == 1)
			*customer = ids[0];
		if (rc < 0 || rc == 1)
			return rc < 0 ? -1 : 0;
	}
	rc = vehicle_find(w->store, vehicle, &v, e);
	if (rc == 1)
		*customer = v.customer;
	else if (rc == 0)
		rows_judge(f, ROW_REFUSED, 0, "",
		    *phone != '\0'
			? "its number is not that of one customer, nor is a vehicle named"
			: "it names no customer that is known");
	return rc < 0 ? -1 : 0;
}
