/* A customer with several telephones: one message to all, and what becomes of those that are
 * gone. proves: S9, B-PU1 */
#include "stage.h"

#include "store/device.h"
#include "store/optout.h"

#define START "2026-03-10T10:00:00+08:00"
#define HELLO                                                  \
	"playbook: hello\ncategory: marketing\nstatus: live\n" \
	"start: { on: visit }\nre_entry: after 1m\n"           \
	"steps: [{ id: one, after: 1m, send: p }]\n"

static struct err e;

static struct stage *
open_house(void)
{
	struct stage *s = stage_new(START, "config/playbooks/hello.yaml", HELLO, NULL);

	stage_customer(s, "C1", "high", "+8619900000001", "");
	stage_customer(s, "C2", "high", "+8619900000002", "");
	return s;
}

/* "device-a device-b"; huawei:device-a tells the vendor, ios:device-a the platform */
static int
tell(struct stage *s, const char *ext, const char *tokens)
{
	struct engine_device d[ENGINE_DEVICES];
	char **t = g_strsplit(tokens, " ", -1);
	int n = 0;

	for (int i = 0; t[i] != NULL; i++)
		if (*t[i] != '\0') {
			char *colon = strchr(t[i], ':');
			bool ios = g_str_has_prefix(t[i], "ios:");

			if (colon != NULL)
				*colon = '\0';
			d[n++] = (struct engine_device){ colon != NULL ? colon + 1 : t[i],
				ios ? "ios" : "android", "",
				colon == NULL || ios ? "" : t[i] };
		}
	s->answer = 0;
	engine_devices_set(s->engine, ext, "*", d, n, stage_answer, s);
	g_strfreev(t);
	stage_run(s, 50);
	return s->answer;
}

static struct customer_row
row_of(struct stage *s, const char *ext)
{
	struct customer_row row;
	int64_t id;

	assert_int_equal(customer_find(s->store, ext, &id, &e), 1);
	assert_int_equal(customer_get(s->store, id, &row, &e), 1);
	assert_int_equal(customer_open(s->store, &row, &e), 0);
	return row;
}

/* His address, and then his devices. */
static void
has(struct stage *s, const char *ext, const char *wanted)
{
	struct customer_row row = row_of(s, ext);
	GString *text = g_string_new(row.c.address[CHANNEL_PUSH]);
	struct device d[DEVICES_MAX];
	int n = device_list(s->store, row.c.id, d, &e);

	g_string_append_c(text, ':');
	for (int i = 0; i < n; i++)
		g_string_append_printf(text, " %s", d[i].token);
	assert_string_equal(text->str, wanted);
	g_string_free(text, TRUE);
}

/* What the nth letter's message was frozen with. */
static bool
went_to(struct stage *s, const char *ext, const char *devices)
{
	struct message m;
	size_t len;
	char *body, *copy;
	bool found;

	assert_true(stage_touch(s, ext, 0, &m) >= 1);
	assert_int_equal(msg_body(s->store, m.id, &body, &len, &e), 1);
	copy = g_strndup(body, len);
	found = devices == NULL ? strstr(copy, "\"devices\"") == NULL
				: strstr(copy, devices) != NULL;
	g_free(copy);
	return found;
}

static int
lost(struct stage *s, const char *key, int letter, const char *token)
{
	struct receipt r = { .kind = RECEIPT_FAILED,
		.key = key,
		.ref = ((struct letter *)s->letters->pdata[letter])->ref,
		.provider_id = "",
		.from = token,
		.channel = CHANNEL_PUSH,
		.text = "",
		.perr = "1",
		.bad_address = true,
		.raw = "" };

	engine_receipts(
	    s->engine, &s->catalog->config->accounts[1], &r, 1, stage_answer, s);
	stage_run(s, 50);
	return s->answer;
}

