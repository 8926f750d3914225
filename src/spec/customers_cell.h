/* customers_cell.h - the reader of customers and its fields, for the file that takes one
 * cell. */
#ifndef SPEC_CUSTOMERS_CELL_H
#define SPEC_CUSTOMERS_CELL_H

#include "spec/columns.h"
#include "spec/customers.h"

enum field {
	FIELD_ID,
	FIELD_NAME,
	FIELD_GENDER,
	FIELD_PHONE,
	FIELD_LANDLINE,
	FIELD_EMAIL,
	FIELD_WECOM,
	FIELD_PUSH,
	FIELD_TIER,
	FIELD_STAGE,
	FIELD_STORE,
	FIELD_ADVISOR,
	FIELD_TZ,
	FIELD_BIRTHDAY,
	FIELD_FIRST_VISIT,
	FIELD_LAST_VISIT,
	FIELD_VISITS,
	FIELD_SPEND,
	FIELD_CONSENT,
	FIELD_TAGS,
	FIELD_KIND,
	FIELD_COMPANY,
	FIELD_CONTACT,
	FIELD_CONTACT_NAME,
	FIELD_CONTACT_PHONE,
	FIELD_HOUSEHOLD,
	FIELDS
};

struct customers {
	struct columns cols;                /* fields: enum field */
	char *attribute[TABLE_COLUMNS_MAX]; /* the heading as a JSON string */
	GString *attrs;
	bool told[FIELDS]; /* there is a column for it */
	/* The row at hand: */
	struct arena *arena;
	struct customer *out;
	struct row_fault *fault;
	bool left_out[FIELDS]; /* its cell cannot be used */
	const char *company; /* named beside the person of the row */
	const char *number;  /* the contact's; "" not told */
	bool mobile;         /* it takes texts */
};

/* After all cells: a row that names a company and a person is the company's. */
void customers_company(struct customers *r);

/* Puts the cell into r->out; what is wrong with it goes to r->fault. */
void customers_cell(struct customers *r, int column, struct table_cell cell);

#endif
