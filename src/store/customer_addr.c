/* Addresses of customers: sealed as one in the row, found by keyed hash. */
#include <string.h>

#include <glib.h>

#include "base/text.h"
#include "customer_impl.h"
#include "sql.h"
#include "store/msg.h"
#include "store/tie.h"

/* Addresses of one customer, NUL-separated in channel order, sealed as one. */
static size_t
pack(const struct customer *c, GString *out)
{
	for (int i = 0; i < CHANNELS; i++)
		g_string_append_len(out, c->address[i], (gssize)strlen(c->address[i]) + 1);
	return out->len;
}

static void
place(int64_t id, char *buf)
{
	text_number(buf, "customer.addr:", id);
}

int
customer_seal(struct store *s, int64_t id, const struct customer *c, uint8_t *sealed, size_t *n,
    struct err *e)
{
	GString *plain = g_string_sized_new(160);
	char where[64];
	bool fits = pack(c, plain) <= CUSTOMER_SEALED - CRYPT_OVERHEAD;

	place(id, where);
	if (fits)
		*n = crypt_seal(store_crypt(s), where, plain->str, plain->len, sealed);
	g_string_free(plain, TRUE);
	return fits ? 0 : err_set(e, ERR_INPUT, "the addresses of one customer are too long");
}

int64_t
customer_hash(struct store *s, int channel, const char *address)
{
	/* A number is one address, whether it is called or written to. */
	const char *use = channel == CHANNEL_SMS || channel == CHANNEL_PHONE ? "address.phone" :
	    channel == CHANNEL_WECOM					      ? "address.wecom" :
	    channel == CHANNEL_EMAIL					      ? "address.email" :
										"address.push";

	if (*address == '\0')
		return 0;
	return crypt_hmac64(store_crypt(s), use, address, strlen(address));
}

int
customer_put_addresses(struct store *s, int64_t id, const struct customer *c, struct err *e)
{
	for (int i = 0; i < CHANNELS; i++) {
		struct sql *q;

		/* phone and sms share a hash: one row finds both */
		if (*c->address[i] == '\0' ||
		    (i == CHANNEL_PHONE &&
			strcmp(c->address[CHANNEL_PHONE], c->address[CHANNEL_SMS]) == 0))
			continue;
		q = sql_get(s, "INSERT OR IGNORE INTO address VALUES(?1, ?2, ?3)");
		sql_int(q, 1, customer_hash(s, i, c->address[i]));
		sql_int(q, 2, i);
		sql_int(q, 3, id);
		if (sql_run(q, e) != 0 ||
		    tie_number(s, id, customer_hash(s, i, c->address[i]), e) != 0)
			return -1;
	}
	return 0;
}

int
customer_drop_addresses(struct store *s, const struct customer_row *old, struct err *e)
{
	for (int i = 0; i < CHANNELS; i++) {
		struct sql *q;
		int64_t h;

		if (*old->c.address[i] == '\0')
			continue;
		h = customer_hash(s, i, old->c.address[i]);
		if (cap_address(s, h, old->c.id, e) != 0)
			return -1;
		q = sql_get(s,
		    "DELETE FROM address WHERE h = ?1 AND channel = ?2 AND customer = ?3");
		sql_int(q, 1, h);
		sql_int(q, 2, i);
		sql_int(q, 3, old->c.id);
		if (sql_run(q, e) != 0)
			return -1;
	}
	return 0;
}

int
customer_open(struct store *s, struct customer_row *row, struct err *e)
{
	char where[64], *plain;
	ptrdiff_t len;

	if (row->sealed == NULL)
		return 0;
	plain = arena_alloc(store_scratch(s), row->sealed_len + 1);
	place(row->c.id, where);
	len = crypt_open(store_crypt(s), where, row->sealed, row->sealed_len, plain);
	if (len < 0)
		return err_set(e, ERR_IO,
		    "the addresses of customer row %" G_GINT64_FORMAT
		    " do not open with this key: is it the key of this database?", row->c.id);
	row->sealed = NULL;
	for (int i = 0; i < CHANNELS && len > 0; i++) {
		size_t l = strlen(plain) + 1;

		row->c.address[i] = plain;
		plain += l;
		len -= (ptrdiff_t)l;
	}
	return 0;
}
