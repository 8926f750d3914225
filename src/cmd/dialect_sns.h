/* dialect_sns.h - the sandbox's Amazon SNS: an envelope signed with a key of its own. */
#ifndef CMD_DIALECT_SNS_H
#define CMD_DIALECT_SNS_H

#include <jansson.h>

#include "dialect.h"

/* Below the account's url. */
#define DIALECT_SNS_PATH "/SimpleNotificationService-sandbox.pem"

/* PEM, self-signed; made when it is first asked for. */
const char *dialect_sns_certificate(void);
/* message, freed here, as a Notification of the account's topic. */
void dialect_sns_wrap(const struct account *acc, const char *key, const char *when,
    json_t *message, struct dialect_post *out);

#endif
