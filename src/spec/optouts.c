#include "spec/optouts.h"

#include <string.h>

#include "base/text.h"
#include "spec/columns.h"
#include "core/phone.h"
#include "fields.h"

enum field {
	FIELD_CUSTOMER,
	FIELD_PHONE,
	FIELD_EMAIL,
	FIELD_WECOM,
	FIELD_PUSH,
	FIELD_ADDRESS,
	FIELD_CHANNEL,
	FIELD_AT,
	FIELDS
};

static const struct columns_field fields[FIELDS] = {
	[FIELD_CUSTOMER] = { "customer",
	    "customer|id|customerid|客户编号|客户id|客户号|会员号" },
	[FIELD_PHONE] = { "phone", "phone|mobile|phonenumber|tel|手机|手机号|手机号码|"
				   "电话|联系电话|号码|电话号码" },
	[FIELD_EMAIL] = { "email", "email|mail|邮箱|电子邮箱|电子邮件" },
	[FIELD_WECOM] = { "wecom", "wecom|externaluserid|企业微信|企微|外部联系人id" },
	[FIELD_PUSH] = { "push", "push|pushtoken|registrationid|推送标识|设备标识" },
	[FIELD_ADDRESS] = { "address", "address|地址|联系地址|退订地址" },
	[FIELD_CHANNEL] = { "channel", "channel|channels|渠道|退订渠道" },
	[FIELD_AT] = { "at",
	    "at|date|time|日期|时间|退订时间|退订日期|拒收时间|加入时间" },
};

struct optouts {
	struct columns cols;
	/* The row at hand: */
	struct arena *arena;
	struct optout *out;
	struct row_fault *fault;
};

const struct columns_field *
optouts_fields(int *n)
{
	*n = FIELDS;
	return fields;
}

void
optouts_close(struct optouts *r)
{
	if (r == NULL)
		return;
	table_close(r->cols.table);
	g_free(r);
}

struct optouts *
optouts_open(const char *path, enum table_encoding encoding, const char *const *mapping,
    struct err *e)
{
	struct table *t = table_open(path, encoding, e);
	bool names = false;

	if (t == NULL)
		return NULL;
	struct optouts *r = g_new0(struct optouts, 1);

	r->cols = (struct columns){ .table = t, .fields = fields };
	if (columns_map(&r->cols, path, FIELDS, mapping, e) != 0) {
		optouts_close(r);
		return NULL;
	}
	for (int i = 0; i < table_columns(t); i++)
		names |= r->cols.field[i] >= 0 && r->cols.field[i] <= FIELD_ADDRESS;
	if (!names) {
		err_at(e, (struct pos){ path, 1, 1 },
		    "no column says who opted out; name it customer, phone, email, "
		    "wecom, push or "
		    "address");
		optouts_close(r);
		return NULL;
	}
	return r;
}

const struct columns *
optouts_columns(const struct optouts *r)
{
	return &r->cols;
}

#define judge(r, column, ...)                             \
	rows_judge((r)->fault, ROW_REFUSED, (column) + 1, \
	    table_heading((r)->cols.table, column), __VA_ARGS__)

static void
optouts_phone(struct optouts *r, int column, const char *s)
{
	char number[20], masked[64];
	enum phone_kind kind = phone_normalise(s, number);

	if (kind == PHONE_BAD) {
		judge(r, column, "\"%s\" is not a phone number",
		    text_mask(s, masked, sizeof masked));
		return;
	}
	r->out->address[CHANNEL_PHONE] = arena_strdup(r->arena, number);
	if (kind == PHONE_MOBILE)
		r->out->address[CHANNEL_SMS] = r->out->address[CHANNEL_PHONE];
}

static void
optouts_email(struct optouts *r, int column, const char *s)
{
	char mailbox[320], masked[64];

	if (email_normalise(s, mailbox, sizeof mailbox) != 0)
		judge(r, column, "\"%s\" is not an email address",
		    text_mask(s, masked, sizeof masked));
	else
		r->out->address[CHANNEL_EMAIL] = arena_strdup(r->arena, mailbox);
}

