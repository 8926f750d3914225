/* sandbox_book.h - what was taken: the ledger on disk, keys and references in memory.
 *
 * The ledger is JSON lines, appended in groups: sandbox_book_commit() writes
 * and fsyncs all that was added since the last one, and only then may answers
 * leave. At the start an existing ledger is read back, so that a restarted
 * sandbox still knows what it took; a torn last line is cut off. Loop thread. */
#ifndef CMD_SANDBOX_BOOK_H
#define CMD_SANDBOX_BOOK_H

#include <stdbool.h>
#include <stdint.h>

#include "base/clock.h"
#include "base/err.h"

struct sandbox_book;

struct taken {
	uint64_t serial;
	uint64_t content; /* hash of what was sent; 0: read back, not known */
	ms_t boot;        /* when; the life of a key is counted on this clock */
	const char *ref;  /* the sender's; "" when none */
};
#define SANDBOX_ID 32
char *sandbox_book_id(const struct taken *t, char *buf); /* what the sender is answered */

struct sandbox_line {
	ms_t at, real;
	const char *channel, *to, *ref, *key, *text, *subject, *account;
	const char *via; /* the dialect; "": the sandbox's own */
};

/* real and boot: now, on these clocks. */
struct sandbox_book *
sandbox_book_open(const char *path, ms_t key_ttl, ms_t real, ms_t boot, struct err *e);
void sandbox_book_close(struct sandbox_book *b);

/* NULL: not taken, or so long ago that the key is forgotten. */
const struct taken *
sandbox_book_by_key(const struct sandbox_book *b, const char *key, ms_t boot);
const struct taken *sandbox_book_by_ref(const struct sandbox_book *b, const char *ref);
/* What came through a dialect to an address, oldest first. */
void sandbox_book_to(const struct sandbox_book *b, const char *to,
    void (*row)(void *arg, const struct taken *t), void *arg);
/* key "": it cannot be recognised when it comes again. */
const struct taken *sandbox_book_add(
    struct sandbox_book *b, const struct sandbox_line *l, uint64_t content, ms_t boot);
int sandbox_book_commit(struct sandbox_book *b, struct err *e);
uint64_t sandbox_book_count(const struct sandbox_book *b);

#endif
