/* Opt-outs that nobody meant, taken back by the account or the file they came from: listed
 * first, by portions, audited. Who said no in another way, too, stays out. */
#include <string.h>

#include "access.h"
#include "core/role.h"
#include "hand.h"
#include "intake.h"
#include "store/batch.h"
#include "store/optout.h"

#define PORTION 500
#define PEOPLE_MAX 16

struct unsaying {
	struct hand *h;
	const char *origin, *account; /* account "": of a file */
	ms_t since, until;
	bool really;
	const char *by, *why;
	json_t *list;
	int64_t lifted, stayed;
};

static const char *
stays(const struct unsaying *u, const struct optout_row *o, const struct customer_row *c)
{
	if (c != NULL && c->blocked_at != 0)
		return "complained";
	if (o->first < u->since || o->last >= u->until)
		return "said so at another time, too";
	return o->others ? "said so in another way, too" : NULL;
}

static void
list(struct unsaying *u, const struct optout_row *o, const char *ext, const char *why)
{
	const struct zone *z = u->h->w->cat->config->entity.zone;
	char at[CLOCK_TEXT];

	json_array_append_new(u->list,
	    json_pack("{ss ss ss ss*}", "customer", ext, "channel",
		channel_name(o->channel), "at",
		clock_format(o->first, zone_offset(z, o->first) / 60, at), "stays", why));
}

/* It stays with his own story, words and all. */
static int
tell(struct unsaying *u, struct person *p, int channel, struct err *e)
{
	char *data;
	json_t *j = json_pack("{ss s[s] ss ss ss}", "what", "optout", "channels",
	    channel_name(channel), "origin", u->origin, "by", u->by, "reason", u->why);
	int rc;

	data = json_dumps(j, JSON_COMPACT | JSON_SORT_KEYS);
	json_decref(j);
	rc = intake_own(u->h->w, p, "optout_lifted", data, e);
	free(data);
	return rc;
}

/* One of them at the address has complained: nothing lifts that. */
static int
one(struct unsaying *u, const struct optout_row *o, struct err *e)
{
	struct work *w = u->h->w;
	const char *why = stays(u, o, NULL);
	struct person p[PEOPLE_MAX];
	int64_t ids[PEOPLE_MAX];
	int n = customer_of_address(w->store, o->h, ids, PEOPLE_MAX, e);

	for (int i = 0; i < n; i++) {
		if (person_load(w, ids[i], &p[i], e) != 1)
			return -1;
		if (why == NULL)
			why = stays(u, o, &p[i].row);
	}
	if (n < 0)
		return -1;
	for (int i = 0; i < n; i++)
		list(u, o, p[i].row.c.ext, why);
	if (n == 0)
		list(u, o, "", why);
	*(why == NULL ? &u->lifted : &u->stayed) += 1;
	if (why != NULL || !u->really)
		return 0;
	if (optout_drop(w->store, o->id, e) != 0)
		return -1;
	for (int i = 0; i < n; i++)
		if (customer_open(w->store, &p[i].row, e) != 0 ||
		    tell(u, &p[i], o->channel, e) != 0)
			return -1;
	return 0;
}

static void
instant(struct unsaying *u, const char *key, ms_t at)
{
	const struct zone *z = u->h->w->cat->config->entity.zone;
	char text[CLOCK_TEXT];

	json_object_set_new(
	    u->h->out, key, json_string(clock_format(at, zone_offset(z, at) / 60, text)));
}

/* By portions: each on record before it counts. */
static int
record(struct unsaying *u, struct err *e)
{
	struct hand *h = u->h;

	if (!u->really || u->lifted == 0)
		return 0;
	if (*u->account != '\0' &&
	    rush_false(h->w->store, u->account, u->since, u->until, e) != 0)
		return -1;
	return access_note(
	    h->w, u->by, h->role, "opt-in", u->origin, u->why, 0, u->lifted, e);
}

static int
portion(struct unsaying *u, struct err *e)
{
	struct hand *h = u->h;
	struct optout_row *rows = arena_array(h->w->arena, struct optout_row, PORTION);
	int64_t cursor = json_integer_value(json_object_get(h->in, "cursor"));
	int n = optout_of(
	    h->w->store, u->origin, u->since, u->until, cursor, rows, PORTION, e);

	u->list = json_array();
	json_object_set_new(h->out, "rows", u->list);
	for (int i = 0; i < n; i++) {
		if (one(u, &rows[i], e) != 0)
			return -1;
		cursor = rows[i].id;
	}
	instant(u, "since", u->since);
	instant(u, "until", u->until);
	json_object_set_new(h->out, "lifted", json_integer(u->lifted));
	json_object_set_new(h->out, "stayed", json_integer(u->stayed));
	json_object_set_new(h->out, "more", json_boolean(n == PORTION));
	json_object_set_new(h->out, "cursor", json_integer(cursor));
	return n < 0 ? -1 : record(u, e);
}

static bool
is_account(const struct config *cfg, const char *name)
{
	for (int i = 0; i < cfg->n_accounts; i++)
		if (strcmp(cfg->accounts[i].name, name) == 0)
			return true;
	return false;
}

/* 1, 0 refused, -1. */
static int
origin(struct unsaying *u, struct err *e)
{
	struct hand *h = u->h;
	int64_t id = json_integer_value(json_object_get(h->in, "batch"));
	struct import_batch b;
	int rc;

	u->account = hand_text(h, "account");
	u->origin = u->account;
	if ((id != 0) == (*u->account != '\0'))
		return hand_no(h, 422,
		    "say whence they came: --account NAME, or --batch N of an import");
	if (id == 0)
		return is_account(h->w->cat->config, u->account)
			   ? 1
			   : hand_no(h, 404, "there is no account \"%.64s\"", u->account);
	u->origin = arena_printf(h->w->arena, "batch:%" G_GINT64_FORMAT, id);
	if ((rc = batch_get(h->w->store, id, &b, e)) < 0)
		return -1;
	if (rc == 0 || strcmp(b.what, "optouts") != 0)
		return hand_no(h, 404,
		    "batch %" G_GINT64_FORMAT
		    " is no import of opt-outs: `reachd import batches` lists them",
		    id);
	return 1;
}

/* Whoever said no must not be written to by mistake: one who answers for all. */
static int
may(struct unsaying *u)
{
	struct hand *h = u->h;

	if (h->role != ROLE_ADMIN)
		return hand_no(
		    h, 403, "opt-outs of many are lifted by an admin, who says why");
	if (!hand_instant(h, "since", &u->since) || !hand_instant(h, "until", &u->until))
		return 0;
	/* Whole seconds, as they are told back for the next portion. */
	u->since -= u->since % MS_SECOND;
	u->until = u->until == 0 ? h->w->now + 1 : u->until;
	u->until += (MS_SECOND - u->until % MS_SECOND) % MS_SECOND;
	if (u->since >= u->until)
		return hand_no(h, 422, "--since must be before --until");
	if (*u->account != '\0' && u->since == 0)
		return hand_no(h, 422,
		    "say since when what this account told was false: --since TIME");
	if (!u->really)
		return 1;
	u->by = hand_text(h, "by");
	u->why = hand_text(h, "reason");
	return hand_reason(h) != NULL;
}

int
hand_undo_optouts(struct hand *h, struct err *e)
{
	struct unsaying u = { .h = h, .really = hand_flag(h, "yes") };
	int rc = origin(&u, e);

	if (rc == 1)
		rc = may(&u);
	return rc == 1 ? portion(&u, e) : rc;
}
