/* contacts_stage.h - WeCom as it tells of contacts, and a house with two members and four customers. */
#ifndef TESTS_CONTACTS_STAGE_H
#define TESTS_CONTACTS_STAGE_H

#include <sys/stat.h>

#include "core/role.h"
#include "stage.h"
#include "store/contact.h"
#include "store/subject.h"

#define MONDAY "2026-11-23T14:00:00+08:00"
#define ACCOUNTS                                                                        \
	"entity: { name: 示例, tz: Asia/Shanghai }\npublic_url: "                     \
	"http://127.0.0.1:8080\nproviders:\n  - { name: sms, type: sandbox, channels: " \
	"[sms], url: \"http://127.0.0.1:1\", internal: true }\n  - { name: w, type: "   \
	"wecom, channels: [wecom], url: \"http://127.0.0.1:2\", internal: true, "       \
	"corp_id: ww1, secret: { credential: s } }\ncredentials: secrets\n"
#define PLAYBOOK                                                                 \
	"playbook: p\ncategory: marketing\nstatus: live\nstart: { on: visit }\n" \
	"re_entry: after 1h\nagain: restart\nsteps:\n  - { id: a, send: w"       \
	", expires: 72h }\n  - { id: end, stop: true }\n"

/* ---- the service ---- */

struct friend
{
	const char *member, *id, *mobile, *state, *unionid, *remark;
	bool gone;
};
#define OF(who, whom) .member = (who), .id = (whom)
#define FRIENDS_MAX 8
#define SINCE INT64_C(1700000000) /* seconds */

static struct friend friends[FRIENDS_MAX];
static int n_friends, pages, gets, made, withdrawn, page_size;
static char sender[64];
static GString *cursors; /* as they were asked for */
static int refuse;       /* errcode of the next add_msg_template; 0 none */

static inline json_t *
follow_json(const struct friend *f)
{
	json_t *j = json_pack("{ss ss ss sI s[]}", "userid", f->member, "remark",
	    f->remark == NULL ? "" : f->remark, "state", f->state == NULL ? "" : f->state,
	    "createtime", (json_int_t)SINCE, "remark_mobiles");

	if (f->mobile != NULL)
		json_array_append_new(
		    json_object_get(j, "remark_mobiles"), json_string(f->mobile));
	return j;
}

static inline json_t *
who_json(const struct friend *f)
{
	return json_pack("{ss ss ss}", "external_userid", f->id, "name", "昵称",
	    "unionid", f->unionid == NULL ? "" : f->unionid);
}

static inline json_t *
page_of(const json_t *asked)
{
	const char *member = json_string_value(
		       json_array_get(json_object_get(asked, "userid_list"), 0)),
		   *cursor = json_string_value(json_object_get(asked, "cursor"));
	json_t *list = json_array();
	int from = atoi(cursor), at = 0;
	char next[16] = "";

	pages++;
	g_string_append_printf(cursors, "%s:%s ", member, cursor);
	for (int i = 0; i < n_friends; i++) {
		if (friends[i].gone || strcmp(friends[i].member, member) != 0)
			continue;
		if (at >= from && at < from + page_size)
			json_array_append_new(
			    list, json_pack("{so so}", "external_contact",
				      who_json(&friends[i]), "follow_info",
				      follow_json(&friends[i])));
		if (at == from + page_size)
			g_snprintf(next, sizeof(next), "%d", at);
		at++;
	}
	return json_pack("{si so ss}", "errcode", 0, "external_contact_list", list,
	    "next_cursor", next);
}

static inline json_t *
one_of(const char *url)
{
	const char *id = strstr(url, "external_userid=") + strlen("external_userid=");
	json_t *list = json_array(), *who = NULL;

	gets++;
	for (int i = 0; i < n_friends; i++)
		if (!friends[i].gone && strcmp(friends[i].id, id) == 0) {
			json_array_append_new(list, follow_json(&friends[i]));
			if (who == NULL)
				who = who_json(&friends[i]);
		}
	if (who == NULL) {
		json_decref(list);
		return json_pack("{si}", "errcode", 84061);
	}
	return json_pack(
	    "{si so so}", "errcode", 0, "external_contact", who, "follow_user", list);
}

static inline json_t *
group(const json_t *asked)
{
	char id[16];
	int code = refuse;

	refuse = 0;
	g_strlcpy(
	    sender, json_string_value(json_object_get(asked, "sender")), sizeof(sender));
	if (code != 0)
		return json_pack("{si}", "errcode", code);
	g_snprintf(id, sizeof(id), "g%d", ++made);
	return json_pack("{si s[] ss}", "errcode", 0, "fail_list", "msgid", id);
}

static inline bool
counter(const struct sim_request *q, struct sim_reply *r)
{
	json_t *in = json_loadb(q->body, q->body_len, 0, NULL), *out = NULL;
	char *text;

	if (strstr(q->url, "gettoken") != NULL)
		out = json_pack(
		    "{si ss si}", "errcode", 0, "access_token", "T", "expires_in", 7200);
	else if (strstr(q->url, "batch/get_by_user") != NULL)
		out = page_of(in);
	else if (strstr(q->url, "externalcontact/get?") != NULL)
		out = one_of(q->url);
	else if (strstr(q->url, "add_msg_template") != NULL)
		out = group(in);
	else if (strstr(q->url, "get_groupmsg_send_result") != NULL)
		out = json_pack("{si s[]}", "errcode", 0, "send_list");
	else if (strstr(q->url, "remind_groupmsg_send") != NULL)
		out = json_pack("{si}", "errcode", 0);
	else if (strstr(q->url, "cancel_groupmsg_send") != NULL) {
		withdrawn++;
		out = json_pack("{si}", "errcode", 0);
	}
	json_decref(in);
	if (out == NULL)
		return false;
	text = json_dumps(out, JSON_COMPACT);
	r->body = g_strdup(text);
	r->len = strlen(text);
	free(text);
	json_decref(out);
	return true;
}

