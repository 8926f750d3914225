/* store_test.c - the database alone: what is kept, what is sealed, what it refuses. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <glib/gstdio.h>

#include "../../src/store/sql.h"
#include "core/reason.h"
#include "store/balance.h"
#include "store/customer.h"
#include "store/event.h"
#include "store/msg.h"
#include "store/optout.h"
#include "store/run.h"

#define NOW ((ms_t)1773108000000)

static char *dir, *path;
static struct store *s;
static struct err e;

static struct store *
reopen(int fill, bool read_only)
{
	uint8_t key[CRYPT_KEY];

	memset(key, fill, sizeof(key));
	memset(&e, 0, sizeof(e));
	return store_open(&(struct store_options){ .path = path,
			      .key = key,
			      .create = true,
			      .sync = true,
			      .read_only = read_only },
	    &e);
}

static int
setup(void **state)
{
	(void)state;
	dir = g_dir_make_tmp("reachd-store-XXXXXX", NULL);
	path = g_build_filename(dir, "db", NULL);
	s = reopen(1, false);
	return s == NULL ? -1 : 0;
}

static int
teardown(void **state)
{
	char *cmd = g_strdup_printf("rm -rf '%s'", dir);
	int rc;

	(void)state;
	store_close(s);
	rc = system(cmd);
	g_free(cmd);
	g_free(dir);
	g_free(path);
	return rc;
}

/* ---- customers ---- */

#define PHONE "+8619900000001"
static const struct customer someone = { .ext = "C1",
	.name = "王",
	.gender = "female",
	.tier = "high",
	.stage = "new",
	.store = "S1",
	.advisor = "李",
	.tz = "Asia/Shanghai",
	.address = { PHONE, "wecom-canary", "canary@example.com", "push-canary", PHONE },
	.consent = { 2, 1, 0, 2, 1 },
	.birthday = { 1969, 12, 31 },
	.last_visit = { 2026, 3, 1 },
	.visits = 3,
	.spend_12m = 1234.56,
	.tags = "ev;vip",
	.attrs = "{\"a\":1}" };

static void
customers(void **state)
{
	struct customer_row row;
	int64_t id, again, ids[4];
	bool created;

	(void)state;
	assert_int_equal(customer_put(s, &someone, &id, &created, &e), 0);
	assert_true(created);
	assert_int_equal(customer_put(s, &someone, &again, &created, &e), 0);
	assert_false(created);
	assert_int_equal(id, again);
	assert_int_equal(customer_get(s, id, &row, &e), 1);
	assert_string_equal(row.c.address[CHANNEL_SMS], "");
	assert_int_equal(customer_open(s, &row, &e), 0);
	assert_int_equal(customer_open(s, &row, &e), 0);
	for (int i = 0; i < CHANNELS; i++) {
		assert_string_equal(row.c.address[i], someone.address[i]);
		assert_int_equal(row.c.consent[i], someone.consent[i]);
	}
	assert_string_equal(row.c.name, "王");
	assert_string_equal(row.c.attrs, "{\"a\":1}");
	assert_int_equal(row.c.birthday.year, 1969);
	assert_int_equal(row.c.visits, 3);
	assert_true(row.c.spend_12m == 1234.56);
	assert_int_equal(
	    customer_of_address(s, customer_hash(s, CHANNEL_SMS, PHONE), ids, 4, &e), 1);
	assert_int_equal(
	    customer_of_address(s, customer_hash(s, CHANNEL_PHONE, PHONE), ids, 4, &e),
	    1);
	assert_int_equal(customer_find(s, "C2", &id, &e), 0);
}

/* A number that is only called is found too, and the old ones are forgotten. */
static void
addresses(void **state)
{
	struct customer c = someone;
	int64_t id, ids[4];
	bool created;

	(void)state;
	c.address[CHANNEL_PHONE] = "+8619900000002";
	assert_int_equal(customer_put(s, &c, &id, &created, &e), 0);
	assert_int_equal(
	    customer_of_address(s, customer_hash(s, 4, "+8619900000002"), ids, 4, &e), 1);
	assert_int_equal(customer_invalidate(s, id, CHANNEL_SMS, &e), 0);
	c.address[CHANNEL_SMS] = c.address[CHANNEL_PHONE] = "+8619900000003";
	assert_int_equal(customer_put(s, &c, &id, &created, &e), 0);
	assert_int_equal(
	    customer_of_address(s, customer_hash(s, 0, PHONE), ids, 4, &e), 0);
	assert_int_equal(
	    customer_of_address(s, customer_hash(s, 4, "+8619900000002"), ids, 4, &e), 0);
	assert_int_equal(
	    customer_of_address(s, customer_hash(s, 0, "+8619900000003"), ids, 4, &e), 1);
}

