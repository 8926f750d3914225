/* event_data.h - the fields of an event's data that reachd reads. Private to spec. Pure. */
#ifndef SPEC_EVENT_DATA_H
#define SPEC_EVENT_DATA_H

#include <jansson.h>

#include "base/err.h"

/* data: an object. 0, or -1 with ERR_INPUT; the error begins with the place as a JSON pointer. */
int event_data_check(const char *type, const json_t *data, struct err *e);

#endif
