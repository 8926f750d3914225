#include "store/device.h"

#include <string.h>

#include <glib.h>

#include "core/words.h"
#include "sql.h"
#include "store/customer.h"

/* Rows go from one customer to another when two are found to be one; a token stays. */
static const char *
place(int64_t h, char *buf, size_t n)
{
	g_snprintf(buf, n, "device.token:%" G_GINT64_FORMAT, h);
	return buf;
}

static int
read_token(struct store *s, struct sql *q, struct device *d, struct err *e)
{
	size_t n;
	const void *sealed = sql_col_blob(q, 4, &n);
	char *plain = arena_alloc(store_scratch(s), n + 1), where[64];
	ptrdiff_t len = crypt_open(
	    store_crypt(s), place(d->h, where, sizeof(where)), sealed, n, plain);

	if (len < 0)
		return err_set(e, ERR_IO, "a device does not open with this key");
	plain[len] = '\0';
	d->token = plain;
	return 0;
}

static bool
has(const struct device *d, int n, int64_t h)
{
	for (int i = 0; i < n; i++)
		if (d[i].h == h)
			return true;
	return false;
}

int
device_list(struct store *s, int64_t customer, struct device *out, struct err *e)
{
	struct sql *q =
	    sql_get(s, "SELECT h, platform, app_version, at, token_enc, vendor FROM device"
		       " WHERE customer = ?1 ORDER BY id");
	int n = 0, rc;

	sql_int(q, 1, customer);
	while ((rc = sql_step(q, e)) == 1) {
		int64_t h = sql_col(q, 0);

		if (n == DEVICES_MAX || has(out, n, h))
			continue;
		out[n] = (struct device){ .h = h,
			.platform = sql_col_dup(s, q, 1),
			.app_version = sql_col_dup(s, q, 2),
			.vendor = sql_col_word(s, q, 5),
			.at = sql_col(q, 3) };
		if (read_token(s, q, &out[n], e) != 0) {
			sql_end(q);
			return -1;
		}
		n++;
	}
	return rc < 0 ? -1 : n;
}

static int
address(struct store *s, int64_t customer, int64_t h, struct err *e)
{
	struct sql *q = sql_get(s, "INSERT OR IGNORE INTO address VALUES(?1, ?2, ?3)");

	sql_int(q, 1, h);
	sql_int(q, 2, CHANNEL_PUSH);
	sql_int(q, 3, customer);
	return sql_run(q, e);
}

static int
add(struct store *s, int64_t customer, const struct device *d, struct err *e)
{
	int64_t h = customer_hash(s, CHANNEL_PUSH, d->token);
	size_t n = strlen(d->token);
	uint8_t *sealed = arena_alloc(store_scratch(s), n + CRYPT_OVERHEAD);
	char where[64];
	struct sql *q =
	    sql_get(s, "INSERT INTO device VALUES(NULL, ?1, ?2, ?3, ?4, ?5, ?6, ?7)");

	n = crypt_seal(
	    store_crypt(s), place(h, where, sizeof(where)), d->token, n, sealed);
	sql_int(q, 1, customer);
	sql_int(q, 2, h);
	sql_text(q, 3, d->platform);
	sql_text(q, 4, d->app_version);
	sql_int(q, 5, d->at);
	sql_blob(q, 6, sealed, n);
	sql_text(q, 7, d->vendor);
	return sql_run(q, e) != 0 ? -1 : address(s, customer, h, e);
}

int
device_drop(struct store *s, int64_t customer, int64_t h, struct err *e)
{
	struct sql *q = sql_get(s, "DELETE FROM device WHERE customer = ?1 AND h = ?2");

	sql_int(q, 1, customer);
	sql_int(q, 2, h);
	if (sql_run(q, e) != 0)
		return -1;
	q = sql_get(
	    s, "DELETE FROM address WHERE customer = ?1 AND h = ?2 AND channel = ?3");
	sql_int(q, 1, customer);
	sql_int(q, 2, h);
	sql_int(q, 3, CHANNEL_PUSH);
	return sql_run(q, e);
}

int
device_replace(
    struct store *s, int64_t customer, const struct device *d, int n, struct err *e)
{
	struct device *old = arena_array(store_scratch(s), struct device, DEVICES_MAX);
	int had = device_list(s, customer, old, e);

	for (int i = 0; i < had; i++)
		if (device_drop(s, customer, old[i].h, e) != 0)
			return -1;
	for (int i = 0; i < n; i++)
		if (add(s, customer, &d[i], e) != 0)
			return -1;
	return had < 0 ? -1 : 0;
}
