/* referee_books.c - what the database says, against itself and against the ledger. */
#include <string.h>

#include "../store/sql.h"
#include "core/message.h"
#include "core/reason.h"
#include "referee_impl.h"
#include "store/balance.h"
#include "store/store.h"

/* delivery.md's states by their numbers in the table, written down a second time. */
enum {
	DUE,
	SENDING,
	ACCEPTED,
	DELIVERED,
	UNDELIVERED,
	NO_RECEIPT,
	AWAITING,
	LAPSED,
	REJECTED,
	UNKNOWN,
	PRESUMED,
	PARKED,
	SUPPRESSED
};

static const char watch_moves[] =
    "CREATE TEMP TABLE IF NOT EXISTS law(a, b); CREATE TEMP TABLE IF NOT EXISTS "
    "broken(a, b);"
    "DELETE FROM law; INSERT INTO law "
    "VALUES(0,1),(0,7),(0,12),(1,2),(1,8),(1,0),(1,9),(1,6),(2,3),"
    "(2,4),(2,5),(4,3),(5,3),(5,4),(6,0),(6,3),(6,4),(6,7),(7,0),(8,0),(9,0),(9,2),(9,10),(9,11),(10,"
    "2),"
    "(10,3),(10,4),(11,2);"
    "CREATE TEMP TRIGGER IF NOT EXISTS watch AFTER UPDATE OF state ON main.msg"
    " WHEN old.state <> new.state AND NOT EXISTS"
    " (SELECT 1 FROM law WHERE a = old.state AND b = new.state)"
    " BEGIN INSERT INTO broken VALUES(old.state, new.state); END;";

/* Each must count nothing. */
static const struct {
	const char *rule, *sql;
} rules[] = {
	{ "moves: a message made a move that is not listed",
	    "SELECT count(*) FROM temp.broken" },
	{ "caps: slots of customers are not those of their messages",
	    "SELECT count(*) FROM (SELECT scope, period, used FROM cap WHERE scope GLOB "
	    "'c*' AND"
	    " used > 0 AND scope NOT IN (SELECT 'c' || a FROM joined) AND scope NOT IN"
	    " (SELECT 'c' || id FROM customer WHERE erased_at > 0) EXCEPT SELECT 'c' || customer, period, count(*) FROM msg WHERE "
	    "slots & 1"
	    " GROUP BY 1, 2)" },
	{ "caps: messages hold slots of customers that are not counted",
	    "SELECT count(*) FROM (SELECT 'c' || customer, period, count(*) FROM msg "
	    "WHERE slots & 1 AND customer NOT IN (SELECT a FROM joined) AND customer NOT IN"
	    " (SELECT id FROM customer WHERE erased_at > 0)"
	    " GROUP BY 1, 2 EXCEPT SELECT scope, period, used FROM cap)" },
	{ "caps: slots of addresses are not those of their messages",
	    "SELECT count(*) FROM (SELECT scope, period, used FROM cap WHERE scope GLOB "
	    "'a*' AND"
	    " used > 0 EXCEPT SELECT printf('a%x', address), period, count(*) FROM msg"
	    " WHERE slots & 2 GROUP BY 1, 2)" },
	{ "caps: slots of playbooks are not those of their messages",
	    "SELECT count(*) FROM (SELECT scope, sum(used) FROM cap WHERE scope GLOB 'p*'"
	    " GROUP BY 1 HAVING sum(used) > 0 EXCEPT SELECT 'p' || playbook || ':' || "
	    "customer,"
	    " count(*) FROM msg WHERE slots & 4 GROUP BY 1)" },
	{ "caps: entries of a day are not those counted",
	    /* entry:NUMBER, or entry:NUMBER:SHARE of a quota */
	    "SELECT count(*) FROM (SELECT CASE instr(substr(scope, 7), ':') WHEN 0 THEN "
	    "scope ELSE substr(scope, 1, 5 + instr(substr(scope, 7), ':')) END, period,"
	    " sum(used) FROM cap WHERE scope GLOB 'entry:*'"
	    " AND period > 0 AND used > 0 GROUP BY 1, 2 EXCEPT SELECT 'entry:' || "
	    "playbook,"
	    " (entered_at + 28800000) / 86400000, count(*) FROM run GROUP BY 1, 2)" },
	{ "caps: a reservation without its message",
	    "SELECT count(*) FROM reservation r LEFT JOIN msg m ON m.id = r.msg WHERE "
	    "m.id IS NULL"
	    " OR NOT m.slots & 8 OR m.begun_at <> r.at" },
	{ "caps: a message that may have been taken holds no slot, or one that was not "
	  "does",
	    "SELECT count(*) FROM msg WHERE category < 2 AND playbook NOT IN (SELECT playbook"
	    " FROM correction) AND (slots & 8 > 0) <>"
	    " (state IN (1, 2, 3, 4, 5, 6, 9, 10, 11))" },
	{ "caps: reservations and messages that hold one differ in number",
	    /* who turned out to be another has his in both names */
	    "SELECT (SELECT count(DISTINCT msg) FROM reservation) <> (SELECT count(*) FROM "
	    "msg WHERE slots & 8)" },
	{ "offers: slots of quotas are not the offers granted",
	    "SELECT (SELECT ifnull(sum(used), 0) FROM cap WHERE scope GLOB 'offer:*') <>"
	    " (SELECT count(*) FROM offer WHERE granted_at > 0)" },
	{ "offers: given to somebody held out", "SELECT count(*) FROM offer o JOIN run r "
						"ON r.id = o.run WHERE r.control > 0" },
	{ "experiments: somebody held out was drawn, or nobody's run",
	    "SELECT count(*) FROM drawn d LEFT JOIN run r ON r.id = d.run"
	    " WHERE r.id IS NULL OR r.control > 0" },
	{ "experiments: a decision that is not the count's",
	    "SELECT count(*) FROM experiment x WHERE decided_at > 0 AND (verdict = 0 OR"
	    " (SELECT sum(people) FROM experiment_arm a WHERE a.experiment = x.id) <>"
	    " (SELECT count(*) FROM drawn d WHERE d.experiment = x.id))" },
	{ "tasks: a call that somebody has is on no list",
	    "SELECT count(*) FROM msg m LEFT JOIN task t ON t.msg = m.id WHERE m.state = "
	    "6"
	    " AND (t.id IS NULL OR t.state NOT IN (0, 2))" },
	{ "tasks: a call on a list that is not awaiting",
	    "SELECT count(*) FROM task t JOIN msg m ON m.id = t.msg WHERE t.state IN (0, "
	    "2)"
	    " AND m.state <> 6" },
	{ "tasks: one off the lists whose call is over",
	    "SELECT count(*) FROM task t JOIN msg m ON m.id = t.msg WHERE t.state = 1 AND"
	    " m.state <> 0" },
	{ "tasks: done without a call, or lapsed with one",
	    "SELECT count(*) FROM task t JOIN msg m ON m.id = t.msg WHERE m.account = 'people'"
	    " AND (t.state = 3 AND t.outcome <> 'unfit') <> (m.state IN (3, 4))" },
	{ "moves: SENDING without a deadline",
	    "SELECT count(*) FROM msg WHERE state = 1 AND settle_at IS NULL" },
};

