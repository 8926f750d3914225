/* publish.h - from changed files to what is in force: counted, agreed to, kept.
 *
 *   files ──check──► nobody need agree ──────────────────────────► in force
 *              └───► waits ──others agree to this very hash──────────┘
 *                      └── changed again, refused, lapsed: over
 *
 * What is in force is kept whole in the database: a restart, or a kill in the middle, finds
 * the old set or the new one. */
#ifndef ENGINE_PUBLISH_H
#define ENGINE_PUBLISH_H

#include "engine_impl.h"
#include "store/publication.h"

/* What a set would do, and who must agree to it. */
struct publish_figures {
	int64_t audience, due, cost; /* cost: hundredths of a fen */
	int needs;                   /* so many others */
};
/* Are there the hours that the set's plans of calls ask for, and do the gateways know its
 * texts as they are? Asked when it is put forward and again when it is agreed to. */
int publish_prove(
    struct work *w, const struct catalog *cat, struct report *r, struct err *e);
/* cat: the set; w->cat, what is in force, says how much one may agree to. */
int publish_judge(struct work *w, const struct catalog *cat, struct publish_figures *out,
    struct err *e);

/* w->cat is in force from this transaction on; what waited is over. authors: JSON. */
int publish_force(struct work *w, const char *authors, const char *who, int role,
    const struct publish_figures *f, struct err *e);

/* Names of those who own what differs, of who puts it forward and in whose name: JSON in
 * the arena. */
const char *publish_authors(struct work *w, const struct catalog *from,
    const struct catalog *to, const char *who, const char *by);
bool publish_is_author(const char *authors, const char *name);

/* ---- at a start ---- */

/* What was in force is again, whatever the files say by now. */
int
publish_resume(struct engine *en, const char *hash, const char *content, struct err *e);
/* A first start of a house where nobody need agree: the files are in force. */
int publish_first(struct work *w, struct engine *en, struct err *e);

/* Loop: no set is being published any more; what waited for that goes on. */
void publish_again(struct engine *en);
/* What waited for that when the engine ends without having ended it. */
void publish_forget(struct engine *en);
/* Loop: this set is in force; taken over. */
void publish_swap(struct engine *en, struct catalog *fresh);

#endif
