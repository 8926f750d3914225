/* subject.h - what a run may be about beside its customer: a vehicle, an appointment, a
 * repair order; and the staff who serve. Plain data.
 *
 * Strings are never NULL, "" is unknown; dates of year 0 are unknown. `owner` is the
 * customer's id as a file told it; the store keeps `customer`. */
#ifndef CORE_SUBJECT_H
#define CORE_SUBJECT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/clock.h"

enum subject {
	SUBJECT_NONE,
	SUBJECT_VEHICLE,
	SUBJECT_APPOINTMENT,
	SUBJECT_ORDER,
	SUBJECTS
};
const char *subject_name(int subject);
extern const char *const subject_names[]; /* NULL-terminated */

struct vehicle {
	int64_t id, customer;
	const char *ext; /* the dealer's id of it, else its VIN, else its plate */
	const char *owner, *phone;
	int64_t driver; /* who drives it, where that is not the owner; 0: nobody is named */
	const char *driver_ext, *driver_phone;
	const char *vin, *plate, *model, *store;
	struct date bought, mileage_on, last_service;
	struct date warranty_end, inspection_due, insurance_end;
	int mileage;                /* km, at mileage_on; 0: unknown */
	int every_months, every_km; /* service interval; 0: unknown */
	int sold;                   /* it is no longer his */
	const char *attrs;          /* a JSON object */
};

struct appointment {
	int64_t id, customer;
	const char *ext, *owner, *phone, *plate;
	const char *vehicle, *store, *advisor;
	ms_t at;
	const char *state; /* booked moved cancelled arrived no_show done */
	const char *service;
	const char *attrs;
};
/* It is still to come about: booked or moved. */
bool appointment_open(const struct appointment *a);

struct order {
	int64_t id, customer;
	const char *ext, *owner, *phone, *plate;
	const char *vehicle, *store, *advisor;
	ms_t at;
	double amount;                      /* yuan */
	int mileage;                        /* of the vehicle then; 0: not told */
	const char *recommended, *accepted; /* JSON lists of lines */
	const char *attrs;
};

struct staff {
	int64_t id;
	const char *ext, *name, *store, *role, *wecom, *phone;
	const char *deputy, *successor; /* ids of staff */
	struct date away_from, away_to, left_on;
	const char *attrs;
};
/* At work on that local day: not on leave, not gone. */
bool staff_present(const struct staff *s, int64_t day);

#endif
