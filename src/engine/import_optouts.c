/* Opt-outs: at once, for everybody who has the address. Their batches are not undone:
 * who said no has to say yes himself. */
#include "import_kind.h"
#include "intake.h"
#include "refusal.h"
#include "spec/optouts.h"

static void *
open_file(const struct import *im, const struct zone *zone, struct err *e)
{
	(void)zone;
	return optouts_open(im->path, TABLE_DETECT, (const char *const *)im->mapping, e);
}

static void
close_file(void *r)
{
	optouts_close(r);
}

static int
next(void *r, struct arena *a, void *row, struct row_fault *f, struct err *e)
{
	return optouts_next(r, a, row, f, e);
}

static const struct columns *
columns(const void *r)
{
	return optouts_columns(r);
}

static const char *
key(const void *row, struct arena *a)
{
	(void)a;
	return ((const struct optout *)row)->customer;
}

static int
stop_customer(
    struct work *w, int64_t id, int channel, const struct refusal *r, struct err *e)
{
	struct ended ended = { 0 };
	struct person p;

	if (person_load(w, id, &p, e) != 1 || customer_open(w->store, &p.row, e) != 0 ||
	    intake_opt_out(w, &p, channel, r, &ended, e) != 0)
		return -1;
	return intake_go_on(w, &p, &ended, e);
}

static int
stop_address(struct work *w, const char *address, int channel, const struct refusal *r,
    struct err *e)
{
	int64_t h = customer_hash(w->store, channel, address), ids[16];
	int n;

	if (refusal_add(w, h, channel, r, e) != 0 ||
	    (n = customer_of_address(w->store, h, ids, (int)G_N_ELEMENTS(ids), e)) < 0)
		return -1;
	for (int i = 0; i < n; i++)
		if (stop_customer(w, ids[i], channel, r, e) != 0)
			return -1;
	return 0;
}

static int
put(struct import *im, struct work *w, void *row, bool fresh, struct err *e)
{
	const struct optout *o = row;
	ms_t at = o->at != 0 ? o->at
		  : o->date.year != 0
		      ? zone_instant(w->cat->config->entity.zone, date_days(o->date), 0)
		      : w->now;
	const struct refusal r = { .src = "import",
		.at = at,
		.heard = w->now,
		.origin = arena_printf(w->arena, "batch:%" G_GINT64_FORMAT, im->batch) };
	int64_t id;
	int rc = 0;

	(void)fresh;
	if (im->how.dry_run)
		return 0; /* nobody is stopped, not even in the log */
	for (int c = 0; c < CHANNELS; c++)
		if (*o->address[c] != '\0' && o->channels & BIT(c) &&
		    stop_address(w, o->address[c], c, &r, e) != 0)
			return -1;
	if (*o->customer == '\0')
		return 0;
	if ((rc = customer_find(w->store, o->customer, &id, e)) < 0)
		return -1;
	im->unknown += rc == 0;
	for (int c = 0; rc == 1 && c < CHANNELS; c++)
		if (o->channels & BIT(c) && stop_customer(w, id, c, &r, e) != 0)
			return -1;
	return 0;
}

const struct import_kind import_optouts = { .what = "optouts",
	.size = sizeof(struct optout),
	.open = open_file,
	.close = close_file,
	.next = next,
	.columns = columns,
	.key = key,
	.put = put };
