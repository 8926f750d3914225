/* stage.h - the engine on a small stage: virtual time, a real database, a gateway told
 * what to say. */
#ifndef TESTS_STAGE_H
#define TESTS_STAGE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>
#include <glib/gstdio.h>
#include <jansson.h>

#include "../../src/store/sql.h"
#include "base/log.h"
#include "core/reason.h"
#include "engine/engine.h"
#include "sim/sim.h"
#include "store/customer.h"
#include "store/msg.h"
#include "store/run.h"

/* What the gateway does with the next requests. */
enum say {
	SAY_TAKEN,
	SAY_REFUSED,
	SAY_BAD_ADDRESS,
	SAY_BALANCE, /* refused, and the account freezes */
	SAY_LATER,
	SAY_SILENCE,
	SAY_CUT,
	SAY_STATUS,
	SAY_GARBAGE
};

struct letter {
	char *ref, *to, *text, *channel, *account, *customer;
	ms_t at, expires;
};

struct stage {
	struct sim *sim;
	struct store *store;
	struct engine *engine;
	struct catalog *catalog;
	char *dir, *inbox;
	uint8_t key[CRYPT_KEY];
	bool sync; /* as the daemon opens it: a log, and deleted bytes wiped; from the next rise */
	bool down; /* the process died of its disk */
	enum say say;
	int status; /* SAY_STATUS */
	bool found; /* what a query is told */
	int queries, calls, falls;
	GPtrArray *letters; /* struct letter *: everything that came to the gateway */
	/* Another gateway than the sandbox's. */
	void (*arrive)(struct stage *s, const struct sim_request *q, struct sim_reply *r);
	bool (*listens)(struct stage *s, const char *url); /* NULL: everybody does */
	int answer;         /* of the last request to the engine */
};

static inline void
letter_free(gpointer p)
{
	struct letter *l = p;

	g_free(l->ref);
	g_free(l->to);
	g_free(l->text);
	g_free(l->channel);
	g_free(l->account);
	g_free(l->customer);
	g_free(l);
}

static inline json_t *
stage_result(const struct stage *s, const char *ref)
{
	switch (s->say) {
	case SAY_REFUSED:
		return json_pack(
		    "{ss ss ss}", "ref", ref, "status", "refused", "code", "content");
	case SAY_BAD_ADDRESS:
		return json_pack(
		    "{ss ss ss}", "ref", ref, "status", "refused", "code", "bad_address");
	case SAY_BALANCE:
		return json_pack(
		    "{ss ss ss}", "ref", ref, "status", "refused", "code", "balance");
	case SAY_LATER:
		return json_pack("{ss ss}", "ref", ref, "status", "later");
	default:
		return json_pack(
		    "{ss ss ss}", "ref", ref, "status", "accepted", "id", ref);
	}
}

/* Another service's counter; false: the usual gateway answers. */
static bool (*stage_else)(const struct sim_request *q, struct sim_reply *r);

