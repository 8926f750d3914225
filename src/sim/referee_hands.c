/* referee_hands.c - what was ordered by hand: nothing leaves that was stopped, and nobody's
 * data is used that is gone. */
#include <string.h>

#include "../store/sql.h"
#include "referee_impl.h"

/* From intent to first byte it may take so long; of what an undone event had begun. */
#define INTENT (6 * MS_SECOND)

struct span {
	char *playbook;
	ms_t from, until; /* 0: still */
};

struct recalled {
	char *playbook, *step;
	int64_t last;
	ms_t done;
};

struct corrected {
	char *playbook, *template_;
	GPtrArray *people;
};

void
referee_hands_init(struct referee *r)
{
	r->letters = g_array_new(FALSE, FALSE, sizeof(struct letter_seen));
	r->spans = g_array_new(FALSE, FALSE, sizeof(struct span));
	r->recalls = g_array_new(FALSE, FALSE, sizeof(struct recalled));
	r->corrections = g_array_new(FALSE, FALSE, sizeof(struct corrected));
	r->joins = g_array_new(FALSE, FALSE, sizeof(struct join_seen));
	r->leaves = g_array_new(FALSE, FALSE, sizeof(struct leave_seen));
	r->guests = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	r->undone = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	r->erasing = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	r->erased = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
}

void
referee_hands_free(struct referee *r)
{
	for (guint i = 0; i < r->spans->len; i++)
		g_free(g_array_index(r->spans, struct span, i).playbook);
	for (guint i = 0; i < r->recalls->len; i++) {
		g_free(g_array_index(r->recalls, struct recalled, i).playbook);
		g_free(g_array_index(r->recalls, struct recalled, i).step);
	}
	for (guint i = 0; i < r->corrections->len; i++) {
		struct corrected *c = &g_array_index(r->corrections, struct corrected, i);

		g_free(c->playbook);
		g_free(c->template_);
		g_ptr_array_unref(c->people);
	}
	for (guint i = 0; i < r->joins->len; i++) {
		g_free(g_array_index(r->joins, struct join_seen, i).a);
		g_free(g_array_index(r->joins, struct join_seen, i).b);
	}
	for (guint i = 0; i < r->leaves->len; i++)
		g_free(g_array_index(r->leaves, struct leave_seen, i).who);
	g_array_unref(r->letters);
	g_array_unref(r->spans);
	g_array_unref(r->recalls);
	g_array_unref(r->corrections);
	g_array_unref(r->joins);
	g_array_unref(r->leaves);
	g_hash_table_unref(r->guests);
	g_hash_table_unref(r->undone);
	g_hash_table_unref(r->erasing);
	g_hash_table_unref(r->erased);
}

/* ---- what it is told ---- */

void
referee_stands(struct referee *r, const char *playbook, ms_t now)
{
	struct span s = { g_strdup(playbook), now, 0 };

	g_array_append_val(r->spans, s);
}

void
referee_goes(struct referee *r, const char *playbook, ms_t now)
{
	for (guint i = 0; i < r->spans->len; i++) {
		struct span *s = &g_array_index(r->spans, struct span, i);

		if (s->until == 0 && strcmp(s->playbook, playbook) == 0)
			s->until = now;
	}
}

void
referee_recalled(
    struct referee *r, const char *playbook, const char *step, int64_t last, ms_t now)
{
	struct recalled one = { g_strdup(playbook), g_strdup(step), last, now };

	g_array_append_val(r->recalls, one);
}

void
referee_corrected(struct referee *r, const char *playbook, const char *template_,
    const GPtrArray *people)
{
	struct corrected c = { g_strdup(playbook), g_strdup(template_),
		g_ptr_array_new_with_free_func(g_free) };

	for (guint i = 0; i < people->len; i++)
		g_ptr_array_add(c.people, g_strdup(people->pdata[i]));
	g_array_append_val(r->corrections, c);
}

void
referee_undone(struct referee *r, const char *event, ms_t now)
{
	g_hash_table_insert(r->undone, g_strdup(event), g_memdup2(&now, sizeof(now)));
}

