#include "store/msg.h"

#include <string.h>

#include <glib.h>

#include "base/check.h"
#include "base/text.h"
#include "core/reason.h"
#include "sql.h"

#define COLUMNS_OF_MSG                                                                            \
	"id, customer, run, version, playbook, step, occ, channel, category, priority,"           \
	" planned_at, due_at, expires_at, state, reason, n, token, epoch, account, address,"      \
	" begun_at, key_at, settle_at, settle_n, slots, period, template, segments, cost,"        \
	" provider_id, perr, variant"

static void
read_row(struct store *s, struct sql *q, void *into)
{
	struct message *m = into;

	memset(m, 0, sizeof(*m));
	m->id = sql_col(q, 0);
	m->customer = sql_col(q, 1);
	m->run = sql_col(q, 2);
	m->version = sql_col(q, 3);
	m->playbook = (int)sql_col(q, 4);
	m->step = sql_col_dup(s, q, 5);
	m->occ = (int)sql_col(q, 6);
	m->channel = (int)sql_col(q, 7);
	m->category = (int)sql_col(q, 8);
	m->priority = (int)sql_col(q, 9);
	m->planned_at = sql_col(q, 10);
	m->due_at = sql_col(q, 11);
	m->expires_at = sql_col(q, 12);
	m->state = (int)sql_col(q, 13);
	m->reason = (int)sql_col(q, 14);
	m->n = (int)sql_col(q, 15);
	m->token = sql_col(q, 16);
	m->epoch = sql_col(q, 17);
	m->account = sql_col_dup(s, q, 18);
	m->address = sql_col(q, 19);
	m->begun_at = sql_col(q, 20);
	m->key_at = sql_col(q, 21);
	m->settle_at = sql_col(q, 22);
	m->settle_n = (int)sql_col(q, 23);
	m->slots = (int)sql_col(q, 24);
	m->period = (int)sql_col(q, 25);
	m->template_ = sql_col_dup(s, q, 26);
	m->segments = (int)sql_col(q, 27);
	m->cost = (double)sql_col(q, 28) / 10000;
	m->provider_id = sql_col_dup(s, q, 29);
	m->perr = sql_col_dup(s, q, 30);
	m->variant = sql_col_dup(s, q, 31);
}

int
msg_add(struct store *s, const struct message *m, struct err *e)
{
	struct sql *q = sql_get(s,
	    "INSERT INTO msg(id, customer, run, version, playbook, step, occ, channel, category,"
	    " priority, planned_at, due_at, expires_at, state, reason, template, variant) VALUES(?1, ?2, ?3,"
	    " ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17) ON CONFLICT(run, step, occ) DO NOTHING");

	CHECK(m->state == MSG_DUE);
	sql_int(q, 1, m->id);
	sql_int(q, 2, m->customer);
	sql_int(q, 3, m->run);
	sql_int(q, 4, m->version);
	sql_int(q, 5, m->playbook);
	sql_text(q, 6, m->step);
	sql_int(q, 7, m->occ);
	sql_int(q, 8, m->channel);
	sql_int(q, 9, m->category);
	sql_int(q, 10, m->priority);
	sql_int(q, 11, m->planned_at);
	sql_int(q, 12, m->due_at);
	sql_int(q, 13, m->expires_at);
	sql_int(q, 14, m->state);
	sql_int(q, 15, m->reason);
	sql_text(q, 16, m->template_ == NULL ? "" : m->template_);
	sql_text(q, 17, m->variant == NULL ? "" : m->variant);
	return sql_run(q, e) != 0 ? -1 : store_changes(s);
}

int
msg_get(struct store *s, int64_t id, struct message *out, struct err *e)
{
	struct sql *q = sql_get(s, "SELECT " COLUMNS_OF_MSG " FROM msg WHERE id = ?1");

	sql_int(q, 1, id);
	return sql_one(s, q, read_row, out, e);
}

int
msg_move(struct store *s, const struct message *m, struct err *e)
{
	struct sql *q = sql_get(s, "UPDATE msg SET planned_at = ?2, due_at = ?3, expires_at = ?4,"
				   " reason = ?5 WHERE id = ?1");

	CHECK(m->state == MSG_DUE);
	sql_int(q, 1, m->id);
	sql_int(q, 2, m->planned_at);
	sql_int(q, 3, m->due_at);
	sql_int(q, 4, m->expires_at);
	sql_int(q, 5, m->reason);
	return sql_run(q, e);
}

