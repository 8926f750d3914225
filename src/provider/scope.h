/* scope.h - what a gateway's templates see: message.* and credential.*. Pure. */
#ifndef PROVIDER_SCOPE_H
#define PROVIDER_SCOPE_H

#include "provider/provider.h"
#include "spec/liquid.h"

/* Renders t for one parcel, appending to out. cfg NULL: every credential has a
 * stand-in value, for the check. */
int scope_render(const struct liquid *t, const struct config *cfg, const struct parcel *p,
    ms_t now, enum liquid_escape escape, struct arena *a, GString *out, struct err *e);

#endif
