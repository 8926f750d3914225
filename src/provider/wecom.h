/* wecom.h - what the services of WeCom (企业微信) have in common: token, error codes, callbacks. Pure.
 *
 * Every call carries a token of (corp_id, secret) and is answered with HTTP 200 and an
 * errcode. Callbacks are signed with a token and encrypted with a key of their own. */
#ifndef PROVIDER_WECOM_H
#define PROVIDER_WECOM_H

#include "provider/wire.h"

/* corp_id, secret, callback_token, callback_key: for an account's table of settings. */
#define WECOM_SETTINGS                                                                   \
	{ "corp_id", "the company's id, ww...", SETTING_NEEDED },                        \
	    { "secret", "the application's Secret", SETTING_NEEDED | SETTING_SECRET },   \
	    { "callback_token", "Token of the callback address", SETTING_SECRET },       \
	{                                                                                \
		"callback_key", "EncodingAESKey of the callback address", SETTING_SECRET \
	}

#define WECOM_URL "https://qyapi.weixin.qq.com"

extern const struct provider_token wecom_token;

/* Mistakes in these settings. */
void wecom_check(const struct account *acc, struct report *r);
void wecom_secrets(const struct account *acc, struct report *r);
/* Is there a callback address? */
bool wecom_hears(const struct account *acc);
/* Why it does not take a text longer than so many bytes; NULL: this is not. */
const char *wecom_too_long(
    const struct account *acc, const struct parcel *p, size_t max, struct arena *a);
/* URL of a call, with the token's place in it. */
const char *wecom_call(const struct account *acc, struct arena *a, const char *path);

/* ---- error codes (wecom_code.c) ---- */

/* What errcode means to a message; fills outcome, flags, perr, retry_after. */
void wecom_judge(int status, int64_t errcode, struct answer *out);
/* errcode of an answer; false: it is none of theirs. */
bool wecom_errcode(const json_t *j, int64_t *code);
/* What is no answer of theirs, or says nothing: UNKNOWN, perr http-STATUS. */
void wecom_strange(int status, struct answer *out);
/* The member or contact that was asked about is not there, or not to be seen. */
bool wecom_unseen(int64_t errcode);
/* Of an account that is tried out. false: it is refused, and out says so. */
bool wecom_probed(const json_t *j, int status, struct probed *out);

/* ---- a call whose answer was lost (wecom_search.c) ---- */

extern const struct provider_search wecom_search;
/* How long such a call may still be taken, and how long until it is listed. */
#define WECOM_TOKEN_LIFE (2 * MS_HOUR)
#define WECOM_LISTED (10 * MS_MINUTE)

struct wecom_event;

/* ---- contacts (wecom_contacts.c) ---- */

int wecom_contacts(const struct account *acc, const struct contact_query *q,
    struct arena *a, struct provider_request *out, struct err *e);
int wecom_contacts_answer(const struct account *acc, const struct contact_query *q,
    int status, const char *body, size_t len, struct arena *a, struct contact_told **out,
    int *n, const char **cursor, struct answer *why);
/* change_external_contact as a receipt; false: it is another event. */
bool
wecom_contact_event(const struct wecom_event *ev, struct arena *a, struct receipt *out);

/* ---- callbacks ---- */

struct wecom_event {
	GHashTable *fields; /* element -> text; the first of a name */
};
/* "" when it is not there. */
const char *wecom_field(const struct wecom_event *ev, struct arena *a, const char *name);
void wecom_event_free(struct wecom_event *ev);
/* Verifies and opens a callback. 1: ev is filled; 0: the address was checked, *reply is
 * the answer; -1: refused, with one and the same answer whatever was wrong. */
int wecom_open(const struct account *acc, const struct hook_request *req, struct arena *a,
    struct wecom_event *ev, struct hook_reply *reply);
/* What names this event, the same when it comes again. */
const char *wecom_event_key(const struct wecom_event *ev, struct arena *a);

#endif
