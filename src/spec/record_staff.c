/* Staff: 员工, with who stands in for them. */
#include "core/subject.h"
#include "record.h"

#define AT(f) offsetof(struct staff, f)

static const struct record_word roles[] = {
	{ "advisor|服务顾问|顾问|sa", "advisor" },
	{ "manager|店长|经理|服务经理|storemanager", "manager" },
	{ "winback|win-back|挽回专员|流失专员|客户挽回", "win-back" },
	{ "marketer|市场|市场专员|客户运营|客服", "marketer" },
	{ "general-manager|总经理|generalmanager", "general-manager" },
	{ "admin|管理员|系统管理员", "admin" },
	{ "viewer|查看", "viewer" },
	{ "auditor|审计", "auditor" },
	{ NULL, NULL },
};

static const struct record_field fields[] = {
	{ "id", "id|staff|staffid|员工编号|工号|员工id|员工号|顾问编号", CELL_ID, AT(ext),
	    NULL, false },
	{ "name", "name|displayname|姓名|员工姓名|显示名|称呼", CELL_TEXT, AT(name), NULL,
	    false },
	{ "store", RECORD_STORE, CELL_TEXT, AT(store), NULL, false },
	{ "role", "role|角色|岗位|职位|职务", CELL_WORD, AT(role), roles, false },
	{ "wecom", "wecom|userid|企业微信|企微|企微id|企业微信id|企业微信账号", CELL_ID,
	    AT(wecom), NULL, false },
	{ "phone", RECORD_PHONE, CELL_PHONE, AT(phone), NULL, false },
	{ "deputy", "deputy|代理人|代班人|替班|替班人", CELL_ID, AT(deputy), NULL, true },
	{ "successor", "successor|接替人|继任|继任者|继任人|交接人", CELL_ID,
	    AT(successor), NULL, true },
	{ "away_from", "awayfrom|请假开始|休假开始|休假起|离岗开始|请假起", CELL_DATE,
	    AT(away_from), NULL, true },
	{ "away_to", "awayto|请假结束|休假结束|休假止|离岗结束|请假止", CELL_DATE,
	    AT(away_to), NULL, true },
	{ "left_on", "lefton|离职日期|离职|离职时间", CELL_DATE, AT(left_on), NULL,
	    true },
};

static void
finish(void *row, struct row_fault *fault)
{
	const struct staff *f = row;

	if (f->name[0] == '\0')
		rows_judge(fault, ROW_REFUSED, 0, "", "it has no name");
	if (f->away_to.year != 0 && f->away_from.year != 0 &&
	    date_days(f->away_to) < date_days(f->away_from))
		rows_judge(fault, ROW_REFUSED, 0, "", "the leave ends before it begins");
}

const struct record_kind record_staff = { "staff", "advisor", sizeof(struct staff),
	AT(attrs), fields, G_N_ELEMENTS(fields), finish, "id", false };