/* Each address of his with its channel. */
static void
each_address(struct referee *r, const char *ext,
    void (*fn)(struct referee *r, const char *address, ms_t now), ms_t now)
{
	GHashTableIter it;
	gpointer address, names;

	g_hash_table_iter_init(&it, r->living);
	while (g_hash_table_iter_next(&it, &address, &names))
		if (g_ptr_array_find_with_equal_func(names, ext, g_str_equal, NULL))
			fn(r, address, now);
}

static void
lift(struct referee *r, const char *address, ms_t now)
{
	for (int c = 0; c < CHANNELS; c++)
		referee_start_word(r, c, address, now);
}

void
referee_lifted(struct referee *r, const char *ext, ms_t now)
{
	each_address(r, ext, lift, now);
}

static char *
guest(const char *address, const char *ext)
{
	return g_strconcat(address, " ", ext, NULL);
}

void
referee_may_join(struct referee *r, const char *a, const char *b)
{
	GHashTableIter it;
	gpointer address, names;

	g_hash_table_iter_init(&it, r->living);
	while (g_hash_table_iter_next(&it, &address, &names))
		if (g_ptr_array_find_with_equal_func(names, b, g_str_equal, NULL) &&
		    !g_ptr_array_find_with_equal_func(names, a, g_str_equal, NULL)) {
			g_ptr_array_add(names, g_strdup(a));
			g_hash_table_add(r->guests, guest(address, a));
		}
}

/* Is the address his own, or that of somebody who is one with him now? */
bool
referee_lives_at(const struct referee *r, const char *address, const char *ext)
{
	char *key = guest(address, ext);
	bool lives = !g_hash_table_contains(r->guests, key);

	g_free(key);
	for (guint i = 0; !lives && i < r->joins->len; i++) {
		const struct join_seen *j = &g_array_index(r->joins, struct join_seen, i);

		lives = j->until == 0 && strcmp(j->a, ext) == 0 &&
			referee_lives_at(r, address, j->b);
	}
	return lives;
}

void
referee_joined(struct referee *r, const char *a, const char *b, ms_t now)
{
	struct join_seen j = { g_strdup(a), g_strdup(b), now, 0 };

	g_array_append_val(r->joins, j);
}

void
referee_parted(struct referee *r, const char *b, ms_t now)
{
	for (guint i = 0; i < r->joins->len; i++) {
		struct join_seen *j = &g_array_index(r->joins, struct join_seen, i);

		if (j->until == 0 && strcmp(j->b, b) == 0)
			j->until = now;
	}
}

/* ---- who is gone ---- */

/* He, whoever went into him and whom he went into: they go together. */
static void
with_kin(struct referee *r, const char *ext, GPtrArray *out)
{
	if (g_ptr_array_find_with_equal_func(out, ext, g_str_equal, NULL))
		return;
	g_ptr_array_add(out, (char *)(uintptr_t)ext);
	for (guint i = 0; i < r->joins->len; i++) {
		const struct join_seen *j = &g_array_index(r->joins, struct join_seen, i);

		if (j->until == 0 && strcmp(j->a, ext) == 0)
			with_kin(r, j->b, out);
		if (j->until == 0 && strcmp(j->b, ext) == 0)
			with_kin(r, j->a, out);
	}
}

/* Those who may have become one with him, whatever was answered. */
void
referee_erasing(struct referee *r, const char *ext)
{
	GHashTableIter it;
	gpointer names;

	g_hash_table_add(r->erasing, g_strdup(ext));
	g_hash_table_iter_init(&it, r->living);
	while (g_hash_table_iter_next(&it, NULL, &names)) {
		const GPtrArray *all = names;

		if (g_ptr_array_find_with_equal_func(names, ext, g_str_equal, NULL))
			for (guint i = 0; i < all->len; i++)
				g_hash_table_add(r->erasing, g_strdup(all->pdata[i]));
	}
}

