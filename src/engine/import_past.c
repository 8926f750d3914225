/* What another system did: its sends take slots, its open complaints stop us, its ids
 * become addresses. */
#include <string.h>

#include <jansson.h>

#include "core/gate.h"
#include "import_kind.h"
#include "intake.h"
#include "profile.h"
#include "slots.h"
#include "store/contact.h"
#include "store/event.h"
#include "store/msg.h"

#define UNIONIDS_MAX 16 /* of one customer */
#define SENDS_DAYS 32   /* rolling limits look back so far */

/* ---- sends ---- */

static void *
sends_open(const struct import *im, const struct zone *zone, struct err *e)
{
	return import_record_open(&record_send, im, zone, e);
}

/* owner becomes the customer's id, so that the key can tell it again. */
static int
send_settle(const struct import *im, struct work *w, void *row, struct row_fault *f,
    struct err *e)
{
	struct past_send *s = row;
	int64_t id;

	(void)im;
	if (import_owner(w, s->owner, s->phone, "", &id, f, e) != 0)
		return -1;
	s->owner = import_ext(w, id);
	if (s->at > w->now + MS_HOUR)
		rows_judge(
		    f, ROW_REFUSED, 0, "", "it would have been sent in the future");
	return 0;
}

/* customer|at|channel|category|id: all that counting it, and taking it back, needs. */
static const char *
send_key(const void *row, struct arena *a)
{
	const struct past_send *s = row;

	return arena_printf(a, "%s\x1f%" G_GINT64_FORMAT "\x1f%s\x1f%s\x1f%s", s->owner,
	    s->at, s->channel, s->category, s->ext);
}

struct sent {
	struct customer_row row;
	ms_t at;
	int channel, category;
	int64_t msg; /* negative: no message of ours */
};

/* 1, 0 nobody, -1. */
static int
read_key(struct work *w, const char *key, struct sent *out, struct err *e)
{
	char **part = g_strsplit(key, "\x1f", 5);
	int64_t id;
	int rc = g_strv_length(part) == 5 ? customer_find(w->store, part[0], &id, e) : 0;

	if (rc == 1)
		rc = customer_get(w->store, id, &out->row, e);
	if (rc == 1 && customer_open(w->store, &out->row, e) != 0)
		rc = -1;
	if (rc == 1) {
		out->at = g_ascii_strtoll(part[1], NULL, 10);
		out->channel = channel_find(part[2]);
		out->category = category_find(part[3]);
		out->msg = -1 - crypt_hmac64(store_crypt(w->store), "import.send", key,
				    strlen(key));
	}
	g_strfreev(part);
	return rc;
}

/* Slots it holds by the tier of today; n is 1, or -1 to give them back. */
static int
count_slots(struct work *w, const struct sent *s, int n, struct err *e)
{
	const struct zone *house = w->cat->config->entity.zone;
	const struct tier *tier = gate_tier(w->cat->policy, &s->row.c);
	const char *address = s->row.c.address[s->channel];
	char scope[SLOT_TEXT];
	ms_t start, end;
	int period = gate_period(tier->period, house, s->at, &start, &end);
	int64_t h;

	if (s->category != CATEGORY_MARKETING || tier->cap < 0)
		return 0;
	if (cap_add(w->store, slots_customer(s->row.c.id, scope), period, n, e) != 0)
		return -1;
	if (*address == '\0')
		return 0;
	h = customer_hash(w->store, s->channel, address);
	return cap_address(w->store, h, s->row.c.id, e) != 0
		   ? -1
		   : cap_add(w->store, slots_address(h, scope), period, n, e);
}

static int
send_put(struct import *im, struct work *w, void *row, bool fresh, struct err *e)
{
	struct sent s;
	int rc;

	(void)fresh;
	rc = read_key(w, send_key(row, im->arena), &s, e);
	if (rc != 1 || s.at < w->now - SENDS_DAYS * MS_DAY ||
	    s.category == CATEGORY_TRANSACTIONAL)
		return rc < 0 ? -1 : 0;
	rc = reservation_put(w->store, s.row.c.id, s.at, s.msg, s.category, e);
	return rc <= 0 ? rc : count_slots(w, &s, 1, e);
}