/* What only holds when nothing is under way any more. ?1: now. */
static const struct {
	const char *rule, *sql;
} ends[] = {
	{ "end: messages are still SENDING or UNKNOWN",
	    "SELECT count(*) FROM msg WHERE state IN (1, 9) AND ?1 > 0" },
	{ "end: a planned message is past its last use",
	    "SELECT count(*) FROM msg WHERE state = 0 AND expires_at < ?1 - 7200000" },
	{ "end: a planned message is overdue",
	    "SELECT count(*) FROM msg WHERE state = 0 AND due_at < ?1 - 7200000" },
	{ "end: a run slept past its waking",
	    "SELECT count(*) FROM run WHERE state < 2 AND wake_at < ?1 - 7200000" },
	{ "end: a run waits for nothing", "SELECT count(*) FROM run r WHERE state = 0 "
					  "AND ?1 > 0 AND (wait = 1 AND NOT EXISTS"
					  " (SELECT 1 FROM msg m WHERE m.run = r.id AND "
					  "m.occ = r.occ AND m.state IN (0, 6, 11))"
					  " OR wait <> 1 AND wake_at IS NULL)" },
	{ "end: a planned message of a run that has ended",
	    "SELECT count(*) FROM msg m JOIN run r ON r.id = m.run WHERE m.state = 0 AND "
	    "r.state > 1"
	    " AND ?1 > 0" },
	{ "end: a task slept past its waking",
	    "SELECT count(*) FROM task WHERE state < 3 AND next_at < ?1 - 7200000" },
	{ "end: receipts were never matched",
	    "SELECT count(*) FROM inbox WHERE done_at IS NULL AND ?1 > 0" },
};

static int64_t
ask(struct referee *r, struct store *s, const char *sql, ms_t now)
{
	struct sql *q = sql_get(s, sql);
	struct err e = { 0 };
	int64_t n = 0;

	if (now > 0)
		sql_int(q, 1, now);
	if (sql_step(q, &e) == 1)
		n = sql_col(q, 0);
	else
		referee_foul(r, "books: %s", e.text);
	sql_end(q);
	return n;
}

