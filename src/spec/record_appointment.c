/* Appointments: 预约. */
#include "core/subject.h"
#include "record.h"

#define AT(f) offsetof(struct appointment, f)

static const struct record_word states[] = {
	{ "booked|预约|已预约|待到店|已确认|新建|confirmed", "booked" },
	{ "moved|改期|已改期|改约|已改约|rescheduled", "moved" },
	{ "cancelled|canceled|取消|已取消|作废", "cancelled" },
	{ "arrived|到店|已到店|进厂|已进厂|checkedin", "arrived" },
	{ "noshow|no_show|未到|未到店|失约|爽约", "no_show" },
	{ "done|完成|已完成|完工|已交车|结算", "done" },
	{ NULL, NULL },
};

static const struct record_field fields[] = {
	{ "id", "id|appointment|appointmentid|预约编号|预约单号|预约号|预约id|单号",
	    CELL_ID, AT(ext), NULL, false },
	{ "customer", RECORD_CUSTOMER, CELL_ID, AT(owner), NULL, true },
	{ "phone", RECORD_PHONE, CELL_PHONE, AT(phone), NULL, true },
	{ "vehicle", RECORD_VEHICLE, CELL_ID, AT(vehicle), NULL, false },
	{ "plate", RECORD_PLATE, CELL_ID, AT(plate), NULL, true },
	{ "store", RECORD_STORE, CELL_TEXT, AT(store), NULL, false },
	{ "advisor", RECORD_ADVISOR, CELL_TEXT, AT(advisor), NULL, false },
	{ "at", "at|time|appointmenttime|预约时间|预约日期|预约到店时间|到店时间",
	    CELL_MOMENT, AT(at), NULL, false },
	{ "state", "state|status|状态|预约状态", CELL_WORD, AT(state), states, false },
	{ "service", "service|项目|预约项目|服务项目|预约类型|服务类型", CELL_TEXT,
	    AT(service), NULL, false },
};

static void
finish(void *row, struct row_fault *fault)
{
	struct appointment *a = row;

	if (a->vehicle[0] == '\0')
		a->vehicle = a->plate;
	if (a->at == 0)
		rows_judge(fault, ROW_REFUSED, 0, "", "it has no time");
}

const struct record_kind record_appointment = { "appointments", "appointment",
	sizeof(struct appointment), AT(attrs), fields, G_N_ELEMENTS(fields), finish,
	"id", false };
