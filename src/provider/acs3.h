/* acs3.h - the signature of Alibaba Cloud, ACS3-HMAC-SHA256, and what its services share. Pure.
 *
 * Source: "V3 request body and signature mechanism" of Alibaba Cloud's OpenAPI
 * documentation; tests/oracle checks it against their own SDK. */
#ifndef PROVIDER_ACS3_H
#define PROVIDER_ACS3_H

#include "provider/wire.h"

struct acs3 {
	const struct account *acc; /* access_key_id, access_key_secret */
	const char *action, *version;
	const char *nonce; /* never the same twice within half an hour */
	ms_t at;           /* the instant the signature carries: good for 15 min */
	const char *const
	    *fields;      /* name, value, ... sorted by name, ends with NULL: the query */
	const char *form; /* the body; "": none */
};

/* The whole request, to the account's url with path "/". */
void acs3_sign(const struct acs3 *r, struct arena *a, struct provider_request *out);

/* The settings every account there has. */
#define ACS3_SETTINGS                                                              \
	{ "access_key_id", "of a RAM user that may do no more than send",          \
		SETTING_NEEDED },                                                  \
	{                                                                          \
		"access_key_secret", "its secret", SETTING_NEEDED | SETTING_SECRET \
	}

/* What the gateway itself refuses a call with, whatever the service: key, right, version. Rows
 * for a table of codes that has STOP. */
#define ACS3_STOPS                                                                 \
	{ "NoPermission", STOP }, { "MissingAccessKeyId", STOP },                  \
	    { "MissingSecurityToken", STOP }, { "InvalidSecurityToken", STOP },    \
	    { "InvalidAction", STOP }, { "InvalidVersion", STOP },                 \
	    { "InvalidProtocol", STOP }, { "UnsupportedProtocol", STOP },          \
	    { "UnsupportedSignature", STOP },                                      \
	{                                                                          \
		"InactiveAccessKeyId", STOP                                        \
	}

/* What the gateway itself says to a key that is tried out (probe.h). */
#define ACS3_PROBE_RULES                                                           \
	{ "InvalidAccessKeyId", PROBED_KEY, "access_key_id" },                     \
	    { "SignatureDoesNotMatch", PROBED_KEY, "access_key_secret" },          \
	    { "IncompleteSignature", PROBED_KEY, "access_key_secret" },            \
	    { "InvalidTimeStamp", PROBED_CLOCK, NULL },                            \
	    { "Forbidden", PROBED_MAY_NOT, NULL },                                 \
	    { "NoPermission", PROBED_MAY_NOT, NULL },                              \
	    { "Throttling", PROBED_LATER, NULL },                                  \
	    { "ServiceUnavailable", PROBED_LATER, NULL },                          \
	{                                                                          \
		"Internal", PROBED_LATER, NULL                                     \
	}

/* "2026-11-22 10:30:00", Beijing wall time, as their webhooks write it; 0: unreadable. */
ms_t acs3_time(const char *text);
/* How long a call that was throttled shall wait; 0: it was not said. */
ms_t acs3_retry_after(const struct provider_reply *reply);
/* yyyymmdd of an instant in Beijing, and how long until the next day, the next month. */
int acs3_day(ms_t at);
ms_t acs3_until_day(ms_t at);
ms_t acs3_until_month(ms_t at);

#endif
