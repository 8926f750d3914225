/* outlet_alarm.h - a frozen account is told to people, once, until it works again. Loop thread. */
#ifndef ENGINE_OUTLET_ALARM_H
#define ENGINE_OUTLET_ALARM_H

#include "engine_impl.h"

/* So many answers in a row that reachd does not know freeze the account. */
#define DOUBTS_MAX 3

/* Why an account was frozen. */
enum freeze {
	FREEZE_REFUSED,   /* the service refuses the account */
	FREEZE_UNKNOWN,   /* the same answer again and again, which reachd does not know */
	FREEZE_DISTRUSTED /* mailboxes refuse its domain */
};

/* Takes the place of what was told of this account before. */
void
outlet_alarm(struct engine *en, const char *account, enum freeze cause, const char *code);
/* It works again, or is gone. */
void outlet_alarm_over(struct engine *en, const char *account);

#endif
