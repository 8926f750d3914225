/* contacts_likely.h - of a contact that is matched to nobody: why, and who it might be. Store thread, reads only.
 *
 * Might be: those whom one way names together, and customers of a member who has it whose
 * surname its remark or name begins with. A person decides; a name alone never does. */
#ifndef ENGINE_CONTACTS_LIKELY_H
#define ENGINE_CONTACTS_LIKELY_H

#include <jansson.h>

#include "desk.h"
#include "store/contact.h"

struct likely *likely_new(void); /* keeps the customers of each advisor it met */
void likely_free(struct likely *l);
/* Appends {"id", "name", "why", "members": [{"member", "name", "remark", "since"}],
 * "suggestions": [{"customer", "name", "why"}]}. */
int likely_json(struct work *w, struct likely *l, const struct contact_row *c,
    json_t *list, struct err *e);

#endif
