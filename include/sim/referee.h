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

/* ---- what people ordered by hand, once it was answered (hands.h) ---- */

/* Nothing of a playbook begins from now on; until it may go again. */
void referee_stands(struct referee *r, const char *playbook, ms_t now);
void referee_goes(struct referee *r, const char *playbook, ms_t now);
/* What was there when it was asked for never leaves: of one step, or "" of all. last: the
 * newest message's id then, or the newest run's. */
void referee_recalled(struct referee *r, const char *playbook, const char *step,
    int64_t last, ms_t now);
/* These at least are to get that text, once; takes the list's strings over by copying. */
void referee_corrected(struct referee *r, const char *playbook, const char *template_,
    const GPtrArray *people);
/* The event never was; an opt-out may have been lifted. */
void referee_undone(struct referee *r, const char *event, ms_t now);
void referee_lifted(struct referee *r, const char *ext, ms_t now);
/* B may be A from now on; is A; may be himself again. */
void referee_may_join(struct referee *r, const char *a, const char *b);
void referee_joined(struct referee *r, const char *a, const char *b, ms_t now);
void referee_parted(struct referee *r, const char *b, ms_t now);
/* His data may go from now on; is gone, under the name of the receipt. */
void referee_erasing(struct referee *r, const char *ext);
void referee_erased(
    struct referee *r, const char *ext, const char *receipt, ms_t now);
/* Somebody is away on the house's days [days[0], days[1]], another does his work. */
void referee_away(struct referee *r, const char *who, const char *deputy,
    const int64_t days[2], ms_t now);

void referee_came(struct referee *r, const struct vendor_letter *l);
void referee_took(struct referee *r, const struct vendor_letter *l, ms_t now);
/* A complaint of his is about to be reported as settled: from now on it may be. */
void referee_settles(struct referee *r, const char *ext, ms_t now);
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
