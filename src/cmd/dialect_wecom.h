/* dialect_wecom.h - what WeCom's dialects have in common: tokens, error codes. */
#ifndef CMD_DIALECT_WECOM_H
#define CMD_DIALECT_WECOM_H

#include <jansson.h>

#include "dialects.h"

void dialect_wecom_error(struct dialect_call *c, int code, const char *text);
/* A field of the query; "" when absent. */
const char *dialect_wecom_query(struct dialect_call *c, const char *name);
/* true: the call was gettoken and is answered, or its token is wrong and it is refused. */
bool dialect_wecom_handled(struct dialect_call *c);
/* The path without its query. */
bool dialect_wecom_is(const struct dialect_call *c, const char *path);
/* Posts an event to the account's callback address, if the sandbox was told of one; salt: 32
 * characters, other ones each time. */
void dialect_wecom_post(struct dialect_call *c, const char *xml, const char *salt);

/* ---- dialect_wecom_contacts.c ---- */

/* true: it was about contacts, or refused, and is answered. */
bool dialect_wecom_contacts(struct dialect_call *c);
/* May the member write to him? */
bool dialect_wecom_knows(const char *member, const char *external);

#endif