/* Where a message may be that is saved in this state, by bits: it stays, or makes a move of the
 * table. */
static uint32_t
may_be(int state)
{
	uint32_t from = FSM_TO(state);

	for (int i = 0; i < MSG_STATES; i++)
		from |= fsm_may(&message_fsm, i, state) ? FSM_TO(i) : 0;
	return from;
}

int
msg_save(struct store *s, const struct message *m, struct err *e)
{
	/* FAIL, not ABORT: one row at a time needs no statement journal. */
	struct sql *q = sql_get(s,
	    "UPDATE OR FAIL msg SET channel = ?2, category = ?3, due_at = ?4, expires_at = ?5,"
	    " state = ?6, reason = ?7, n = ?8, token = ?9, epoch = ?10, account = ?11, address = ?12,"
	    " begun_at = ?13, key_at = ?14, settle_at = ?15, settle_n = ?16, slots = ?17,"
	    " period = ?18, template = ?19, segments = ?20, cost = ?21, provider_id = ?22,"
	    " perr = ?23 WHERE id = ?1 AND ?24 >> state & 1");

	sql_int(q, 1, m->id);
	sql_int(q, 2, m->channel);
	sql_int(q, 3, m->category);
	sql_int(q, 4, m->due_at);
	sql_int(q, 5, m->expires_at);
	sql_int(q, 6, m->state);
	sql_int(q, 7, m->reason);
	sql_int(q, 8, m->n);
	sql_int(q, 9, m->token);
	sql_int(q, 10, m->epoch);
	sql_text(q, 11, m->account);
	sql_int(q, 12, m->address);
	sql_int(q, 13, m->begun_at);
	sql_int(q, 14, m->key_at);
	sql_int_or_null(q, 15, m->settle_at);
	sql_int(q, 16, m->settle_n);
	sql_int(q, 17, m->slots);
	sql_int(q, 18, m->period);
	sql_text(q, 19, m->template_);
	sql_int(q, 20, m->segments);
	sql_int(q, 21, (int64_t)(m->cost * 10000 + 0.5));
	sql_text(q, 22, m->provider_id);
	sql_text(q, 23, m->perr);
	sql_int(q, 24, may_be(m->state));
	if (sql_run(q, e) != 0)
		return -1;
	return store_changes(s) == 1
		   ? 0
		   : err_set(e, ERR_INTERNAL, "a message cannot become %s here",
			 fsm_name(&message_fsm, m->state));
}

int
msg_accept(struct store *s, const struct message *begun, struct err *e)
{
	struct sql *q = sql_get(s, "UPDATE OR FAIL msg SET state = ?4, provider_id = ?3"
				   " WHERE id = ?1 AND token = ?2 AND state = ?5 AND reason = ?6");

	sql_int(q, 1, begun->id);
	sql_int(q, 2, begun->token);
	sql_text(q, 3, begun->provider_id);
	sql_int(q, 4, MSG_ACCEPTED);
	sql_int(q, 5, MSG_SENDING);
	sql_int(q, 6, REASON_NONE);
	return sql_run(q, e) != 0 ? -1 : store_changes(s);
}

static void
place(int64_t id, char *buf)
{
	text_number(buf, "msg.body:", id);
}

int
msg_save_body(struct store *s, const struct message *m, const char *body, size_t len,
    struct err *e)
{
	struct sql *q = sql_get(s, "INSERT OR REPLACE INTO body VALUES(?1, ?2)");
	uint8_t *sealed = arena_alloc(store_scratch(s), len + CRYPT_OVERHEAD);
	char where[48];

	place(m->id, where);
	sql_int(q, 1, m->id);
	sql_blob(q, 2, sealed, crypt_seal(store_crypt(s), where, body, len, sealed));
	return sql_run(q, e) != 0 ? -1 : msg_save(s, m, e);
}

