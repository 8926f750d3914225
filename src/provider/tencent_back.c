/* tencent_back.c - reports and replies of Tencent Cloud SMS: posted, or taken from its queues.
 *
 * Nothing it posts is signed: the path holds a secret. Reports come as a list, a reply
 * as one object. Its queues tell each row once: what is on the way when we die is lost. So few
 * are asked for at a time, each lot is on disk before the next is; and a message whose report
 * does not come is asked about by its number. Replies have nobody who would miss them. */
#include <stdlib.h>
#include <string.h>

#include "acs3.h"
#include "tencent.h"

/* They would give 100. At 100 calls a second, which they allow, this is fast enough. */
#define PULL_ROWS 20
/* They give no more for a number, and nothing older than seven days. */
#define NUMBER_ROWS 100
#define OLDEST (7 * MS_DAY - MS_HOUR)

#define REPLIES "replies" /* the cursor: which queue is next */

/* What the carrier says of a message it did not deliver. */
static void
failure(const char *text, struct receipt *r)
{
	r->opted_out = strstr(text, "黑名单") != NULL || strstr(text, "退订") != NULL;
	r->bad_address = !r->opted_out && strstr(text, "空号") != NULL;
}

static const char *
address_of(struct arena *a, const char *country, const char *number)
{
	if (number[0] == '\0' || number[0] == '+')
		return number;
	return arena_printf(a, "+%s%s", country[0] != '\0' ? country : "86", number);
}

static const struct receipt nothing = { .channel = CHANNEL_SMS,
	.text = "",
	.perr = "",
	.ref = "",
	.provider_id = "",
	.raw = "" };

/* A report; its fields have other names in a webhook and in a queue. */
struct report_names {
	const char *country, *number, *status, *code, *text, *id, *ref;
};
static const struct report_names posted = { "nationcode", "mobile", "report_status",
	"errmsg", "description", "sid", "ext" };
static const struct report_names pulled = { "CountryCode", "PhoneNumber", "ReportStatus",
	"", "Description", "SerialNo", "SessionContext" };

static void
read_report(const json_t *row, const struct report_names *names, struct arena *a,
    struct receipt *r)
{
	const char *status = wire_text(a, row, names->status);
	bool ok = strcmp(status, "SUCCESS") == 0;

	*r = nothing;
	r->kind = ok ? RECEIPT_DELIVERED : RECEIPT_FAILED;
	r->from = address_of(
	    a, wire_text(a, row, names->country), wire_text(a, row, names->number));
	r->provider_id = wire_text(a, row, names->id);
	r->ref =
	    wire_text(a, row, names->ref); /* empty unless Tencent has turned it on */
	if (!ok) {
		r->perr =
		    names->code[0] != '\0' ? wire_text(a, row, names->code) : "FAIL";
		failure(wire_text(a, row, names->text), r);
	}
	r->broken = (!ok && strcmp(status, "FAIL") != 0) || r->from[0] == '\0' ||
		    (r->provider_id[0] == '\0' && r->ref[0] == '\0' && !wire_stops(r));
	if (r->broken)
		r->raw = wire_raw(a, row);
	r->key = wire_key(a, r->broken ? r->raw
				       : arena_printf(a, "%s %s %s %s %s", r->provider_id,
					     r->ref, r->from, status, r->perr));
}

struct reply_names {
	const char *country, *number, *text, *at, *sign, *extend;
};
static const struct reply_names posted_reply = { "nationcode", "mobile", "text", "time",
	"sign", "extend" };
static const struct reply_names pulled_reply = { "CountryCode", "PhoneNumber",
	"ReplyContent", "ReplyTime", "SignName", "ExtendCode" };

/* No id of its own: all of it names it. */
static void
read_reply(const json_t *row, const struct reply_names *names, struct arena *a,
    struct receipt *r)
{
	const char *at = wire_text(a, row, names->at);

	*r = nothing;
	r->kind = RECEIPT_REPLY;
	r->from = address_of(
	    a, wire_text(a, row, names->country), wire_text(a, row, names->number));
	r->text = wire_text(a, row, names->text);
	r->at = g_ascii_strtoll(at, NULL, 10) * 1000;
	r->broken =
	    r->from[0] == '\0' || !json_is_string(json_object_get(row, names->text));
	if (r->broken)
		r->raw = wire_raw(a, row);
	r->key = wire_key(a, r->broken ? r->raw
				       : arena_printf(a, "%s\n%s\n%s\n%s\n%s", r->from,
					     r->text, at, wire_text(a, row, names->sign),
					     wire_text(a, row, names->extend)));
}

/* Webhooks -------------------------------------------------------------------------------- */

int
tencent_hook(const struct account *acc, const struct config *cfg,
    const struct hook_request *req, struct arena *a, struct receipt **out, int *n,
    struct hook_reply *reply)
{
	(void)acc;
	(void)cfg;
	json_t *rows = wire_rows(req, true, reply);
	if (rows == NULL)
		return -1;
	/* Reports come as a list, a reply alone. */
	bool one = req->body[strspn(req->body, " \t\r\n")] == '{';
	*n = (int)json_array_size(rows);
	*out = arena_array(a, struct receipt, *n + 1);
	for (int i = 0; i < *n; i++) {
		const json_t *row = json_array_get(rows, (size_t)i);
		if (one) {
			read_reply(row, &posted_reply, a, &(*out)[i]);
			continue;
		}
		read_report(row, &posted, a, &(*out)[i]);
		(*out)[i].at = acs3_time(wire_text(a, row, "user_receive_time"));
	}
	json_decref(rows);
	return wire_taken(reply, "{\"result\":0,\"errmsg\":\"OK\"}");
}