static void
born_on_the_first_day(void **state)
{
	struct customer c = someone;
	struct customer_row row;
	int64_t id;
	bool created;

	(void)state;
	c.birthday = (struct date){ 1970, 1, 1 };
	assert_int_equal(customer_put(s, &c, &id, &created, &e), 0);
	assert_int_equal(customer_get(s, id, &row, &e), 1);
	assert_int_equal(row.c.birthday.year, 1970);
	c.birthday = (struct date){ 0 };
	assert_int_equal(customer_put(s, &c, &id, &created, &e), 0);
	assert_int_equal(customer_get(s, id, &row, &e), 1);
	assert_int_equal(row.c.birthday.year, 0);
}

/* No address and no text in any file of the database. */
static void
nothing_in_the_clear(void **state)
{
	static const char *const canaries[] = { "19900000001", "wecom-canary", "canary@",
		"push-canary", "body-canary", "raw-canary" };
	struct message m = {
		.id = 1, .customer = 1, .run = 1, .step = "one", .state = MSG_DUE
	};
	struct inbox in = { .account = "a",
		.evkey = "k",
		.recv_at = NOW,
		.verdict = "open",
		.raw = "{\"text\":\"raw-canary\"}" };
	int64_t id;
	bool created;
	const char *name;
	GDir *d;

	(void)state;
	assert_int_equal(customer_put(s, &someone, &id, &created, &e), 0);
	assert_int_equal(msg_add(s, &m, &e), 1);
	assert_int_equal(msg_get(s, 1, &m, &e), 1);
	assert_int_equal(msg_save_body(s, &m, "body-canary", 11, &e), 0);
	assert_int_equal(inbox_add(s, &in, false, &e), 1);
	d = g_dir_open(dir, 0, NULL);
	while ((name = g_dir_read_name(d)) != NULL) {
		char *file = g_build_filename(dir, name, NULL), *bytes;
		gsize len;

		assert_true(g_file_get_contents(file, &bytes, &len, NULL));
		for (size_t i = 0; i < G_N_ELEMENTS(canaries); i++)
			assert_null(memmem(bytes, len, canaries[i], strlen(canaries[i])));
		g_free(bytes);
		g_free(file);
	}
	g_dir_close(d);
}

static void
another_key(void **state)
{
	(void)state;
	store_close(s);
	s = reopen(2, false);
	assert_null(s);
	assert_int_equal(e.kind, ERR_INPUT);
	assert_null(reopen(2, true));
	s = reopen(1, true);
	assert_non_null(s);
}

static void
a_newer_schema(void **state)
{
	(void)state;
	assert_int_equal(sql_script(s, "PRAGMA user_version=99", &e), 0);
	store_close(s);
	s = reopen(1, false);
	assert_null(s);
	assert_int_equal(e.kind, ERR_INPUT);
}

/* ---- slots ---- */

static void
slots(void **state)
{
	int used;

	(void)state;
	assert_int_equal(cap_take(s, "c1", 202603, 0, &e), 0); /* 0 is never */
	assert_int_equal(cap_take(s, "c1", 202603, 2, &e), 1);
	assert_int_equal(cap_take(s, "c1", 202603, 2, &e), 1);
	assert_int_equal(cap_take(s, "c1", 202603, 2, &e), 0);
	assert_int_equal(cap_take(s, "c1", 202604, 2, &e), 1);
	assert_int_equal(
	    cap_take(s, "c1", 202603, 1, &e), 0); /* lowered below what is used */
	assert_int_equal(cap_take(s, "c1", 202603, 3, &e), 1);
	assert_int_equal(cap_used(s, "c1", 202603, &used, &e), 0);
	assert_int_equal(used, 3);
	assert_int_equal(cap_give(s, "c1", 202603, &e), 0);
	assert_int_equal(cap_used(s, "c1", 202603, &used, &e), 0);
	assert_int_equal(used, 2);
	assert_int_equal(cap_used(s, "nobody", 202603, &used, &e), 0);
	assert_int_equal(used, 0);
}

static void
count(void *arg, ms_t at, int category)
{
	(void)at;
	(void)category;
	++*(int *)arg;
}

