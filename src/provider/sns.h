/* sns.h - notifications of Amazon SNS: who signed them, and by which certificate. Pure.
 *
 * The signature proves only "some topic of SNS": the topic must be the one we expect. */
#ifndef PROVIDER_SNS_H
#define PROVIDER_SNS_H

#include "provider/wire.h"

/* May a certificate, or a page that confirms a subscription, be had from there? https at
 * sns.REGION.amazonaws.com; of an internal account also below its own url. */
bool sns_is_theirs(const struct account *acc, const char *url, bool certificate);
/* Is it signed with the key of this certificate (PEM)? */
bool sns_verify(struct arena *a, const json_t *envelope, const char *certificate);

#endif
