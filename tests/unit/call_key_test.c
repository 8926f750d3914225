/* call_key_test.c - a key that is the call's: a batch whose answer was lost is repeated whole,
 * byte for byte, or not at all. Resend on the small stage. */
#include <sys/stat.h>

#include <sqlite3.h>

#include "stage.h"

#define START "2026-03-10T10:00:00+08:00"
#define PEOPLE 3

/* What came to the service. */
static struct wire {
	GPtrArray *keys, *bodies; /* char *, of every request */
	GHashTable *taken;        /* key -> answer, as the service keeps them */
	int sent;                 /* mails that really went */
	int cut;                  /* this many answers are lost */
	int refuse;               /* 409 for this many */
} wire;

static const char *
key_of(const struct sim_request *q)
{
	for (char *const *h = q->headers; *h != NULL; h++)
		if (g_str_has_prefix(*h, "Idempotency-Key: "))
			return *h + strlen("Idempotency-Key: ");
	fail_msg("a request without a key");
	return "";
}

static char *
answer_for(const char *body)
{
	json_t *in = json_loads(body, 0, NULL);
	size_t n = json_is_array(in) ? json_array_size(in) : 1;
	GString *s = g_string_new(json_is_array(in) ? "{\"data\":[" : "");

	for (size_t i = 0; i < n; i++)
		g_string_append_printf(
		    s, "%s{\"id\":\"id-%d\"}", i > 0 ? "," : "", wire.sent++);
	if (json_is_array(in))
		g_string_append(s, "]}");
	json_decref(in);
	return g_string_free(s, FALSE);
}

static void
resend(struct stage *s, const struct sim_request *q, struct sim_reply *r)
{
	char *body = g_strndup(q->body, q->body_len);
	const char *key = key_of(q), *known = g_hash_table_lookup(wire.taken, key);

	s->calls++;
	g_ptr_array_add(wire.keys, g_strdup(key));
	g_ptr_array_add(wire.bodies, body);
	if (known == NULL) {
		char *made = answer_for(body);

		g_hash_table_insert(wire.taken, g_strdup(key), made);
		known = made;
	}
	r->body = g_strdup(known);
	if (wire.cut > 0) {
		wire.cut--;
		r->kind = SIM_CUT;
	} else if (wire.refuse > 0) {
		wire.refuse--;
		r->status = 409;
		g_free(r->body);
		r->body = g_strdup("{\"name\":\"invalid_idempotent_request\"}");
	}
	r->len = strlen(r->body);
}

/* Three people are due at once; the first answers are lost. */
static struct stage *
lost(int cut)
{
	struct stage *s = stage_new(START, "config/reachd.yaml",
	    "entity: { name: 示例, tz: Asia/Shanghai }\n"
	    "public_url: http://127.0.0.1:8080\ncredentials: secrets\nproviders:\n"
	    "  - name: mail\n    type: resend\n    channels: [email]\n"
	    "    url: http://127.0.0.1:1\n    internal: true\n"
	    "    from: news@dealer.example\n    api_key: { credential: key }\n"
	    "    webhook_secret: { credential: hook }\n"
	    "  - { name: sms, type: sandbox, channels: [sms, push], url: "
	    "\"http://127.0.0.1:1\", internal: true, settle: none }\n",
	    "config/secrets/key", "re_example", "config/secrets/hook",
	    "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "templates/email/m.liquid",
	    "---\ntitle: x\ncategory: marketing\nsubject: 广告：hello\n---\n"
	    "hello {{ customer.id }} {{ message.unsubscribe }}\n",
	    "config/playbooks/care.yaml",
	    "playbook: care\ncategory: marketing\nstatus: live\nstart: { on: visit }\n"
	    "steps:\n  - { id: one, after: 1m, send: m }\n",
	    NULL);

	wire = (struct wire){ .keys = g_ptr_array_new_with_free_func(g_free),
		.bodies = g_ptr_array_new_with_free_func(g_free),
		.taken = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free),
		.cut = cut };
	s->arrive = resend;
	for (int i = 0; i < PEOPLE; i++)
		stage_mailbox(s, i);
	/* The process is down when they fall due, so that they fall due together. */
	for (int i = 0; i < PEOPLE; i++) {
		char ext[16], id[16];

		g_snprintf(ext, sizeof(ext), "C%d", i);
		g_snprintf(id, sizeof(id), "v%d", i);
		assert_int_equal(stage_event(s, id, ext, "visit"), 201);
	}
	stage_fall(s, false);
	stage_run(s, 2 * MS_MINUTE);
	stage_rise(s);
	for (int i = 0; i < 60000 && wire.keys->len == 0; i++)
		stage_run(s, 10);
	stage_run(s, 200);
	assert_int_equal(wire.keys->len, 1);
	assert_int_equal(wire.sent, PEOPLE);
	return s;
}

