/* sandbox_take.h - one message at the counter: known, refused or taken. Loop thread. */
#ifndef CMD_SANDBOX_TAKE_H
#define CMD_SANDBOX_TAKE_H

#include <jansson.h>

#include "sandbox_book.h"
#include "sandbox_desk.h"

struct account;
struct dialect;

enum take { TAKE_ACCEPTED, TAKE_AGAIN, TAKE_REFUSED, TAKE_STALE, TAKE_CONFLICT };

struct sandbox_take {
	enum take what;
	const char *ref;     /* borrowed from the JSON */
	const char *code;    /* refused: why; else "" */
	char id[SANDBOX_ID]; /* accepted, again */
};

/* What a request says of all its messages. */
struct sandbox_batch {
	const char *account, *callback, *key;
	const struct account *acc;     /* of a dialect; NULL: not known */
	const struct dialect *dialect; /* NULL: the sandbox's own */
	const char *call_id; /* what receipts call it; NULL: by the message's own id */
	bool stale;
	ms_t now, real, boot;
};

void sandbox_take_message(const struct sandbox_desk_options *o,
    const struct sandbox_batch *b, const json_t *message, struct sandbox_take *out);

#endif
