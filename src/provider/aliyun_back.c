/* aliyun_back.c - what becomes of SMS by Alibaba Cloud: asked about, or posted as reports and replies. */
#include <stdlib.h>
#include <string.h>

#include "acs3.h"
#include "aliyun.h"
#include "base/json.h"

#define QUERY_ROWS 50
#define NEAR_MIDNIGHT \
	(10 * MS_MINUTE) /* the day a query asks about may be the other one */

/* Settling --------------------------------------------------------------------------------- */

int
aliyun_query(const struct account *acc, const struct config *cfg, const struct parcel *p,
    ms_t sig_ts, struct arena *a, struct provider_request *out, struct err *e)
{
	/* Begun just before midnight it may be of the day after: every other query asks for that
	 * one. Absent counts on neither. */
	bool after =
	    acs3_until_day(p->begun_at) <= NEAR_MIDNIGHT && p->asked % 2 == 1;
	const char *fields[] = { "CurrentPage", "1", "PageSize", G_STRINGIFY(QUERY_ROWS),
		"PhoneNumber", aliyun_number(p->to), "SendDate",
		arena_printf(
		    a, "%d", acs3_day(p->begun_at + (after ? NEAR_MIDNIGHT : 0))), NULL };
	const struct acs3 r = { .acc = acc,
		.version = ALIYUN_VERSION,
		.action = "QuerySendDetails",
		.at = sig_ts,
		.nonce = aliyun_nonce(a, arena_printf(a, "?%s", p->ref), sig_ts),
		.fields = fields,
		.form = "" };
	(void)cfg;
	(void)e;
	acs3_sign(&r, a, out);
	return 0;
}

/* What the carrier says of a message it did not deliver. */
static void
failure(const char *code, const char *text, bool *bad_address, bool *opted_out)
{
	*opted_out = strstr(code, "BLACK") != NULL || strstr(text, "黑名单") != NULL ||
		     strstr(text, "退订") != NULL;
	*bad_address = !*opted_out && strstr(text, "空号") != NULL;
}

static void
read_row(const json_t *row, struct answer *out)
{
	const char *code = json_string_value(json_object_get(row, "ErrCode"));
	const json_t *status = json_object_get(row, "SendStatus");
	int told = json_is_string(status) ? atoi(json_string_value(status))
					  : (int)json_integer_value(status);
	out->outcome = OUTCOME_ACCEPTED;
	out->told = told == 3 ? TOLD_DELIVERED : told == 2 ? TOLD_FAILED : TOLD_NOTHING;
	if (told == 2 && code != NULL) {
		g_strlcpy(out->perr, code, sizeof out->perr);
		failure(code, "", &out->bad_address, &out->opted_out);
	}
}

void
aliyun_query_answer(const struct account *acc, const struct parcel *p, int status,
    const char *body, size_t len, struct answer *out)
{
	json_t *j = json_read(body, len);
	const char *code = json_string_value(json_object_get(j, "Code"));
	const json_t *rows =
	    json_object_get(json_object_get(j, "SmsSendDetailDTOs"), "SmsSendDetailDTO");
	ms_t into = MS_DAY - acs3_until_day(p->begun_at);
	bool ok = status == 200 && code != NULL && strcmp(code, "OK") == 0 &&
		  json_is_array(rows);
	(void)acc;
	*out = (struct answer){ .outcome = OUTCOME_UNKNOWN };
	for (size_t i = 0; ok && i < json_array_size(rows); i++) {
		const json_t *row = json_array_get(rows, i);
		const char *its = json_string_value(json_object_get(row, "OutId"));
		if (its == NULL || strcmp(its, aliyun_out_id(p)) != 0)
			continue;
		read_row(row, out);
		json_decref(j);
		return;
	}
	/* Absent only if this was the whole of the right day. */
	if (ok && json_array_size(rows) < QUERY_ROWS && into > NEAR_MIDNIGHT &&
	    into < MS_DAY - NEAR_MIDNIGHT)
		out->outcome = OUTCOME_REFUSED_RETRY;
	json_decref(j);
}

/* Webhooks ------------------------------------------------------------------------------------ */

static const char *
address_of(struct arena *a, const char *number)
{
	bool mainland = strlen(number) == 11 && number[0] == '1';
	return arena_printf(
	    a, "+%s%s", mainland ? "86" : "", number + (number[0] == '+'));
}

static void
read_event(const json_t *row, struct arena *a, struct receipt *r)
{
	const char *number = wire_text(a, row, "phone_number"),
		   *id = wire_text(a, row, "biz_id");
	const json_t *success = json_object_get(row, "success");
	bool reply = json_object_get(row, "content") != NULL;

	*r = (struct receipt){ .channel = CHANNEL_SMS,
		.text = "",
		.perr = "",
		.ref = "",
		.provider_id = id,
		.raw = "" };
	r->from = number[0] != '\0' ? address_of(a, number) : "";
	if (reply) {
		r->kind = RECEIPT_REPLY;
		r->text = wire_text(a, row, "content");
		r->at = acs3_time(wire_text(a, row, "send_time"));
		r->key = wire_text(a, row, "sequence_id");
		r->broken = number[0] == '\0';
	} else {
		r->kind = json_is_true(success) ? RECEIPT_DELIVERED : RECEIPT_FAILED;
		r->ref = wire_text(a, row, "out_id");
		r->at = acs3_time(wire_text(a, row, "report_time"));
		r->key = "";
		if (r->kind == RECEIPT_FAILED) {
			r->perr = wire_text(a, row, "err_code");
			failure(r->perr, wire_text(a, row, "err_msg"), &r->bad_address,
			    &r->opted_out);
		}
		r->broken = !json_is_boolean(success) || number[0] == '\0' ||
			    (id[0] == '\0' && r->ref[0] == '\0' && !wire_stops(r));
	}
	if (r->broken)
		r->raw = wire_raw(a, row);
	if (r->key[0] == '\0')
		r->key =
		    wire_key(a, r->broken ? r->raw
					  : arena_printf(a, "%s %s %s %s", id, r->ref,
						number, wire_text(a, row, "err_code")));
}

int
aliyun_hook(const struct account *acc, const struct config *cfg,
    const struct hook_request *req, struct arena *a, struct receipt **out, int *n,
    struct hook_reply *reply)
{
	(void)acc;
	(void)cfg;
	json_t *rows = wire_rows(req, false, reply);
	if (rows == NULL)
		return -1;
	*n = (int)json_array_size(rows);
	*out = arena_array(a, struct receipt, *n + 1);
	for (int i = 0; i < *n; i++)
		read_event(json_array_get(rows, (size_t)i), a, &(*out)[i]);
	json_decref(rows);
	return wire_taken(reply, "{\"code\":0,\"msg\":\"成功\"}");
}
