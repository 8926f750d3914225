#include "wipe.h"

#include <string.h>

#include <glib.h>
#include <sqlite3.h>

#include "sql.h"

/* With another key every address would be unreadable and every opt-out unknown. */
int
opening_key(struct store *s, struct err *e)
{
	char have[32], want[32];

	g_snprintf(want, sizeof(want), "%016" G_GINT64_MODIFIER "x",
	    (guint64)crypt_hmac64(store_crypt(s), "key", "reachd", 6));
	if (store_meta_get(s, "key", have, sizeof(have), e) != 0)
		return -1;
	if (*have == '\0')
		return store_read_only(s) ? 0 : store_meta_set(s, "key", want, e);
	if (strcmp(have, want) != 0)
		return err_set(e, ERR_INPUT,
		    "this is not the key of this database: start with the key it was "
		    "made with");
	return 0;
}

/* A process that died may have left the log with what was erased. */
int
wipe_wanted(struct store *s, bool *out, struct err *e)
{
	char text[4];

	if (store_meta_get(s, "wipe", text, sizeof(text), e) != 0)
		return -1;
	*out = *text != '\0';
	return 0;
}

/* What was erased stands in old pages of the log until it is emptied. Readers may hold
 * it: then the next idle moment will do. */
bool
wipe_log(struct store *s, struct sqlite3 *db)
{
	struct err e = { 0 };
	int rc;

	sqlite3_busy_timeout(db, 0);
	rc = sqlite3_wal_checkpoint_v2(db, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
	sqlite3_busy_timeout(db, BUSY_MS);
	if (rc != SQLITE_OK)
		return true;
	return sql_run(sql_get(s, "DELETE FROM meta WHERE key = 'wipe'"), &e) != 0;
}
