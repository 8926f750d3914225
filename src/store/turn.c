#include "store/turn.h"

#include <glib.h>

#include "sql.h"

/* More than any service allows. */
#define SENT_MAX 32

struct row {
	ms_t at, times[SENT_MAX];
	int sent;
	bool shut;
};

static void
read_times(const char *s, struct row *r)
{
	char *end;

	for (r->sent = 0; *s != '\0' && r->sent < SENT_MAX; s = end)
		r->times[r->sent++] = g_ascii_strtoll(s, &end, 10);
}

static int
load(struct store *s, const char *account, int64_t h, struct row *r, struct err *e)
{
	struct sql *q =
	    sql_get(s, "SELECT at, shut, times FROM turn WHERE account = ?1 AND h = ?2");
	int rc;

	*r = (struct row){ 0 };
	sql_text(q, 1, account);
	sql_int(q, 2, h);
	if ((rc = sql_step(q, e)) == 1) {
		r->at = sql_col(q, 0);
		r->shut = sql_col(q, 1) != 0;
		read_times(sql_col_text(q, 2), r);
	}
	sql_end(q);
	return rc;
}

static int
save(struct store *s, const char *account, int64_t h, const struct row *r, struct err *e)
{
	struct sql *q = sql_get(s, "INSERT INTO turn VALUES(?1, ?2, ?3, ?4, ?5)"
				   " ON CONFLICT(account, h) DO UPDATE SET at = ?3,"
				   " shut = ?4, times = ?5");
	GString *times = g_string_new("");
	int rc;

	for (int i = 0; i < r->sent; i++)
		g_string_append_printf(
		    times, "%s%" G_GINT64_FORMAT, i > 0 ? " " : "", r->times[i]);
	sql_text(q, 1, account);
	sql_int(q, 2, h);
	sql_int(q, 3, r->at);
	sql_int(q, 4, r->shut);
	sql_text(q, 5, times->str);
	rc = sql_run(q, e);
	g_string_free(times, TRUE);
	return rc;
}

int
turn_heard(struct store *s, const char *account, int64_t h, ms_t at, struct err *e)
{
	struct row r;
	int rc = load(s, account, h, &r, e), kept = 0;

	if (rc < 0 || (rc == 1 && at <= r.at))
		return rc < 0 ? -1 : 0;
	for (int i = 0; i < r.sent; i++)
		if (r.times[i] >= at)
			r.times[kept++] = r.times[i];
	r.sent = kept;
	r.at = at;
	r.shut = false;
	return save(s, account, h, &r, e);
}

int
turn_get(
    struct store *s, const char *account, int64_t h, ms_t *at, int *sent, struct err *e)
{
	struct row r;
	int rc = load(s, account, h, &r, e);

	*at = r.shut ? 0 : r.at;
	*sent = r.sent;
	return rc < 0 ? -1 : 0;
}

int
turn_take(struct store *s, const char *account, int64_t h, ms_t since, int most, ms_t now,
    struct err *e)
{
	struct row r;
	int rc = load(s, account, h, &r, e);

	if (rc != 1)
		return rc;
	if (r.shut || r.at <= since || r.sent >= MIN(most, SENT_MAX))
		return 0;
	r.times[r.sent++] = now;
	return save(s, account, h, &r, e) == 0 ? 1 : -1;
}

int
turn_give(struct store *s, const char *account, int64_t h, ms_t begun_at, struct err *e)
{
	struct row r;
	int rc = load(s, account, h, &r, e), i = 0;

	if (rc != 1)
		return rc;
	while (i < r.sent && r.times[i] != begun_at)
		i++;
	if (i == r.sent)
		return 0;
	for (r.sent--; i < r.sent; i++)
		r.times[i] = r.times[i + 1];
	return save(s, account, h, &r, e);
}

int
turn_shut(struct store *s, const char *account, int64_t h, ms_t begun_at, struct err *e)
{
	struct sql *q = sql_get(
	    s, "UPDATE turn SET shut = 1 WHERE account = ?1 AND h = ?2 AND at <= ?3");

	sql_text(q, 1, account);
	sql_int(q, 2, h);
	sql_int(q, 3, begun_at);
	return sql_run(q, e);
}

int
turn_purge(struct store *s, ms_t before, struct err *e)
{
	struct sql *q = sql_get(s, "DELETE FROM turn WHERE at < ?1");

	sql_int(q, 1, before);
	return sql_run(q, e);
}