int
msg_body(struct store *s, int64_t id, char **body, size_t *len, struct err *e)
{
	struct sql *q = sql_get(s, "SELECT sealed FROM body WHERE msg = ?1");
	char where[48];
	int rc;

	sql_int(q, 1, id);
	rc = sql_step(q, e);
	if (rc == 1) {
		size_t n;
		const void *sealed = sql_col_blob(q, 0, &n);
		ptrdiff_t got = -1;

		place(id, where);
		*body = arena_alloc(store_scratch(s), n + 1);
		if ((got = crypt_open(store_crypt(s), where, sealed, n, *body)) < 0)
			rc = err_set(e, ERR_IO, "a message body does not open with this key");
		else
			*len = (size_t)got;
	}
	sql_end(q);
	return rc;
}

int
msg_due(struct store *s, int playbook, int channel, ms_t now, struct message *out, int max,
    struct err *e)
{
	struct sql *q = sql_get(s, "SELECT " COLUMNS_OF_MSG
				   " FROM msg WHERE state = 0 AND playbook = ?1 AND channel = ?2"
				   " AND due_at <= ?3 ORDER BY due_at, planned_at, id LIMIT ?4");

	sql_int(q, 1, playbook);
	sql_int(q, 2, channel);
	sql_int(q, 3, now);
	sql_int(q, 4, max);
	return sql_all(s, q, read_row, out, sizeof(*out), e);
}

int
msg_next_due(struct store *s, int playbook, int channel, ms_t *at, struct err *e)
{
	struct sql *q = sql_get(s, "SELECT due_at FROM msg WHERE state = 0 AND playbook = ?1"
				   " AND channel = ?2 ORDER BY due_at LIMIT 1");
	int rc;

	sql_int(q, 1, playbook);
	sql_int(q, 2, channel);
	rc = sql_step(q, e);
	*at = rc == 1 ? sql_col(q, 0) : MS_NEVER;
	sql_end(q);
	return rc < 0 ? -1 : 0;
}

int
msg_let_go(struct store *s, int playbook, ms_t now, struct err *e)
{
	struct sql *q = sql_get(s, "UPDATE msg SET due_at = ?2 WHERE state = 0 AND playbook = ?1"
				   " AND due_at > ?2 AND reason IN (?3, ?4)");

	sql_int(q, 1, playbook);
	sql_int(q, 2, now);
	sql_int(q, 3, REASON_PAUSED);
	sql_int(q, 4, REASON_FROZEN);
	return sql_run(q, e);
}

int
msg_planned(struct store *s, int64_t customer, struct message *out, int max, struct err *e)
{
	struct sql *q = sql_get(s, "SELECT " COLUMNS_OF_MSG
				   " FROM msg WHERE state = 0 AND customer = ?1 ORDER BY id LIMIT ?2");

	sql_int(q, 1, customer);
	sql_int(q, 2, max);
	return sql_all(s, q, read_row, out, sizeof(*out), e);
}

int
msg_beside(struct store *s, const struct message *m, bool any, ms_t due, ms_t planned, int max,
    struct message **out, struct err *e)
{
	struct sql *q = sql_get(s, "SELECT " COLUMNS_OF_MSG
				   " FROM msg WHERE state = 0 AND customer = ?1 AND playbook = ?2"
				   " AND id <> ?3 AND (step = ?4 OR ?5) AND due_at <= ?6"
				   " AND planned_at <= ?7 ORDER BY id LIMIT ?8");
	int room = 0, n = 0, rc;

	sql_int(q, 1, m->customer);
	sql_int(q, 2, m->playbook);
	sql_int(q, 3, m->id);
	sql_text(q, 4, m->step);
	sql_int(q, 5, any);
	sql_int(q, 6, due);
	sql_int(q, 7, planned);
	sql_int(q, 8, max);
	*out = NULL;
	while ((rc = sql_step(q, e)) == 1) {
		if (n == room) {
			struct message *more;

			room = MAX(8, 2 * room);
			more = arena_array(store_scratch(s), struct message, room);
			if (n > 0)
				memcpy(more, *out, sizeof(*more) * (size_t)n);
			*out = more;
		}
		read_row(s, q, &(*out)[n++]);
	}
	return rc < 0 ? -1 : n;
}

int
msg_rivals(struct store *s, const struct message *m, int priority, ms_t until,
    struct msg_rival *out, int max, struct err *e)
{
	struct sql *q = sql_get(s,
	    "SELECT m.due_at, m.priority, m.playbook FROM msg m JOIN run r ON r.id = m.run"
	    " WHERE m.state = 0 AND m.customer = ?1 AND m.id <> ?2 AND m.priority > ?3"
	    " AND m.category = 0 AND m.due_at < ?4 AND r.control = 0 ORDER BY m.id LIMIT ?5");
	int n = 0, rc;

