/* killed.h - what the gateway's ledger and the database say after many kills, touch by touch.
 *
 * A text carries its customer (K00012) and its step (994471, 994472), in whatever form a
 * service sends it, so that the ledger can be read without the engine's code. Include
 * after services.h. */
#ifndef TESTS_E2E_KILLED_H
#define TESTS_E2E_KILLED_H

#include "core/run.h"
#include "slots.h"

#define KILLED_STEPS 2
#define STATE(s) (1U << (s))

/* What a class of settling promises, and in which states it may leave a message. */
struct class_ {
	const char *name;
	unsigned taken, untaken; /* STATE()s of what the ledger has, and has not */
	bool once;               /* not only never twice: once */
	double guessed; /* share that may have gone without its key; 0: all may */
	double heard;   /* share of what was taken that receipts have told of */
};

#define NOT_SENT (STATE(MSG_SUPPRESSED))
#define HEARD (STATE(MSG_DELIVERED) | STATE(MSG_UNDELIVERED))

/* By its key: every answer comes inside the key's life. Its receipt may be first. */
static const struct class_ by_key = { "I", HEARD | STATE(MSG_ACCEPTED), NOT_SENT, true,
	.heard = 0 };
/* By a query: what was taken is found. What is not found is open for the quarter of an
 * hour in which a late copy might still arrive. */
static const struct class_ by_query = { "Q", HEARD | STATE(MSG_ACCEPTED),
	NOT_SENT | STATE(MSG_UNKNOWN), true, .heard = 0 };
#define SENT (HEARD | STATE(MSG_ACCEPTED) | STATE(MSG_PRESUMED))
/* By receipts: what was taken is heard of, answered or not; what was not stays presumed.
 * One phone of fifty is off for hours. */
static const struct class_ by_receipt = { "R", SENT, NOT_SENT | STATE(MSG_PRESUMED),
	false, .heard = 0.9 };
/* The same where the service is asked, too: what was taken is found. What is not found is
 * open for a quarter of an hour of the service's clock, longer than any of this lasts. */
static const struct class_ by_finding = { "R, found", HEARD | STATE(MSG_ACCEPTED),
	NOT_SENT | STATE(MSG_UNKNOWN), false, .heard = 0.9 };
/* Receipts do not name what had no answer. */
static const struct class_ by_id = { "R, by id", SENT, NOT_SENT | STATE(MSG_PRESUMED),
	false, .heard = 0.5 };
/* By a key that is fetched beforehand: where the storm let none be had, as without. */
static const struct class_ by_given = { "I, given", SENT, NOT_SENT | STATE(MSG_PRESUMED),
	false, .guessed = 0.34, .heard = 0 };
static const struct class_ by_nothing = { "N", SENT, NOT_SENT | STATE(MSG_PRESUMED),
	false, .heard = 0 };
/* A member presses send, and it is asked whether he has. What had no answer is found among
 * what was taken; what is not found is open for hours. */
static const struct class_ by_search = { "Q, looked for", HEARD,
	NOT_SENT | STATE(MSG_UNKNOWN), true, .heard = 1 };

struct touch {
	bool planned, opted_out;
	int taken, state;
};
struct killed {
	const struct class_ *class_;
	struct daemon *d;
	int people;
	struct touch *touches; /* people * KILLED_STEPS */
	int open;              /* runs that still go on, those of unknown outcome aside */
	int wrong;
};

#define TOUCH(k, who, step) (&(k)->touches[(who)*KILLED_STEPS + (step)])
#define SAYS(k, ...)                                            \
	do {                                                    \
		if ((k)->wrong++ < 10)                          \
			print_error("           " __VA_ARGS__); \
	} while (0)

/* ---- the ledger ---- */

/* The step of a line; -1: none. */
static inline int
killed_step(const char *line)
{
	const char *at = strstr(line, "99447");

	return at == NULL || at[5] < '1' || at[5] > '2' ? -1 : at[5] - '1';
}

static inline int
killed_customer(const char *line)
{
	for (const char *p = line; (p = strchr(p, 'K')) != NULL; p++)
		if (strspn(p + 1, "0123456789") == 5)
			return atoi(p + 1);
	return -1;
}

static inline void
killed_ledger(struct killed *k)
{
	char *text = NULL, **lines;

	assert_true(g_file_get_contents(k->d->ledger, &text, NULL, NULL));
	lines = g_strsplit(text, "\n", -1);
	for (char **l = lines; *l != NULL && l[1] != NULL; l++) {
		int who = killed_customer(*l), step = killed_step(*l);

		if (who < 0 || who >= k->people || step < 0)
			SAYS(k, "of nobody's: %s\n", *l);
		else
			TOUCH(k, who, step)->taken++;
	}
	g_strfreev(lines);
	g_free(text);
}

/* ---- the database ---- */