bool
referee_is_erasing(const struct referee *r, const char *ext)
{
	return g_hash_table_contains(r->erasing, ext);
}

bool
referee_any_erasing(const struct referee *r, const GPtrArray *names)
{
	for (guint i = 0; i < names->len; i++)
		if (referee_is_erasing(r, names->pdata[i]))
			return true;
	return false;
}

void
referee_erased(struct referee *r, const char *ext, const char *receipt, ms_t now)
{
	GPtrArray *all = g_ptr_array_new();
	const struct resident *was = g_hash_table_lookup(r->residents, ext);
	struct resident *is = g_memdup2(was, sizeof(*was));

	with_kin(r, ext, all);
	for (guint i = 0; i < all->len; i++)
		g_hash_table_insert(
		    r->erased, g_strdup(all->pdata[i]), g_memdup2(&now, sizeof(now)));
	/* The books call him so from now on. */
	is->tier = g_strdup(was->tier);
	g_hash_table_insert(r->residents, g_strdup(receipt), is);
	g_ptr_array_unref(all);
}

static bool
gone(const struct referee *r, const char *ext, ms_t left)
{
	const ms_t *at = g_hash_table_lookup(r->erased, ext);

	return at != NULL && left > *at;
}

void
referee_away(struct referee *r, const char *who, const char *deputy,
    const int64_t days[2], ms_t now)
{
	struct leave_seen l = { g_strdup(who), { days[0], days[1] }, now };

	(void)deputy;
	g_array_append_val(r->leaves, l);
}

/* ---- requests ---- */

void
referee_hands_came(struct referee *r, const struct vendor_letter *l)
{
	const GPtrArray *names = g_hash_table_lookup(r->living, l->to);
	struct letter_seen seen = { .msg = l->msg, .left = l->left };
	bool all = true;

	g_array_append_val(r->letters, seen);
	for (guint i = 0; i < names->len; i++)
		all &= gone(r, names->pdata[i], l->left);
	if (all || gone(r, l->customer, l->left))
		referee_foul(r, "erased: a request began to one whose data was erased");
}

void
referee_hands_took(struct referee *r, const struct vendor_letter *l)
{
	const struct catalog *now, *before;
	struct letter_seen seen = {
		.msg = l->msg, .left = l->left, .taken = true, .category = l->category
	};

	referee_rules_at(r, l->left, &now, &before);
	seen.price = referee_price(now->policy, l);
	g_array_append_val(r->letters, seen);
}

/* Does the set let anything of it go? Its file may be gone. */
static bool
is_live(const struct catalog *cat, const char *playbook)
{
	const struct version *v = catalog_playbook(cat, playbook);

	return v != NULL && (v->playbook->status == PLAYBOOK_LIVE ||
				v->playbook->status == PLAYBOOK_ENDED);
}

struct origin {
	const char *playbook, *step, *event;
	int64_t run;
};

static void
judge_letter(struct referee *r, const struct letter_seen *l, const struct origin *o)
{
	const struct catalog *now, *before;
	const ms_t *undone = g_hash_table_lookup(r->undone, o->event);

	for (guint i = 0; i < r->spans->len; i++) {
		const struct span *s = &g_array_index(r->spans, struct span, i);

		if (strcmp(s->playbook, o->playbook) == 0 && l->left > s->from &&
		    (s->until == 0 || l->left < s->until))
			referee_foul(r,
			    "held: a request of %s began %" G_GINT64_FORMAT
			    " ms after it was stopped",
			    o->playbook, l->left - s->from);
	}
	for (guint i = 0; i < r->recalls->len; i++) {
		const struct recalled *c = &g_array_index(r->recalls, struct recalled, i);

		if (strcmp(c->playbook, o->playbook) == 0 && l->left > c->done &&
		    (*c->step == '\0'
			    ? o->run <= c->last
			    : l->msg <= c->last && strcmp(c->step, o->step) == 0))
			referee_foul(r, "recalled: a request of %s began all the same",
			    o->playbook);
	}
	if (undone != NULL && l->left > *undone + INTENT)
		referee_foul(r,
		    "undone: a request of %s began for an event that never was",
		    o->playbook);
	referee_rules_at(r, l->left, &now, &before);
	if (before == NULL && !g_str_has_prefix(o->playbook, "correction-") &&
	    !is_live(now, o->playbook))
		referee_foul(r, "paused: a request of %s began", o->playbook);
}

