/* report_take.h - one row each, of the statement in report_read.c. Private to store/. */
#ifndef STORE_REPORT_TAKE_H
#define STORE_REPORT_TAKE_H

#include "report.h"
#include "sql.h"

void report_take_playbook(struct reports *r, struct sql *q);
void report_take_customer(struct reports *r, struct sql *q);
void report_take_profile(struct reports *r, struct sql *q);
void report_take_run(struct reports *r, struct sql *q);
void report_take_link(struct reports *r, struct sql *q);
void report_take_hit(struct reports *r, struct sql *q);
void report_take_touch(struct reports *r, struct sql *q);
void report_take_event(struct reports *r, struct sql *q);
void report_take_order(struct reports *r, struct sql *q);
void report_take_offer(struct reports *r, struct sql *q);
void report_take_mark(struct reports *r, struct sql *q);
void report_take_task(struct reports *r, struct sql *q);
void report_take_experiment(struct reports *r, struct sql *q);
void report_take_arm(struct reports *r, struct sql *q);
void report_take_drawn(struct reports *r, struct sql *q);
void report_take_share(struct reports *r, struct sql *q);

#endif
