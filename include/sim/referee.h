/* referee.h - the promises, judged from outside: by what the gateways saw and by the
 * books.
 *
 * Written from the rules, apart from the code it judges: a table of minutes for
 * quiet hours, its own counts for caps, its own list of moves. The first foul ends
 * the matter; its text names the rule. True time, ms. One thread. */
#ifndef SIM_REFEREE_H
#define SIM_REFEREE_H

#include "core/customer.h"
#include "sim/crowd.h"
#include "sim/vendor.h"
#include "spec/catalog.h"

struct referee;

struct referee *referee_new(void);
void referee_free(struct referee *r);

void referee_customer(struct referee *r, const struct customer *c);
/* From now on this set is in force; what began just before may still go by the old. */
void referee_rules(struct referee *r, ms_t now, struct catalog *cat);
/* The wall clock has stepped away from the truth, or is back (then false). */
void referee_clock(struct referee *r, ms_t now, bool wrong);
/* Somebody said START: until the next stop word an old one does not count. */
void referee_start_word(struct referee *r, int channel, const char *from, ms_t now);

void referee_came(struct referee *r, const struct vendor_letter *l);
void referee_took(struct referee *r, const struct vendor_letter *l, ms_t now);
void referee_acked(struct referee *r, const struct crowd_ack *a, ms_t now);
void referee_foul(struct referee *r, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/* A database was opened: watches its moves; after a death also its soundness. */
void referee_rose(struct referee *r, struct store *s, bool after_death);
/* The books at any quiet moment; then what only the end can show. */
void referee_books(struct referee *r, struct store *s, ms_t now);
void referee_end(struct referee *r, struct store *s, const struct vendor *v, ms_t now);

const char *referee_verdict(const struct referee *r); /* NULL: no foul */

#endif
