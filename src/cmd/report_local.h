/* report_local.h - a report without the daemon: from the database of a state directory. */
#ifndef CMD_REPORT_LOCAL_H
#define CMD_REPORT_LOCAL_H

#include "base/err.h"
#include "base/report.h"
#include "core/sheet.h"

struct report_words {
	const char *name, *by, *from, *to; /* "" for what was left out */
};

/* Reads the configuration, takes the state directory's lock as long as it reads, and
 * writes nothing. NULL with err; when the configuration has mistakes, they are in r. */
struct sheet *report_local(
    const char *config, const struct report_words *q, struct report *r, struct err *e);

#endif
