#include "store/customer.h"

#include <string.h>

#include <glib.h>

#include "customer_impl.h"
#include "day.h"
#include "said.h"
#include "store/signal.h"
#include "store/tie.h"

unsigned
customer_pack_consent(const struct customer *c)
{
	unsigned bits = 0;

	for (int i = 0; i < CHANNELS; i++)
		bits |= (unsigned)c->consent[i] << (2 * i);
	return bits;
}

static void
unpack_consent(struct customer *c, unsigned bits)
{
	for (int i = 0; i < CHANNELS; i++)
		c->consent[i] = (unsigned char)(bits >> (2 * i) & 3);
}

static void
bind(struct sql *q, const struct customer *c)
{
	sql_text(q, 2, c->ext);
	sql_text(q, 3, c->name);
	sql_text(q, 4, c->gender);
	sql_text(q, 5, c->tier);
	sql_text(q, 6, c->stage);
	sql_text(q, 7, c->store);
	sql_text(q, 8, c->advisor);
	sql_text(q, 9, c->tz);
	day_bind(q, 10, c->birthday);
	day_bind(q, 11, c->first_visit);
	day_bind(q, 12, c->last_visit);
	sql_int(q, 13, c->last_visit_at);
	sql_int(q, 14, c->visits);
	sql_int(q, 15, (int64_t)(c->spend_12m * 100 + (c->spend_12m < 0 ? -0.5 : 0.5)));
	sql_int(q, 16, customer_pack_consent(c));
	sql_text(q, 17, c->tags);
	sql_text(q, 18, c->attrs);
	sql_text(q, 24, c->kind);
	sql_text(q, 25, c->contact);
	sql_text(q, 26, c->contact_name);
	sql_text(q, 27, c->household);
}

static int
same_addresses(const struct customer *a, const struct customer *b)
{
	for (int i = 0; i < CHANNELS; i++)
		if (strcmp(a->address[i], b->address[i]) != 0)
			return 0;
	return 1;
}

static int
add(struct store *s, int64_t id, const struct customer *c, const uint8_t *sealed, size_t n,
    struct err *e)
{
	struct sql *q = sql_get(s,
	    "INSERT INTO customer(id, ext, name, gender, tier, stage, store, advisor, tz,"
	    " birthday, first_visit, last_visit, last_visit_at, visits, spend, consent,"
	    " tags, attrs, addr_enc, kind, contact, contact_name, household, ties) VALUES(?1,"
	    " ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18,"
	    " ?19, ifnull(?24, ''), ifnull(?25, ''), ifnull(?26, ''), ifnull(?27, ''),"
	    /* Who was named before he was known. */
	    " iif(EXISTS(SELECT 1 FROM customer WHERE contact = ?2 AND contact <> ''), ?20, 0))");

	sql_int(q, 1, id);
	bind(q, c);
	sql_blob(q, 19, sealed, n);
	sql_int(q, 20, TIE_CONTACT);
	return sql_run(q, e);
}

/* c: as it is to be; file: what the file says of it, remembered where it is not that. NULL:
 * the same, but only if playbooks have not written stage, tags or attributes since the last
 * file. 1 written, 0 they have, -1. */
static int
renew(struct store *s, const struct customer_row *old, const struct customer *c,
    const struct customer *file, const uint8_t *sealed, size_t n, struct err *e)
{
	struct sql *q = sql_get(s,
	    /* A tier holds for its month. */
	    "UPDATE customer SET ext = ?2, name = ?3, gender = ?4,"
	    " tier = iif(tier = '', ?5, tier), tier_next ="
	    " iif(?5 = '', tier_next, iif(tier IN ('', ?5), '', ?5)), stage = ?6,"
	    " store = ?7, advisor = ?8, tz = ?9, birthday = ?10, first_visit = ?11,"
	    " last_visit = nullif(max(ifnull(last_visit, 0), ifnull(?12, 0)), 0),"
	    " last_visit_at = max(last_visit_at, ?13), visits = max(visits, ?14),"
	    " spend = ?15, consent = ?16, tags = ?17, attrs = ?18,"
	    " addr_enc = ?19, invalid = ?20, said_stage = nullif(?21, ?6),"
	    " said_tags = nullif(?22, ?17), said_attrs = nullif(?23, ?18),"
	    " said_consent = nullif(?28, ?16),"
	    " kind = ifnull(nullif(?24, ''), kind), contact = ifnull(nullif(?25, ''), contact),"
	    " contact_name = ifnull(nullif(?26, ''), contact_name),"
	    " household = ifnull(nullif(?27, ''), household)"
	    " WHERE id = ?1 AND (?21 IS NOT NULL OR said_stage IS NULL AND said_tags IS NULL"
	    " AND said_attrs IS NULL AND said_consent IS NULL)");

	sql_int(q, 1, old->c.id);
	bind(q, c);
	sql_blob(q, 19, sealed, n);
	/* A new address is given the benefit of the doubt; an old one is not. */
	sql_int(q, 20, same_addresses(&old->c, c) ? old->invalid : 0);
	sql_text(q, 21, file == NULL ? NULL : file->stage);
	sql_text(q, 22, file == NULL ? NULL : file->tags);
	sql_text(q, 23, file == NULL ? NULL : file->attrs);
	sql_text(q, 28, NULL);
	if (file != NULL)
		sql_int(q, 28, customer_pack_consent(file));
	return sql_run(q, e) != 0 ? -1 : store_changes(s);
}

