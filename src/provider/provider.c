/* provider.c - the table of services. Adding one is a file and a line here. */
#include "provider/provider.h"

#include <string.h>

#include "services.h"

static const struct provider *const table[] = {
	&aliyun_provider,
	&directmail_provider,
	&http_provider,
	&jpush_provider,
	&mailgun_provider,
	&postmark_provider,
	&resend_provider,
	&sandbox_provider,
	&sendgrid_provider,
	&ses_provider,
	&smtp_provider,
	&tencent_provider,
	&twilio_provider,
	&wecom_kf_provider,
	&wecom_mass_provider,
	&wecom_staff_provider,
	NULL,
};

const struct provider *const *
provider_all(void)
{
	return table;
}

const struct provider *
provider_find(const char *type)
{
	for (int i = 0; table[i] != NULL; i++)
		if (strcmp(table[i]->name, type) == 0)
			return table[i];
	return NULL;
}

const char *
provider_setting(const struct account *acc, const char *name)
{
	for (int i = 0; i < acc->n_settings; i++)
		if (strcmp(acc->settings[i].name, name) == 0)
			return acc->settings[i].value != NULL ? acc->settings[i].value : "";
	return "";
}

bool
provider_is_set(const struct account *acc, const char *name)
{
	for (int i = 0; i < acc->n_settings; i++)
		if (strcmp(acc->settings[i].name, name) == 0)
			return true;
	return false;
}

void
provider_mistake(
    const struct account *acc, struct report *r, const char *hint, const char *text)
{
	report_add(r, SEV_ERROR, acc->at, "provider", hint, "%s", text);
}

const char *
provider_url(const struct account *acc, struct arena *a, const char *path)
{
	const struct provider *p = provider_find(acc->type);
	const char *url = acc->url != NULL && acc->url[0] != '\0' ? acc->url
			  : p != NULL && p->url != NULL		  ? p->url
								  : "";
	size_t len = strlen(url);
	while (len > 0 && url[len - 1] == '/')
		len--;
	return arena_printf(a, "%.*s%s", (int)len, url, path);
}

const char *
provider_credential(const struct config *cfg, const char *name)
{
	for (int i = 0; i < cfg->n_credentials; i++)
		if (strcmp(cfg->credentials[i].name, name) == 0)
			return cfg->credentials[i].value;
	return NULL;
}
