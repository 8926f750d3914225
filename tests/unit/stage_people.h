/* stage_people.h - customers and staff of a stage; stage.h includes it. */
#ifndef TESTS_STAGE_PEOPLE_H
#define TESTS_STAGE_PEOPLE_H

#include "store/subject.h"

/* Somebody who takes everything and has no address yet. */
static inline struct customer
stage_person(const char *ext)
{
	return (struct customer){ .ext = ext,
		.name = "x",
		.gender = "",
		.tier = "high",
		.stage = "new",
		.store = "",
		.advisor = "",
		.tz = "",
		.address = { "", "", "", "", "" },
		.consent = { 2, 2, 2, 2, 2 },
		.tags = "",
		.attrs = "{}" };
}

static inline int64_t
stage_keep(struct stage *s, const struct customer *c)
{
	struct err e = { 0 };
	bool created;
	int64_t id;

	assert_int_equal(store_begin(s->store, &e), 0);
	assert_int_equal(customer_put(s->store, c, &id, &created, &e), 0);
	assert_int_equal(store_commit(s->store, &e), 0);
	return id;
}

/* Numbers of a range that is not given out. */
static inline int64_t
stage_customer(
    struct stage *s, const char *ext, const char *tier, const char *sms, const char *push)
{
	struct customer c = stage_person(ext);

	c.tier = tier;
	c.address[CHANNEL_SMS] = sms;
	c.address[CHANNEL_PUSH] = push;
	return stage_keep(s, &c);
}

/* C1 with c1@customer.example, and so on. */
static inline int64_t
stage_mailbox(struct stage *s, int i)
{
	char ext[16], mail[64];
	struct customer c = stage_person(ext);

	g_snprintf(ext, sizeof(ext), "C%d", i);
	g_snprintf(mail, sizeof(mail), "c%d@customer.example", i);
	c.address[CHANNEL_EMAIL] = mail;
	return stage_keep(s, &c);
}

static inline void
stage_staff(struct stage *s, const struct staff *f)
{
	struct err e = { 0 };

	assert_int_equal(store_begin(s->store, &e), 0);
	assert_int_equal(staff_put(s->store, f, &e), 0);
	assert_int_equal(store_commit(s->store, &e), 0);
}

static inline void
stage_advisor(struct stage *s, const char *ext, const char *name, const char *store,
    const char *wecom)
{
	const struct staff f = { .ext = ext,
		.name = name,
		.store = store,
		.role = "advisor",
		.wecom = wecom,
		.phone = "",
		.deputy = "",
		.successor = "",
		.attrs = "{}" };

	stage_staff(s, &f);
}

#endif
