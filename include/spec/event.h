/* event.h - one event as a dealer's system posts it: strict JSON in, plain data out.
 *
 *	{"id": "dms-991", "customer": "C1024", "type": "visit",
 *	 "at": "2026-11-22T10:30:00+08:00", "vehicle": "LRW...", "data": {"amount":
 *1280.00}}
 *
 * Required: id, customer, type, at. "historic": true lets `at` lie more than 7 days
 * from now; such an event is history and starts nothing. A key nobody knows is
 * refused. Pure; any thread. */
#ifndef SPEC_EVENT_H
#define SPEC_EVENT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/err.h"

#define EVENT_ID_MAX 128      /* characters of id and vehicle */
#define EVENT_CUSTOMER_MAX 64 /* as in the import of customers */
#define EVENT_DATA_MAX (64 << 10)
#define EVENT_AWAY (7 * MS_DAY)

/* Strings live in the arena. */
struct event_in {
	const char *id, *customer, *type;
	ms_t at;
	/* What it is about; "" when not told. data holds them too, so that conditions and
	 * texts of the entry can say event.vehicle. */
	const char *vehicle, *appointment, *order;
	const char *data;    /* a JSON object as text, "{}" when not told */
	bool historic;
};

/* -1 with ERR_INPUT; its text begins with a JSON pointer: "/at: ...". */
/* A rating without a scale is one of the house's: above it is an error as event_read() tells. */
int event_scale_check(const struct event_in *in, double scale, struct err *e);
int event_read(struct arena *a, const char *body, size_t len, ms_t now,
    struct event_in *out, struct err *e);

#endif
