/* dialect_wecom_seal.h - callbacks as WeCom makes them: encrypted by the account's key, signed by its token. */
#ifndef CMD_DIALECT_WECOM_SEAL_H
#define CMD_DIALECT_WECOM_SEAL_H

#include <stddef.h>

#include "core/config.h"

struct wecom_sealed {
	char *query, *body; /* g_free */
};
/* `receiver` is the corp_id when all is well; salt: 16 bytes before the message. */
void wecom_seal(const struct account *acc, const char *receiver, const char *message,
    size_t len, const char *salt, const char *timestamp, const char *nonce,
    struct wecom_sealed *out);

#endif