static void
s09_two_phones_get_one_message(void **state)
{
	struct stage *s = open_house();
	struct message m;

	(void)state;
	assert_int_equal(tell(s, "C1", "device-a device-b"), 200);
	has(s, "C1", "device-a: device-a device-b");
	stage_event(s, "v1", "C1", "visit");
	stage_run(s, 2 * MS_MINUTE);
	assert_int_equal(s->letters->len, 1);
	assert_int_equal(stage_touch(s, "C1", 0, &m), 1);
	assert_int_equal(m.state, MSG_ACCEPTED);
	assert_true(went_to(s, "C1", "\"devices\":[\"device-a\",\"device-b\"]"));
	stage_free(s);
}

static void
s09_a_device_that_is_gone_is_dropped_and_not_the_person(void **state)
{
	struct stage *s = open_house();
	struct message m;

	(void)state;
	tell(s, "C1", "device-a device-b");
	stage_event(s, "v1", "C1", "visit");
	stage_run(s, 2 * MS_MINUTE);
	lost(s, "k1", 0, "device-a");
	has(s, "C1", "device-b: device-b");
	assert_int_equal(row_of(s, "C1").invalid, 0);
	stage_touch(s, "C1", 0, &m);
	assert_int_equal(m.state, MSG_ACCEPTED); /* the other may have it */
	stage_event(s, "v2", "C1", "visit");
	stage_run(s, 2 * MS_MINUTE);
	assert_int_equal(s->letters->len, 2);
	assert_string_equal(((struct letter *)s->letters->pdata[1])->to, "device-b");
	lost(s, "k2", 1, "device-b");
	assert_int_equal(row_of(s, "C1").invalid, 1 << CHANNEL_PUSH);
	/* A new telephone is given a try. */
	tell(s, "C1", "device-c");
	assert_int_equal(row_of(s, "C1").invalid, 0);
	stage_free(s);
}

static void
s09_when_no_device_of_a_call_is_there_the_channel_closes(void **state)
{
	struct stage *s = open_house();

	(void)state;
	tell(s, "C1", "device-a device-b");
	s->say = SAY_BAD_ADDRESS;
	stage_event(s, "v1", "C1", "visit");
	stage_run(s, 2 * MS_MINUTE);
	assert_int_equal(s->letters->len, 1);
	assert_int_equal(row_of(s, "C1").invalid, 1 << CHANNEL_PUSH);
	stage_free(s);
}

/* Frozen with one, for the other wants no marketing: that one is left, and is not asked. */
static void
s09_the_next_device_takes_the_place(void **state)
{
	struct stage *s = open_house();

	(void)state;
	tell(s, "C1", "device-a device-b");
	assert_int_equal(
	    optout_add(s->store, customer_hash(s->store, CHANNEL_PUSH, "device-b"),
		CHANNEL_PUSH,
		&(struct refusal){ .src = "test", .origin = "", .at = 1, .heard = 1 },
		&e),
	    0);
	s->say = SAY_BAD_ADDRESS;
	stage_event(s, "v1", "C1", "visit");
	stage_run(s, 2 * MS_MINUTE);
	assert_int_equal(s->letters->len, 1);
	has(s, "C1", "device-b: device-b");
	assert_int_equal(row_of(s, "C1").invalid, 0);
	stage_free(s);
}

static void
s09_an_imported_token_stays_one_device(void **state)
{
	struct stage *s = open_house();

	(void)state;
	stage_customer(s, "C3", "high", "", "device-x");
	stage_event(s, "v1", "C3", "visit");
	stage_run(s, 2 * MS_MINUTE);
	assert_int_equal(s->letters->len, 1);
	assert_true(went_to(s, "C3", NULL));
	stage_free(s);
}

static void
s09_a_stop_goes_along_to_the_next_telephone(void **state)
{
	struct stage *s = open_house();

	(void)state;
	tell(s, "C1", "device-a");
	optout_add(s->store, customer_hash(s->store, CHANNEL_PUSH, "device-a"),
	    CHANNEL_PUSH,
	    &(struct refusal){ .src = "test", .origin = "", .at = 1, .heard = 1 }, &e);
	tell(s, "C1", "device-new");
	stage_event(s, "v1", "C1", "visit");
	stage_run(s, 2 * MS_MINUTE);
	assert_int_equal(s->letters->len, 0);
	stage_free(s);
}

