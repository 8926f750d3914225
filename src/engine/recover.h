/* recover.h - what an earlier life left: new epoch, flight log applied, versions published. */
#ifndef ENGINE_RECOVER_H
#define ENGINE_RECOVER_H

#include "engine_impl.h"

void recover_start(struct engine *en,
    void (*done)(struct engine *en, void *arg, const struct err *e), void *arg);

#endif