	sql_int(q, 1, m->customer);
	sql_int(q, 2, m->id);
	sql_int(q, 3, priority);
	sql_int(q, 4, until);
	sql_int(q, 5, max);
	while ((rc = sql_step(q, e)) == 1)
		out[n++] = (struct msg_rival){ .due_at = sql_col(q, 0),
			.priority = (int)sql_col(q, 1), .playbook = (int)sql_col(q, 2) };
	return rc < 0 ? -1 : n;
}

int
msg_of_occ(struct store *s, int64_t run, int occ, struct message *out, struct err *e)
{
	struct sql *q =
	    sql_get(s, "SELECT " COLUMNS_OF_MSG " FROM msg WHERE run = ?1 AND occ = ?2");

	sql_int(q, 1, run);
	sql_int(q, 2, occ);
	return sql_one(s, q, read_row, out, e);
}

int
msg_of_run(struct store *s, int64_t run, struct message *out, int max, struct err *e)
{
	struct sql *q = sql_get(s, "SELECT " COLUMNS_OF_MSG
				   " FROM msg WHERE run = ?1 ORDER BY id LIMIT ?2");

	sql_int(q, 1, run);
	sql_int(q, 2, max);
	return sql_all(s, q, read_row, out, sizeof(*out), e);
}

int
msg_settling(struct store *s, ms_t now, int64_t *ids, int max, struct err *e)
{
	struct sql *q = sql_get(s,
	    "SELECT id FROM msg WHERE settle_at <= ?1 ORDER BY settle_at, id LIMIT ?2");

	sql_int(q, 1, now);
	sql_int(q, 2, max);
	return sql_ids(q, ids, e);
}

int
msg_next_settle(struct store *s, ms_t *at, struct err *e)
{
	struct sql *q = sql_get(s, "SELECT settle_at FROM msg WHERE settle_at IS NOT NULL"
				   " ORDER BY settle_at LIMIT 1");
	int rc = sql_step(q, e);

	*at = rc == 1 ? sql_col(q, 0) : MS_NEVER;
	sql_end(q);
	return rc < 0 ? -1 : 0;
}

int
msg_stranded(struct store *s, int64_t epoch, int64_t *cursor, struct message *out, struct err *e)
{
	/* SENDING rows always have a settle_at: their deadline. */
	struct sql *q = sql_get(s, "SELECT " COLUMNS_OF_MSG " FROM msg WHERE settle_at IS NOT NULL"
				   " AND state = 1 AND epoch < ?1 AND id > ?2 ORDER BY id LIMIT 1");
	int rc;

	sql_int(q, 1, epoch);
	sql_int(q, 2, *cursor);
	rc = sql_step(q, e);
	if (rc == 1) {
		read_row(s, q, out);
		*cursor = out->id;
	}
	sql_end(q);
	return rc;
}

int
msg_parked(struct store *s, int64_t after, struct message *out, int max, struct err *e)
{
	struct sql *q = sql_get(s, "SELECT " COLUMNS_OF_MSG " FROM msg WHERE state = ?1 AND id IN"
				   " (SELECT msg FROM alarm WHERE kind = 'parked')"
				   " AND id > ?3 ORDER BY id LIMIT ?2");

	sql_int(q, 1, MSG_PARKED);
	sql_int(q, 2, max);
	sql_int(q, 3, after);
	return sql_all(s, q, read_row, out, sizeof(*out), e);
}

int
msg_last_to(struct store *s, int64_t customer, int channel, struct message *out, struct err *e)
{
	struct sql *q = sql_get(s,
	    "SELECT " COLUMNS_OF_MSG " FROM msg WHERE id = (SELECT m.id FROM reservation r"
	    " JOIN msg m ON m.id = r.msg WHERE r.customer = ?1 AND (?2 < 0 OR m.channel = ?2)"
	    " ORDER BY r.at DESC LIMIT 1)");

	sql_int(q, 1, customer);
	sql_int(q, 2, channel);
	return sql_one(s, q, read_row, out, e);
}
