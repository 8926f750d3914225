/* why_launch.h - what `reachd why` says of launches and of what was done by hand. Reads. */
#ifndef ENGINE_WHY_LAUNCH_H
#define ENGINE_WHY_LAUNCH_H

#include <jansson.h>

#include "desk.h"

/* Its playbook is held or has stopped: adds the sentence. */
bool why_held(struct work *w, const struct version *v, json_t *out);
bool why_correction(struct work *w, int playbook);
/* "waiting": playbooks that mean him, but whose stage has not come to him. */
int why_waits(struct work *w, struct person *p, json_t *out, struct err *e);
/* "by_hand": what was undone about him, and with which proof. */
int why_by_hand(struct work *w, const struct person *p, const struct zone *z, json_t *out,
    struct err *e);

#endif
