/* import_profile.c - a customer's profile as it stood before a batch first told of him:
 * signals, signs, stage, presence, and the facts that visits move.
 *
 * What a fold has taken in cannot be taken out again. So the profile of before is kept
 * beside the batch's rows, and undoing goes back to it and takes in again what has
 * happened since and was not the batch's. Such images of later batches know of this one:
 * they are dropped, and undoing those takes back only what can be counted back. */
#include <string.h>

#include <jansson.h>

#include "core/stage.h"
#include "import_kind.h"
#include "profile.h"
#include "store/event.h"
#include "store/signal.h"

#define KEY "profile"

static json_t *
facts_of(const struct customer *c)
{
	return json_pack("{sI sI sI si sI}", "first",
	    c->first_visit.year == 0 ? 0 : (json_int_t)date_days(c->first_visit), "last",
	    c->last_visit.year == 0 ? 0 : (json_int_t)date_days(c->last_visit), "last_at",
	    (json_int_t)c->last_visit_at, "visits", c->visits, "spend",
	    (json_int_t)(c->spend_12m * 100 + 0.5));
}

static const char *
image_of(struct import *im, struct work *w, const struct customer *c, const void *fold,
    size_t len, struct arena *a)
{
	static const char hex[] = "0123456789abcdef";
	const uint8_t *p = fold;
	char *text = arena_alloc(a, 2 * len + 1);
	const char *copy;
	json_t *j;

	for (size_t i = 0; i < len; i++) {
		text[2 * i] = hex[p[i] >> 4];
		text[2 * i + 1] = hex[p[i] & 15];
	}
	text[2 * len] = '\0';
	j = json_pack("{sI sI sI ss so ss}", "batch", (json_int_t)im->batch, "since",
	    (json_int_t)store_next_id(w->store, w->now), "at", (json_int_t)w->now,
	    "stage", c->stage, "facts", facts_of(c), "fold", text);
	text = json_dumps(j, JSON_COMPACT);
	copy = arena_strdup(a, text);
	free(text);
	json_decref(j);
	return copy;
}

int
import_profile_keep(struct import *im, struct work *w, int64_t customer, struct err *e)
{
	struct customer_row row;
	struct batch_row r = { .what = KEY };
	const void *fold = "";
	size_t len = 0;
	struct look look;
	int rc;

	if (im->how.dry_run || w->desk->rehearsal || customer == 0)
		return 0;
	if ((rc = customer_get(w->store, customer, &row, e)) != 1)
		return rc;
	r.key = row.c.ext;
	if ((rc = batch_row_known(w->store, im->batch, KEY, r.key, e)) != 0)
		return rc < 0 ? -1 : 0;
	if (signal_get(w->store, customer, &fold, &len, &look, e) < 0)
		return -1;
	r.before = image_of(im, w, &row.c, fold, len, w->arena);
	return batch_row_add(w->store, im->batch, &r, e);
}

/* ---- back ---- */

static size_t
bytes_of(const char *hex, uint8_t *out, size_t max)
{
	size_t n = 0;

	for (; hex[0] != '\0' && hex[1] != '\0' && n < max; hex += 2)
		out[n++] = (uint8_t)(g_ascii_xdigit_value(hex[0]) << 4 |
				     g_ascii_xdigit_value(hex[1]));
	return n;
}

static int64_t
number(const json_t *j, const char *name)
{
	return json_integer_value(json_object_get(j, name));
}

static struct date
day_of(const json_t *j, const char *name)
{
	int64_t day = number(j, name);

	return day == 0 ? (struct date){ 0 } : date_from_days(day);
}

/* A later file of customers or orders knows better. */
static int
facts_back(
    struct work *w, const struct customer_row *row, const json_t *image, struct err *e)
{
	const json_t *j = json_object_get(image, "facts");
	struct customer_facts f = { day_of(j, "first"), day_of(j, "last"),
		number(j, "last_at"), (int)number(j, "visits"),
		(double)number(j, "spend") / 100 };
	int rc = batch_touched_since(w->store, number(image, "batch"), row->c.ext, e);

	if (rc != 0)
		return rc < 0 ? -1 : 0;
	return customer_set_facts(w->store, row->c.id, &f, e) != 0 ? -1 : 1;
}

/* Somebody else has set the stage since: a hand, another file. */
static bool
stage_is_newer(const struct profile *p, ms_t since)
{
	return p->stage_by != STAGE_BY_RULE && p->stage_at > since;
}

static int
profile_back(struct work *w, struct customer_row *row, const json_t *image, struct err *e)
{
	const char *fold = json_string_value(json_object_get(image, "fold"));
	const char *stage = json_string_value(json_object_get(image, "stage"));
	uint8_t packed[PROFILE_PACKED];
	size_t n = bytes_of(fold == NULL ? "" : fold, packed, sizeof(packed));
	const struct profile *have;
	struct profile old;
	struct person p;

	person_of_row(w, row, &p);
	have = profile_view(&p)->p;
	if (!stage_is_newer(have, number(image, "at")))
		return customer_set_stage(
			   w->store, row->c.id, stage == NULL ? "" : stage, e) != 0
			   ? -1
			   : signal_put(w->store, row->c.id, packed, n, (struct look){ 0 }, true, e);
	profile_unpack(packed, n, &old);
	old.stage = have->stage;
	old.stage_by = have->stage_by;
	old.stage_at = have->stage_at;
	n = profile_pack(&old, packed);
	return signal_put(w->store, row->c.id, packed, n, (struct look){ 0 }, true, e);
}

static int
facts_forward(
    struct work *w, const struct person *p, const struct event *ev, struct err *e)
{
	struct local l;

	if (strcmp(ev->type, "visit") != 0)
		return 0;
	zone_local(p->zone, ev->at, &l);
	return customer_visited(w->store, p->row.c.id, ev->at, l.day, e);
}

static void
gather(void *arg, const struct event *ev)
{
	g_array_append_val((GArray *)arg, *ev);
}

/* What has happened since the image was taken, and is still on file. */
static int
again(struct work *w, int64_t customer, int64_t since, bool facts, struct err *e)
{
	GArray *events = g_array_new(FALSE, FALSE, sizeof(struct event));
	struct person p;
	int rc = event_of_customer_since(w->store, customer, since, gather, events, e);

	if (rc == 0 && person_load(w, customer, &p, e) != 1)
		rc = -1;
	for (guint i = 0; rc == 0 && i < events->len; i++) {
		const struct event *ev = &g_array_index(events, struct event, i);

		rc = profile_history(w, &p, ev, e);
		if (rc == 0 && facts)
			rc = facts_forward(w, &p, ev, e);
	}
	g_array_unref(events);
	return rc;
}

static int
restore(struct work *w, const char *ext, const char *json, struct err *e)
{
	json_t *j = json == NULL ? NULL : json_loads(json, 0, NULL);
	struct customer_row row;
	int64_t id;
	int facts = 0, rc = customer_find(w->store, ext, &id, e);

	if (rc == 1 && (rc = customer_get(w->store, id, &row, e)) == 1 && j != NULL &&
	    row.erased_at == 0) {
		facts = facts_back(w, &row, j, e);
		rc = facts < 0 ||
			     batch_forget_since(
				 w->store, number(j, "batch"), KEY, ext, e) != 0 ||
			     profile_back(w, &row, j, e) != 0 ||
			     again(w, id, number(j, "since"), facts == 1, e) != 0
			 ? -1
			 : 0;
	}
	json_decref(j);
	return rc < 0 ? -1 : 0;
}

const struct import_kind import_profile = {
	.what = KEY, .restore = restore, .always = true
};
