/* dialect_aliyun.c - Alibaba Cloud SMS: SendSms, SendBatchSms, QuerySendDetails, its reports. */
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "dialect_acs3.h"
#include "dialects.h"

/* The number as reachd's people have it. */
static const char *
address_of(struct dialect_call *c, const char *number)
{
	return arena_printf(c->arena, "+%s%s", strlen(number) == 11 ? "86" : "", number);
}

/* What a registered template would read like: its sign, code and parameters. */
static bool
take(struct dialect_call *c, const char *number, const char *sign, const char *params,
    const char *call_id, char *id)
{
	const struct dialect_message m = { .channel = CHANNEL_SMS,
		.category = CATEGORY_MARKETING,
		.to = address_of(c, number),
		.ref = dialect_acs3_param(c, "OutId"),
		.call_id = call_id,
		.text = arena_printf(c->arena, "【%s】%s %s", sign,
		    dialect_acs3_param(c, "TemplateCode"), params) };
	struct sandbox_take t;

	dialect_take(c, &m, &t);
	if (t.what == TAKE_REFUSED)
		dialect_acs3_error(c, 200,
		    strcmp(t.code, "bad_address") == 0 ? "isv.MOBILE_NUMBER_ILLEGAL"
						       : "isv.SMS_CONTENT_ILLEGAL",
		    t.code);
	g_strlcpy(id, t.id, SANDBOX_ID);
	return t.what == TAKE_ACCEPTED || t.what == TAKE_AGAIN;
}

static void
accepted(struct dialect_call *c, const char *id)
{
	g_string_printf(c->body,
	    "{\"Code\":\"OK\",\"Message\":\"OK\",\"BizId\":\"%s\",\"RequestId\":"
	    "\"sandbox\"}",
	    id);
}

static void
send_one(struct dialect_call *c)
{
	char id[SANDBOX_ID];

	if (take(c, dialect_acs3_param(c, "PhoneNumbers"),
		dialect_acs3_param(c, "SignName"), dialect_acs3_param(c, "TemplateParam"),
		NULL, id))
		accepted(c, id);
}

static const char *
item(const json_t *list, size_t i)
{
	const char *s = json_string_value(json_array_get(list, i));

	return s == NULL ? "" : s;
}

/* All of a batch share one id: the first message's. */
static void
send_many(struct dialect_call *c)
{
	json_t *numbers = json_loads(dialect_acs3_param(c, "PhoneNumberJson"), 0, NULL);
	json_t *signs = json_loads(dialect_acs3_param(c, "SignNameJson"), 0, NULL);
	json_t *params = json_loads(dialect_acs3_param(c, "TemplateParamJson"), 0, NULL);
	char first[SANDBOX_ID] = "", id[SANDBOX_ID];
	size_t n = json_array_size(numbers);
	bool ok = n > 0 && n <= 100 && json_array_size(signs) == n &&
		  json_array_size(params) == n;

	if (!ok)
		dialect_acs3_error(
		    c, 200, "isv.INVALID_JSON_PARAM", "lists of one length");
	for (size_t i = 0; ok && i < n; i++) {
		char *text = json_dumps(json_array_get(params, i), JSON_COMPACT);

		ok = take(c, item(numbers, i), item(signs, i), text,
		    i == 0 ? NULL : first, i == 0 ? first : id);
		free(text);
	}
	if (ok)
		accepted(c, first);
	json_decref(numbers);
	json_decref(signs);
	json_decref(params);
}

static void
row(void *arg, const struct taken *t)
{
	struct dialect_call *c = arg;

	if (c->body->str[c->body->len - 1] == '}')
		g_string_append_c(c->body, ',');
	g_string_append_printf(c->body,
	    "{\"OutId\":\"%s\",\"SendStatus\":3,\"ErrCode\":\"DELIVERED\"}", t->ref);
}

static void
query(struct dialect_call *c)
{
	g_string_assign(c->body, "{\"Code\":\"OK\",\"Message\":\"OK\","
				 "\"SmsSendDetailDTOs\":{\"SmsSendDetailDTO\":[");
	sandbox_book_to(
	    c->desk->book, address_of(c, dialect_acs3_param(c, "PhoneNumber")), row, c);
	g_string_append(c->body, "]}}");
}

static void
handle(struct dialect_call *c)
{
	const char *action = dialect_header(c, "x-acs-action");

	if (!dialect_acs3_admit(c))
		return;
	if (strcmp(action, "SendSms") == 0)
		send_one(c);
	else if (strcmp(action, "SendBatchSms") == 0)
		send_many(c);
	else if (strcmp(action, "QuerySendDetails") == 0)
		query(c);
	else
		dialect_acs3_error(c, 404, "InvalidAction.NotFound", "no such action");
}

static const char *
beijing(ms_t at, char *buf)
{
	clock_format(at, 480, buf); /* 2026-11-22T10:30:00+08:00 */
	buf[10] = ' ';
	buf[19] = '\0';
	return buf;
}

static bool
event(const struct account *acc, const char *url, const struct dialect_event *ev,
    ms_t real, struct dialect_post *out)
{
	const char *number = g_str_has_prefix(ev->to, "+86") ? ev->to + 3 : ev->to;
	bool ok = strcmp(ev->kind, "delivered") == 0;
	char at[CLOCK_TEXT];
	json_t *j;

	(void)acc;
	(void)url;
	(void)real;
	beijing(ev->at, at);
	if (ok || strcmp(ev->kind, "failed") == 0)
		j = json_pack("[{ss ss ss sb ss ss ss ss ss}]", "phone_number", number,
		    "send_time", at, "report_time", at, "success", ok, "err_code",
		    ok ? "DELIVERED" : ev->code, "err_msg", ok ? "用户接收成功" : "",
		    "sms_size", "1", "biz_id", ev->id, "out_id", ev->ref);
	else if (strcmp(ev->kind, "reply") == 0)
		j = json_pack("[{ss ss ss ss ss sI}]", "phone_number", number,
		    "send_time", at, "content", ev->text, "sign_name", "", "dest_code",
		    "1234", "sequence_id", (json_int_t)g_str_hash(ev->key));
	else
		return false;
	out->body = json_dumps(j, JSON_COMPACT);
	json_decref(j);
	return true;
}

const struct dialect dialect_aliyun = { "aliyun", handle, event };
