/* Who writes to a customer in WeCom: his advisor, who stands in, else his last contact. */
#include <sys/stat.h>

#include "../../src/engine/desk.h"
#include "../../src/engine/sender.h"
#include "stage.h"
#include "store/contact.h"
#include "store/subject.h"

#define MONDAY "2026-11-23T10:00:00+08:00"

struct on_staff {
	const char *ext, *wecom, *deputy;
	bool away, gone;
};

static void
put_staff(struct stage *s, const struct on_staff *m)
{
	const struct staff f = { .ext = m->ext,
		.name = m->ext,
		.store = "",
		.role = "advisor",
		.wecom = m->wecom,
		.phone = "",
		.deputy = m->deputy == NULL ? "" : m->deputy,
		.successor = "",
		.away_from = m->away ? (struct date){ 2026, 11, 20 } : (struct date){ 0 },
		.away_to = m->away ? (struct date){ 2026, 11, 30 } : (struct date){ 0 },
		.left_on = m->gone ? (struct date){ 2026, 11, 1 } : (struct date){ 0 },
		.attrs = "{}" };
	struct err e = { 0 };

	assert_int_equal(staff_put(s->store, &f, &e), 0);
}

/* "LiNa 3" in any number: her contact since the third day; "-LiNa 3": he removed her. */
static void
put_contact(struct stage *s, const char *const *follows)
{
	struct contact_row c = { .h = customer_hash(s->store, CHANNEL_WECOM, "wmX"),
		.external = "wmX",
		.name = "x" };
	struct err e = { 0 };

	assert_int_equal(contact_put(s->store, &c, 1, &e), 0);
	for (; *follows != NULL; follows++) {
		bool left = **follows == '-';
		char **w = g_strsplit(*follows + left, " ", 2);
		const struct follow f = { .contact = c.id,
			.member = w[0],
			.account = "",
			.since = atoi(w[1]),
			.ended = left ? FOLLOW_LEFT : FOLLOW_IS,
			.remark = "",
			.state = "",
			.mobiles = "" };

		assert_int_equal(follow_put(s->store, &f, &e), 0);
		g_strfreev(w);
	}
}

struct row {
	const char *name, *advisor;
	struct on_staff staff[4];
	const char *follows[4]; /* none: he is no contact that is known */
	enum sender_how how;
	const char *who;
};

static void
ask(const struct row *r)
{
	struct stage *s = stage_new(MONDAY, NULL);
	struct customer c = { .ext = "C1",
		.name = "x",
		.gender = "",
		.tier = "high",
		.stage = "new",
		.store = "",
		.advisor = r->advisor,
		.tz = "",
		.address = { "", "wmX", "", "", "" },
		.tags = "",
		.attrs = "{}" };
	struct arena *a = arena_new();
	struct err e = { 0 };
	struct world *world = sim_world(s->sim);
	struct work w = { .store = s->store,
		.cat = s->catalog,
		.world = world,
		.now = world->now(world),
		.arena = a };
	enum sender_how how;
	struct staff who;
	struct person p;
	bool created;
	int64_t id;

	assert_int_equal(store_begin(s->store, &e), 0);
	for (int i = 0; i < 4 && r->staff[i].ext != NULL; i++)
		put_staff(s, &r->staff[i]);
	assert_int_equal(customer_put(s->store, &c, &id, &created, &e), 0);
	if (r->follows[0] != NULL)
		put_contact(s, r->follows);
	assert_int_equal(person_load(&w, id, &p, &e), 1);
	assert_int_equal(customer_open(s->store, &p.row, &e), 0);
	assert_int_equal(sender_of(&w, &p, &who, &how, &e), 0);
	if ((int)how != (int)r->how ||
	    (how >= SENDER_ADVISOR && strcmp(who.wecom, r->who) != 0))
		fail_msg("%s: %d", r->name, (int)how);
	assert_int_equal(store_commit(s->store, &e), 0);
	arena_free(a);
	stage_free(s);
}

#define AT(ext, wecom)                       \
	{                                    \
		ext, wecom, "", false, false \
	}

static void
s10_the_sender(void **state)
{
	static const struct row rows[] = {
		{ "his advisor", "E1", { AT("E1", "LiNa"), AT("E2", "Wang") },
		    { "LiNa 1", "Wang 9" }, SENDER_ADVISOR, "LiNa" },
		{ "in other letters", "E1", { AT("E1", "lina") }, { "LiNa 1" },
		    SENDER_ADVISOR, "lina" },
		{ "the last, where his advisor does not have him", "E1",
		    { AT("E1", "LiNa"), AT("E2", "Wang"), AT("E3", "Zhao") },
		    { "Wang 3", "Zhao 9" }, SENDER_LAST, "Zhao" },
		{ "not whom he removed", "E1", { AT("E1", "LiNa"), AT("E2", "Wang") },
		    { "-LiNa 9", "Wang 3" }, SENDER_LAST, "Wang" },
		{ "who stands in, if he has him", "E1",
		    { { "E1", "LiNa", "E2", true, false }, AT("E2", "Wang"),
			AT("E3", "Zhao") },
		    { "LiNa 1", "Wang 2", "Zhao 9" }, SENDER_ADVISOR, "Wang" },
		{ "else the last who is there", "E1",
		    { { "E1", "LiNa", "E2", true, false }, AT("E2", "Wang"),
			AT("E3", "Zhao") },
		    { "LiNa 9", "Zhao 1" }, SENDER_LAST, "Zhao" },
		{ "nobody who has gone", "E1", { { "E1", "LiNa", "", false, true } },
		    { "LiNa 1" }, SENDER_NOBODY, "" },
		{ "nobody who is on no list of staff", "", { AT("E1", "LiNa") },
		    { "Stranger 1" }, SENDER_NOBODY, "" },
		{ "nobody, once he removed all", "E1", { AT("E1", "LiNa") },
		    { "-LiNa 1" }, SENDER_NOBODY, "" },
		{ "not known", "E1", { AT("E1", "LiNa") }, { NULL }, SENDER_UNKNOWN, "" },
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++)
		ask(&rows[i]);
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(s10_the_sender) };

	umask(077);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
