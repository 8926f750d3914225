/* What another system did: messages it sent, complaints it took, ids it knew. */
#include "core/past.h"

#include <string.h>

#include "core/words.h"
#include "record.h"

#define NO_ATTRS ((size_t)-1)

/* ---- sends: so that caps are true on day one ---- */

#define AT(f) offsetof(struct past_send, f)

static const struct record_word channels[] = {
	{ "sms|短信", "sms" },
	{ "wecom|企业微信|企微|微信", "wecom" },
	{ "email|邮件|邮箱|电子邮件", "email" },
	{ "push|app|推送", "push" },
	{ "phone|电话|外呼", "phone" },
	{ NULL, NULL },
};
static const struct record_word categories[] = {
	{ "marketing|营销|推广|促销",
	    "marketing" }, /* unknown counts: rather too few than too many */
	{ "service|服务|通知|提醒", "service" },
	{ "transactional|交易|验证码|回执", "transactional" },
	{ NULL, NULL },
};

static const struct record_field send_fields[] = {
	{ "id", "id|msgid|消息id|短信id|流水号|编号", CELL_ID, AT(ext), NULL, true },
	{ "customer", RECORD_CUSTOMER, CELL_ID, AT(owner), NULL, true },
	{ "phone", RECORD_PHONE, CELL_PHONE, AT(phone), NULL, true },
	{ "at", "at|time|sentat|发送时间|发送日期|时间|日期|提交时间", CELL_MOMENT,
	    AT(at), NULL, true },
	{ "channel", "channel|渠道|发送渠道", CELL_WORD, AT(channel), channels,
	    true },
	{ "category", "category|分类|短信类型|消息类型|类别|类型", CELL_WORD, AT(category),
	    categories, true },
};

static void
send_finish(void *row, struct row_fault *fault)
{
	const struct past_send *s = row;

	if (s->at == 0)
		rows_judge(fault, ROW_REFUSED, 0, "", "it does not say when it was sent");
}

const struct record_kind record_send = { "sends", "send", sizeof(struct past_send),
	NO_ATTRS, send_fields, G_N_ELEMENTS(send_fields), send_finish, "customer|phone", false };

#undef AT
#define AT(f) offsetof(struct past_complaint, f)

/* ---- complaints ---- */

static const struct record_word states[] = {
	{ "open|未结|未处理|处理中|待处理",
	    "open" }, /* unknown: rather silent than wrong */
	{ "closed|已结|已处理|已关闭|已解决|关闭", "closed" },
	{ NULL, NULL },
};

static const struct record_field complaint_fields[] = {
	{ "id", "id|complaint|投诉编号|投诉单号|编号|单号", CELL_ID, AT(ext), NULL,
	    true },
	{ "customer", RECORD_CUSTOMER, CELL_ID, AT(owner), NULL, true },
	{ "phone", RECORD_PHONE, CELL_PHONE, AT(phone), NULL, true },
	{ "at", "at|date|time|投诉时间|投诉日期|日期|时间", CELL_MOMENT, AT(at), NULL,
	    true },
	{ "state", "state|status|状态|处理状态", CELL_WORD, AT(state), states, true },
	{ "text", "text|内容|投诉内容|描述|原因", CELL_TEXT, AT(text), NULL, true },
};

static void
complaint_finish(void *row, struct row_fault *fault)
{
	const struct past_complaint *c = row;

	if (c->at == 0)
		rows_judge(fault, ROW_REFUSED, 0, "", "it has no date");
}

const struct record_kind record_complaint = { "complaints", "complaint",
	sizeof(struct past_complaint), NO_ATTRS, complaint_fields,
	G_N_ELEMENTS(complaint_fields), complaint_finish, "id", false };

#undef AT
#define AT(f) offsetof(struct contact, f)

/* ---- contact ids ---- */

static const struct record_field contact_fields[] = {
	{ "customer", RECORD_CUSTOMER "|id", CELL_ID, AT(owner), NULL, true },
	{ "phone", RECORD_PHONE, CELL_PHONE, AT(phone), NULL, true },
	{ "wecom", "wecom|externaluserid|企业微信|企微|企微id|企业微信id|外部联系人id",
	    CELL_TEXT, AT(wecom), NULL, true },
	{ "unionid", "unionid|微信unionid|微信标识", CELL_TEXT, AT(unionid), NULL, true },
	{ "push", "push|pushtoken|registrationid|推送标识|推送id|设备标识", CELL_TEXT,
	    AT(push), NULL, true },
};

static void
contact_finish(void *row, struct row_fault *fault)
{
	const struct contact *c = row;

	if (c->wecom[0] == '\0' && c->push[0] == '\0' && c->unionid[0] == '\0')
		rows_judge(fault, ROW_REFUSED, 0, "", "it holds no contact id");
	if (strpbrk(c->wecom, " \t") != NULL || strpbrk(c->push, " \t") != NULL ||
	    strpbrk(c->unionid, " \t") != NULL || strlen(c->wecom) >= 256 ||
	    strlen(c->push) >= 256 || strlen(c->unionid) >= 256)
		rows_judge(fault, ROW_REFUSED, 0, "",
		    "an id of a channel has no spaces and under 256 characters");
}

const struct record_kind record_contact = { "contacts", "contact", sizeof(struct contact),
	NO_ATTRS, contact_fields, G_N_ELEMENTS(contact_fields), contact_finish,
	"customer|phone", false };