int
customer_said(struct store *s, struct customer *c, struct err *e)
{
	struct sql *q = sql_get(s, "SELECT said_stage, said_tags, said_attrs, said_consent"
				   " FROM customer WHERE id = ?1");
	int rc;

	sql_int(q, 1, c->id);
	rc = sql_step(q, e);
	if (rc == 1 && !sql_is_null(q, 0))
		c->stage = sql_col_dup(s, q, 0);
	if (rc == 1 && !sql_is_null(q, 1))
		c->tags = sql_col_dup(s, q, 1);
	if (rc == 1 && !sql_is_null(q, 2))
		c->attrs = sql_col_dup(s, q, 2);
	if (rc == 1 && !sql_is_null(q, 3))
		unpack_consent(c, (unsigned)sql_col(q, 3));
	sql_end(q);
	return rc == 1 ? 1 : -1;
}

/* What the file changes since last time, and what playbooks have made of the rest. */
static int
merge(struct store *s, const struct customer_row *old, const struct customer *c,
    struct customer *merged, struct err *e)
{
	struct sql *q = sql_get(s, "SELECT ifnull(said_stage, stage), ifnull(said_tags, tags),"
				   " ifnull(said_attrs, attrs), ifnull(said_consent, consent)"
				   " FROM customer WHERE id = ?1");
	struct arena *a = store_scratch(s);
	struct customer before = { 0 };

	sql_int(q, 1, old->c.id);
	if (sql_step(q, e) != 1)
		return -1;
	*merged = *c;
	merged->stage = said_word(sql_col_text(q, 0), c->stage, old->c.stage);
	merged->tags = said_tags(a, sql_col_text(q, 1), c->tags, old->c.tags);
	merged->attrs = said_attrs(a, sql_col_text(q, 2), c->attrs, old->c.attrs);
	unpack_consent(&before, (unsigned)sql_col(q, 3));
	for (int i = 0; i < CHANNELS; i++)
		if (c->consent[i] == before.consent[i])
			merged->consent[i] = old->c.consent[i];
	sql_end(q);
	return 0;
}

static int
change(struct store *s, const struct customer_row *old, const struct customer *c,
    const uint8_t *sealed, size_t n, struct customer *now, struct err *e)
{
	int rc = renew(s, old, c, NULL, sealed, n, e);

	*now = *c;
	if (rc != 0)
		return rc < 0 ? -1 : 0;
	if (merge(s, old, c, now, e) != 0)
		return -1;
	return renew(s, old, now, c, sealed, n, e) == 1 ? 0 : -1;
}

/* "" and NULL say nothing. */
static bool
same_word(const char *known, const char *told)
{
	return told == NULL || *told == '\0' || strcmp(known, told) == 0;
}

/* What conditions may ask for; a row that says nothing new wants no look. */
static bool
same_facts(const struct customer *a, const struct customer *b)
{
	return (*a->tier != '\0' || *b->tier == '\0') && strcmp(a->stage, b->stage) == 0 &&
	    strcmp(a->store, b->store) == 0 && strcmp(a->advisor, b->advisor) == 0 &&
	    strcmp(a->tz, b->tz) == 0 && strcmp(a->tags, b->tags) == 0 &&
	    strcmp(a->attrs, b->attrs) == 0 && a->visits == b->visits &&
	    a->spend_12m == b->spend_12m && date_days(a->last_visit) == date_days(b->last_visit) &&
	    date_days(a->birthday) == date_days(b->birthday) && same_word(a->kind, b->kind) &&
	    same_word(a->contact_name, b->contact_name) && same_word(a->household, b->household);
}

/* An empty profile, or the one there is, to be looked at by the next sweep. */
static int
new_profile(struct store *s, int64_t id, struct err *e)
{
	struct sql *q = sql_get(
	    s, "INSERT INTO signal VALUES(?1, 0, 0, x'') ON CONFLICT DO UPDATE SET look = 0");

	sql_int(q, 1, id);
	return sql_run(q, e);
}