static inline void
stage_arrive(void *arg, const struct sim_request *q, struct sim_reply *r)
{
	struct stage *s = arg;
	json_t *in, *results;
	char *text;

	*r = (struct sim_reply){ .kind = SIM_ANSWER, .status = 200, .after = 20 };
	if (s->arrive != NULL) {
		s->arrive(s, q, r);
		return;
	}
	if (stage_else != NULL && stage_else(q, r))
		return;
	results = json_array();
	if (strcmp(q->method, "GET") == 0) {
		s->queries++;
		json_decref(results);
		r->body = g_strdup_printf(
		    "{\"found\":%s,\"id\":\"q1\"}", s->found ? "true" : "false");
		r->len = strlen(r->body);
		return;
	}
	s->calls++;
	if (strstr(q->url, "SendSms") != NULL || q->body_len == 0) {
		/* aliyun: a text by its code */
		json_decref(results);
		r->body = g_strdup("{\"Code\":\"OK\",\"BizId\":\"1^0\"}");
		r->len = strlen(r->body);
		return;
	}
	in = json_loadb(q->body, q->body_len, 0, NULL);
	assert_non_null(in);
	for (size_t i = 0; i < json_array_size(json_object_get(in, "messages")); i++) {
		const json_t *m = json_array_get(json_object_get(in, "messages"), i);
		struct letter *l = g_new0(struct letter, 1);

		l->ref = g_strdup(json_string_value(json_object_get(m, "ref")));
		l->to = g_strdup(json_string_value(json_object_get(m, "to")));
		l->text = g_strdup(json_string_value(json_object_get(m, "text")));
		l->channel = g_strdup(json_string_value(json_object_get(m, "channel")));
		l->account = g_strdup(json_string_value(json_object_get(in, "account")));
		l->customer = g_strdup(json_string_value(json_object_get(m, "customer")));
		l->expires = json_integer_value(json_object_get(m, "expires"));
		l->at = sim_true(s->sim);
		g_ptr_array_add(s->letters, l);
		json_array_append_new(results, stage_result(s, l->ref));
	}
	text = json_dumps(results, JSON_COMPACT);
	if (s->say == SAY_SILENCE)
		r->kind = SIM_SILENCE;
	else if (s->say == SAY_CUT)
		r->kind = SIM_CUT;
	else if (s->say == SAY_STATUS)
		r->status = s->status;
	r->body = s->say == SAY_GARBAGE ? g_strdup("{\"results\":[{")
					: g_strdup_printf("{\"results\":%s}", text);
	r->len = strlen(r->body);
	free(text);
	json_decref(results);
	json_decref(in);
}

static inline bool
stage_listens(void *arg, const char *url)
{
	struct stage *s = arg;

	return s->listens == NULL || s->listens(s, url);
}

static inline void
stage_died(void *arg)
{
	((struct stage *)arg)->down = true;
}

/* ---- the set ---- */

#define STAGE_TEMPLATE(category) "---\ntitle: x\ncategory: " category "\n---\n"
#define STAGE_POLICY                                                     \
	"quiet:\n  - { id: night, from: \"22:00\", to: \"08:00\" }\n"    \
	"tiers:\n  high: { cap: 3 }\n  low: { cap: 1 }\nmin_gap: none\n" \
	"limits: [{ window: 1m, max: 1000, category: marketing }]\n"     \
	"service: { per_day: 100, per_month: 1000 }\n"                     \
	"push: { vendor_daily: { xiaomi: 100 } }\n"
#define STAGE_ACCOUNTS(settle)                                                             \
	"entity: { name: 示例, tz: Asia/Shanghai }\npublic_url: http://127.0.0.1:8080\n" \
	"providers:\n  - { name: sms, type: sandbox, channels: [sms], url: "               \
	"\"http://127.0.0.1:1\", internal: true, settle: " settle " }\n"                   \
	"  - { name: push, type: sandbox, channels: [push, wecom], url: "                  \
	"\"http://127.0.0.1:1\", internal: true, settle: " settle " }\n"

static inline void
stage_put(const struct stage *s, const char *path, const char *text)
{
	char *full = g_build_filename(s->dir, path, NULL),
	     *dir = g_path_get_dirname(full);
	/* Who does not test launches has no countdown to wait for. */
	bool still = strcmp(path, "config/policy.yaml") == 0 &&
	    strstr(text, "\nlaunch:") == NULL;
	char *whole = g_strconcat(
	    text, still ? "launch: { countdown: off, ramp: off }\n" : "", NULL);

	assert_int_equal(g_mkdir_with_parents(dir, 0700), 0);
	assert_true(g_file_set_contents(full, whole, -1, NULL));
	g_free(whole);
	g_free(dir);
	g_free(full);
}

static inline struct catalog *
stage_load(void *arg, struct report *r)
{
	const struct stage *s = arg;
	char *config = g_build_filename(s->dir, "config", NULL);
	const char *paths[] = { config, NULL };
	struct catalog *c = catalog_load(paths, r);

	if (c == NULL)
		report_print(r, stderr);
	g_free(config);
	return c;
}

/* What is published is kept, as the daemon does; of the stages that are made from now on. */
static bool stage_keeps;

static inline struct catalog *
stage_revive(void *arg, const char *content, size_t len, bool playbooks, struct report *r)
{
	const struct stage *s = arg;
	char *config = g_build_filename(s->dir, "config", NULL);
	const char *paths[] = { config, NULL };
	struct catalog *c = catalog_revive(paths, content, len, playbooks, r);

	g_free(config);
	return c;
}

