/* respond.h - answers with the headers every answer of its kind must have.
 *
 * Each ends the request, and counts it. json texts are complete JSON. */
#ifndef WEB_RESPOND_H
#define WEB_RESPOND_H

#include "web/http.h"

/* type NULL or "": no body. header: one more, "Name: value", or NULL. */
void respond(struct http_in *in, int status, const char *type, const char *header,
    const char *body, size_t len);
/* Text that does not begin like JSON goes out as plain text. */
void respond_json(struct http_in *in, int status, const char *json);
/* {"error": text} */
void respond_error(struct http_in *in, int status, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
void respond_page(struct http_in *in, int status, const char *html);

/* The headers of an answer of this type, NULL-terminated; room for RESPOND_HEADERS. */
#define RESPOND_HEADERS 16
void respond_headers(const struct http_in *in, int status, const char *type,
    const char *header, const char **out);
/* Counts an answer given by other means. in->arg must be what web_handle() set. */
void respond_count(struct http_in *in, int status);

#endif
