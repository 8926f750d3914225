/* Customers: the profile, its consent, and events that came before them. */
#include <string.h>

#include <jansson.h>

#include "import_kind.h"
#include "intake.h"
#include "plan.h"
#include "spec/customers.h"
#include "spec/event.h"
#include "store/event.h"
#include "store/join.h"

static void *
open_file(const struct import *im, const struct zone *zone, struct err *e)
{
	(void)zone;
	return customers_open(
	    im->path, TABLE_DETECT, (const char *const *)im->mapping, e);
}

static void
close_file(void *r)
{
	customers_close(r);
}

static int
next(void *r, struct arena *a, void *row, struct row_fault *f, struct err *e)
{
	return customers_next(r, a, row, f, e);
}

static const struct columns *
columns(const void *r)
{
	return customers_columns(r);
}

/* The batch's basis bounds what its rows say, and speaks for those that say nothing; of
 * somebody known it takes nothing away that an earlier file had. */
static void
apply_basis(const struct import *im, struct customer *c, bool known)
{
	static const char *const bases[] = { "none", "service", "marketing" };
	bool told;

	if (*im->how.basis == '\0')
		return;
	told = customers_told(im->reader, "consent");
	for (unsigned char level = 0; level < G_N_ELEMENTS(bases); level++)
		for (int i = 0; strcmp(bases[level], im->how.basis) == 0 && i < CHANNELS;
		     i++)
			c->consent[i] = told    ? MIN(c->consent[i], level)
					: known ? MAX(c->consent[i], level)
						: level;
}

/* 1: he is known, and what the file has no column for is as it was; 0, -1. */
static int
keep(const struct import *im, struct work *w, struct customer *c, struct err *e)
{
	struct customer_row have;
	int64_t id;
	int rc = customer_find(w->store, c->ext, &id, e);

	if (rc == 1)
		rc = customer_get(w->store, id, &have, e);
	if (rc != 1)
		return rc;
	if (customer_open(w->store, &have, e) != 0 ||
	    customer_said(w->store, &have.c, e) != 1)
		return -1;
	customers_keep(im->reader, w->arena, c, &have.c);
	return 1;
}

/* The number a company gives is one other customer's: he is spoken to. */
static int
find_contact(struct work *w, struct customer *c, struct err *e)
{
	const char *number = *c->address[CHANNEL_SMS] != '\0' ? c->address[CHANNEL_SMS]
							       : c->address[CHANNEL_PHONE];
	struct customer_row row;
	int64_t ids[2];
	int n = *number == '\0' ? 0
				 : customer_of_address(w->store,
				       customer_hash(w->store, CHANNEL_PHONE, number), ids, 2, e);

	if (n < 0 || (n == 1 && customer_get(w->store, ids[0], &row, e) != 1))
		return -1;
	if (n == 1 && strcmp(row.c.ext, c->ext) != 0 && strcmp(row.c.kind, KIND_COMPANY) != 0)
		c->contact = row.c.ext;
	return 0;
}

static int
settle(const struct import *im, struct work *w, void *row, struct row_fault *f,
    struct err *e)
{
	struct customer *c = row;
	const struct shops *stores = &w->cat->config->stores;

	int64_t own, led;
	int rc = im->merges ? join_of(w->store, c->ext, &own, &led, e) : 0;

	if (rc < 0)
		return -1;
	if (rc == 1)
		rows_judge(f, ROW_ASIDE, 0, "", "he was merged into another customer");
	if ((rc = keep(im, w, c, e)) < 0)
		return -1;
	apply_basis(im, c, rc == 1);
	if (strcmp(c->kind, KIND_COMPANY) == 0 && *c->contact == '\0' &&
	    find_contact(w, c, e) != 0)
		return -1;
	if (stores->n > 0 && *c->store != '\0' && shop_find(stores, c->store) == NULL)
		rows_judge(f, ROW_NOTED, 0, "",
		    "no store of stores.yaml is called \"%.40s\"; kept as written",
		    c->store);
	return 0;
}

static void
count(struct import *im, const void *row)
{
	const struct customer *c = row;
	int best = CONSENT_NONE;

	for (int i = 0; i < CHANNELS; i++) {
		if (*c->address[i] == '\0')
			continue;
		best = MAX(best, c->consent[i]);
		im->by_channel[i] += c->consent[i] == CONSENT_MARKETING;
	}
	if (customers_reachable(c))
		im->consents[best]++;
	else
		im->report.unreachable++;
}

