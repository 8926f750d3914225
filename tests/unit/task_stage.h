/* task_stage.h - a stage with people who are asked to call. */
#ifndef TESTS_TASK_STAGE_H
#define TESTS_TASK_STAGE_H

#include "stage.h"
#include "store/event.h"
#include "store/task.h"

#define SCRIPT "---\ntitle: 问候\ncategory: marketing\n"
#define ASK                                                                               \
	SCRIPT "outcomes: { reached: 接通, refused: { title: 不需要, cause: price, " \
	       "tag: cool }, none: 没人接 }\n"                                         \
	       "---\n您好，{{ customer.name }}。\n"
#define ROLES "roles: { manager: 王经理, specialist: [陈静, 刘洋] }\n"
#define MEALS                                                            \
	"quiet:\n  - { id: night, from: \"22:00\", to: \"08:00\" }\n"    \
	"  - { id: lunch, from: \"11:30\", to: \"13:30\" }\n"            \
	"tiers:\n  high: { cap: 3 }\n  low: { cap: 1 }\nmin_gap: none\n" \
	"limits: [{ window: 1m, max: 1000, category: marketing }]\n"     \
	"service: { per_day: 100, per_month: 1000 }\n"
#define CALL(more)                                                               \
	"playbook: p\ncategory: marketing\nstatus: live\nstart: { on: visit }\n" \
	"re_entry: after 1h\nagain: restart\n" more
/* What each outcome leads to shows in the tags. */
#define ENDS                                                                      \
	"  - { id: yes, do: { tag: { add: yes } } }\n  - { id: y, stop: true }\n" \
	"  - { id: no, do: { tag: { add: no } } }\n  - { id: n, stop: true }\n"   \
	"  - { id: nobody, do: { tag: { add: nobody } } }\n"

/* A customer who can be called, of an advisor. */
static inline int64_t
task_customer(struct stage *s, const char *ext, const char *phone, const char *advisor)
{
	struct customer c = stage_person(ext);

	c.name = "张伟";
	c.advisor = advisor;
	c.address[CHANNEL_SMS] = c.address[CHANNEL_PHONE] = phone;
	return stage_keep(s, &c);
}

/* The k-th task there is, whatever its state. */
static inline bool
task_nth(struct stage *s, const char *ext, int k, struct task_row *out)
{
	struct message m;
	struct err e = { 0 };

	if (stage_touch(s, ext, 0, NULL) <= k)
		return false;
	stage_touch(s, ext, k, &m);
	return task_of_msg(s->store, m.id, out, &e) == 1;
}

/* The only live task of a customer that is no call. */
static inline void
task_only(struct stage *s, const char *ext, struct task_row *out)
{
	struct task_row all[8];
	struct err e = { 0 };
	int64_t id;
	int n, found = 0;

	*out = (struct task_row){ 0 };
	assert_int_equal(customer_find(s->store, ext, &id, &e), 1);
	n = task_of_customer(s->store, id, all, 8, &e);
	for (int i = 0; i < n; i++)
		if (all[i].msg == 0) {
			*out = all[i];
			found++;
		}
	assert_int_equal(found, 1);
}

static inline int
task_report(struct stage *s, int64_t id, const char *outcome, const char *cause,
    const char *observed)
{
	const struct engine_report r = { outcome, cause, observed, "他说下周有空", "" };

	s->answer = 0;
	engine_task_done(s->engine, id, &r, stage_answer, s);
	stage_run(s, 5);
	return s->answer;
}

static inline void
task_expect(struct stage *s, const char *ext, int k, enum task_state state)
{
	struct task_row t;

	assert_true(task_nth(s, ext, k, &t));
	assert_string_equal(
	    fsm_name(&task_fsm, t.state), fsm_name(&task_fsm, (int)state));
}

static inline void
task_until(struct stage *s, const char *text)
{
	stage_run(s, stage_at(text) - sim_true(s->sim));
}

static inline void
task_tags(struct stage *s, const char *ext, const char *tags)
{
	struct customer_row row;
	struct err e = { 0 };
	int64_t id;

	assert_int_equal(customer_find(s->store, ext, &id, &e), 1);
	assert_int_equal(customer_get(s->store, id, &row, &e), 1);
	assert_string_equal(row.c.tags, tags);
}

#endif
