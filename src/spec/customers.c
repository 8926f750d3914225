#include "spec/customers.h"

#include <string.h>

#include <jansson.h>

#include "spec/columns.h"
#include "customers_cell.h"

static const struct columns_field fields[FIELDS] = {
	[FIELD_ID] = { "id", "id|customer|customerid|客户编号|客户id|客户号|客户代码|"
			     "会员编号|会员号|编号" },
	[FIELD_NAME] = { "name", "name|fullname|customername|姓名|客户姓名|客户名称|"
				 "客户名|车主|车主姓名|车主名称|会员姓名" },
	[FIELD_GENDER] = { "gender", "gender|sex|性别|客户性别|称谓" },
	[FIELD_PHONE] = { "phone",
	    "phone|mobile|phonenumber|mobilephone|tel|手机|手机号|手机号码|移动电话|电话|"
	    "联系电话|电话号码|联系方式|车主电话|车主手机|车主手机号|客户手机|客户电话|"
	    "本人手机|联系手机|移动电话号码" },
	[FIELD_LANDLINE] = { "landline",
	    "landline|座机|固定电话|固话|家庭电话|办公电话" },
	[FIELD_EMAIL] = { "email",
	    "email|mail|emailaddress|邮箱|电子邮箱|电子邮件|邮件|邮箱地址" },
	[FIELD_WECOM] = { "wecom",
	    "wecom|externaluserid|企业微信|企微|企微id|企业微信id|外部联系人id" },
	[FIELD_PUSH] = { "push",
	    "push|pushtoken|registrationid|推送|推送标识|推送id|设备标识" },
	[FIELD_TIER] = { "tier", "tier|等级|会员等级|会员级别|客户级别|vip等级|客户等级|"
				 "客户价值|价值等级|价值分层|价值层级|分层" },
	[FIELD_STAGE] = { "stage", "stage|客户阶段|阶段|客户状态|生命周期" },
	[FIELD_STORE] = { "store",
	    "store|shop|门店|店铺|所属门店|归属门店|服务门店|经销店" },
	[FIELD_ADVISOR] = { "advisor",
	    "advisor|serviceadvisor|服务顾问|专属顾问|顾问|客户经理|接待" },
	[FIELD_TZ] = { "tz", "tz|timezone|时区" },
	[FIELD_BIRTHDAY] = { "birthday",
	    "birthday|birthdate|dateofbirth|生日|出生日期|出生年月日|客户生日" },
	[FIELD_FIRST_VISIT] = { "first_visit",
	    "firstvisit|首次到店|首次到店日期|首次进店|首次进厂|首次来店|首次进店日期|"
	    "首次进站日期|首次进厂日期|"
	    "首次来店日期" },
	[FIELD_LAST_VISIT] = { "last_visit",
	    "lastvisit|最近到店|最近到店日期|最后到店|最近进厂|最近进厂日期|最后进厂日期|"
	    "最近来店|最近来店日期|最后到店日期|最后进店|最后进店日期|最近进店|"
	    "最近进店日期|"
	    "最近进站|最近进站日期|最后进站日期|上次进站日期|最后来店|最后来店日期|"
	    "最近一次到店|"
	    "最近一次进厂|上次来店日期|末次到店|末次到店日期|末次进厂日期|末次来店日期|"
	    "上次到店|上次到店日期|上次进厂日期|末次来店" },
	[FIELD_VISITS] = { "visits",
	    "visits|到店次数|进厂次数|来店次数|累计到店次数|累计进厂次数" },
	[FIELD_SPEND] = { "spend_12m",
	    "spend12m|spend|近12个月消费|近12个月消费金额|近12月消费|近一年消费|"
	    "近一年消费金额|年消费|年消费金额|12个月消费" },
	[FIELD_CONSENT] = { "consent",
	    "consent|同意|授权|营销同意|营销授权|授权情况|是否同意营销" },
	[FIELD_TAGS] = { "tags", "tags|tag|标签|客户标签" },
	[FIELD_KIND] = { "kind", "kind|客户类型|客户性质|客户类别|客户属性|单位性质" },
	[FIELD_COMPANY] = { "company",
	    "company|公司|公司名称|单位|单位名称|企业|企业名称|车队|车队名称" },
	[FIELD_CONTACT] = { "contact",
	    "contact|contactid|联系人编号|联系人客户编号|联系人客户号|对接人编号" },
	[FIELD_CONTACT_NAME] = { "contact_name",
	    "contactname|联系人|联系人姓名|对接人|对接人姓名|车队联系人|经办人" },
	[FIELD_CONTACT_PHONE] = { "contact_phone",
	    "contactphone|联系人电话|联系人手机|联系人手机号|联系人手机号码|对接人电话|"
	    "对接人手机|经办人电话|经办人手机" },
	[FIELD_HOUSEHOLD] = { "household",
	    "household|家庭|家庭编号|家庭号|户主|户主编号|户号" },
};

