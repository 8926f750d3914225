/* record.h - headings that several kinds of record share. Private to spec/. */
#ifndef SPEC_RECORD_PRIVATE_H
#define SPEC_RECORD_PRIVATE_H

#include <stddef.h>

#include "spec/record.h"

/* One field from one row to another; texts are borrowed. */
void record_copy(const struct record_field *f, void *row, const void *from);

#define RECORD_CUSTOMER                                                                                   \
	"customer|customerid|客户|客户编号|客户id|客户号|客户代码|车主编号|会员号|" \
	"会员编号|公司编号|单位编号"
#define RECORD_PHONE                                                                                             \
	"phone|mobile|手机|手机号|手机号码|电话|联系电话|车主电话|车主手机|移动电话|" \
	"客户电话|"                                                                                          \
	"客户手机"
#define RECORD_STORE \
	"store|shop|门店|店铺|经销店|所属门店|归属门店|服务门店|进厂门店|预约门店"
#define RECORD_ADVISOR "advisor|serviceadvisor|服务顾问|顾问|接待|接待顾问|专属顾问"
#define RECORD_VEHICLE "vehicle|vin|车架号|车架号码|车辆识别代号|车辆编号|vin码|底盘号"
#define RECORD_PLATE "plate|licenseplate|车牌|车牌号|车牌号码|牌照号"

#endif
