#include <string.h>

#include <glib.h>

#include "sql.h"
#include "store/run.h"

/* text NUL comment, sealed for this run. */
static void
place(int64_t run, char *where, size_t n)
{
	g_snprintf(where, n, "heard:%" G_GINT64_FORMAT, run);
}

int
heard_put(struct store *s, int64_t run, const struct heard *a, struct err *e)
{
	struct sql *q =
	    sql_get(s, "INSERT INTO heard VALUES(?1, ?2, ?3, ?4, ?5)"
		       " ON CONFLICT(run) DO UPDATE SET at = ?2, channel = ?3,"
		       " score = ?4, words_enc = ?5");
	size_t text = strlen(a->text) + 1, n = text + strlen(a->comment);
	char *words = arena_alloc(store_scratch(s), n + 1), where[48];
	uint8_t *sealed = arena_alloc(store_scratch(s), n + CRYPT_OVERHEAD);

	memcpy(words, a->text, text);
	memcpy(words + text, a->comment, n - text + 1);
	place(run, where, sizeof(where));
	sql_int(q, 1, run);
	sql_int(q, 2, a->at);
	sql_int(q, 3, a->channel);
	if (a->score >= 0)
		sql_int(q, 4, a->score);
	sql_blob(q, 5, sealed, crypt_seal(store_crypt(s), where, words, n, sealed));
	return sql_run(q, e);
}

int
heard_get(struct store *s, int64_t run, struct heard *out, struct err *e)
{
	struct sql *q =
	    sql_get(s, "SELECT at, channel, score, words_enc FROM heard WHERE run = ?1");
	const void *sealed;
	char *words, where[48];
	ptrdiff_t got;
	size_t n;
	int rc;

	sql_int(q, 1, run);
	rc = sql_step(q, e);
	if (rc == 1) {
		place(run, where, sizeof(where));
		sealed = sql_col_blob(q, 3, &n);
		words = arena_alloc(store_scratch(s), n + 1);
		got = crypt_open(store_crypt(s), where, sealed, n, words);
		if (got < 0) {
			sql_end(q);
			return err_set(
			    e, ERR_IO, "an answer does not open with this key");
		}
		words[got] = '\0';
		*out = (struct heard){ .at = sql_col(q, 0),
			.channel = (int)sql_col(q, 1),
			.score = sql_is_null(q, 2) ? -1 : (int)sql_col(q, 2),
			.text = words,
			.comment = words + strlen(words) + 1 };
	}
	sql_end(q);
	return rc;
}
