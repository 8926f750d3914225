/* paging.h - ?limit= and ?after= of a list: how many at most, and after which. More than
 * ENGINE_PAGE is ENGINE_PAGE. */
#ifndef WEB_PAGING_H
#define WEB_PAGING_H

#include "pending.h"
#include "route.h"

/* What a list takes beside them; NULL with 400 answered. *page is valid as long as it. */
struct pending *
paging_new(const struct call *c, const char *const *others, struct engine_page *page);
/* One of the others, decoded; "" when it is not there. */
const char *paging_value(const struct pending *p, const char *key);

#endif