static void
s09_a_telephone_is_his_who_told_of_it_last(void **state)
{
	struct stage *s = open_house();

	(void)state;
	tell(s, "C1", "device-a device-b");
	tell(s, "C2", "device-a");
	has(s, "C1", "device-b: device-b");
	has(s, "C2", "device-a: device-a");
	assert_int_equal(tell(s, "C9", "device-z"), 404);
	tell(s, "C2", "");
	has(s, "C2", ":");
	stage_free(s);
}

static void
s09_devices_go_with_the_person_and_are_forgotten_with_him(void **state)
{
	struct stage *s = open_house();
	struct device d[DEVICES_MAX];
	int64_t id = 0, ids[2];

	(void)state;
	tell(s, "C1", "device-a");
	tell(s, "C2", "device-b");
	engine_merge(s->engine, "C1", "C2", false, stage_answer, s);
	stage_run(s, 100);
	assert_int_equal(s->answer, 200);
	has(s, "C1", "device-a: device-a device-b");
	engine_unmerge(s->engine, "C2", false, stage_answer, s);
	stage_run(s, 100);
	assert_int_equal(s->answer, 200);
	has(s, "C1", "device-a: device-a");
	has(s, "C2", "device-b: device-b");
	tell(s, "C1", "device-a device-c");
	assert_int_equal(customer_find(s->store, "C1", &id, &e), 1);
	engine_erase(s->engine, "C1", stage_answer, s);
	stage_run(s, 100);
	assert_int_equal(s->answer, 200);
	assert_int_equal(device_list(s->store, id, d, &e), 0);
	for (const char *const *t = (const char *const[]){ "device-a", "device-c", NULL };
	     *t != NULL; t++) {
		int64_t h = customer_hash(s->store, CHANNEL_PUSH, *t);

		assert_int_equal(customer_of_address(s->store, h, ids, 2, &e), 0);
		assert_int_equal(optout_has(s->store, h, CHANNEL_PUSH, &e), 1);
	}
	stage_free(s);
}

/* ---- what vendors deliver a day (B-PU1) ---- */

static int
visits(struct stage *s, const char *ext, int n)
{
	static int id;
	guint before = s->letters->len;

	for (int i = 0; i < n; i++) {
		char *name = g_strdup_printf("pu%d", id++);

		stage_event(s, name, ext, "visit");
		stage_run(s, 2 * MS_MINUTE);
		g_free(name);
	}
	return (int)(s->letters->len - before);
}

static void
b_pu1_each_vendor_has_its_figure(void **state)
{
	static const struct {
		const char *name, *vendors, *devices, *category;
		int sent;
	} rows[] = {
		{ "huawei", "", "huawei:d1", "marketing", 2 },
		{ "in capitals", "", "Huawei:d1", "marketing", 2 },
		{ "xiaomi", "", "xiaomi:d1", "marketing", 1 },
		{ "apple", "", "ios:d1", "marketing", 5 },
		{ "not told: the strictest", "", "d1", "marketing", 1 },
		{ "nobody knows it", "", "acme:d1", "marketing", 1 },
		{ "the house's own figure", "xiaomi: 3", "xiaomi:d1", "marketing", 3 },
		{ "a vendor of its own", "acme: 4", "acme:d1", "marketing", 4 },
		{ "none at all", "xiaomi: 0", "xiaomi:d1", "marketing", 0 },
		{ "the first decides", "", "huawei:d1 xiaomi:d2", "marketing", 2 },
		{ "service", "", "xiaomi:d1", "service", 5 },
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		char *policy = g_strdup_printf(
			 "tiers:\n  high: { cap: 100 }\nmin_gap: none\n"
			 "limits: [{ window: 1m, max: 1000, category: marketing }]\n"
			 "service: { per_day: 100, per_month: 1000 }\n"
			 "push: { vendor_daily: { %s } }\n",
			 rows[i].vendors),
		     *text = g_strdup_printf(
			 "---\ntitle: x\ncategory: %s\n---\n您好（回复TD退订）\n",
			 rows[i].category),
		     *book =
			 g_strdup_printf("playbook: hello\ncategory: %s\nstatus: live\n"
					 "start: { on: visit }\nre_entry: after 1m\n"
					 "steps: [{ id: one, after: 1m, send: p }]\n",
			     rows[i].category);
		struct stage *s = stage_new(START, "config/playbooks/hello.yaml", book,
		    "config/policy.yaml", policy, "templates/push/p.liquid", text, NULL);
		int sent;

		stage_customer(s, "C1", "high", "", "");
		assert_int_equal(tell(s, "C1", rows[i].devices), 200);
		sent = visits(s, "C1", 5);
		if (sent != rows[i].sent)
			fail_msg("%s: %d", rows[i].name, sent);
		stage_free(s);
		g_free(policy);
		g_free(text);
		g_free(book);
	}
}

