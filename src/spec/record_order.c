/* Repair orders: 工单, with what was recommended and what was accepted. */
#include "core/subject.h"
#include "record.h"

#define AT(f) offsetof(struct order, f)

static const struct record_field fields[] = {
	{ "id", "id|order|orderid|工单号|工单编号|维修单号|结算单号|单号|订单号|派工单号",
	    CELL_ID, AT(ext), NULL, false },
	{ "customer", RECORD_CUSTOMER, CELL_ID, AT(owner), NULL, true },
	{ "phone", RECORD_PHONE, CELL_PHONE, AT(phone), NULL, true },
	{ "vehicle", RECORD_VEHICLE, CELL_ID, AT(vehicle), NULL, false },
	{ "plate", RECORD_PLATE, CELL_ID, AT(plate), NULL, true },
	{ "store", RECORD_STORE, CELL_TEXT, AT(store), NULL, false },
	{ "advisor", RECORD_ADVISOR, CELL_TEXT, AT(advisor), NULL, false },
	{ "at",
	    "at|date|time|日期|进厂日期|进厂时间|结算日期|结算时间|完工日期|工单日期|"
	    "开单日期|"
	    "开单时间|到店日期",
	    CELL_MOMENT, AT(at), NULL, false },
	{ "amount", "amount|金额|结算金额|消费金额|工单金额|实收金额|应收金额|总金额",
	    CELL_MONEY, AT(amount), NULL, false },
	{ "mileage", "mileage|里程|进厂里程|行驶里程|公里数", CELL_COUNT, AT(mileage),
	    NULL, false },
	{ "recommended", "recommended|推荐项目|建议项目|推荐|建议", CELL_LINES,
	    AT(recommended), NULL, false },
	{ "accepted", "accepted|接受项目|采纳项目|成交项目|维修项目|项目|施工项目",
	    CELL_LINES, AT(accepted), NULL, false },
};

static void
finish(void *row, struct row_fault *fault)
{
	struct order *o = row;

	if (o->vehicle[0] == '\0')
		o->vehicle = o->plate;
	if (o->at == 0)
		rows_judge(fault, ROW_REFUSED, 0, "", "it has no date");
}

const struct record_kind record_order = { "orders", "order", sizeof(struct order),
	AT(attrs), fields, G_N_ELEMENTS(fields), finish, "id", false };
