/* probe.h - what the answers to trying an account out have in common. Pure. */
#ifndef PROVIDER_PROBE_H
#define PROVIDER_PROBE_H

#include "provider/wire.h"

/* The first whose name the code begins with counts; the table ends with a NULL code. */
struct probe_rule {
	const char *code;
	enum probed_as as;
	const char *setting; /* NULL: none */
};

/* code: the service's own, as text; NULL or "": it gave none, and "http-401" is looked for. */
void probe_judge(
    const struct probe_rule *rules, const char *code, int status, struct probed *out);
/* Accepted. format: what it tells of the account, "" for nothing. */
void probe_good(struct probed *out, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* The key is accepted and this, of the settings, is not there, or is no good. */
void probe_setting(struct probed *out, const char *setting, const char *why);

#endif