static inline sqlite3 *
killed_open(const struct killed *k)
{
	sqlite3 *db = NULL;

	assert_int_equal(
	    sqlite3_open_v2(k->d->db, &db, SQLITE_OPEN_READWRITE, NULL), SQLITE_OK);
	sqlite3_busy_timeout(db, 5000);
	sqlite3_db_config(db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
	return db;
}

static inline sqlite3_stmt *
killed_ask(sqlite3 *db, const char *sql)
{
	sqlite3_stmt *q = NULL;

	if (sqlite3_prepare_v2(db, sql, -1, &q, NULL) != SQLITE_OK)
		fail_msg("%s: %s", sql, sqlite3_errmsg(db));
	return q;
}

static inline void
killed_messages(struct killed *k, sqlite3 *db)
{
	sqlite3_stmt *q = killed_ask(db,
	    "SELECT c.ext, m.step, m.state, EXISTS (SELECT 1 FROM optout "
	    "o JOIN msg x ON x.address = o.h WHERE x.customer = m.customer)"
	    " FROM msg m JOIN customer c ON c.id = m.customer");

	while (sqlite3_step(q) == SQLITE_ROW) {
		int who = killed_customer((const char *)sqlite3_column_text(q, 0));
		int step = sqlite3_column_text(q, 1)[0] == 'a' ? 0 : 1;
		struct touch *t = TOUCH(k, who, step);

		assert_in_range(who, 0, k->people - 1);
		if (t->planned)
			SAYS(k, "K%05d has step %d twice in the database\n", who,
			    step + 1);
		t->planned = true;
		t->state = sqlite3_column_int(q, 2);
		t->opted_out = sqlite3_column_int(q, 3) != 0;
	}
	sqlite3_finalize(q);
	q = killed_ask(db, "SELECT count(*) FROM run WHERE state = 0 AND id NOT IN"
			   " (SELECT run FROM msg WHERE state = 9)");
	assert_int_equal(sqlite3_step(q), SQLITE_ROW);
	k->open = sqlite3_column_int(q, 0);
	sqlite3_finalize(q);
}

static inline void
killed_read(struct killed *k)
{
	sqlite3 *db = killed_open(k);

	memset(k->touches, 0, sizeof(*k->touches) * (size_t)(k->people * KILLED_STEPS));
	k->wrong = 0;
	killed_messages(k, db);
	sqlite3_close(db);
	/* Behind the database: what it calls taken stands there by now. */
	killed_ledger(k);
}

static inline bool
killed_may_stay(const struct killed *k, const struct touch *t)
{
	return ((t->taken > 0 ? k->class_->taken : k->class_->untaken) &
		   STATE(t->state)) != 0;
}

/* Nothing moves any more: each message is where its class may leave it. */
static inline bool
killed_is_quiet(struct killed *k)
{
	int moving = 0, taken = 0, heard = 0;

	killed_read(k);
	for (int i = 0; i < k->people * KILLED_STEPS; i++) {
		const struct touch *t = &k->touches[i];

		moving += t->planned && !killed_may_stay(k, t);
		taken += t->taken > 0;
		heard += t->state == MSG_DELIVERED || t->state == MSG_UNDELIVERED;
	}
	return moving == 0 && k->open == 0 && heard >= k->class_->heard * taken;
}

/* ---- the verdict ---- */

/* A second step that was not planned belongs to a run that ended before, or whose first
 * has no outcome yet. */
static inline bool
killed_may_lack(const struct killed *k, int who, int step)
{
	const struct touch *first = TOUCH(k, who, 0);

	return step > 0 && (first->opted_out || first->state == MSG_UNKNOWN);
}

static inline void
killed_touch(struct killed *k, int who, int step)
{
	const struct touch *t = TOUCH(k, who, step);

	if (t->taken > 1)
		SAYS(k, "K%05d has step %d %d times\n", who, step + 1, t->taken);
	if (!t->planned && (t->taken > 0 || !killed_may_lack(k, who, step)))
		SAYS(k, "K%05d has no step %d in the database\n", who, step + 1);
	if (t->planned && !killed_may_stay(k, t))
		SAYS(k, "K%05d step %d %s taken and is in state %s\n", who, step + 1,
		    t->taken > 0 ? "was" : "was not", fsm_name(&message_fsm, t->state));
	/* What the gate refused has its reason: a bounce, an opt-out. */
	if (k->class_->once && t->planned && t->taken == 0 &&
	    t->state != MSG_SUPPRESSED && t->state != MSG_UNKNOWN)
		SAYS(k, "K%05d never had step %d: %s\n", who, step + 1,
		    fsm_name(&message_fsm, t->state));
}

static inline void
killed_slots(struct killed *k)
{
	sqlite3 *db = killed_open(k);

	for (size_t i = 0; i < G_N_ELEMENTS(slots_sql); i++) {
		sqlite3_stmt *q = killed_ask(db, slots_sql[i]);

		while (sqlite3_step(q) == SQLITE_ROW)
			SAYS(k, "%s (%s)\n", sqlite3_column_text(q, 1),
			    sqlite3_column_text(q, 0));
		sqlite3_finalize(q);
	}
	sqlite3_close(db);
}

static inline void
killed_balance(struct killed *k)
{
	struct answer a;

	assert_int_equal(daemon_ask(DAEMON_OWN, "GET", "/v1/status", "", "", &a), 200);
	if (strstr(a.body, "\"balanced\":true") == NULL)
		SAYS(k, "the balance does not hold: %s\n", a.body);
	answer_free(&a);
}

static inline void
killed_judge(struct killed *k)
{
	int states[MSG_STATES] = { 0 }, taken = 0;
	GString *s = g_string_new(NULL);

	killed_read(k);
	for (int i = 0; i < k->people; i++)
		for (int step = 0; step < KILLED_STEPS; step++) {
			const struct touch *t = TOUCH(k, i, step);

			killed_touch(k, i, step);
			taken += t->taken;
			states[t->state] += t->planned;
		}
	if (k->class_->guessed > 0 &&
	    states[MSG_PRESUMED] > k->class_->guessed * k->people * KILLED_STEPS)
		SAYS(k, "%d messages went without a key\n", states[MSG_PRESUMED]);
	killed_slots(k);
	killed_balance(k);
	for (int i = 0; i < MSG_STATES; i++)
		if (states[i] > 0)
			g_string_append_printf(
			    s, ", %s %d", fsm_name(&message_fsm, i), states[i]);
	print_message("           taken %d%s\n", taken, s->str);
	g_string_free(s, TRUE);
	assert_int_equal(k->wrong, 0);
}

#endif