/* ---- the balance, columns counted by other means ---- */

static enum column
column_of(int state, int reason, bool due)
{
	static const int sent[] = { ACCEPTED, DELIVERED, UNDELIVERED, NO_RECEIPT,
		PRESUMED };
	const char *why = reason_name(reason);

	for (size_t i = 0; i < G_N_ELEMENTS(sent); i++)
		if (state == sent[i])
			return COLUMN_SENT;
	if (state == DUE)
		return due ? COLUMN_HELD : COLUMN_PLANNED;
	if (state == SENDING || state == UNKNOWN || state == PARKED)
		return COLUMN_UNKNOWN;
	if (state == AWAITING)
		return COLUMN_AWAITING;
	if (state != SUPPRESSED)
		return COLUMN_FAILED;
	if (g_str_has_prefix(why, "capped"))
		return COLUMN_CAPPED;
	if (g_strv_contains((const char *const[]){ "suppressed", "complaint_block",
				"no_consent", "erased", NULL },
		why))
		return COLUMN_OPTED_OUT;
	if (g_strv_contains((const char *const[]){ "goal_met", "exited",
				"audience_mismatch", "past", "merged", NULL },
		why))
		return COLUMN_LEFT;
	if (strcmp(why, "control") == 0)
		return COLUMN_CONTROL;
	return strcmp(why, "expired") == 0 || strcmp(why, "quiet") == 0 ? COLUMN_EXPIRED
									: COLUMN_FAILED;
}

static void
balance(struct referee *r, struct store *s, ms_t now)
{
	struct sql *q = sql_get(s, "SELECT state, reason, planned_at FROM msg");
	int64_t mine[COLUMNS] = { 0 }, touches = 0;
	struct balance b;
	struct err e = { 0 };

	while (sql_step(q, &e) == 1) {
		mine[column_of(
		    (int)sql_col(q, 0), (int)sql_col(q, 1), sql_col(q, 2) <= now)]++;
		touches++;
	}
	if (balance_get(s, 0, now, &b, &e) != 0)
		referee_foul(r, "books: %s", e.text);
	else if (!balance_ok(&b) || b.touches != touches)
		referee_foul(r, "balance: it does not balance");
	for (int i = 0; i < COLUMNS; i++)
		if (mine[i] != b.columns[i])
			referee_foul(r,
			    "balance: %s is %" G_GINT64_FORMAT
			    ", counted %" G_GINT64_FORMAT,
			    column_name(i), b.columns[i], mine[i]);
	if (ask(r, s, "SELECT count(*) FROM run", 0) !=
	    b.running + b.watching + b.finished + b.left + b.control)
		referee_foul(r, "balance: runs do not add up");
}

/* Nobody is asked to call, or to send by hand, in a quiet window. A daemon that was down while it began has
 * a while to catch up. */
#define CATCH_UP (30 * MS_MINUTE)

static void
calls(struct referee *r, struct store *s, ms_t now)
{
	struct sql *q = sql_get(s, "SELECT c.ext, m.category, m.channel FROM msg m JOIN"
				   " customer c ON c.id = m.customer WHERE m.state = 6");
	const struct catalog *set, *before;
	struct err e = { 0 };

	referee_rules_at(r, now, &set, &before);
	while (r->wrong_since == 0 && sql_step(q, &e) == 1) {
		const struct resident *who =
		    g_hash_table_lookup(r->residents, sql_col_text(q, 0));
		const struct zone *z =
		    who != NULL && who->zone != NULL ? who->zone : set->config->entity.zone;
		int category = (int)sql_col(q, 1), channel = (int)sql_col(q, 2);
		const char *rule = referee_quiet(
		    set->policy, NULL, z, channel, category, false, false, now);

		if (rule != NULL &&
		    referee_quiet(set->policy, NULL, z, channel, category, false,
			false, now - CATCH_UP) != NULL &&
		    referee_quiet(set->policy, NULL, z, channel, category, false,
			false, now - CATCH_UP / 2) != NULL)
			referee_foul(r, "quiet: somebody is asked to call or to send inside %s", rule);
	}
	sql_end(q);
}

void
referee_books(struct referee *r, struct store *s, ms_t now)
{
	for (size_t i = 0; i < G_N_ELEMENTS(rules); i++) {
		int64_t n = ask(r, s, rules[i].sql, 0);

		if (n != 0)
			referee_foul(r, "%s (%" G_GINT64_FORMAT ")", rules[i].rule, n);
	}
	balance(r, s, now);
	calls(r, s, now);
	referee_letters(r, s);
}