int
customer_put(struct store *s, const struct customer *c, int64_t *id, bool *created, struct err *e)
{
	struct customer_row old;
	struct customer now;
	uint8_t sealed[CUSTOMER_SEALED];
	size_t n;
	int have = customer_find(s, c->ext, id, e);
	int rc;

	if (have < 0)
		return -1;
	*created = have == 0;
	if (have == 1) {
		if (customer_get(s, *id, &old, e) != 1 || customer_open(s, &old, e) != 0)
			return -1;
		if (!same_addresses(&old.c, c) && customer_drop_addresses(s, &old, e) != 0)
			return -1;
	} else {
		if (customer_last(s, id, e) != 0)
			return -1;
		++*id;
	}
	if (customer_seal(s, *id, c, sealed, &n, e) != 0)
		return -1;
	rc = have == 1 ? change(s, &old, c, sealed, n, &now, e) : add(s, *id, c, sealed, n, e);
	if (rc == 0 && (have == 0 || !same_addresses(&old.c, c)))
		rc = customer_put_addresses(s, *id, c, e);
	if (rc == 0 && c->contact != NULL && *c->contact != '\0')
		rc = tie_contact(s, *id, c->contact, e);
	if (rc == 0 && (have == 0 || !same_facts(&old.c, &now)))
		rc = new_profile(s, *id, e);
	return rc;
}

#define COLUMNS_OF_CUSTOMER                                                              \
	"id, ext, name, gender, tier, stage, store, advisor, tz, birthday, first_visit," \
	" last_visit, last_visit_at, visits, spend, consent, tags, attrs, addr_enc,"     \
	" invalid, blocked_at, erased_at, merged, kind, contact, contact_name, household, ties"

static void
read_row(struct store *s, struct sql *q, void *into)
{
	struct customer_row *out = into;
	struct customer *c = &out->c;
	size_t n;
	const void *sealed;

	memset(out, 0, sizeof(*out));
	c->id = sql_col(q, 0);
	c->ext = sql_col_dup(s, q, 1);
	c->name = sql_col_dup(s, q, 2);
	c->gender = sql_col_dup(s, q, 3);
	c->tier = sql_col_dup(s, q, 4);
	c->stage = sql_col_dup(s, q, 5);
	c->store = sql_col_dup(s, q, 6);
	c->advisor = sql_col_dup(s, q, 7);
	c->tz = sql_col_dup(s, q, 8);
	c->birthday = day_col(q, 9);
	c->first_visit = day_col(q, 10);
	c->last_visit = day_col(q, 11);
	c->last_visit_at = sql_col(q, 12);
	c->visits = (int)sql_col(q, 13);
	c->spend_12m = (double)sql_col(q, 14) / 100;
	unpack_consent(c, (unsigned)sql_col(q, 15));
	c->tags = sql_col_dup(s, q, 16);
	c->attrs = sql_col_dup(s, q, 17);
	out->invalid = (unsigned)sql_col(q, 19);
	out->blocked_at = sql_col(q, 20);
	out->erased_at = sql_col(q, 21);
	out->merged = sql_col(q, 22);
	c->kind = sql_col_word(s, q, 23);
	c->contact = sql_col_word(s, q, 24);
	c->contact_name = sql_col_word(s, q, 25);
	c->household = sql_col_word(s, q, 26);
	c->ties = (unsigned)sql_col(q, 27);
	for (int i = 0; i < CHANNELS; i++)
		c->address[i] = "";
	sealed = sql_col_blob(q, 18, &n);
	out->sealed_len = n;
	out->sealed = n == 0 ? NULL : memcpy(arena_alloc(store_scratch(s), n), sealed, n);
}

int
customer_get(struct store *s, int64_t id, struct customer_row *out, struct err *e)
{
	struct sql *q = sql_get(s, "SELECT " COLUMNS_OF_CUSTOMER " FROM customer WHERE id = ?1");

	sql_int(q, 1, id);
	return sql_one(s, q, read_row, out, e);
}

/* Who went into one who went into another himself is the last of them. */
static int
last_of(struct store *s, int64_t *id, struct err *e)
{
	int rc;

	do {
		struct sql *q = sql_get(s, "SELECT merged FROM customer WHERE id = ?1 AND merged <> 0");

		sql_int(q, 1, *id);
		rc = sql_step(q, e);
		if (rc == 1)
			*id = sql_col(q, 0);
		sql_end(q);
	} while (rc == 1);
	return rc;
}

int
customer_find(struct store *s, const char *ext, int64_t *id, struct err *e)
{
	struct sql *q = sql_get(s, "SELECT id, merged FROM customer WHERE ext = ?1");
	bool merged = false;
	int rc;

	sql_text(q, 1, ext);
	rc = sql_step(q, e);
	if (rc == 1) {
		*id = sql_col(q, 0);
		merged = sql_col(q, 1) != 0;
	}
	sql_end(q);
	return merged && last_of(s, id, e) != 0 ? -1 : rc;
}

