/* dialects.h - the dialects the sandbox speaks; the table is in dialect.c. */
#ifndef CMD_DIALECTS_H
#define CMD_DIALECTS_H

#include "dialect.h"

extern const struct dialect dialect_aliyun;
extern const struct dialect dialect_directmail;
extern const struct dialect dialect_jpush;
extern const struct dialect dialect_mailgun;
extern const struct dialect dialect_postmark;
extern const struct dialect dialect_resend;
extern const struct dialect dialect_sendgrid;
extern const struct dialect dialect_ses;
extern const struct dialect dialect_smtp;
extern const struct dialect dialect_tencent;
extern const struct dialect dialect_twilio;
extern const struct dialect dialect_wecom_kf;
extern const struct dialect dialect_wecom_mass;
extern const struct dialect dialect_wecom_staff;

/* Mail comes by SMTP (sandbox_smtp.h). The account of that user and password; NULL: none. */
const struct account *
dialect_smtp_account(const struct config *cfg, const char *user, const char *password);
/* Takes one mail, to one address of the envelope, or refuses. */
void dialect_smtp_take(struct dialect_call *c, const char *to, const char *raw, size_t len,
    struct sandbox_take *out);
extern const struct dialect dialect_wecom_mass;
extern const struct dialect dialect_wecom_staff;

#endif
