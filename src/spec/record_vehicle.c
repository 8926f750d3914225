/* Vehicles: 车辆档案. */
#include "core/subject.h"
#include "record.h"

#define AT(f) offsetof(struct vehicle, f)

static const struct record_field fields[] = {
	{ "id", "id|vehicle|vehicleid|车辆编号|车辆id|车辆号", CELL_ID, AT(ext), NULL,
	    false },
	{ "customer", RECORD_CUSTOMER, CELL_ID, AT(owner), NULL, true },
	{ "phone", RECORD_PHONE, CELL_PHONE, AT(phone), NULL, true },
	{ "driver", "driver|driverid|司机|驾驶人|驾驶员|司机编号|驾驶人编号|使用人|使用人编号",
	    CELL_TEXT, AT(driver_ext), NULL, true },
	{ "driver_phone",
	    "driverphone|司机电话|司机手机|司机手机号|驾驶人电话|驾驶人手机|使用人电话|"
	    "使用人手机",
	    CELL_PHONE, AT(driver_phone), NULL, true },
	{ "vin", "vin|车架号|车架号码|车辆识别代号|底盘号|vin码", CELL_ID, AT(vin), NULL,
	    false },
	{ "plate", "plate|licenseplate|车牌|车牌号|车牌号码|牌照|牌照号", CELL_ID,
	    AT(plate), NULL, false },
	{ "model", "model|车型|车型名称|车系|车款", CELL_TEXT, AT(model), NULL, false },
	{ "store", RECORD_STORE, CELL_TEXT, AT(store), NULL, false },
	{ "bought",
	    "bought|purchasedate|购车日期|购买日期|交车日期|提车日期|销售日期|开票日期",
	    CELL_DATE, AT(bought), NULL, false },
	{ "mileage", "mileage|里程|行驶里程|当前里程|公里数|最近里程|进厂里程",
	    CELL_COUNT, AT(mileage), NULL, false },
	{ "mileage_on", "mileageon|里程日期|里程记录日期|抄表日期", CELL_DATE,
	    AT(mileage_on), NULL, false },
	{ "every_months",
	    "everymonths|保养间隔月|保养周期月|保养间隔|保养周期|保养间隔月数",
	    CELL_COUNT, AT(every_months), NULL, false },
	{ "every_km", "everykm|保养间隔公里|保养间隔里程|保养里程间隔|保养周期公里",
	    CELL_COUNT, AT(every_km), NULL, false },
	{ "last_service",
	    "lastservice|上次保养|上次保养日期|最近保养|最近保养日期|末次保养日期",
	    CELL_DATE, AT(last_service), NULL, false },
	{ "warranty_end",
	    "warrantyend|质保到期|质保到期日|保修到期|保修到期日|质保截止日期", CELL_DATE,
	    AT(warranty_end), NULL, false },
	{ "inspection_due",
	    "inspectiondue|年检到期|年检到期日|年检日期|年审到期|年审到期日", CELL_DATE,
	    AT(inspection_due), NULL, false },
	{ "insurance_end",
	    "insuranceend|保险到期|保险到期日|保险止期|商业险到期|交强险到期|续保日期",
	    CELL_DATE, AT(insurance_end), NULL, false },
	{ "sold", "sold|已售|已转卖|已过户|是否已卖|是否转出|是否已售出", CELL_FLAG,
	    AT(sold), NULL, false },
};

/* Without a number of its own a vehicle is known by its VIN, else by its plate. */
static void
finish(void *row, struct row_fault *fault)
{
	struct vehicle *v = row;

	(void)fault;
	if (v->ext[0] == '\0')
		v->ext = v->vin[0] != '\0' ? v->vin : v->plate;
}

const struct record_kind record_vehicle = { "vehicles", "vehicle", sizeof(struct vehicle),
	AT(attrs), fields, G_N_ELEMENTS(fields), finish, "id|vin|plate", true };
