/* dialect_tencent.c - Tencent Cloud SMS: SendSms, its reports and replies, posted or in queues. */
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "base/crypt.h"
#include "dialects.h"
#include "provider/wire.h"

#define VALID_FOR (5 * MS_MINUTE)

static void
say(struct dialect_call *c, json_t *response)
{
	json_object_set_new(response, "RequestId", json_string("sandbox"));
	dialect_json(c, c->status, json_pack("{so}", "Response", response));
}

static void
fail(struct dialect_call *c, const char *code, const char *message)
{
	say(c, json_pack("{s{ss ss}}", "Error", "Code", code, "Message", message));
}

/* ---- who may call ---- */

static void
chain(uint8_t key[32], const char *text)
{
	uint8_t next[32];

	wire_hmac(WIRE_SHA256, key, 32, text, strlen(text), next);
	memcpy(key, next, sizeof(next));
}

/* Host is signed without its port, as their own SDK does. */
static const char *
canonical(struct dialect_call *c)
{
	const char *host = dialect_header(c, "Host");

	return arena_printf(c->arena,
	    "POST\n/\n\ncontent-type:%s\nhost:%.*s\n\ncontent-type;host\n%s",
	    dialect_header(c, "Content-Type"), (int)strcspn(host, ":"), host,
	    wire_sha256(c->arena, c->x->body, c->x->body_len));
}

/* What the header of this call must be. */
static const char *
authorization(struct dialect_call *c, ms_t at)
{
	const char *secret = arena_printf(
		       c->arena, "TC3%s", provider_setting(c->acc, "secret_key")),
		   *request = canonical(c), *to_sign;
	char date[CLOCK_TEXT];
	uint8_t key[32];

	clock_format(at, 0, date);
	date[10] = '\0';
	to_sign = arena_printf(c->arena,
	    "TC3-HMAC-SHA256\n%" G_GINT64_FORMAT "\n%s/sms/tc3_request\n%s", at / 1000,
	    date, wire_sha256(c->arena, request, strlen(request)));
	wire_hmac(WIRE_SHA256, secret, strlen(secret), date, strlen(date), key);
	chain(key, "sms");
	chain(key, "tc3_request");
	chain(key, to_sign);
	return arena_printf(c->arena,
	    "TC3-HMAC-SHA256 Credential=%s/%s/sms/tc3_request, "
	    "SignedHeaders=content-type;host, Signature=%s",
	    provider_setting(c->acc, "secret_id"), date,
	    wire_hex(c->arena, key, sizeof(key)));
}

static bool
admit(struct dialect_call *c)
{
	const char *given = dialect_header(c, "Authorization"), *made;
	ms_t at = g_ascii_strtoll(dialect_header(c, "X-TC-Timestamp"), NULL, 10) * 1000;

	if (c->acc == NULL) {
		fail(c, "AuthFailure.SecretIdNotFound", "no such key");
		return false;
	}
	made = authorization(c, at);
	if (strlen(made) != strlen(given) || !crypt_equal(made, given, strlen(made))) {
		fail(c, "AuthFailure.SignatureFailure", "the signature does not match");
		return false;
	}
	if (c->desk->clock->agreed && ABS(c->now - at) > VALID_FOR) {
		fail(c, "AuthFailure.SignatureExpire", "the signature is too old");
		return false;
	}
	return true;
}

/* ---- sending ---- */

static json_t *
take(struct dialect_call *c, const json_t *j, const char *to)
{
	const char *ref = wire_text(c->arena, j, "SessionContext");
	char *params = json_dumps(json_object_get(j, "TemplateParamSet"), JSON_COMPACT);
	const struct dialect_message m = { .channel = CHANNEL_SMS,
		.category = CATEGORY_MARKETING,
		.to = to,
		.ref = ref,
		/* What a registered template would read like. */
		.text = arena_printf(c->arena, "【%s】%s %s",
		    wire_text(c->arena, j, "SignName"),
		    wire_text(c->arena, j, "TemplateId"),
		    params != NULL ? params : "[]") };
	struct sandbox_take t;
	bool ok;

	free(params);
	dialect_take(c, &m, &t);
	ok = t.what == TAKE_ACCEPTED || t.what == TAKE_AGAIN;
	return json_pack("{ss ss si ss ss ss ss}", "SerialNo", ok ? t.id : "",
	    "PhoneNumber", to, "Fee", ok ? 1 : 0, "SessionContext", ref, "Code",
	    ok ? "Ok"
	    : strcmp(t.code, "bad_address") == 0
		? "InvalidParameterValue.IncorrectPhoneNumber"
		: "FailedOperation.ContainSensitiveWord",
	    "Message", ok ? "send success" : t.code, "IsoCode", "CN");
}

static void
send_sms(struct dialect_call *c, const json_t *j)
{
	const json_t *numbers = json_object_get(j, "PhoneNumberSet");
	size_t n = json_array_size(numbers);
	json_t *rows;

	if (n > 200) {
		fail(c, "LimitExceeded.PhoneNumberCountLimit", "200 numbers");
		return;
	}
	if (n == 0 || !json_is_array(json_object_get(j, "TemplateParamSet"))) {
		fail(c, "InvalidParameter", "numbers and a list of parameters");
		return;
	}
	rows = json_array();
	for (size_t i = 0; i < n; i++) {
		const char *to = json_string_value(json_array_get(numbers, i));

		json_array_append_new(rows, take(c, j, to != NULL ? to : ""));
	}
	say(c, json_pack("{so}", "SendStatusSet", rows));
}

/* ---- queues of accounts that ask: each row once ---- */

struct waiting {
	char *account;
	bool reply;
	json_t *row;
};
static GQueue queue = G_QUEUE_INIT;