static bool
is_among(const int64_t *ids, int n, int64_t id)
{
	for (int i = 0; i < n; i++)
		if (ids[i] == id)
			return true;
	return false;
}

int
customer_of_address(struct store *s, int64_t h, int64_t *ids, int max, struct err *e)
{
	struct sql *q = sql_get(s, "SELECT DISTINCT customer FROM address WHERE h = ?1 LIMIT ?2");
	int n = 0, all = 0, rc;

	sql_int(q, 1, h);
	sql_int(q, 2, max);
	while ((rc = sql_step(q, e)) == 1)
		ids[all++] = sql_col(q, 0);
	for (int i = 0; rc == 0 && i < all; i++) {
		int64_t id = ids[i];

		rc = last_of(s, &id, e);
		if (!is_among(ids, n, id))
			ids[n++] = id;
	}
	return rc < 0 ? -1 : n;
}

int
customer_page(struct store *s, int64_t after, int ids, const char *tz, struct customer_row *out,
    struct err *e)
{
	struct sql *q = sql_get(s, "SELECT " COLUMNS_OF_CUSTOMER " FROM customer"
				   " WHERE id > ?1 AND id <= ?1 + ?2 AND (?3 IS NULL OR tz = ?3)"
				   " AND merged = 0 AND erased_at = 0"
				   " ORDER BY id");

	sql_int(q, 1, after);
	sql_int(q, 2, ids);
	sql_text(q, 3, tz);
	return sql_all(s, q, read_row, out, sizeof(*out), e);
}

int
signal_due(struct store *s, const struct due *ask, int64_t *cursor, int64_t span, int max,
    struct customer_row *out, struct err *e)
{
	struct sql *q = sql_get(s,
	    "SELECT " COLUMNS_OF_CUSTOMER " FROM signal s JOIN customer c ON c.id = s.customer"
	    " WHERE s.customer > ?1 AND s.customer <= ?2 AND (?3 OR s.look <= ?4"
	    " OR (s.place <> 0 AND instr(?8, ',' || s.place || ',') = 0) OR EXISTS"
	    " (SELECT 1 FROM reservation r WHERE r.customer = s.customer AND r.at > ?5))"
	    " AND (?6 IS NULL OR c.tz = ?6) AND c.merged = 0 ORDER BY s.customer LIMIT ?7");
	int n = 0, rc;

	sql_int(q, 1, *cursor);
	sql_int(q, 2, *cursor + span);
	sql_int(q, 3, ask->all);
	sql_int(q, 4, ask->day);
	sql_int(q, 5, ask->since);
	sql_text(q, 6, ask->tz);
	sql_int(q, 7, max);
	sql_text(q, 8, ask->full);
	while ((rc = sql_step(q, e)) == 1)
		read_row(s, q, &out[n++]);
	*cursor = n == max ? out[n - 1].c.id : *cursor + span;
	return rc < 0 ? -1 : n;
}

int
customer_last(struct store *s, int64_t *id, struct err *e)
{
	struct sql *q = sql_get(s, "SELECT ifnull(max(id), 0) FROM customer");

	if (sql_step(q, e) != 1)
		return -1;
	*id = sql_col(q, 0);
	sql_end(q);
	return 0;
}

int
customer_zones(struct store *s, void (*each)(void *arg, const char *tz), void *arg, struct err *e)
{
	struct sql *q = sql_get(s, "SELECT DISTINCT tz FROM customer");
	int rc;

	while ((rc = sql_step(q, e)) == 1)
		each(arg, sql_col_text(q, 0));
	return rc;
}

int
customer_count_of(
    struct store *s, const char *name, const char *other, int64_t *n, struct err *e)
{
	struct sql *q = sql_get(
	    s, "SELECT count(*) FROM customer WHERE advisor = ?1 OR advisor = ?2");
	int rc;

	sql_text(q, 1, name);
	sql_text(q, 2, other);
	if ((rc = sql_step(q, e)) == 1)
		*n = sql_col(q, 0);
	sql_end(q);
	return rc == 1 ? 0 : -1;
}

int
customer_count(struct store *s, int64_t *n, struct err *e)
{
	/* By indexes: a million rows are not read for it. */
	struct sql *q = sql_get(s,
	    "SELECT (SELECT count(*) FROM customer) - (SELECT count(*) FROM joined) -"
	    " (SELECT count(*) FROM customer WHERE ext >= 'gone:' AND ext < 'gone;'"
	    " AND erased_at <> 0)");

	if (sql_step(q, e) != 1)
		return -1;
	*n = sql_col(q, 0);
	sql_end(q);
	return 0;
}

/* Whoever writes it: conditions may ask for it, so the next sweep looks. */
