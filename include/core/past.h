/* past.h - rows of history that are no things of their own: sends of another system,
 * complaints, contact ids. */
#ifndef CORE_PAST_H
#define CORE_PAST_H

#include "base/clock.h"

/* One message another system sent. */
struct past_send {
	const char *ext; /* "" : told by whom, when and how */
	const char *owner, *phone;
	ms_t at;
	const char *channel, *category;
};

struct past_complaint {
	const char *ext, *owner, *phone;
	ms_t at;
	const char *state; /* open, closed */
	const char *text;
};

/* An id of a customer on a channel, matched by his id or number. */
struct contact {
	const char *owner, *phone;
	const char *wecom, *push, *unionid;
};

#endif
