/* rehearse_parts.h - a large house cut into parts that are rehearsed each by itself.
 *
 * By customers alone, so that the parts are the same whoever plays them: one after the other
 * as the file names them, to the next part each time, since files are sorted by store. Who
 * shares an address with somebody, or is named twice, is in one part with him. */
#ifndef CMD_REHEARSE_PARTS_H
#define CMD_REHEARSE_PARTS_H

#include "rehearse_play.h"

struct rehearse_parts;

/* Rows that cannot be used are told of on stderr, unless o->quiet or it is one part: then
 * whoever plays it tells. */
struct rehearse_parts *rehearse_parts_new(
    const struct rehearse_options *o, const struct zone *zone, struct err *e);
void rehearse_parts_free(struct rehearse_parts *p); /* NULL is fine */
int rehearse_parts_count(const struct rehearse_parts *p);
int64_t rehearse_parts_customers(const struct rehearse_parts *p);
/* The options of one part: its own files, its portion. Valid while p is. */
void rehearse_parts_options(
    const struct rehearse_parts *p, int nth, struct rehearse_options *out);
/* The files of a part are no longer needed. */
void rehearse_parts_done(struct rehearse_parts *p, int nth);

#endif