static void
reservations(void **state)
{
	int n = 0;

	(void)state;
	assert_int_equal(reservation_add(s, 1, NOW, 10, 0, &e), 0);
	assert_int_equal(reservation_add(s, 1, NOW, 11, 0, &e), 0);
	assert_int_equal(reservation_add(s, 2, NOW, 12, 0, &e), 0);
	assert_int_equal(
	    reservation_add(s, 1, NOW, 10, 0, &e), -1); /* one message, one place */
	assert_int_equal(reservation_drop(s, 1, NOW, 10, &e), 0);
	assert_int_equal(reservation_since(s, 1, NOW, count, &n, &e), 0);
	assert_int_equal(n, 1);
	n = 0;
	assert_int_equal(reservation_since(s, 1, NOW + 1, count, &n, &e), 0);
	assert_int_equal(n, 0);
}

/* ---- messages ---- */

static struct message
fresh(int64_t id)
{
	return (struct message){ .id = id,
		.customer = 1,
		.run = 1,
		.step = "one",
		.occ = (int)id,
		.state = MSG_DUE,
		.account = "",
		.template_ = "",
		.provider_id = "",
		.perr = "" };
}

/* The database knows the same moves and refuses every other. */
static void
moves(void **state)
{
	int64_t id = 0;

	(void)state;
	for (int a = 0; a < MSG_STATES; a++)
		for (int b = 0; b < MSG_STATES; b++) {
			struct message m = fresh(++id);
			char *insert = g_strdup_printf(
			    "INSERT INTO msg(id, customer, run, version, playbook,"
			    " step, occ, channel, category, priority, planned_at, "
			    "due_at, expires_at, state,"
			    " reason) VALUES(%d, 1, 1, 0, 0, 'one', %d, 0, 0, 0, 0, 0, "
			    "0, %d, 0)",
			    (int)id, (int)id, a);

			assert_int_equal(sql_script(s, insert, &e), 0);
			g_free(insert);
			m.state = b;
			assert_int_equal(msg_save(s, &m, &e),
			    a == b || fsm_may(&message_fsm, a, b) ? 0 : -1);
		}
}

static void
a_step_once(void **state)
{
	struct message m = fresh(1), twin = fresh(1);
	struct message got[4];

	(void)state;
	assert_int_equal(msg_add(s, &m, &e), 1);
	twin.id = 2;
	assert_int_equal(msg_add(s, &twin, &e), 0);
	assert_int_equal(msg_of_run(s, 1, got, 4, &e), 1);
	assert_int_equal(msg_of_occ(s, 1, 1, &got[0], &e), 1);
	assert_int_equal(msg_of_occ(s, 1, 2, &got[0], &e), 0);
}

static void
all_columns(void **state)
{
	struct message m = fresh(1), got;

	(void)state;
	assert_int_equal(msg_add(s, &m, &e), 1);
	m = (struct message){ .id = 1,
		.state = MSG_SENDING,
		.reason = 3,
		.channel = 1,
		.category = 2,
		.due_at = 4,
		.expires_at = 5,
		.n = 6,
		.token = 7,
		.epoch = 8,
		.account = "acc",
		.address = 9,
		.begun_at = 10,
		.key_at = 11,
		.settle_at = 12,
		.settle_n = 13,
		.slots = 14,
		.period = 202603,
		.template_ = "t",
		.segments = 15,
		.cost = 0.1234,
		.provider_id = "p",
		.perr = "x" };
	assert_int_equal(msg_save(s, &m, &e), 0);
	assert_int_equal(msg_get(s, 1, &got, &e), 1);
	assert_true(got.state == MSG_SENDING && got.reason == 3 && got.channel == 1 &&
		    got.category == 2 && got.due_at == 4 && got.expires_at == 5 &&
		    got.n == 6 && got.token == 7 && got.epoch == 8 && got.address == 9 &&
		    got.begun_at == 10 && got.key_at == 11 && got.settle_at == 12 &&
		    got.settle_n == 13 && got.slots == 14 && got.period == 202603 &&
		    got.segments == 15);
	assert_true(got.cost > 0.12339 && got.cost < 0.12341);
	assert_string_equal(got.account, "acc");
	assert_string_equal(got.template_, "t");
	assert_string_equal(got.provider_id, "p");
	assert_string_equal(got.perr, "x");
}

/* A savepoint inside the job's: a row that fails takes no other with it. */
static void
marks(void **state)
{
	struct message a = fresh(1), b = fresh(2), got;

	(void)state;
	assert_int_equal(store_begin(s, &e), 0);
	assert_int_equal(store_savepoint(s, &e), 0);
	assert_int_equal(msg_add(s, &a, &e), 1);
	assert_int_equal(store_mark(s, &e), 0);
	assert_int_equal(store_mark(s, &e), 0);
	assert_int_equal(msg_add(s, &b, &e), 1);
	assert_int_equal(store_back(s, &(struct err){ .kind = ERR_INTERNAL }, &e), 0);
	assert_int_equal(msg_get(s, 2, &got, &e), 0);
	assert_int_equal(msg_get(s, 1, &got, &e), 1);
	assert_int_equal(store_unmark(s, &e), 0);
	assert_int_equal(store_release(s, &e), 0);
	assert_int_equal(store_commit(s, &e), 0);
	assert_int_equal(msg_get(s, 1, &got, &e), 1);
}

