#include "store/past.h"

#include <string.h>

#include <glib.h>

#include "core/message.h"
#include "sql.h"

#define REPLY_WITHIN (3 * MS_DAY)
#define VISIT_WITHIN (14 * MS_DAY)

/* Messages and events of one customer after the other, both in order of time. */
struct reading {
	struct sql *messages, *events;
	bool more;          /* a message is at hand */
	GHashTable *counts; /* "channel playbook" -> struct past * */
	struct past *last;  /* of the customer's newest message so far */
	int64_t customer;
	ms_t at;
};

static void
past_free(gpointer p)
{
	g_free((char *)((struct past *)p)->playbook);
	g_free(p);
}

static struct past *
counts_of(struct reading *r, const char *playbook, int channel)
{
	char *key = g_strdup_printf("%s %d", playbook, channel);
	struct past *p = g_hash_table_lookup(r->counts, key);

	if (p != NULL) {
		g_free(key);
		return p;
	}
	p = g_new0(struct past, 1);
	p->playbook = g_strdup(playbook);
	p->channel = channel;
	g_hash_table_insert(r->counts, key, p);
	return p;
}

/* Takes the message at hand and goes to the next. */
static int
take(struct reading *r, struct err *e)
{
	int rc;

	r->customer = sql_col(r->messages, 0);
	r->at = sql_col(r->messages, 1);
	r->last =
	    counts_of(r, sql_col_text(r->messages, 2), (int)sql_col(r->messages, 3));
	r->last->sent++;
	r->last->opened += sql_col(r->messages, 4);
	r->last->clicked += sql_col(r->messages, 5);
	rc = sql_step(r->messages, e);
	r->more = rc == 1;
	return rc < 0 ? -1 : 0;
}

/* Is the message at hand from before this event, of this customer or one before him? */
static bool
comes_before(const struct reading *r, int64_t customer, ms_t at)
{
	int64_t of = sql_col(r->messages, 0);

	return of < customer || (of == customer && sql_col(r->messages, 1) <= at);
}

static int
weigh(struct reading *r, struct err *e)
{
	int64_t customer = sql_col(r->events, 0);
	ms_t at = sql_col(r->events, 1);

	while (r->more && comes_before(r, customer, at))
		if (take(r, e) != 0)
			return -1;
	if (r->last == NULL || r->customer != customer)
		return 0;
	if (strcmp(sql_col_text(r->events, 2), "visit") == 0)
		r->last->visited += at - r->at <= VISIT_WITHIN;
	else
		r->last->replied += at - r->at <= REPLY_WITHIN;
	return 0;
}

static int
read_all(struct store *s, struct reading *r, struct err *e)
{
	int64_t sent = 0;
	int rc;

	for (int state = 0; state < MSG_STATES; state++)
		if (state != MSG_SUPPRESSED && message_column(state, 0, 1) == COLUMN_SENT)
			sent |= INT64_C(1) << state;
	r->messages = sql_get(s,
	    "SELECT m.customer, m.begun_at, p.name, m.channel,"
	    " EXISTS (SELECT 1 FROM hit WHERE msg = m.id AND kind = 0 AND bot = ''),"
	    " EXISTS (SELECT 1 FROM hit WHERE msg = m.id AND kind = 1 AND bot = '')"
	    " FROM msg m JOIN playbook p ON p.id = m.playbook"
	    " WHERE (1 << m.state) & ?1 AND m.begun_at > 0 ORDER BY 1, 2");
	sql_int(r->messages, 1, sent);
	r->events = sql_get(s, "SELECT customer, at, type FROM event"
			       " WHERE type IN ('reply', 'visit') ORDER BY 1, 2");
	rc = sql_step(r->messages, e);
	r->more = rc == 1;
	while (rc >= 0 && (rc = sql_step(r->events, e)) == 1)
		if (weigh(r, e) != 0)
			return -1;
	while (rc >= 0 && r->more)
		rc = take(r, e);
	return rc < 0 ? -1 : 0;
}

static int
by_name(gconstpointer a, gconstpointer b)
{
	const struct past *x = *(const struct past *const *)a,
			  *y = *(const struct past *const *)b;
	int order = strcmp(x->playbook, y->playbook);

	return order != 0 ? order : x->channel - y->channel;
}

int
past_each(struct store *s, void (*each)(void *arg, const struct past *p), void *arg,
    struct err *e)
{
	struct reading r = { 0 };
	GPtrArray *sorted = g_ptr_array_new();
	GHashTableIter it;
	gpointer p;
	int rc;

	r.counts = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, past_free);
	rc = read_all(s, &r, e);
	g_hash_table_iter_init(&it, r.counts);
	while (g_hash_table_iter_next(&it, NULL, &p))
		g_ptr_array_add(sorted, p);
	g_ptr_array_sort(sorted, by_name);
	for (guint i = 0; rc == 0 && i < sorted->len; i++)
		each(arg, sorted->pdata[i]);
	g_ptr_array_unref(sorted);
	g_hash_table_unref(r.counts);
	return rc;
}
