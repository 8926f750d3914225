#include "spec/likeness.h"

#include <string.h>

#include "spec/columns.h"
#include "spec/customers.h"
#include "spec/optouts.h"
#include "spec/record.h"

/* So many columns more than twice as many as speak for what it was sent as. */
#define CLEARLY 3

/* What else it may be: a list of opt-outs has no columns of its own. */
static const char *const kinds[] = { "customers", "vehicles", "appointments", "orders",
	"staff", "sends", "complaints", "contacts", NULL };

struct knows {
	const struct columns_field *fields; /* or: */
	const struct record_kind *record;
	int n;
	const char *needs;
};

static struct knows
knows_of(const char *what)
{
	struct knows k = { .needs = "id" };

	if (strcmp(what, "customers") == 0) {
		k.fields = customers_fields(&k.n);
	} else if (strcmp(what, "optouts") == 0) {
		k.fields = optouts_fields(&k.n);
	} else if ((k.record = record_find(what)) != NULL) {
		k.n = k.record->n_fields;
		k.needs = k.record->needs;
	}
	return k;
}

/* The field of a heading; -1: it knows none. */
static int
field_of(const struct knows *k, const char *folded)
{
	for (int i = 0; i < k->n; i++)
		if (columns_lists(k->record != NULL ? k->record->fields[i].headings
						    : k->fields[i].headings,
			folded))
			return i;
	return -1;
}

static const char *
name_of(const struct knows *k, int field)
{
	return k->record != NULL ? k->record->fields[field].name : k->fields[field].name;
}

/* How many more columns speak for other than, twice counted, for own; 0: it cannot be other. */
static int
excess(char *const *headings, const struct knows *own, const struct knows *other)
{
	char **needed = g_strsplit(other->needs, "|", -1);
	bool has_needed = false;
	int better = 0;

	for (int i = 0; headings[i] != NULL; i++) {
		int mine = field_of(own, headings[i]),
		    theirs = field_of(other, headings[i]);

		has_needed |= theirs >= 0 && g_strv_contains((const char *const *)needed,
						 name_of(other, theirs));
		better += mine < 0 && theirs >= 0 ? 1 : mine >= 0 && theirs < 0 ? -2 : 0;
	}
	g_strfreev(needed);
	return has_needed ? better : 0;
}

const char *
likeness_other(const struct table *t, const char *what)
{
	const struct knows own = knows_of(what);
	int n = table_columns(t), most = CLEARLY - 1;
	char **headings = g_new0(char *, (gsize)n + 1);
	const char *found = NULL;

	for (int i = 0; i < n; i++)
		headings[i] = columns_fold(table_heading(t, i));
	for (int i = 0; own.n > 0 && kinds[i] != NULL; i++) {
		const struct knows other = knows_of(kinds[i]);
		int better =
		    strcmp(kinds[i], what) == 0 ? 0 : excess(headings, &own, &other);

		if (better > most) {
			most = better;
			found = kinds[i];
		}
	}
	g_strfreev(headings);
	return found;
}
