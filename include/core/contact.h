/* contact.h - which customer a contact of WeCom is: by exact evidence alone, never by a name. Pure. */
#ifndef CORE_CONTACT_H
#define CORE_CONTACT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* By what a contact was matched, the strongest first. */
enum contact_way {
	CONTACT_BY_NOTHING,
	CONTACT_BY_HAND,   /* a person said so */
	CONTACT_BY_FILE,   /* a file gave the customer this very id */
	CONTACT_BY_STATE,  /* the code he scanned names him or his car */
	CONTACT_BY_MOBILE, /* a number in a member's remarks is his alone */
	CONTACT_BY_UNION,  /* another id of the same WeChat user is his */
	CONTACT_WAYS
};
const char *contact_way_name(int way); /* "" of none */

/* The state of a code (联系我 takes up to 30 characters): c:ID is a customer by the dealer's
 * id, v:WORD a vehicle by id, VIN or plate. Others, as of a poster, name nobody. */
enum contact_state {
	CONTACT_STATE_NOBODY,
	CONTACT_STATE_CUSTOMER,
	CONTACT_STATE_VEHICLE
};
enum contact_state contact_state_read(const char *state, const char **word);

/* Whom one way names, each once. */
#define CONTACT_NAMED 8
struct contact_named {
	int64_t who[CONTACT_NAMED];
	int n;
	bool more; /* than that */
};
void contact_name_one(struct contact_named *named, int64_t customer);

struct contact_evidence {
	struct contact_named by[CONTACT_WAYS];
	int64_t current; /* whom it is matched to; 0: nobody */
	int current_way;
	int64_t not_him; /* a person said that it is not him; 0: nothing was said */
};
struct contact_verdict {
	int64_t customer; /* 0: nobody: a person must say */
	int way; /* of nobody: the way that names several, or CONTACT_BY_NOTHING */
};
/* The strongest way that names somebody decides: one is him, several are nobody, and weaker
 * ways are not asked. Whom it is matched to stays while he is among them, and while nothing
 * names anybody; what a person said stands. */
struct contact_verdict contact_judge(const struct contact_evidence *ev);

#endif
