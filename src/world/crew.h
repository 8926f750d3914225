/* crew.h - threads for work that blocks: one more when all are busy, up to a limit; they stay.
 *
 * Over libuv's mutex, since ThreadSanitizer does not see GLib's. crew_push() on one thread. */
#ifndef WORLD_CREW_H
#define WORLD_CREW_H

struct crew;

struct crew *crew_new(void (*work)(void *item, void *arg), void *arg, int max);
void crew_push(struct crew *c, void *item);
/* Waits until everything pushed is done. */
void crew_free(struct crew *c);

#endif