static const char *
key(const void *row, struct arena *a)
{
	(void)a;
	return ((const struct customer *)row)->ext;
}

static int
take_parked(struct work *w, const char *ext, int64_t id, struct err *e)
{
	char *body;
	int rc;

	while ((rc = parked_take(w->store, ext, &body, e)) == 1) {
		struct event_in in;
		struct err bad = { 0 };

		if (event_read(w->arena, body, strlen(body), w->now, &in, &bad) != 0)
			continue; /* too old by now */
		if (intake_take(w, &in, id, e) < 0)
			return -1;
	}
	return rc;
}

static int
put(struct import *im, struct work *w, void *row, bool fresh, struct err *e)
{
	const struct customer *c = row;
	int64_t id;
	bool created;

	(void)fresh;
	if (customer_put(w->store, c, &id, &created, e) != 0)
		return -1;
	desk_zone(w->desk, c->tz);
	if (im->how.dry_run)
		return 0;
	return created ? take_parked(w, c->ext, id, e) : plan_dates_of(w, id, e);
}

/* ---- images ---- */

static struct date
day_of(const json_t *j, const char *name)
{
	const json_t *v = json_object_get(j, name);

	return json_is_integer(v) ? date_from_days(json_integer_value(v))
				  : (struct date){ 0 };
}

static const struct {
	const char *name;
	size_t offset;
	bool seldom; /* left out where nothing is told */
} texts[] = {
	{ "name", offsetof(struct customer, name), false },
	{ "gender", offsetof(struct customer, gender), false },
	{ "tier", offsetof(struct customer, tier), false },
	{ "stage", offsetof(struct customer, stage), false },
	{ "store", offsetof(struct customer, store), false },
	{ "advisor", offsetof(struct customer, advisor), false },
	{ "tz", offsetof(struct customer, tz), false },
	{ "tags", offsetof(struct customer, tags), false },
	{ "attributes", offsetof(struct customer, attrs), false },
	{ "kind", offsetof(struct customer, kind), true },
	{ "contact", offsetof(struct customer, contact), true },
	{ "contact_name", offsetof(struct customer, contact_name), true },
	{ "household", offsetof(struct customer, household), true },
};
#define TEXT(c, i) (*(const char **)(void *)((char *)(c) + texts[i].offset))

/* ,"name":"value". By hand: a million rows have two images each. */
static void
add_text(GString *out, const char *name, const char *s)
{
	json_t *j;
	char *text;

	g_string_append_c(out, out->len == 0 ? '{' : ',');
	g_string_append_c(out, '"');
	g_string_append(out, name);
	g_string_append(out, "\":");
	if (strpbrk(s, "\"\\") == NULL) { /* imported text has no control characters */
		g_string_append_c(out, '"');
		g_string_append(out, s);
		g_string_append_c(out, '"');
		return;
	}
	j = json_string(s);
	text = json_dumps(j, JSON_ENCODE_ANY | JSON_COMPACT);
	g_string_append(out, text);
	free(text);
	json_decref(j);
}

static void
add_number(GString *out, const char *name, int64_t n)
{
	g_string_append_printf(
	    out, "%c\"%s\":%" G_GINT64_FORMAT, out->len == 0 ? '{' : ',', name, n);
}

static void
add_day(GString *out, const char *name, struct date d)
{
	if (d.year != 0)
		add_number(out, name, date_days(d));
}

static void
add_facts(GString *out, const struct customer *c)
{
	add_day(out, "first_visit", c->first_visit);
	add_day(out, "last_visit", c->last_visit);
	add_number(out, "last_visit_at", c->last_visit_at);
	add_number(out, "visits", c->visits);
	add_number(out, "spend_12m", (int64_t)(c->spend_12m * 100 + 0.5));
	g_string_append_c(out, '}');
}

static const char *
image_of(const void *row, struct arena *a)
{
	const struct customer *c = row;
	GString *out = g_string_sized_new(512);
	char consent[CHANNELS + 1] = "";
	const char *copy;

	for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
		if (!texts[i].seldom || *TEXT(c, i) != '\0')
			add_text(out, texts[i].name, TEXT(c, i));
	for (int i = 0; i < CHANNELS; i++) {
		if (*c->address[i] != '\0')
			add_text(out, channel_name(i), c->address[i]);
		consent[i] = (char)('0' + c->consent[i]);
	}
	add_text(out, "consent", consent);
	add_day(out, "birthday", c->birthday);
	add_facts(out, c);
	copy = arena_strndup(a, out->str, out->len);
	g_string_free(out, TRUE);
	return copy;
}