static int
send_image(struct work *w, const char *key, const char **json, struct err *e)
{
	struct sent s;
	int rc = read_key(w, key, &s, e);

	*json = "{}";
	return rc <= 0 ? rc : reservation_known(w->store, s.row.c.id, s.at, s.msg, e);
}

static int
send_restore(struct work *w, const char *key, const char *json, struct err *e)
{
	struct sent s;
	int rc = json != NULL ? 0 : read_key(w, key, &s, e);

	if (rc == 1)
		rc = reservation_take(w->store, s.row.c.id, s.at, s.msg, e);
	return rc <= 0 ? rc : count_slots(w, &s, -1, e);
}

const struct import_kind import_sends = { .what = "sends",
	IMPORT_RECORD,
	.open = sends_open,
	.settle = send_settle,
	.key = send_key,
	.put = send_put,
	.image = send_image,
	.restore = send_restore };

/* ---- complaints ---- */

static void *
complaints_open(const struct import *im, const struct zone *zone, struct err *e)
{
	return import_record_open(&record_complaint, im, zone, e);
}

static int
complaint_settle(const struct import *im, struct work *w, void *row, struct row_fault *f,
    struct err *e)
{
	struct past_complaint *c = row;
	int64_t id;

	(void)im;
	if (*c->ext == '\0')
		rows_judge(f, ROW_REFUSED, 0, "", "it has no id");
	if (import_owner(w, c->owner, c->phone, "", &id, f, e) != 0)
		return -1;
	c->owner = import_ext(w, id);
	return 0;
}

static const char *
complaint_key(const void *row, struct arena *a)
{
	return arena_printf(a, "complaint:%s", ((const struct past_complaint *)row)->ext);
}

static int
note_complaint(struct work *w, const struct event *ev, const char *state, struct err *e)
{
	struct event closed = *ev;
	struct person p;

	closed.type = "complaint_closed";
	if (person_load(w, ev->customer, &p, e) != 1 ||
	    profile_history(w, &p, ev, e) != 0)
		return -1;
	return strcmp(state, "open") == 0 ? 0 : profile_history(w, &p, &closed, e);
}

/* History as an event; one still open also stops everything to him, as a new one would. */
static int
complaint_put(struct import *im, struct work *w, void *row, bool fresh, struct err *e)
{
	const struct past_complaint *c = row;
	struct event ev = { .source = "import",
		.evid = complaint_key(row, w->arena),
		.type = "complaint",
		.at = c->at,
		.recv_at = w->now,
		.data = "{}" };
	struct ended ended = { 0 };
	struct person p;
	int rc;

	if (customer_find(w->store, c->owner, &ev.customer, e) != 1 ||
	    (fresh && import_profile_keep(im, w, ev.customer, e) != 0) ||
	    (rc = event_add(w->store, &ev, e)) < 0 ||
	    (rc == 1 && !im->how.dry_run && note_complaint(w, &ev, c->state, e) != 0))
		return -1;
	if (strcmp(c->state, "open") != 0 || im->how.dry_run)
		return 0;
	if (person_load(w, ev.customer, &p, e) != 1 ||
	    customer_open(w->store, &p.row, e) != 0)
		return -1;
	if (p.row.blocked_at != 0)
		return 0;
	return intake_block(w, &p, "import", &ended, e) != 0 ? -1
							     : intake_go_on(w, &p, &ended, e);
}

/* Its event is kept or dropped; a block is for a person to lift. */
static int
complaint_image(struct work *w, const char *key, const char **json, struct err *e)
{
	*json = "{}";
	return event_known(w->store, "import", key, e);
}

