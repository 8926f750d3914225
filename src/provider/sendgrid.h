/* sendgrid.h - SendGrid's event webhook: its signature and its events. Pure. */
#ifndef PROVIDER_SENDGRID_H
#define PROVIDER_SENDGRID_H

#include "provider/mail.h"
#include "provider/wire.h"

/* Is it a public key of P-256, as their settings page writes it? */
bool sendgrid_key_ok(const char *base64);

/* The `hook` of struct provider. */
int sendgrid_hook(const struct account *acc, const struct config *cfg,
    const struct hook_request *req, struct arena *a, struct receipt **out, int *n,
    struct hook_reply *reply);

#endif