static int
image(struct work *w, const char *ext, const char **json, struct err *e)
{
	struct customer_row row;
	int64_t id;
	int rc = customer_find(w->store, ext, &id, e);

	if (rc == 1)
		rc = customer_get(w->store, id, &row, e);
	if (rc != 1 || customer_open(w->store, &row, e) != 0)
		return rc == 0 ? 0 : -1;
	*json = image_of(&row.c, w->arena);
	return 1;
}

static const char *
text_of(struct arena *a, const json_t *j, const char *name)
{
	const char *s = json_string_value(json_object_get(j, name));

	return s == NULL ? "" : arena_strdup(a, s);
}

/* He was new with the file: what it set off ends with him. */
static int
forget(struct work *w, int64_t id, struct err *e)
{
	int runs;

	return plan_leave_all(w, id, "import taken back", &runs, e) != 0
		   ? -1
		   : customer_forget(w->store, id, w->now, e);
}

static int
restore(struct work *w, const char *ext, const char *json, struct err *e)
{
	struct customer c = { .ext = ext };
	const char *consent;
	int64_t id;
	json_t *j;

	if (json == NULL)
		return customer_find(w->store, ext, &id, e) == 1
			   ? forget(w, id, e)
			   : 0;
	j = json_loads(json, 0, NULL);
	for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
		TEXT(&c, i) = text_of(w->arena, j, texts[i].name);
	consent = text_of(w->arena, j, "consent");
	for (int i = 0; i < CHANNELS; i++) {
		c.address[i] = text_of(w->arena, j, channel_name(i));
		if (strlen(consent) == CHANNELS)
			c.consent[i] = (unsigned char)(consent[i] - '0');
	}
	c.birthday = day_of(j, "birthday");
	c.first_visit = day_of(j, "first_visit");
	c.last_visit = day_of(j, "last_visit");
	c.last_visit_at = json_integer_value(json_object_get(j, "last_visit_at"));
	c.visits = (int)json_integer_value(json_object_get(j, "visits"));
	c.spend_12m = (double)json_integer_value(json_object_get(j, "spend_12m")) / 100;
	json_decref(j);
	return customer_replace(w->store, &c, e);
}

static const char *
untold(const void *r, struct arena *a)
{
	return customers_untold(r, a);
}

const struct import_kind import_customers = { .what = "customers",
	.untold = untold,
	.size = sizeof(struct customer),
	.open = open_file,
	.close = close_file,
	.next = next,
	.columns = columns,
	.settle = settle,
	.count = count,
	.key = key,
	.put = put,
	.image = image,
	.image_of = image_of,
	.restore = restore };

/* ---- the facts alone, which orders change ---- */

static int
facts_image(struct work *w, const char *ext, const char **json, struct err *e)
{
	struct customer_row row;
	int64_t id;
	int rc = customer_find(w->store, ext, &id, e);
	GString *out;

	if (rc == 1)
		rc = customer_get(w->store, id, &row, e);
	if (rc != 1)
		return rc;
	out = g_string_sized_new(128);
	add_facts(out, &row.c);
	*json = arena_strndup(w->arena, out->str, out->len);
	g_string_free(out, TRUE);
	return 1;
}

static int
facts_restore(struct work *w, const char *ext, const char *json, struct err *e)
{
	struct customer_facts f;
	int64_t id;
	json_t *j;

	if (json == NULL || customer_find(w->store, ext, &id, e) != 1)
		return 0;
	j = json_loads(json, 0, NULL);
	f = (struct customer_facts){ .first_visit = day_of(j, "first_visit"),
		.last_visit = day_of(j, "last_visit"),
		.last_visit_at = json_integer_value(json_object_get(j, "last_visit_at")),
		.visits = (int)json_integer_value(json_object_get(j, "visits")),
		.spend_12m =
		    (double)json_integer_value(json_object_get(j, "spend_12m")) / 100 };
	json_decref(j);
	return customer_set_facts(w->store, id, &f, e);
}

const struct import_kind import_facts = {
	.what = "facts", .image = facts_image, .restore = facts_restore
};
