/* smtp.h - where a mail server is. */
#ifndef PROVIDER_SMTP_H
#define PROVIDER_SMTP_H

#include "provider/provider.h"

/* smtp://HOST:587/NAME: the account's url, its port, and the name given with EHLO: `ehlo`, else
 * this domain. */
const char *smtp_url(const struct account *acc, const char *domain, struct arena *a);

#endif
