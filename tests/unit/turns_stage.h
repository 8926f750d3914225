/* turns_stage.h - a house with an account that only answers, and the service behind it.
 *
 * The customer C1 is wmX there; write_in() lets him write, news() tells of what there is. */
#ifndef TESTS_TURNS_STAGE_H
#define TESTS_TURNS_STAGE_H

#include <sys/stat.h>

#include "stage.h"
#include "store/turn.h"

#define START "2026-11-23T09:00:00+08:00"
#define ACCOUNTS(more)                                                                  \
	"entity: { name: 示例, tz: Asia/Shanghai }\npublic_url: "                     \
	"http://127.0.0.1:8080\nproviders:\n  - { name: sms, type: sandbox, channels: " \
	"[sms], url: \"http://127.0.0.1:1\", internal: true }\n  - { name: kf, type: "  \
	"wecom-kf, channels: [wecom], url: \"http://127.0.0.1:2\", internal: true, "    \
	"corp_id: ww1, secret: { credential: s }, open_kfid: wk1, callback_token: "     \
	"{ credential: s }, callback_key: { credential: k } }\n" more                   \
	"credentials: secrets\n"
#define MASS                                                                            \
	"  - { name: mass, type: wecom, channels: [wecom], url: "                       \
	"\"http://127.0.0.1:3\", "                                                      \
	"internal: true, corp_id: ww1, secret: { credential: s }, sender: LiNa, rule: " \
	"week_7 }\n"
#define PLAYBOOK(sends)                                                          \
	"playbook: p\ncategory: service\nstatus: live\nstart: { on: visit }\n"   \
	"re_entry: after 1m\nagain: parallel\nsteps:\n  - { id: a, send: " sends \
	", expires: 24h }\n  - { id: end, stop: true }\n"
#define WROTE(id, at, text)                                                            \
	"{\"msgid\":\"" id "\",\"open_kfid\":\"wk1\",\"external_userid\":\"wmX\","     \
	"\"send_time\":" at ",\"origin\":3,\"msgtype\":\"text\",\"text\":{\"content\"" \
	":\"" text "\"}}"

static struct err e;
static int sent, pulls, mass;
static const char *says;        /* errcode and errmsg of the next sends; NULL: taken */
static enum sim_reply_kind how; /* of the next send */
static const char *unheard;     /* what pulls are refused with */
static GPtrArray *refs, *tickets;
static GString *rows; /* of the next pull */
static bool more;

static inline const char *
text_of(const json_t *j, const char *name)
{
	const char *s = json_string_value(json_object_get(j, name));

	return s == NULL ? "" : s;
}

static inline void
send_msg(const json_t *j, struct sim_reply *r)
{
	const char *ref = text_of(j, "msgid");

	assert_string_equal(text_of(j, "touser"), "wmX");
	assert_string_equal(text_of(j, "open_kfid"), "wk1");
	sent++;
	g_ptr_array_add(refs, g_strdup(ref));
	r->kind = how;
	how = SIM_ANSWER;
	r->body = says != NULL ? g_strdup_printf("{%s}", says)
			       : g_strdup_printf("{\"errcode\":0,\"msgid\":\"%s\"}", ref);
}

static inline void
sync_msg(const json_t *j, struct sim_reply *r)
{
	pulls++;
	g_ptr_array_add(tickets, g_strdup(text_of(j, "token")));
	if (unheard != NULL) {
		r->body = g_strdup_printf("{%s}", unheard);
		return;
	}
	r->body =
	    g_strdup_printf("{\"errcode\":0,\"next_cursor\":\"c%d\",\"has_more\":%d,"
			    "\"msg_list\":[%s]}",
		pulls, more, rows->str);
	g_string_truncate(rows, 0);
	more = false;
}

static inline bool
counter(const struct sim_request *q, struct sim_reply *r)
{
	json_t *j = json_loadb(q->body, q->body_len, 0, NULL);
	bool ours = true;

	if (strstr(q->url, "gettoken") != NULL)
		r->body = g_strdup(
		    "{\"errcode\":0,\"access_token\":\"T\",\"expires_in\":7200}");
	else if (strstr(q->url, "kf/send_msg") != NULL)
		send_msg(j, r);
	else if (strstr(q->url, "kf/sync_msg") != NULL)
		sync_msg(j, r);
	else if (strstr(q->url, "add_msg_template") != NULL)
		r->body = g_strdup_printf(
		    "{\"errcode\":0,\"fail_list\":[],\"msgid\":\"g%d\"}", ++mass);
	else
		ours = false;
	json_decref(j);
	if (ours)
		r->len = strlen(r->body);
	return ours;
}

static inline void
add_customer(struct stage *s, const char *ext, const char *sms, const char *wecom)
{
	struct customer c = stage_person(ext);

	c.address[CHANNEL_SMS] = sms;
	c.address[CHANNEL_WECOM] = wecom;
	stage_keep(s, &c);
}

static inline struct stage *
begin(const char *accounts, const char *sends)
{
	char *playbook = g_strdup_printf(PLAYBOOK("%s"), sends);
	struct stage *s;

	sent = pulls = mass = 0;
	says = NULL;
	how = SIM_ANSWER;
	more = false;
	refs = g_ptr_array_new_with_free_func(g_free);
	tickets = g_ptr_array_new_with_free_func(g_free);
	rows = g_string_new("");
	stage_else = counter;
	s = stage_new(START, "config/reachd.yaml", accounts, "config/secrets/s", "s3cret",
	    "config/secrets/k", "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C",
	    "templates/wecom/w.liquid", STAGE_TEMPLATE("service") "车好了\n",
	    "config/playbooks/p.yaml", playbook, NULL);
	add_customer(s, "C1", "+8619912345678", "wmX");
	stage_run(s, MS_SECOND);
	g_free(playbook);
	return s;
}

static inline void
end(struct stage *s)
{
	stage_free(s);
	stage_else = NULL;
	g_ptr_array_unref(refs);
	g_ptr_array_unref(tickets);
	g_string_free(rows, TRUE);
}

static inline void
news(struct stage *s, const char *ticket)
{
	engine_news(s->engine, &s->catalog->config->accounts[1], ticket);
	stage_run(s, MS_SECOND);
}

/* He writes now: told of, and fetched. */
static inline void
write_in(struct stage *s, const char *id, const char *text)
{
	g_string_printf(rows, WROTE("%s", "%" G_GINT64_FORMAT, "%s"), id,
	    sim_true(s->sim) / 1000, text);
	news(s, id);
}

static inline void
visit(struct stage *s)
{
	static int n;
	char id[16];

	stage_run(s, 2 * MS_MINUTE);
	g_snprintf(id, sizeof(id), "v%d", ++n);
	assert_int_equal(stage_event(s, id, "C1", "visit"), 201);
	stage_run(s, 10 * MS_SECOND);
}

static inline int
slots(struct stage *s)
{
	int64_t h = customer_hash(s->store, CHANNEL_WECOM, "wmX");
	ms_t at;
	int n;

	assert_int_equal(turn_get(s->store, "kf", h, &at, &n, &e), 0);
	return at == 0 ? -1 : n;
}

static inline ms_t
heard_at(struct stage *s, const char *who)
{
	ms_t at;
	int n;

	assert_int_equal(turn_get(s->store, "kf",
			     customer_hash(s->store, CHANNEL_WECOM, who), &at, &n, &e),
	    0);
	return at;
}

static inline void
last(struct stage *s, enum msg_state state, enum reason reason)
{
	stage_expect(s, "C1", stage_touch(s, "C1", 0, NULL) - 1, state, reason);
}

#endif
