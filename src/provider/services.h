/* services.h - the services there are: one line in provider.c, one file each. */
#ifndef PROVIDER_SERVICES_H
#define PROVIDER_SERVICES_H

#include "provider/provider.h"

extern const struct provider aliyun_provider;
extern const struct provider directmail_provider;
extern const struct provider http_provider;
extern const struct provider jpush_provider;
extern const struct provider mailgun_provider;
extern const struct provider postmark_provider;
extern const struct provider resend_provider;
extern const struct provider sandbox_provider;
extern const struct provider sendgrid_provider;
extern const struct provider ses_provider;
extern const struct provider smtp_provider;
extern const struct provider tencent_provider;
extern const struct provider twilio_provider;
extern const struct provider wecom_kf_provider;
extern const struct provider wecom_mass_provider;
extern const struct provider wecom_staff_provider;

/* How each is tried out: NAME_probe.c. */
extern const struct provider_probe aliyun_probe;
extern const struct provider_probe directmail_probe;
extern const struct provider_probe http_probe;
extern const struct provider_probe jpush_probe;
extern const struct provider_probe mailgun_probe;
extern const struct provider_probe postmark_probe;
extern const struct provider_probe resend_probe;
extern const struct provider_probe sandbox_probe;
extern const struct provider_probe sendgrid_probe;
extern const struct provider_probe ses_probe;
extern const struct provider_probe smtp_probe;
extern const struct provider_probe tencent_probe;
extern const struct provider_probe twilio_probe;
extern const struct provider_probe wecom_kf_probe;
extern const struct provider_probe wecom_mass_probe;
extern const struct provider_probe wecom_staff_probe;

#endif
