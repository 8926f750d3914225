/* sandbox_people.h - the people behind the numbers, and what they do.
 *
 * What they do comes from sim/habits.h; this plays it in the sandbox's virtual
 * time: receipts, opens and replies by webhook to the message's callback, clicks
 * by GET and one-click unsubscribing by POST on the daemon's own links, visits by
 * POST /v1/events. Nothing but the callback's host is ever called. Loop thread. */
#ifndef CMD_SANDBOX_PEOPLE_H
#define CMD_SANDBOX_PEOPLE_H

#include <uv.h>

#include "core/words.h"
#include "sandbox_clock.h"
#include "sandbox_faults.h"
#include "sandbox_outbox.h"
#include "sandbox_post.h"

struct account;
struct dialect;
struct sandbox_people;

struct sandbox_people_options {
	uv_loop_t *loop;
	const struct sandbox_clock *clock;
	struct sandbox_faults *faults;
	struct sandbox_post *post;
	struct sandbox_outbox *outbox;
	uint64_t seed;
	const char *
	    api; /* before /v1/events; NULL: what stands before /hooks/ in the callback */
	const char *token; /* for it; NULL: none */
};

struct letter {
	enum channel channel;
	enum category category;
	const char *to, *ref, *id, *text, *html, *unsubscribe, *customer, *callback;
	const struct account *acc; /* of a dialect, which says how events are told */
	const struct dialect *dialect; /* NULL: in the form of hook.h */
};

struct sandbox_people *sandbox_people_new(const struct sandbox_people_options *o);
/* A message arrives; its strings are copied. Without a callback nobody is there. */
void sandbox_people_receive(struct sandbox_people *p, const struct letter *l, ms_t now);
unsigned sandbox_people_waiting(const struct sandbox_people *p);
void sandbox_people_close(struct sandbox_people *p);
void sandbox_people_free(struct sandbox_people *p);

#endif
