/* notify.h - what the service manager is told: ready, reloading, stopping, alive.
 *
 * Every call does nothing when the process was not started by one. Any thread. */
#ifndef WORLD_NOTIFY_H
#define WORLD_NOTIFY_H

#include "base/clock.h"

void notify_ready(
    const char *status); /* also after a reload; status is one line, "" for none */
void notify_reloading(void);
void notify_stopping(void);
void notify_watchdog(void);
/* How often it wants to hear notify_watchdog(); 0: never. */
ms_t notify_watchdog_interval(void);

#endif
