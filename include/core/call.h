/* call.h - what the end of a call means, whatever the script: one line a word.
 *
 * A script may name outcomes of its own; they mean that the customer was reached.
 * Those marked `always` can be recorded for every task, named or not: a customer who
 * says stop on the phone has said stop. */
#ifndef CORE_CALL_H
#define CORE_CALL_H

#include <stdbool.h>

enum call_effect {
	CALL_PLAIN,
	CALL_WRONG_NUMBER, /* the number is not the customer's */
	CALL_STOP,         /* no more marketing, on any channel */
	CALL_COMPLAINT,    /* nothing more at all, and somebody answers for it */
	CALL_SETTLED,      /* the complaint is over, he is content */
	CALL_ESCALATE      /* it is over the head of whoever rang him */
};

struct call_word {
	const char *name;
	bool reached; /* the customer was spoken to */
	bool always;
	enum call_effect effect;
	bool of_complaint; /* known for complaints only, and for every one of them */
	const char *tag; /* given to the customer; "": none */
	const char *zh, *en;
};

/* "none": it rang and nobody answered. */
#define CALL_NONE "none"

extern const struct call_word call_words[];          /* ends with a NULL name */
const struct call_word *call_word(const char *name); /* NULL: one of the script's own */
bool call_reached(const char *name);

#endif