void
referee_letters(struct referee *r, struct store *s)
{
	for (; r->judged < r->letters->len; r->judged++) {
		const struct letter_seen *l =
		    &g_array_index(r->letters, struct letter_seen, r->judged);
		struct sql *q = sql_get(s,
		    "SELECT p.name, m.step, ifnull(e.evid, ''), r.id FROM msg m JOIN"
		    " playbook p ON p.id = m.playbook JOIN run r ON r.id = m.run LEFT "
		    "JOIN"
		    " event e ON e.id = r.event WHERE m.id = ?1");
		struct err e = { 0 };

		sql_int(q, 1, l->msg);
		if (sql_step(q, &e) == 1)
			judge_letter(r, l,
			    &(struct origin){ sql_col_text(q, 0), sql_col_text(q, 1),
				sql_col_text(q, 2), sql_col(q, 3) });
		sql_end(q);
	}
}

/* ---- the end ---- */

/* To exactly those who got what was wrong, at most once. */
static void
corrections(struct referee *r, struct store *s)
{
	static const struct {
		const char *rule, *sql;
	} rules[] = {
		{ "correction: somebody is written to twice",
		    "SELECT count(*) FROM (SELECT 1 FROM correction c JOIN msg m ON "
		    "m.playbook ="
		    " c.playbook WHERE m.state IN (1, 2, 3, 4, 5, 9, 10, 11) GROUP BY"
		    " c.playbook, m.customer HAVING count(*) > 1)" },
		{ "correction: somebody is written to who got nothing wrong",
		    "SELECT count(*) FROM correction c JOIN run r ON r.playbook = "
		    "c.playbook"
		    " WHERE NOT EXISTS (SELECT 1 FROM msg m LEFT JOIN joined j ON j.b ="
		    " m.customer WHERE m.playbook = c.of AND r.customer IN (m.customer, "
		    "j.a)"
		    " AND m.state IN (2, 3, 4, 5, 10) AND m.begun_at <= r.entered_at) AND"
		    " r.customer NOT IN (SELECT id FROM customer WHERE merged > 0 OR "
		    "erased_at"
		    " > 0)" },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(rules); i++) {
		struct sql *q = sql_get(s, rules[i].sql);
		struct err e = { 0 };

		if (sql_step(q, &e) != 1 || sql_col(q, 0) != 0)
			referee_foul(r, "%s %s", rules[i].rule, e.text);
		sql_end(q);
	}
}

static void
corrected_all(struct referee *r, struct store *s, const struct corrected *c)
{
	for (guint i = 0; i < c->people->len; i++) {
		struct sql *q = sql_get(s,
		    "SELECT 1 FROM correction x JOIN playbook p ON p.id = x.of JOIN run "
		    "r ON"
		    " r.playbook = x.playbook JOIN customer k ON k.id = r.customer LEFT "
		    "JOIN"
		    " joined j ON j.a = r.customer LEFT JOIN customer b ON b.id = j.b "
		    "WHERE"
		    " p.name = ?1 AND x.template = ?2 AND ?3 IN (k.ext, b.ext)");
		struct err e = { 0 };

		sql_text(q, 1, c->playbook);
		sql_text(q, 2, c->template_);
		sql_text(q, 3, c->people->pdata[i]);
		if (sql_step(q, &e) != 1 && !referee_is_erasing(r, c->people->pdata[i]))
			referee_foul(r, "correction: one who got it was passed over");
		sql_end(q);
	}
}

void
referee_hands_end(struct referee *r, struct store *s)
{
	corrections(r, s);
	for (guint i = 0; i < r->corrections->len; i++)
		corrected_all(r, s, &g_array_index(r->corrections, struct corrected, i));
}
