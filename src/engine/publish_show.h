/* publish_show.h - publications as people read them. */
#ifndef ENGINE_PUBLISH_SHOW_H
#define ENGINE_PUBLISH_SHOW_H

#include <jansson.h>

#include "page.h"
#include "publish.h"
#include "store/access.h"

/* Has somebody of this name agreed? For audit_each(). */
struct show_names {
	const char *who;
	bool found;
};
void publish_show_agreed(void *arg, const struct audit *a);

/* What waits, who agreed, and its difference from what is in force (w->cat): texts, steps,
 * and whom each playbook means. */
int publish_show(struct work *w, const struct publication *p, const struct catalog *fresh,
    json_t *out, struct err *e);
/* {"publications": [...]}, newest first, before an id (0: all), with "waits" where one
 * does. */
int publish_show_list(
    struct work *w, const struct page *page, int64_t before, json_t *out, struct err *e);
/* One, for status; NULL with 0: none waits. */
int publish_show_waiting(struct work *w, json_t **out, struct err *e);

#endif