/* Nothing personal in any line of the log, at any level. */
static inline void
stage_line(void *arg, enum log_level level, const char *line)
{
	(void)arg;
	(void)level;
	if (strstr(line, "+86199") != NULL || strstr(line, "device-") != NULL)
		fail_msg("an address is in the log");
}

/* ---- lives ---- */

static inline void
stage_ready(void *arg, const struct err *e)
{
	(void)arg;
	assert_null(e);
}

static inline void
stage_rise(struct stage *s)
{
	char *db = g_build_filename(s->dir, "reachd.db", NULL);
	struct err e = { 0 };

	s->down = false;
	s->store = store_open(
	    &(struct store_options){ .path = db,
		.key = s->key,
		.create = true,
		.sync = s->sync },
	    &e); /* no power is cut */
	g_free(db);
	if (s->store == NULL)
		fail_msg("%s", e.text);
	sim_store(s->sim, s->store);
	s->engine = engine_new(&(struct engine_options){ .world = sim_world(s->sim),
	    .catalog = catalog_ref(s->catalog),
	    .load = stage_load,
	    .load_arg = s,
	    .revive = stage_keeps ? stage_revive : NULL,
	    .flight_path = "flight",
	    .nightly = g_file_test(s->inbox, G_FILE_TEST_IS_DIR) ? s->inbox : NULL });
	engine_start(s->engine, stage_ready, s);
}

static inline void
stage_fall(struct stage *s, bool power)
{
	s->falls++;
	sim_kill(s->sim, power);
	engine_free(s->engine);
	store_close(s->store);
}

static inline void
stage_run(struct stage *s, ms_t span)
{
	struct err e = { 0 };

	if (sim_run(s->sim, sim_true(s->sim) + span, &e) != 0)
		fail_msg("%s", e.text);
}

static inline ms_t
stage_at(const char *text)
{
	ms_t at;

	assert_int_equal(clock_parse(text, &at), 0);
	return at;
}

/* Pairs of path and text, then NULL; `reachd.yaml` and the policy have defaults. */
static inline struct stage *
stage_new(const char *start, ...)
{
	struct stage *s = g_new0(struct stage, 1);
	struct report *r = report_new();
	const char *path;
	va_list ap;

	log_threshold(LOG_LEVEL_DEBUG);
	log_sink(stage_line, NULL);
	s->dir = g_dir_make_tmp("reachd-stage-XXXXXX", NULL);
	s->inbox = g_build_filename(s->dir, "inbox", NULL);
	s->letters = g_ptr_array_new_with_free_func(letter_free);
	stage_put(s, "config/reachd.yaml", STAGE_ACCOUNTS("idempotency_key"));
	stage_put(s, "config/policy.yaml", STAGE_POLICY);
	stage_put(s, "templates/sms/a.liquid",
	    STAGE_TEMPLATE("marketing") "one {{ customer.id }} 拒收请回复R\n");
	stage_put(
	    s, "templates/sms/b.liquid", STAGE_TEMPLATE("marketing") "two 拒收请回复R\n");
	stage_put(s, "templates/sms/s.liquid", STAGE_TEMPLATE("service") "ready\n");
	stage_put(s, "templates/push/p.liquid",
	    STAGE_TEMPLATE("marketing") "push（回复TD退订）\n");
	va_start(ap, start);
	while ((path = va_arg(ap, const char *)) != NULL)
		stage_put(s, path, va_arg(ap, const char *));
	va_end(ap);
	s->catalog = stage_load(s, r);
	report_free(r);
	assert_non_null(s->catalog);
	memset(s->key, 7, sizeof(s->key));
	s->sim = sim_new(&(struct sim_options){ .seed = 1,
	    .start = stage_at(start),
	    .instant = true,
	    .arrive = stage_arrive,
	    .died = stage_died,
	    .listens = stage_listens,
	    .arg = s });
	stage_rise(s);
	stage_run(s, MS_SECOND);
	return s;
}

static GSList *stage_dead;

