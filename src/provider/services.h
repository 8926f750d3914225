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

#endif