#define STRICT                                          \
	"tiers:\n  high: { cap: 100 }\nmin_gap: none\n" \
	"limits: [{ window: 1m, max: 1000, category: marketing }]\n"

/* The second telephone of another vendor is left out; the next day both are back. */
static void
b_pu1_a_telephone_that_is_full_is_left_out(void **state)
{
	struct stage *s = stage_new(START, "config/playbooks/hello.yaml", HELLO,
	    "config/policy.yaml", STRICT, NULL);

	(void)state;
	stage_customer(s, "C1", "high", "+8619900000001", "");
	tell(s, "C1", "huawei:device-a xiaomi:device-b");
	assert_int_equal(visits(s, "C1", 2), 2);
	assert_true(went_to(s, "C1", "\"devices\":[\"device-a\",\"device-b\"]"));
	assert_int_equal(visits(s, "C1", 1), 0);
	stage_expect(s, "C1", 2, MSG_DUE, REASON_PROVIDER_RULE);
	stage_run(s, 23 * MS_HOUR);
	stage_expect(s, "C1", 2, MSG_ACCEPTED, REASON_NONE);
	stage_free(s);
}

static void
b_pu1_what_is_over_goes_by_another_channel(void **state)
{
	struct stage *s = stage_new(START, "config/playbooks/hello.yaml",
	    "playbook: hello\ncategory: marketing\nstatus: live\n"
	    "start: { on: visit }\nre_entry: after 1m\n"
	    "steps: [{ id: one, after: 1m, send: [p, a] }]\n",
	    "config/policy.yaml", STRICT, NULL);

	(void)state;
	stage_customer(s, "C1", "high", "+8619900000001", "");
	tell(s, "C1", "xiaomi:device-a");
	assert_int_equal(visits(s, "C1", 2), 2);
	assert_string_equal(((struct letter *)s->letters->pdata[1])->channel, "sms");
	stage_free(s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(b_pu1_each_vendor_has_its_figure),
		cmocka_unit_test(b_pu1_a_telephone_that_is_full_is_left_out),
		cmocka_unit_test(b_pu1_what_is_over_goes_by_another_channel),
		cmocka_unit_test(s09_two_phones_get_one_message),
		cmocka_unit_test(s09_a_device_that_is_gone_is_dropped_and_not_the_person),
		cmocka_unit_test(
		    s09_when_no_device_of_a_call_is_there_the_channel_closes),
		cmocka_unit_test(s09_the_next_device_takes_the_place),
		cmocka_unit_test(s09_an_imported_token_stays_one_device),
		cmocka_unit_test(s09_a_stop_goes_along_to_the_next_telephone),
		cmocka_unit_test(s09_a_telephone_is_his_who_told_of_it_last),
		cmocka_unit_test(
		    s09_devices_go_with_the_person_and_are_forgotten_with_him),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
