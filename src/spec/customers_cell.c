#include "customers_cell.h"

#include <math.h>
#include <string.h>

#include <jansson.h>

#include "base/text.h"
#include "base/zone.h"
#include "spec/columns.h"
#include "core/phone.h"
#include "fields.h"

#define judge(r, verdict, column, ...)                                                   \
	rows_judge((r)->fault, verdict, (column) + 1, table_heading((r)->cols.table, column), \
	    __VA_ARGS__)

/* A value for a reason: what is too long is cut between characters. */
static const char *
customers_quoted(struct customers *r, const char *s)
{
	return text_cut(arena_strdup(r->arena, s), 24);
}

/* "张先生138", 测试: somebody's test or note in place of a name. Companies may have
 * digits in theirs. */
static bool
customers_name_is_test(const char *s)
{
	static const char *const companies[] = { "公司", "集团", "厂", "店", "中心",
		"车队", "局", "部" };
	int run = 0, longest = 0;

	if (strstr(s, "测试") != NULL || g_ascii_strcasecmp(s, "test") == 0)
		return true;
	for (const char *p = s; *p != '\0'; p = g_utf8_next_char(p)) {
		run = g_unichar_isdigit(g_utf8_get_char(p)) ? run + 1 : 0;
		longest = MAX(longest, run);
	}
	for (size_t i = 0; longest >= 3 && longest < 7 && i < G_N_ELEMENTS(companies);
	     i++) {
		if (strstr(s, companies[i]) != NULL)
			return false;
	}
	return longest >= 3;
}

static void
customers_phone(struct customers *r, int column, const char *s)
{
	char number[20], masked[64];
	enum phone_kind kind = phone_normalise(s, number);

	if (kind == PHONE_BAD && fields_is_shortened(s)) {
		judge(r, ROW_REFUSED, column,
		    "Excel has shortened the number: format the column as text and enter "
		    "it again");
		return;
	}
	if (kind == PHONE_BAD) {
		judge(r, ROW_REFUSED, column, "\"%s\" is not a phone number",
		    text_mask(s, masked, sizeof masked));
		return;
	}
	const char *kept = arena_strdup(r->arena, number);

	if (r->cols.field[column] == FIELD_CONTACT_PHONE) {
		r->number = kept;
		r->mobile = kind == PHONE_MOBILE;
		return;
	}
	if (kind == PHONE_MOBILE)
		r->out->address[CHANNEL_SMS] = kept;
	if (r->cols.field[column] == FIELD_PHONE || r->out->address[CHANNEL_PHONE][0] == '\0')
		r->out->address[CHANNEL_PHONE] = kept;
}

static void
customers_email(struct customers *r, int column, const char *s)
{
	char mailbox[320], masked[64];

	if (email_normalise(s, mailbox, sizeof mailbox) != 0)
		judge(r, ROW_REFUSED, column, "\"%s\" is not an email address",
		    text_mask(s, masked, sizeof masked));
	else
		r->out->address[CHANNEL_EMAIL] = arena_strdup(r->arena, mailbox);
}

static const char *
customers_opaque(struct customers *r, int column, const char *s)
{
	if (strpbrk(s, " \t") != NULL || g_utf8_strlen(s, -1) >= 256)
		judge(r, ROW_REFUSED, column,
		    "an id of this channel has no spaces and under 256 characters");
	return s;
}

/* The row is taken without this cell, which says nothing: what is on file stays. */
#define leave_out(r, column, ...)                       \
	((r)->left_out[(r)->cols.field[column]] = true, \
	    judge(r, ROW_NOTED, column, __VA_ARGS__))

/* A slip of whoever typed it is no reason to do without the customer. */
static struct date
customers_date(struct customers *r, int column, const char *s)
{
	struct date d;

	switch (fields_date(s, table_dates_1904(r->cols.table), &d)) {
	case DATE_READ:
	case DATE_NONE:
		break;
	case DATE_DEFAULT:
		judge(r, ROW_ASIDE, column, "1900-01-01 stands for an unknown date");
		break;
	case DATE_BAD:
		leave_out(r, column, "\"%s\" is not a date; write it as 2024-03-05",
		    customers_quoted(r, s));
		break;
	}
	return d;
}