static inline void
stage_free(struct stage *s)
{
	char *cmd = g_strdup_printf("rm -rf '%s'", s->dir);

	engine_free(s->engine);
	/* What a life that was killed leaves behind stays reachable through its world. */
	if (s->falls == 0)
		sim_free(s->sim);
	else
		stage_dead = g_slist_prepend(stage_dead, s->sim);
	store_close(s->store);
	catalog_unref(s->catalog);
	assert_int_equal(system(cmd), 0);
	g_free(cmd);
	g_ptr_array_unref(s->letters);
	g_free(s->inbox);
	g_free(s->dir);
	g_free(s);
}

/* ---- people ---- */

#include "stage_people.h"

static inline void
stage_answer(void *arg, int status, const char *json)
{
	(void)json;
	((struct stage *)arg)->answer = status;
}

static inline int
stage_event(struct stage *s, const char *id, const char *customer, const char *type)
{
	char at[CLOCK_TEXT], *body;

	clock_format(sim_world(s->sim)->now(sim_world(s->sim)), 480, at);
	body = g_strdup_printf(
	    "{\"id\":\"%s\",\"customer\":\"%s\",\"type\":\"%s\",\"at\":\"%s\"}", id,
	    customer, type, at);
	s->answer = 0;
	engine_event(s->engine, id, body, strlen(body), stage_answer, s);
	g_free(body);
	stage_run(s, 5);
	return s->answer;
}

/* A receipt for a letter (-1: none), from an address or "". */
static inline int
stage_receipt(struct stage *s, enum receipt_kind kind, const char *key, int letter,
    const char *from, const char *text)
{
	struct receipt r = { .kind = kind,
		.key = key,
		.ref = "",
		.provider_id = "",
		.from = from,
		.channel = CHANNEL_SMS,
		.text = text,
		.perr = "",
		.raw = "" };

	if (letter >= 0)
		r.ref = ((struct letter *)s->letters->pdata[letter])->ref;
	s->answer = 0;
	engine_receipts(
	    s->engine, &s->catalog->config->accounts[0], &r, 1, stage_answer, s);
	stage_run(s, 5);
	return s->answer;
}

/* The touches of a customer, oldest first: how many; the k-th in *m. */
static inline int
stage_touch(struct stage *s, const char *ext, int k, struct message *m)
{
	struct message all[64];
	struct run r[32];
	struct err e = { 0 };
	int64_t id;
	int runs, n = 0;

	assert_int_equal(customer_find(s->store, ext, &id, &e), 1);
	runs = run_of_customer(s->store, id, false, r, 32, &e);
	for (int i = runs - 1; i >= 0; i--) {
		int got = msg_of_run(s->store, r[i].id, all + n, 64 - n, &e);

		assert_true(got >= 0);
		n += got;
	}
	if (m != NULL) {
		assert_in_range(k, 0, n - 1);
		*m = all[k];
	}
	return n;
}

/* The newest run. */
static inline void
stage_last_run(struct stage *s, const char *ext, struct run *r)
{
	struct run all[32];
	struct err e = { 0 };
	int64_t id;

	assert_int_equal(customer_find(s->store, ext, &id, &e), 1);
	assert_true(run_of_customer(s->store, id, false, all, 32, &e) > 0);
	*r = all[0];
}

static inline void
stage_expect(
    struct stage *s, const char *ext, int k, enum msg_state state, enum reason reason)
{
	struct message m;

	stage_touch(s, ext, k, &m);
	assert_string_equal(
	    fsm_name(&message_fsm, m.state), fsm_name(&message_fsm, (int)state));
	assert_string_equal(reason_name(m.reason), reason_name((int)reason));
}

/* Slots in use by a customer's tier this month. */
static inline int
stage_used(struct stage *s, int64_t customer, int month)
{
	char scope[32];
	struct err e = { 0 };
	int used;

	g_snprintf(scope, sizeof(scope), "c%" G_GINT64_FORMAT, customer);
	assert_int_equal(cap_used(s->store, scope, month, &used, &e), 0);
	return used;
}

/* The one number that a query of the tables gives. */
static inline int
stage_number(struct stage *s, const char *sql)
{
	struct sql *q = sql_get(s->store, sql);
	struct err e = { 0 };
	int n;

	assert_int_equal(sql_step(q, &e), 1);
	n = (int)sql_col(q, 0);
	sql_end(q);
	return n;
}

#endif