static void
over(struct stage *s)
{
	g_ptr_array_unref(wire.keys);
	g_ptr_array_unref(wire.bodies);
	g_hash_table_destroy(wire.taken);
	stage_free(s);
}

static void
expect_all(struct stage *s, enum msg_state state)
{
	for (int i = 0; i < PEOPLE; i++) {
		char ext[16];

		g_snprintf(ext, sizeof(ext), "C%d", i);
		stage_expect(s, ext, 0, state, REASON_NONE);
	}
}

static void
a_lost_batch_is_repeated_whole_and_once(void **state)
{
	struct stage *s = lost(1);

	(void)state;
	stage_run(s, 10 * MS_MINUTE);
	expect_all(s, MSG_ACCEPTED);
	/* Once for all three, not once for each of them. */
	assert_int_equal(wire.keys->len, 2);
	assert_string_equal(wire.keys->pdata[0], wire.keys->pdata[1]);
	assert_string_equal(wire.bodies->pdata[0], wire.bodies->pdata[1]);
	assert_int_equal(wire.sent, PEOPLE);
	over(s);
}

/* Whatever was lost, however often, and in whichever life. */
static void
again_and_again_it_is_the_same(void **state)
{
	struct stage *s = lost(4);

	(void)state;
	stage_run(s, 40 * MS_SECOND);
	stage_fall(s, true);
	stage_rise(s);
	stage_run(s, 30 * MS_MINUTE);
	expect_all(s, MSG_ACCEPTED);
	assert_true(wire.keys->len >= 5);
	for (guint i = 1; i < wire.keys->len; i++) {
		assert_string_equal(wire.keys->pdata[0], wire.keys->pdata[i]);
		assert_string_equal(wire.bodies->pdata[0], wire.bodies->pdata[i]);
	}
	assert_int_equal(wire.sent, PEOPLE);
	over(s);
}

static void
opt_out(struct stage *s, const char *ext)
{
	struct receipt r = { .kind = RECEIPT_REPLY,
		.key = "k1",
		.ref = "",
		.provider_id = "",
		.from = "c1@customer.example",
		.channel = CHANNEL_EMAIL,
		.text = "TD",
		.perr = "",
		.raw = "" };

	(void)ext;
	s->answer = 0;
	engine_receipts(
	    s->engine, &s->catalog->config->accounts[0], &r, 1, stage_answer, s);
	stage_run(s, 5);
	assert_int_equal(s->answer, 200);
}

/* Without him the bytes would be others: nobody is asked about again. */
static void
one_who_opted_out_ends_it_for_all(void **state)
{
	struct stage *s = lost(1000);

	(void)state;
	opt_out(s, "C1");
	stage_run(s, 30 * MS_MINUTE);
	expect_all(s, MSG_PRESUMED);
	assert_int_equal(wire.sent, PEOPLE);
	over(s);
}

static int
alarms(struct stage *s)
{
	char *db = g_build_filename(s->dir, "reachd.db", NULL);
	sqlite3 *q;
	sqlite3_stmt *st;
	int n;

	assert_int_equal(sqlite3_open_v2(db, &q, SQLITE_OPEN_READONLY, NULL), SQLITE_OK);
	assert_int_equal(
	    sqlite3_prepare_v2(
		q, "SELECT count(*) FROM alarm WHERE kind = 'provider'", -1, &st, NULL),
	    SQLITE_OK);
	assert_int_equal(sqlite3_step(st), SQLITE_ROW);
	n = sqlite3_column_int(st, 0);
	sqlite3_finalize(st);
	sqlite3_close(q);
	g_free(db);
	return n;
}

/* "This key came with other bytes" would be ours to answer for: nothing is sent again, and
 * somebody is told. */
static void
other_bytes_under_the_key_are_an_alarm(void **state)
{
	struct stage *s = lost(1);

	(void)state;
	wire.refuse = 1;
	stage_run(s, 10 * MS_MINUTE);
	expect_all(s, MSG_PRESUMED);
	assert_int_equal(wire.keys->len, 2);
	assert_int_equal(alarms(s), PEOPLE);
	over(s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_lost_batch_is_repeated_whole_and_once),
		cmocka_unit_test(again_and_again_it_is_the_same),
		cmocka_unit_test(one_who_opted_out_ends_it_for_all),
		cmocka_unit_test(other_bytes_under_the_key_are_an_alarm),
	};

	umask(077);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
