#include "probe.h"

#include <stdarg.h>
#include <string.h>

void
probe_judge(
    const struct probe_rule *rules, const char *code, int status, struct probed *out)
{
	char none[16];

	g_snprintf(none, sizeof none, "http-%d", status);
	if (code == NULL || *code == '\0')
		code = none;
	*out = (struct probed){ .as = PROBED_ODD, .setting = "" };
	g_strlcpy(out->perr, code, sizeof out->perr);
	for (; rules->code != NULL; rules++)
		if (g_str_has_prefix(code, rules->code)) {
			out->as = rules->as;
			out->setting = rules->setting != NULL ? rules->setting : "";
			return;
		}
}

void
probe_good(struct probed *out, const char *format, ...)
{
	va_list ap;

	*out = (struct probed){ .as = PROBED_GOOD, .setting = "" };
	va_start(ap, format);
	g_vsnprintf(out->told, sizeof out->told, format, ap);
	va_end(ap);
}

void
probe_setting(struct probed *out, const char *setting, const char *why)
{
	*out = (struct probed){ .as = PROBED_SETTING, .setting = setting };
	g_strlcpy(out->perr, why, sizeof out->perr);
}
