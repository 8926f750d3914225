/* aliyun_hook.c - reports and replies of Alibaba Cloud SMS, posted in lists; nothing is signed, the
 * path holds a secret. */
#include "aliyun.h"

#include <string.h>

#include "acs3.h"

static const char *
address_of(struct arena *a, const char *number)
{
	bool mainland = strlen(number) == 11 && number[0] == '1';
	return arena_printf(
	    a, "+%s%s", mainland ? "86" : "", number + (number[0] == '+'));
}

/* What the carrier says of a message it did not deliver. */
void
aliyun_failure(const char *code, const char *text, bool *bad_address, bool *opted_out)
{
	*opted_out = strstr(code, "BLACK") != NULL || strstr(text, "黑名单") != NULL ||
		     strstr(text, "退订") != NULL;
	*bad_address = !*opted_out && strstr(text, "空号") != NULL;
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
			aliyun_failure(r->perr, wire_text(a, row, "err_msg"),
			    &r->bad_address, &r->opted_out);
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