static double
customers_money(struct customers *r, int column, const char *s)
{
	const double max = 1e9;
	double n = 0;

	if (!fields_blank(s) && (fields_number(s, &n) != 0 || n > max))
		judge(r, ROW_REFUSED, column, "\"%s\" is not a number from 0 to %.0f",
		    customers_quoted(r, s), max);
	return n;
}

static int
customers_count(struct customers *r, int column, const char *s)
{
	double n = 0;

	if (!fields_blank(s) &&
	    (fields_number(s, &n) != 0 || n > 100000 || n != floor(n))) {
		judge(r, ROW_REFUSED, column,
		    "\"%s\" is not a whole number from 0 to 100000",
		    customers_quoted(r, s));
		return 0;
	}
	return (int)n;
}

static const char *
customers_gender(struct customers *r, int column, const char *s)
{
	static const struct fields_word words[] = {
		{ "male|m|男|男性|先生|1", "male" },
		{ "female|f|女|女性|女士|小姐|2", "female" },
		{ "unknown|保密|不详|未说明|0|9", "" },
		{ NULL, NULL },
	};
	const char *gender = fields_word(words, s);

	if (gender != NULL || fields_blank(s))
		return gender != NULL ? gender : "";
	leave_out(r, column, "\"%s\" is not a gender; use male or female",
	    customers_quoted(r, s));
	return "";
}

/* Chinese words of the house for its tiers and stages; others stay as written. */
static const char *
customers_word(const char *s)
{
	static const struct fields_word words[] = {
		{ "高|高价值|高价值客户|high", "high" },
		{ "中|中价值|中价值客户|mid", "mid" },
		{ "低|低价值|低价值客户|low", "low" },
		{ "流失风险|风险客户|风险|at-risk", "at-risk" },
		{ "弱联系|弱关系|weak-tie", "weak-tie" },
		{ "潜客|潜在客户|潜在|prospect", "prospect" },
		{ "新客|新客户|new", "new" },
		{ "成长|成长期|成长客户|growing", "growing" },
		{ "成熟|成熟期|成熟客户|mature", "mature" },
		{ "满意|满意期|satisfied", "satisfied" },
		{ "动摇|动摇期|疑虑|怀疑期|doubting", "doubting" },
		{ "试探|试探期|trying", "trying" },
		{ "逾期|过期未到店|overdue", "overdue" },
		{ "休眠|沉睡|沉睡客户|休眠客户|dormant", "dormant" },
		{ "流失|流失客户|已流失|lost", "lost" },
		{ "回流|已回流|returned", "returned" },
		{ NULL, NULL },
	};
	const char *word = fields_word(words, s);

	return word != NULL ? word : s;
}

static void
customers_consent(struct customers *r, int column, const char *s)
{
	const char *bad;

	if (fields_consent(r->arena, s, r->out->consent, &bad) != 0)
		judge(r, ROW_REFUSED, column,
		    "\"%s\" is no consent; write none, service, marketing or "
		    "sms:marketing;wecom:service",
		    customers_quoted(r, bad));
}

/* "company", "person", or NULL: what the dealer sorts by is an attribute. */
static const char *
customers_kind(const char *s)
{
	static const struct fields_word words[] = {
		{ "company|公司|单位|企业|集团|机构|对公|法人|团体|车队|政府|事业单位|"
		  "公司客户|"
		  "单位客户|企业客户|集团客户|大客户|对公客户",
		    KIND_COMPANY },
		{ "person|个人|私人|家庭|对私|自然人|个人客户|私人客户|家庭客户",
		    KIND_PERSON },
		{ NULL, NULL },
	};

	return fields_word(words, s);
}

/* An id has letters and digits; who is named in Chinese is a name. */
static void
customers_contact(struct customers *r, int column, const char *s)
{
	if (!g_str_is_ascii(s))
		r->out->contact_name = s;
	else if (strlen(s) > 64)
		judge(r, ROW_REFUSED, column, "an id has at most 64 characters");
	else
		r->out->contact = s;
}