const struct columns_field *
customers_fields(int *n)
{
	*n = FIELDS;
	return fields;
}

void
customers_close(struct customers *r)
{
	if (r == NULL)
		return;
	for (int i = 0; i < table_columns(r->cols.table); i++)
		free(r->attribute[i]);
	table_close(r->cols.table);
	g_string_free(r->attrs, TRUE);
	g_free(r);
}

struct customers *
customers_open(const char *path, enum table_encoding encoding, const char *const *mapping,
    struct err *e)
{
	struct table *t = table_open(path, encoding, e);
	bool has_id = false;

	if (t == NULL)
		return NULL;
	struct customers *r = g_new0(struct customers, 1);

	r->cols = (struct columns){ .table = t, .fields = fields, .attributes = true };
	r->attrs = g_string_new(NULL);
	if (columns_map(&r->cols, path, FIELDS, mapping, e) != 0) {
		customers_close(r);
		return NULL;
	}
	for (int i = 0; i < table_columns(t); i++) {
		has_id |= r->cols.field[i] == FIELD_ID;
		if (r->cols.field[i] >= 0 && r->cols.field[i] < FIELDS)
			r->told[r->cols.field[i]] = true;
		if (r->cols.field[i] == COLUMNS_ATTRIBUTE ||
		    r->cols.field[i] == FIELD_KIND) {
			json_t *name = json_string(table_heading(t, i));

			r->attribute[i] =
			    json_dumps(name, JSON_ENCODE_ANY | JSON_COMPACT);
			json_decref(name);
		}
	}
	if (!has_id) {
		err_at(e, (struct pos){ path, 1, 1 },
		    "no column holds the customer's id; name it \"id\" or \"客户编号\", "
		    "or say "
		    "which it is with --map: HEADING = id");
		customers_close(r);
		return NULL;
	}
	return r;
}

bool
customers_reachable(const struct customer *c)
{
	for (int i = 0; i < CHANNELS; i++) {
		if (c->address[i][0] != '\0')
			return true;
	}
	return false;
}

const struct columns *
customers_columns(const struct customers *r)
{
	return &r->cols;
}

int
customers_next(struct customers *r, struct arena *a, struct customer *out,
    struct row_fault *fault, struct err *e)
{
	struct table_row row;
	const char *no;
	int got = table_next(r->cols.table, &row, e),
	    columns = table_columns(r->cols.table);

	if (got <= 0)
		return got;
	*fault = (struct row_fault){ .row = row.row };
	*out = CUSTOMER_UNKNOWN;
	r->arena = a;
	r->out = out;
	r->fault = fault;
	r->company = "";
	r->number = "";
	memset(r->left_out, 0, sizeof(r->left_out));
	if ((no = columns_no_row(&r->cols, &row, FIELD_ID)) != NULL) {
		rows_judge(fault, ROW_ASIDE, 0, "", "%s", no);
		return 1;
	}
	if (row.n != columns) {
		rows_judge(fault, ROW_REFUSED, 0, "",
		    "it has %d column%s where the heading has %d", row.n,
		    row.n == 1 ? "" : "s", columns);
		return 1;
	}
	g_string_truncate(r->attrs, 0);
	for (int i = 0; i < columns; i++)
		customers_cell(r, i, row.cells[i]);
	customers_company(r);
	if (r->attrs->len > 0) {
		g_string_append_c(r->attrs, '}');
		out->attrs = arena_strndup(a, r->attrs->str, r->attrs->len);
	}
	if (out->ext[0] == '\0')
		rows_judge(fault, ROW_REFUSED, 0, "", "it has no id");
	return 1;
}