static inline void
befriend(const struct friend *f)
{
	assert_in_range(n_friends, 0, FRIENDS_MAX - 1);
	friends[n_friends++] = *f;
}

/* ---- the house ---- */

static inline int64_t
person(struct stage *s, const char *ext, const char *name, const char *number,
    const char *advisor)
{
	struct customer c = stage_person(ext);

	c.name = name;
	c.advisor = advisor;
	c.address[CHANNEL_SMS] = c.address[CHANNEL_PHONE] = number;
	return stage_keep(s, &c);
}

/* C1 王小明 of LiNa, C2 and C3 at one number, C4 欧阳娜 of LiNa. */
static inline struct stage *
begin(void)
{
	struct stage *s;

	memset(friends, 0, sizeof(friends));
	n_friends = pages = gets = made = withdrawn = refuse = 0;
	page_size = 100;
	*sender = '\0';
	cursors = g_string_new(NULL);
	stage_else = counter;
	s = stage_new(MONDAY, "config/reachd.yaml", ACCOUNTS, "config/secrets/s",
	    "s3cret", "templates/wecom/w.liquid",
	    STAGE_TEMPLATE("marketing") "问候，回复TD退订\n", "config/playbooks/p.yaml",
	    PLAYBOOK, NULL);
	stage_advisor(s, "E1", "E1", "S1", "LiNa");
	stage_advisor(s, "E2", "E2", "S1", "WangWei");
	person(s, "C1", "王小明", "+8619912345671", "E1");
	person(s, "C2", "李雷", "+8619912345672", "E2");
	person(s, "C3", "李芳", "+8619912345672", "E2");
	person(s, "C4", "欧阳娜", "+8619912345674", "E1");
	return s;
}

static inline void
end(struct stage *s)
{
	stage_free(s);
	stage_else = NULL;
	g_string_free(cursors, TRUE);
}

/* All lists are read: the staff came after the engine, which looks every ten minutes. */
static inline void
read_all(struct stage *s)
{
	stage_run(s, 12 * MS_MINUTE);
}

static inline void
contact(struct stage *s, const char *id, struct contact_row *c)
{
	struct err e = { 0 };

	assert_int_equal(
	    contact_find(s->store, customer_hash(s->store, CHANNEL_WECOM, id), c, &e), 1);
}

/* Whose the contact is ("" nobody's), by what, and whether he can be written to by it. */
static inline void
expect(struct stage *s, const char *id, const char *ext, enum contact_way way)
{
	struct contact_row c;
	struct customer_row row;
	struct err e = { 0 };
	int64_t customer = 0;

	contact(s, id, &c);
	if (*ext != '\0')
		assert_int_equal(customer_find(s->store, ext, &customer, &e), 1);
	if (c.customer != customer || (customer != 0 && c.way != (int)way))
		fail_msg("%s: %d by %s", id, (int)c.customer, contact_way_name(c.way));
	if (customer == 0)
		return;
	assert_int_equal(customer_get(s->store, customer, &row, &e), 1);
	assert_int_equal(customer_open(s->store, &row, &e), 0);
	assert_string_equal(row.c.address[CHANNEL_WECOM], id);
}

static inline void
expect_address(struct stage *s, const char *ext, const char *address)
{
	struct customer_row row;
	struct err e = { 0 };
	int64_t id;

	assert_int_equal(customer_find(s->store, ext, &id, &e), 1);
	assert_int_equal(customer_get(s->store, id, &row, &e), 1);
	assert_int_equal(customer_open(s->store, &row, &e), 0);
	assert_string_equal(row.c.address[CHANNEL_WECOM], address);
}

static inline int
told_of(struct stage *s, const char *key, const char *what, const char *who,
    const char *id, const char *state, ms_t at)
{
	const struct receipt r = { .kind = RECEIPT_CONTACT,
		.key = key,
		.ref = who,
		.provider_id = "",
		.from = id,
		.channel = CHANNEL_WECOM,
		.text = what,
		.perr = state,
		.at = at,
		.raw = "" };

	s->answer = 0;
	engine_receipts(
	    s->engine, &s->catalog->config->accounts[1], &r, 1, stage_answer, s);
	stage_run(s, 2 * MS_SECOND);
	return s->answer;
}

static inline int
told(struct stage *s, const char *key, const char *what, const char *who, const char *id,
    const char *state)
{
	return told_of(s, key, what, who, id, state, sim_true(s->sim));
}

static json_t *answered;

static inline void
keep_answer(void *arg, int status, const char *json)
{
	((struct stage *)arg)->answer = status;
	json_decref(answered);
	answered = json_loads(json, 0, NULL);
}

static inline int
say(struct stage *s, const char *id, const char *ext)
{
	const struct engine_who who = { .name = "manager", .role = ROLE_MANAGER };
	struct contact_row c;

	contact(s, id, &c);
	engine_contact_match(s->engine, &who, c.id, ext, keep_answer, s);
	stage_run(s, MS_SECOND);
	return s->answer;
}

#endif