/* ---- once ---- */

static void
ids_after_a_clock_gone_back(void **state)
{
	struct run r = { .customer = 1,
		.playbook = 1,
		.step = "",
		.why = "",
		.entry = "a",
		.entered_at = NOW };
	int64_t last;

	(void)state;
	assert_int_equal(run_add(s, &r, &e), 1);
	last = r.id;
	store_close(s);
	s = reopen(1, false);
	r.entry = "b";
	r.entered_at = NOW - MS_DAY;
	assert_int_equal(run_add(s, &r, &e), 1);
	assert_true(r.id > last);
	r.entry = "a";
	assert_int_equal(run_add(s, &r, &e), 0); /* entered for ever */
}

static void
inboxes(void **state)
{
	struct inbox in = { .account = "a",
		.evkey = "k",
		.recv_at = NOW,
		.kind = 1,
		.verdict = "open",
		.raw = "{}" },
		     got;
	int64_t cursor = 0, n;

	(void)state;
	assert_int_equal(inbox_add(s, &in, false, &e), 1);
	assert_int_equal(inbox_add(s, &in, false, &e), 0);
	in.account = "b";
	assert_int_equal(inbox_add(s, &in, true, &e), 1);
	assert_int_equal(inbox_count_open(s, &n, &e), 0);
	assert_int_equal(n, 1);
	assert_int_equal(inbox_next(s, &cursor, &got, &e), 1);
	assert_string_equal(got.raw, "{}");
	assert_string_equal(got.account, "a");
	assert_int_equal(inbox_next(s, &cursor, &got, &e), 0);
}

static void
keys(void **state)
{
	uint8_t one[32] = { 1 }, two[32] = { 2 };
	char *answer;
	bool same;
	int status;

	(void)state;
	assert_int_equal(idempotency_get(s, "k", one, &same, &status, &answer, &e), 0);
	assert_int_equal(idempotency_put(s, "k", one, NOW, 201, "{}", &e), 0);
	assert_int_equal(idempotency_get(s, "k", one, &same, &status, &answer, &e), 1);
	assert_true(same && status == 201);
	assert_int_equal(idempotency_get(s, "k", two, &same, &status, &answer, &e), 1);
	assert_false(same);
	assert_int_equal(idempotency_purge(s, NOW + 1, &e), 0);
	assert_int_equal(idempotency_get(s, "k", one, &same, &status, &answer, &e), 0);
}

static void
opt_outs(void **state)
{
	(void)state;
	assert_int_equal(optout_add(s, 5, 0,
			     &(struct refusal){
				 .src = "reply", .origin = "", .at = NOW, .heard = NOW },
			     &e),
	    0);
	assert_int_equal(
	    optout_add(s, 5, 0,
		&(struct refusal){
		    .src = "import", .origin = "", .at = NOW - 5, .heard = NOW - 5 },
		&e),
	    0);
	assert_int_equal(
	    optout_lift(s, 5, 0, NOW, &e), 0); /* the same instant: it stays */
	assert_int_equal(optout_has(s, 5, 0, &e), 1);
	assert_int_equal(optout_has(s, 5, 1, &e), 0);
	assert_int_equal(optout_lift(s, 5, 0, NOW + 1, &e), 0);
	assert_int_equal(optout_has(s, 5, 0, &e), 0);
}

static void
epochs(void **state)
{
	int64_t a, b;

	(void)state;
	assert_int_equal(store_epoch_next(s, "boot", &a, &e), 0);
	store_close(s);
	s = reopen(1, false);
	assert_int_equal(store_epoch_next(s, "boot", &b, &e), 0);
	assert_int_equal(b, a + 1);
	assert_int_equal(store_check(s, &e), 0);
}

int
main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
	const struct CMUnitTest tests[] = { T(customers), T(addresses),
		T(born_on_the_first_day), T(nothing_in_the_clear), T(another_key),
		T(a_newer_schema), T(slots), T(reservations), T(moves), T(a_step_once),
		T(all_columns), T(marks), T(ids_after_a_clock_gone_back), T(inboxes),
		T(keys), T(opt_outs), T(epochs) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
