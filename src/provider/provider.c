/* provider.c - the table of services. Adding one is a file and a line here. */
#include "provider/provider.h"

#include <string.h>

#include "base/clock.h"
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

const struct setting *
provider_written(const struct account *acc, const char *name)
{
	for (int i = 0; i < acc->n_settings; i++)
		if (strcmp(acc->settings[i].name, name) == 0)
			return &acc->settings[i];
	return NULL;
}

const char *
provider_setting(const struct account *acc, const char *name)
{
	const struct setting *s = provider_written(acc, name);

	return s == NULL || s->value == NULL ? "" : s->value;
}

bool
provider_is_set(const struct account *acc, const char *name)
{
	return provider_written(acc, name) != NULL;
}

ms_t
provider_pull_every(const struct account *acc, ms_t usual)
{
	ms_t every;

	if (!provider_is_set(acc, "pull"))
		return usual;
	return clock_duration(provider_setting(acc, "pull"), &every) == 0 ? every : 0;
}

void
provider_pull_check(const struct account *acc, struct report *r)
{
	const struct setting *pull = provider_written(acc, "pull");
	ms_t every = provider_pull_every(acc, MS_HOUR);

	if (pull != NULL && (every < MS_SECOND || every > MS_DAY))
		report_add(r, SEV_ERROR, pull->at, "duration", "write pull: 1m",
		    "\"pull\" is between 1s and 1d");
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