static void
pull(struct dialect_call *c, const json_t *j, bool replies)
{
	json_int_t limit = json_integer_value(json_object_get(j, "Limit"));
	json_t *rows = json_array();

	for (GList *at = queue.head, *next; at != NULL; at = next) {
		struct waiting *w = at->data;

		next = at->next;
		if (w->reply != replies || strcmp(w->account, c->acc->name) != 0 ||
		    (json_int_t)json_array_size(rows) >= limit)
			continue;
		json_array_append_new(rows, w->row);
		g_queue_delete_link(&queue, at);
		g_free(w->account);
		g_free(w);
	}
	say(c, json_pack("{so}",
		   replies ? "PullSmsReplyStatusSet" : "PullSmsSendStatusSet", rows));
}

/* Reports of one number, as often as somebody asks. */
static GPtrArray *reported;

static void
by_number(struct dialect_call *c, const json_t *j)
{
	json_t *rows = json_array();

	for (guint i = 0; reported != NULL && i < reported->len; i++) {
		json_t *row = reported->pdata[i];

		if (strcmp(wire_text(c->arena, row, "PhoneNumber"),
			wire_text(c->arena, j, "PhoneNumber")) == 0)
			json_array_append(rows, row);
	}
	say(c, json_pack("{so}", "PullSmsSendStatusSet", rows));
}

static void
handle(struct dialect_call *c)
{
	const char *action = dialect_header(c, "X-TC-Action");
	json_t *j;

	if (!admit(c))
		return;
	j = wire_load(c->x->body, c->x->body_len);
	if (strcmp(wire_text(c->arena, j, "SmsSdkAppId"),
		provider_setting(c->acc, "sdk_app_id")) != 0)
		fail(c, "InvalidParameterValue.SdkAppIdNotExist", "no such application");
	else if (strcmp(action, "SendSms") == 0)
		send_sms(c, j);
	else if (strcmp(action, "SmsPackagesStatistics") == 0 &&
		 (strlen(wire_text(c->arena, j, "BeginTime")) != 10 ||
		     strlen(wire_text(c->arena, j, "EndTime")) != 10))
		fail(c, "MissingParameter", "BeginTime and EndTime are needed");
	else if (strcmp(action, "SmsPackagesStatistics") == 0)
		say(c, json_pack("{s[{si si}]}", "SmsPackagesStatisticsSet", "PackageAmount", 1000,
			   "CurrentUsage", 12));
	else if (strcmp(action, "PullSmsSendStatus") == 0)
		pull(c, j, false);
	else if (strcmp(action, "PullSmsSendStatusByPhoneNumber") == 0)
		by_number(c, j);
	else if (strcmp(action, "PullSmsReplyStatus") == 0)
		pull(c, j, true);
	else
		fail(c, "InvalidAction", "no such action");
	json_decref(j);
}

/* ---- what it tells ---- */

static bool
asks(const struct account *acc)
{
	return acc != NULL && provider_setting(acc, "pull")[0] != '\0';
}

static json_t *
report(const struct dialect_event *ev, const char *number, bool ok, bool queued)
{
	const char *status = ok ? "SUCCESS" : "FAIL";
	const char *text = ok ? "用户短信送达成功" : "短信发送失败";
	char at[CLOCK_TEXT];

	if (queued)
		return json_pack("{sI ss ss ss ss ss ss}", "UserReceiveTime",
		    (json_int_t)(ev->at / 1000), "CountryCode", "86", "PhoneNumber",
		    ev->to, "SerialNo", ev->id, "ReportStatus", status, "Description",
		    text, "SessionContext", "");
	clock_format(ev->at, 480, at); /* 2026-11-22T10:30:00+08:00 */
	at[10] = ' ';
	at[19] = '\0';
	return json_pack("[{ss ss ss ss ss ss ss}]", "user_receive_time", at,
	    "nationcode", "86", "mobile", number, "report_status", status, "errmsg",
	    ok ? "DELIVRD" : ev->code, "description", text, "sid", ev->id);
}

static json_t *
answer(const struct dialect_event *ev, const char *number, bool queued)
{
	json_int_t at = ev->at / 1000;

	return queued ? json_pack("{ss ss ss ss ss sI}", "ExtendCode", "", "CountryCode",
			    "86", "PhoneNumber", ev->to, "SignName", "", "ReplyContent",
			    ev->text, "ReplyTime", at)
		      : json_pack("{ss ss ss ss ss sI}", "extend", "", "mobile", number,
			    "nationcode", "86", "sign", "", "text", ev->text, "time", at);
}

static bool
event(const struct account *acc, const char *url, const struct dialect_event *ev,
    ms_t real, struct dialect_post *out)
{
	const char *number = g_str_has_prefix(ev->to, "+86") ? ev->to + 3 : ev->to;
	bool ok = strcmp(ev->kind, "delivered") == 0,
	     reply = strcmp(ev->kind, "reply") == 0, queued = asks(acc);
	json_t *j;

	(void)url;
	(void)real;
	if (!ok && !reply && strcmp(ev->kind, "failed") != 0)
		return false;
	j = reply ? answer(ev, number, queued) : report(ev, number, ok, queued);
	if (!reply) {
		if (reported == NULL)
			reported = g_ptr_array_new();
		g_ptr_array_add(reported, report(ev, number, ok, true));
	}
	if (queued) {
		struct waiting *w = g_new0(struct waiting, 1);

		*w = (struct waiting){ g_strdup(acc->name), reply, j };
		g_queue_push_tail(&queue, w);
		return false;
	}
	out->body = json_dumps(j, JSON_COMPACT);
	json_decref(j);
	return true;
}

const struct dialect dialect_tencent = { "tencent", handle, event };