static int
complaint_restore(struct work *w, const char *key, const char *json, struct err *e)
{
	if (json != NULL)
		return 0;
	return profile_untell(w, "import", key, e) < 0
		   ? -1
		   : event_drop(w->store, "import", key, e);
}

const struct import_kind import_complaints = { .what = "complaints",
	IMPORT_RECORD,
	.open = complaints_open,
	.settle = complaint_settle,
	.key = complaint_key,
	.put = complaint_put,
	.image = complaint_image,
	.restore = complaint_restore };

/* ---- contact ids ---- */

static void *
contacts_open(const struct import *im, const struct zone *zone, struct err *e)
{
	return import_record_open(&record_contact, im, zone, e);
}

static int
contact_settle(const struct import *im, struct work *w, void *row, struct row_fault *f,
    struct err *e)
{
	struct contact *c = row;
	int64_t id;

	(void)im;
	if (import_owner(w, c->owner, c->phone, "", &id, f, e) != 0)
		return -1;
	c->owner = import_ext(w, id);
	return 0;
}

static const char *
contact_key(const void *row, struct arena *a)
{
	(void)a;
	return ((const struct contact *)row)->owner;
}

static int
contact_take(struct import *im, struct work *w, void *row, bool fresh, struct err *e)
{
	const struct contact *c = row;
	struct customer_row have;
	int64_t id;
	const char *address[CHANNELS];

	(void)im;
	(void)fresh;
	if (customer_find(w->store, c->owner, &id, e) != 1 ||
	    customer_get(w->store, id, &have, e) != 1 ||
	    customer_open(w->store, &have, e) != 0)
		return -1;
	for (int i = 0; i < CHANNELS; i++)
		address[i] = have.c.address[i];
	if (*c->wecom != '\0')
		address[CHANNEL_WECOM] = c->wecom;
	if (*c->push != '\0')
		address[CHANNEL_PUSH] = c->push;
	if (*c->unionid != '\0' &&
	    unionid_add(w->store, contact_union_hash(w->store, c->unionid), id, e) != 0)
		return -1;
	return customer_set_addresses(w->store, &have, address, e);
}

/* The customer, and his unionids. */
static int
contact_image(struct work *w, const char *key, const char **json, struct err *e)
{
	int64_t id, hs[UNIONIDS_MAX];
	GString *s;
	int n, rc = import_customers.image(w, key, json, e);

	if (rc != 1)
		return rc;
	if (customer_find(w->store, key, &id, e) != 1 ||
	    (n = unionid_list(w->store, id, hs, UNIONIDS_MAX, e)) < 0)
		return -1;
	if (n == 0)
		return 1;
	s = g_string_new_len(*json, (gssize)strlen(*json) - 1);
	g_string_append(s, ",\"unionids\":[");
	for (int i = 0; i < n; i++)
		g_string_append_printf(s, "%s%" G_GINT64_FORMAT, i > 0 ? "," : "", hs[i]);
	g_string_append(s, "]}");
	*json = arena_strdup(w->arena, s->str);
	g_string_free(s, TRUE);
	return 1;
}

static int
contact_restore(struct work *w, const char *key, const char *json, struct err *e)
{
	json_t *j = json == NULL ? NULL : json_loads(json, 0, NULL);
	const json_t *list = json_object_get(j, "unionids");
	int64_t id;
	int rc = j == NULL ? 0 : import_customers.restore(w, key, json, e);

	if (j != NULL && rc == 0 &&
	    (customer_find(w->store, key, &id, e) != 1 ||
		unionid_clear(w->store, id, e) != 0))
		rc = -1;
	for (size_t i = 0; rc == 0 && i < json_array_size(list); i++)
		rc = unionid_add(
		    w->store, json_integer_value(json_array_get(list, i)), id, e);
	json_decref(j);
	return rc;
}

const struct import_kind import_contacts = { .what = "contacts",
	IMPORT_RECORD,
	.open = contacts_open,
	.settle = contact_settle,
	.key = contact_key,
	.put = contact_take,
	.image = contact_image,
	.restore = contact_restore };