/* "sms;phone", "短信", "all"; empty: told by the address. */
static void
optouts_channels(struct optouts *r, int column, const char *s)
{
	static const struct fields_word all[] = { { "all|*|全部|所有", "all" },
		{ NULL, NULL } };
	char *parts = arena_strdup(r->arena, fields_tags(r->arena, s)), *part;

	while ((part = strsep(&parts, ";")) != NULL) {
		int channel = fields_channel(part);

		if (fields_word(all, part) != NULL)
			r->out->channels |= (1U << CHANNELS) - 1;
		else if (channel >= 0)
			r->out->channels |= 1U << channel;
		else if (*part != '\0')
			judge(r, column,
			    "\"%s\" is not a channel; use sms, wecom, email, push or "
			    "phone",
			    part);
	}
}

static void
optouts_at(struct optouts *r, int column, const char *s)
{
	if (clock_parse(s, &r->out->at) != 0)
		r->out->at = 0;
	enum field_date got = fields_date(s, table_dates_1904(r->cols.table), &r->out->date);

	if (got == DATE_BAD)
		judge(r, column, "\"%s\" is not a date; write it as 2024-03-05",
		    text_cut(arena_strdup(r->arena, s), 24));
}

/* A column `address` holds what its channel says, else what it looks like. */
static void
optouts_address(struct optouts *r, int column, const char *s)
{
	const unsigned calls = 1U << CHANNEL_SMS | 1U << CHANNEL_PHONE;
	unsigned channels = r->out->channels;
	char number[20];

	if (strchr(s, '@') != NULL)
		optouts_email(r, column, s);
	else if (channels == 1U << CHANNEL_WECOM)
		r->out->address[CHANNEL_WECOM] = s;
	else if (channels == 1U << CHANNEL_PUSH)
		r->out->address[CHANNEL_PUSH] = s;
	else if ((channels & calls) != 0 || phone_normalise(s, number) != PHONE_BAD)
		optouts_phone(r, column, s);
	else
		judge(r, column,
		    "it is neither a phone number nor an email address; name the "
		    "channel");
}

static void
optouts_cell(struct optouts *r, int column, const char *s)
{
	switch (r->cols.field[column]) {
	case FIELD_CUSTOMER:
		if (g_utf8_strlen(s, -1) > 64)
			judge(r, column, "an id has at most 64 characters");
		r->out->customer = s;
		break;
	case FIELD_PHONE:
		optouts_phone(r, column, s);
		break;
	case FIELD_EMAIL:
		optouts_email(r, column, s);
		break;
	case FIELD_WECOM:
		r->out->address[CHANNEL_WECOM] = s;
		break;
	case FIELD_PUSH:
		r->out->address[CHANNEL_PUSH] = s;
		break;
	case FIELD_CHANNEL:
		optouts_channels(r, column, s);
		break;
	case FIELD_AT:
		optouts_at(r, column, s);
		break;
	default:
		break; /* address comes last; others do not matter */
	}
}

/* What is not named by a channel is told by the addresses; a customer alone
 * means everything. */
static void
optouts_settle(struct optouts *r)
{
	struct optout *out = r->out;
	unsigned has = 0;

	for (int i = 0; i < CHANNELS; i++)
		has |= out->address[i][0] != '\0' ? 1U << i : 0;
	if (has == 0 && out->customer[0] == '\0')
		rows_judge(r->fault, ROW_REFUSED, 0, "",
		    "it names neither a customer nor an address");
	if (out->channels == 0)
		out->channels = has != 0 ? has : (1U << CHANNELS) - 1;
}

int
optouts_next(struct optouts *r, struct arena *a, struct optout *out,
    struct row_fault *fault, struct err *e)
{
	struct table_row row;
	int got = table_next(r->cols.table, &row, e), columns = table_columns(r->cols.table),
	    address = -1;
	const char *s, *kept = "";

	if (got <= 0)
		return got;
	*fault = (struct row_fault){ .row = row.row };
	*out = (struct optout){ .customer = "", .address = { "", "", "", "", "" } };
	r->arena = a;
	r->out = out;
	r->fault = fault;
	if (row.n != columns) {
		rows_judge(fault, ROW_REFUSED, 0, "",
		    "it has %d columns where the heading has %d", row.n, columns);
		return 1;
	}
	for (int i = 0; i < columns; i++) {
		s = fields_text(a, row.cells[i], 2000);
		if (fields_blank(s))
			continue;
		optouts_cell(r, i, s);
		if (r->cols.field[i] == FIELD_ADDRESS) {
			address = i;
			kept = s;
		}
	}
	if (address >= 0)
		optouts_address(r, address, kept);
	optouts_settle(r);
	return 1;
}
