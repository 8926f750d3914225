/* contacts_match.h - contacts of WeCom and the customers they are: evidence, verdict, address. Store thread. */
#ifndef ENGINE_CONTACTS_MATCH_H
#define ENGINE_CONTACTS_MATCH_H

#include "desk.h"
#include "store/contact.h"

/* Whom what is known of a contact names, and what follows. */
int contacts_judge(struct work *w, const struct contact_row *c,
    struct contact_evidence *ev, struct contact_verdict *v, struct err *e);

/* After something was told of it: matches it, and gives or takes the customer his address.
 * fresh: somebody has become its member again, or the first time. */
int contacts_settle(struct work *w, struct contact_row *c, bool fresh, struct err *e);
/* It is this customer (0: nobody) by that way, whatever it was. */
int contacts_assign(struct work *w, struct contact_row *c, int64_t customer, int way,
    bool fresh, struct err *e);
/* What waits for somebody to send it to him in WeCom is looked at now. */
int contacts_hurry(struct work *w, int64_t customer, struct err *e);

#endif