/* ---- after a death ---- */

static void
still_there(struct referee *r, struct store *s)
{
	GHashTableIter it;
	gpointer key, of;
	struct err e = { 0 };

	g_hash_table_iter_init(&it, r->acks);
	while (g_hash_table_iter_next(&it, &key, &of)) {
		const GPtrArray *names = g_hash_table_lookup(r->living, of);
		struct sql *q;

		/* Answers of one whose data was erased are erased. */
		if (names != NULL && referee_any_erasing(r, names))
			continue;
		q = sql_get(s, "SELECT 1 FROM inbox WHERE account || ' ' || evkey = ?1");
		sql_text(q, 1, key);
		if (sql_step(q, &e) != 1)
			referee_foul(r, "lost: an acknowledged receipt or reply is gone");
		sql_end(q);
	}
	g_hash_table_iter_init(&it, r->events);
	while (g_hash_table_iter_next(&it, &key, &of)) {
		struct sql *q;

		if (referee_is_erasing(r, of))
			continue;
		q = sql_get(s, "SELECT 1 FROM event WHERE evid = ?1 AND source = 'api'");
		sql_text(q, 1, key);
		if (sql_step(q, &e) != 1)
			referee_foul(r, "lost: an acknowledged event is gone");
		sql_end(q);
	}
	g_hash_table_remove_all(r->acks);
	g_hash_table_remove_all(r->events);
}

void
referee_rose(struct referee *r, struct store *s, bool after_death)
{
	struct err e = { 0 };

	if (after_death && store_check(s, &e) != 0)
		referee_foul(r, "disk: %s", e.text);
	if (after_death)
		still_there(r, s);
	if (sql_script(s, watch_moves, &e) != 0)
		referee_foul(r, "books: %s", e.text);
}

/* ---- the end ---- */

static void
ledger(struct referee *r, struct store *s, const struct vendor *v)
{
	struct sql *q;
	struct err e = { 0 };

	for (guint i = 0; i < vendor_count(v); i++) {
		int state = -1;

		q = sql_get(s, "SELECT state FROM msg WHERE id = ?1");
		sql_int(q, 1, vendor_get(v, i)->msg);
		if (sql_step(q, &e) == 1)
			state = (int)sql_col(q, 0);
		sql_end(q);
		if (state < SENDING || state == REJECTED || state == LAPSED ||
		    state == SUPPRESSED)
			referee_foul(r,
			    "lost: a gateway took a message that the books have as state "
			    "%d",
			    state);
	}
	q = sql_get(s, "SELECT id FROM msg WHERE state IN (2, 3, 4, 5) AND account <> 'people'");
	while (sql_step(q, &e) == 1) {
		int64_t id = sql_col(q, 0);

		if (!g_hash_table_contains(r->taken, &id))
			referee_foul(r, "ghost: the books have a message as taken that "
					"no gateway took");
	}
}

/* What came in a closure that only greetings pass. */
static void
greetings(struct referee *r, struct store *s)
{
	for (guint i = 0; i < r->greetings->len; i++) {
		struct sql *q = sql_get(s, "SELECT template FROM msg WHERE id = ?1");
		struct err e = { 0 };
		bool is = false;

		sql_int(q, 1, g_array_index(r->greetings, int64_t, i));
		if (sql_step(q, &e) == 1)
			for (guint k = 0; k < r->rules->len && !is; k++) {
				const struct template *t = g_hash_table_lookup(
				    g_array_index(r->rules, struct rules, k).cat->templates,
				    sql_col_text(q, 0));

				is = t != NULL && t->greeting;
			}
		sql_end(q);
		if (!is)
			referee_foul(r, "quiet: what is no greeting was sent in a closure");
	}
}

void
referee_end(struct referee *r, struct store *s, const struct vendor *v, ms_t now)
{
	struct err e = { 0 };

	for (size_t i = 0; i < G_N_ELEMENTS(ends); i++) {
		int64_t n = ask(r, s, ends[i].sql, now);

		if (n != 0)
			referee_foul(r, "%s (%" G_GINT64_FORMAT ")", ends[i].rule, n);
	}
	if (store_check(s, &e) != 0)
		referee_foul(r, "disk: %s", e.text);
	ledger(r, s, v);
	greetings(r, s);
	referee_caps(r, s);
	referee_offers(r, s);
	referee_letters(r, s);
	referee_hands_end(r, s);
	referee_money(r, s);
	referee_runs(r, s);
}