/* Queues: first the reports until there are no more, then the replies ------------------------ */

int
tencent_pull(const struct account *acc, const struct config *cfg, const char *cursor,
    const char *ticket, ms_t sig_ts, struct arena *a, struct provider_request *out, struct err *e)
{
	bool replies = strcmp(cursor, REPLIES) == 0;
	const struct tc3 r = tencent_call(
	    acc, replies ? "PullSmsReplyStatus" : "PullSmsSendStatus", sig_ts);
	(void)cfg;
	(void)ticket;
	(void)e;
	tc3_sign(&r,
	    json_pack("{si ss}", "Limit", PULL_ROWS, "SmsSdkAppId",
		provider_setting(acc, "sdk_app_id")),
	    a, out);
	return 0;
}

static int
rows_of(const json_t *list, bool replies, struct arena *a, struct receipt **out)
{
	int n = (int)json_array_size(list); /* none: null */
	*out = arena_array(a, struct receipt, n + 1);
	for (int i = 0; i < n; i++) {
		const json_t *row = json_array_get(list, (size_t)i);
		if (replies) {
			read_reply(row, &pulled_reply, a, &(*out)[i]);
			continue;
		}
		read_report(row, &pulled, a, &(*out)[i]);
		(*out)[i].at =
		    json_integer_value(json_object_get(row, "UserReceiveTime")) * 1000;
	}
	return n;
}

int
tencent_pull_answer(const struct account *acc, int status, const char *body, size_t len,
    struct arena *a, struct receipt **out, int *n, const char **cursor, bool *more,
    struct answer *why)
{
	json_t *j = wire_load(body, len);
	const json_t *said = json_object_get(j, "Response");
	const json_t *reports = json_object_get(said, "PullSmsSendStatusSet"),
		     *replies = json_object_get(said, "PullSmsReplyStatusSet");
	const char *error = tencent_error(j);

	(void)acc;
	if (status != 200 || error != NULL || (reports == NULL && replies == NULL)) {
		g_snprintf(why->perr, sizeof why->perr, "http-%d", status);
		if (error != NULL)
			g_strlcpy(why->perr, error, sizeof why->perr);
		why->freeze = error != NULL && tencent_stops(error);
		json_decref(j);
		return -1;
	}
	*n = rows_of(reports != NULL ? reports : replies, reports == NULL, a, out);
	*more = reports != NULL || *n == PULL_ROWS;
	*cursor = (reports != NULL) == (*n == PULL_ROWS) ? "" : REPLIES;
	json_decref(j);
	return 0;
}

/* One number: what became of a message that no report has come of ------------------------------ */

int
tencent_query(const struct account *acc, const struct config *cfg, const struct parcel *p,
    ms_t sig_ts, struct arena *a, struct provider_request *out, struct err *e)
{
	const struct tc3 r = tencent_call(acc, "PullSmsSendStatusByPhoneNumber", sig_ts);
	ms_t from = MAX(p->begun_at - MS_MINUTE, sig_ts - OLDEST);

	(void)cfg;
	(void)e;
	tc3_sign(&r,
	    json_pack("{sI sI si si ss ss}", "BeginTime", (json_int_t)(from / MS_SECOND),
		"EndTime", (json_int_t)(sig_ts / MS_SECOND), "Offset", 0, "Limit",
		NUMBER_ROWS, "PhoneNumber", p->to, "SmsSdkAppId",
		provider_setting(acc, "sdk_app_id")),
	    a, out);
	return 0;
}

static bool
is_about(const json_t *row, const struct parcel *p)
{
	const char *id = json_string_value(json_object_get(row, "SerialNo")),
		   *ref = json_string_value(json_object_get(row, "SessionContext"));

	return (id != NULL && *id != '\0' && g_strcmp0(id, p->provider_id) == 0) ||
	       (ref != NULL && *ref != '\0' && strcmp(ref, p->ref) == 0);
}

/* A row is there once the carrier has reported: that there is none proves nothing. */
void
tencent_query_answer(const struct account *acc, const struct parcel *p, int status,
    const char *body, size_t len, struct answer *out)
{
	json_t *j = wire_load(body, len);
	const json_t *rows =
	    json_object_get(json_object_get(j, "Response"), "PullSmsSendStatusSet");

	(void)acc;
	*out = (struct answer){ .outcome = OUTCOME_UNKNOWN };
	for (size_t i = 0; status == 200 && i < json_array_size(rows); i++) {
		const json_t *row = json_array_get(rows, i);
		const char *told =
		    json_string_value(json_object_get(row, "ReportStatus"));
		const char *text = json_string_value(json_object_get(row, "Description"));
		struct receipt r = { 0 };

		if (!is_about(row, p) || told == NULL)
			continue;
		out->outcome = OUTCOME_ACCEPTED;
		if (strcmp(told, "SUCCESS") == 0)
			out->told = TOLD_DELIVERED;
		if (strcmp(told, "FAIL") != 0)
			break;
		out->told = TOLD_FAILED;
		g_strlcpy(out->perr, "FAIL", sizeof out->perr);
		failure(text != NULL ? text : "", &r);
		out->opted_out = r.opted_out;
		out->bad_address = r.bad_address;
		break;
	}
	json_decref(j);
}
