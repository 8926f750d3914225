/* caller.h - who stands behind a request, as far as an address and headers tell. Pure. */
#ifndef WEB_CALLER_H
#define WEB_CALLER_H

#include "web/web.h"

/* On this machine, with no proxy between: a proxy on loopback makes the whole world
 * look local, so any trace of forwarding counts against it. */
bool caller_local(const struct http_in *in, enum web_face face);

/* NULL, or why a page of another web site may be behind it: browsers carry such
 * requests to inner addresses, by their own links or by a name that changes its
 * address (DNS rebinding). */
const char *caller_foreign(const struct http_in *in);

/* "reach.example.com:443" names no number and is not the host of the URL. */
bool caller_wrong_host(const struct http_in *in, const char *public_url);

#endif
