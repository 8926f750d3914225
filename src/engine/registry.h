/* registry.h - may this text go by that code? As the gateway has it registered. Store thread. */
#ifndef ENGINE_REGISTRY_H
#define ENGINE_REGISTRY_H

#include "base/report.h"
#include "compose.h"

/* 0, also where nothing is known of the code; 1, or RENDER_WAITS where the service has withdrawn
 * what it had approved: *detail says why not, *at where the code is written. Nothing of the customer is in it. */
int registry_judge(struct work *w, const struct account *acc, const struct registered *g,
    const struct composed *c, const char *said, const char **detail, struct pos *at);
/* Before w->cat is published: codes that are not approved and texts that read otherwise are
 * errors, unknown codes warnings. */
int registry_prove(struct work *w, struct report *r, struct err *e);

#endif
