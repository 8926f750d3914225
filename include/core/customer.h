/* customer.h - one customer as plain data, as imported and as decisions see them. */
#ifndef CORE_CUSTOMER_H
#define CORE_CUSTOMER_H

#include <stdint.h>

#include "base/clock.h"
#include "core/words.h"

/* Standing consent per channel: each level includes the one below. Marketing
 * needs CONSENT_MARKETING, service CONSENT_SERVICE, transactional none. */
enum consent { CONSENT_NONE, CONSENT_SERVICE, CONSENT_MARKETING };

/* Strings are never NULL: "" is unknown. Dates of year 0 are unknown. */
struct customer {
	int64_t id;           /* the store's; 0: new */
	const char *ext;      /* the dealer's id, "C1024" */
	const char *name, *gender; /* gender: male | female | "" */
	const char *tier, *stage, *store, *advisor;
	const char *tz;       /* a valid zone name or "" */
	const char *address[CHANNELS]; /* sms and phone: E.164; email; wecom; push */
	unsigned char consent[CHANNELS]; /* enum consent */
	struct date birthday, first_visit, last_visit;
	ms_t last_visit_at;   /* the instant, when an event told it; else 0 */
	int visits;
	double spend_12m;     /* yuan */
	const char *tags;     /* "vip;ev", separated by ; sorted, no spaces */
	const char *attrs;    /* other columns and what `set` wrote: a JSON object, "{}" */
	/* Whom he belongs with. "" or NULL in a file's row: it says nothing of it. */
	const char *kind;         /* KIND_COMPANY, KIND_PERSON or "" */
	const char *contact;      /* the dealer's id of who is spoken to for a company */
	const char *contact_name; /* who that is by name, where he is no customer */
	const char *household;    /* the same word for all of one household */
	unsigned ties;            /* enum tie: the store's */
};

/* Of whom nothing is known. */
#define CUSTOMER_UNKNOWN                                                             \
	((struct customer){ .ext = "", .name = "", .gender = "", .tier = "",         \
	    .stage = "", .store = "", .advisor = "", .tz = "",                       \
	    .address = { "", "", "", "", "" }, .tags = "", .attrs = "{}", .kind = "", \
	    .contact = "", .contact_name = "", .household = "" })

#define KIND_COMPANY "company"
#define KIND_PERSON "person"

/* What there is to ask of a customer beside his own row; 0 for nearly everybody. Too many
 * cost a question, never an answer. */
enum tie {
	TIE_NUMBER = 1,  /* an address of his is another's too */
	TIE_CONTACT = 2, /* he is spoken to for a company */
	TIE_DRIVER = 4,  /* he drives a car that is another's */
	TIE_OTHERS = 8   /* what is his concerns another too: a driver, a contact */
};

#endif
