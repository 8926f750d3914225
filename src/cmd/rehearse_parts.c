#include "rehearse_parts.h"

#include <errno.h>
#include <string.h>
#include <sys/resource.h>

#include "rehearse_cut.h"
#include "spec/customers.h"

struct rehearse_parts {
	struct rehearse_options o;
	struct cut cut;
	int n;
	int64_t customers;
};

/* ---- who belongs together ---- */

/* Rows point to an earlier one of their group, the first one to itself. */
static int
first_of(GArray *up, int i)
{
	while (g_array_index(up, int, i) != i) {
		int over = g_array_index(up, int, i);

		g_array_index(up, int, i) = g_array_index(up, int, over);
		i = over;
	}
	return i;
}

static void
join(struct cut *c, GArray *up, int row, uint64_t key)
{
	int other = cut_row(c, key);

	if (other < 0)
		cut_name(c, key, row);
	else {
		int a = first_of(up, other), b = first_of(up, row);

		g_array_index(up, int, MAX(a, b)) = MIN(a, b);
	}
}

static void
join_all(struct cut *cut, GArray *up, int row, const struct customer *c)
{
	g_array_append_val(up, row);
	join(cut, up, row, cut_key(CUT_CUSTOMER, c->ext));
	for (int i = 0; i < CHANNELS; i++)
		if (*c->address[i] != '\0')
			join(cut, up, row,
			    cut_key(i == CHANNEL_PHONE ? CHANNEL_SMS : i, c->address[i]));
}

static int
read_customers(struct rehearse_parts *p, GArray *up, struct err *e)
{
	struct customers *rows = customers_open(p->o.customers, TABLE_DETECT, NULL, e);
	struct arena *a = arena_new();
	struct row_fault fault;
	struct customer c;
	int rc = -1;

	while (rows != NULL && (rc = customers_next(rows, a, &c, &fault, e)) == 1) {
		if (fault.verdict <= ROW_NOTED)
			join_all(&p->cut, up, (int)up->len, &c);
		arena_reset(a);
	}
	customers_close(rows);
	arena_free(a);
	return rc;
}

/* Groups in turn, as the file names them. */
static void
deal(struct rehearse_parts *p, GArray *up)
{
	int next = 0;

	p->cut.part = g_new(int, up->len + 1);
	for (guint i = 0; i < up->len; i++) {
		int first = first_of(up, (int)i);

		p->cut.part[i] = first == (int)i ? next++ % p->n : p->cut.part[first];
	}
}

/* ---- the files of the parts ---- */

static int
cut_customers(struct rehearse_parts *p, struct err *e)
{
	struct customers *rows = customers_open(p->o.customers, TABLE_DETECT, NULL, e);
	struct cut_file *f = cut_file_open(&p->cut, CUT_CUSTOMERS, p->o.customers, e);
	struct arena *a = arena_new();
	struct row_fault fault;
	struct customer c;
	int rc = -1, row = 0;

	while (rows != NULL && f != NULL &&
	       (rc = customers_next(rows, a, &c, &fault, e)) == 1 &&
	       (rc = cut_file_next(f, e)) == 1) {
		if (fault.verdict <= ROW_NOTED)
			cut_file_give(f, p->cut.part[row++]);
		else if (!p->o.quiet)
			fprintf(stderr, "row %" G_GINT64_FORMAT ": %s\n", fault.row,
			    fault.reason);
		arena_reset(a);
	}
	cut_file_close(f);
	customers_close(rows);
	arena_free(a);
	return rc;
}

static int
cut_all(struct rehearse_parts *p, const struct zone *zone, struct err *e)
{
	const struct rehearse_files *f = &p->o.files;
	const struct {
		enum cut_table table;
		const char *path;
	} all[] = { { CUT_VEHICLES, f->vehicles }, { CUT_ORDERS, f->orders },
		{ CUT_APPOINTMENTS, f->appointments }, { CUT_SENDS, f->sends } };

	if (cut_customers(p, e) != 0)
		return -1;
	for (size_t i = 0; i < G_N_ELEMENTS(all); i++)
		if (all[i].path != NULL && cut_records(&p->cut, all[i].table, all[i].path,
					       zone, p->o.quiet, e) != 0)
			return -1;
	return 0;
}

/* Each part has a file of each kind, and one of what came of it. */
static void
allow_files(int parts)
{
	struct rlimit l;

	if (getrlimit(RLIMIT_NOFILE, &l) != 0)
		return;
	l.rlim_cur =
	    MIN(l.rlim_max, MAX(l.rlim_cur, (rlim_t)parts * (CUT_TABLES + 1) + 64));
	setrlimit(RLIMIT_NOFILE, &l);
}

struct rehearse_parts *
rehearse_parts_new(
    const struct rehearse_options *o, const struct zone *zone, struct err *e)
{
	struct rehearse_parts *p = g_new0(struct rehearse_parts, 1);
	GArray *up = g_array_new(FALSE, FALSE, sizeof(int));
	int rc;

	p->o = *o;
	cut_begin(&p->cut);
	rc = read_customers(p, up, e);
	p->customers = up->len;
	p->n = MAX(1, (int)((up->len + (guint)o->part - 1) / (guint)o->part));
	if (rc == 0 && p->n > 1) {
		allow_files(p->n);
		deal(p, up);
		cut_parts(&p->cut, p->n);
		rc = cut_all(p, zone, e);
		/* Dates of old Macs mean something in their own file only: it stays whole. */
		if (p->cut.whole)
			p->n = 1;
	}
	cut_forget(&p->cut);
	g_array_unref(up);
	if (rc == 0)
		return p;
	rehearse_parts_free(p);
	return NULL;
}

void
rehearse_parts_free(struct rehearse_parts *p)
{
	if (p == NULL)
		return;
	cut_end(&p->cut);
	g_free(p);
}

int
rehearse_parts_count(const struct rehearse_parts *p)
{
	return p->n;
}

int64_t
rehearse_parts_customers(const struct rehearse_parts *p)
{
	return p->customers;
}

void
rehearse_parts_options(
    const struct rehearse_parts *p, int nth, struct rehearse_options *out)
{
	const struct cut_part *t = p->cut.parts == NULL ? NULL : &p->cut.parts[nth];

	*out = p->o;
	if (p->n == 1)
		return;
	out->quiet = true;
	out->portion = (struct house_part){ nth, p->n };
	out->customers = t->path[CUT_CUSTOMERS];
	out->files = (struct rehearse_files){ .staff = p->o.files.staff,
		.vehicles = p->o.files.vehicles == NULL ? NULL : t->path[CUT_VEHICLES],
		.orders = p->o.files.orders == NULL ? NULL : t->path[CUT_ORDERS],
		.appointments =
		    p->o.files.appointments == NULL ? NULL : t->path[CUT_APPOINTMENTS],
		.sends = p->o.files.sends == NULL ? NULL : t->path[CUT_SENDS] };
}

void
rehearse_parts_done(struct rehearse_parts *p, int nth)
{
	cut_part_done(&p->cut, nth);
}