void
customers_company(struct customers *r)
{
	struct customer *c = r->out;
	bool takes = false; /* the contact's number */

	/* A person's own employer is told, and is not who he is. */
	if (*r->company != '\0' && strcmp(c->kind, KIND_PERSON) != 0) {
		if (*c->contact_name == '\0' && strcmp(c->name, r->company) != 0)
			c->contact_name = c->name;
		c->name = r->company;
		c->kind = KIND_COMPANY;
	} else if (*r->company != '\0') {
		fields_attribute(r->attrs, "\"company\"", r->company);
	}
	takes = strcmp(c->kind, KIND_COMPANY) == 0;
	/* A file that has no other name means the person himself. */
	if (*c->name == '\0' && !takes) {
		c->name = c->contact_name;
		c->contact_name = "";
		takes = *c->address[CHANNEL_PHONE] == '\0';
	}
	if (!takes || *r->number == '\0')
		return;
	c->address[CHANNEL_PHONE] = r->number;
	c->address[CHANNEL_SMS] = r->mobile ? r->number : "";
}

/* C17: the row takes its store's zone, or the entity's. */
static const char *
customers_zone(struct customers *r, int column, const char *s)
{
	if (zone_get(s) != NULL)
		return s;
	const char *near = zone_suggest(s);

	leave_out(r, column,
	    "\"%s\" is not a time zone%s%s%s; his on file, else the store's or the "
	    "entity's, is used",
	    customers_quoted(r, s), near != NULL ? " (did you mean " : "",
	    near != NULL ? near : "", near != NULL ? "?)" : "");
	return "";
}

void
customers_cell(struct customers *r, int column, struct table_cell cell)
{
	struct customer *c = r->out;
	int field = r->cols.field[column];
	const char *s;

	if (field == COLUMNS_LEFT_OUT || cell.len == 0)
		return;
	s = fields_text(r->arena, cell,
	    field == FIELD_NAME || field == FIELD_COMPANY || field == FIELD_CONTACT_NAME ? 128
	    : field == FIELD_ID || field == FIELD_HOUSEHOLD ? 65
				: 2000);
	if (field != FIELD_CONSENT && fields_blank(s))
		return;
	switch (field) {
	case FIELD_ID:
		if (g_utf8_strlen(s, -1) > 64)
			judge(r, ROW_REFUSED, column, "an id has at most 64 characters");
		c->ext = s;
		break;
	case FIELD_NAME:
		if (customers_name_is_test(s))
			judge(r, ROW_ASIDE, column,
			    "a test or a number in place of a name");
		c->name = s;
		break;
	case FIELD_GENDER:
		c->gender = customers_gender(r, column, s);
		break;
	case FIELD_PHONE:
	case FIELD_LANDLINE:
	case FIELD_CONTACT_PHONE:
		customers_phone(r, column, s);
		break;
	case FIELD_EMAIL:
		customers_email(r, column, s);
		break;
	case FIELD_WECOM:
		c->address[CHANNEL_WECOM] = customers_opaque(r, column, s);
		break;
	case FIELD_PUSH:
		c->address[CHANNEL_PUSH] = customers_opaque(r, column, s);
		break;
	case FIELD_TIER:
		c->tier = customers_word(s);
		break;
	case FIELD_STAGE:
		c->stage = customers_word(s);
		break;
	case FIELD_STORE:
		c->store = s;
		break;
	case FIELD_ADVISOR:
		c->advisor = s;
		break;
	case FIELD_TZ:
		c->tz = customers_zone(r, column, s);
		break;
	case FIELD_BIRTHDAY:
		c->birthday = customers_date(r, column, s);
		break;
	case FIELD_FIRST_VISIT:
		c->first_visit = customers_date(r, column, s);
		break;
	case FIELD_LAST_VISIT:
		c->last_visit = customers_date(r, column, s);
		break;
	case FIELD_VISITS:
		c->visits = customers_count(r, column, s);
		break;
	case FIELD_SPEND:
		c->spend_12m = customers_money(r, column, s);
		break;
	case FIELD_CONSENT:
		customers_consent(r, column, s);
		break;
	case FIELD_TAGS:
		c->tags = fields_tags(r->arena, s);
		break;
	case FIELD_KIND:
		if (customers_kind(s) != NULL)
			c->kind = customers_kind(s);
		else
			fields_attribute(r->attrs, r->attribute[column], s);
		break;
	case FIELD_COMPANY:
		r->company = s;
		break;
	case FIELD_CONTACT:
		customers_contact(r, column, s);
		break;
	case FIELD_CONTACT_NAME:
		c->contact_name = s;
		break;
	case FIELD_HOUSEHOLD:
		c->household = s;
		break;
	default:
		fields_attribute(r->attrs, r->attribute[column], s);
	}
}
