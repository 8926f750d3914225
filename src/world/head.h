/* head.h - the head of an incoming request, judged: pure, so that it can be fuzzed.
 *
 * Functions that judge return 0 or the status of the refusal. */
#ifndef HEAD_H
#define HEAD_H

#include "web/http.h"

/* What the fields say about the message. */
struct head {
	const char *method, *version;
	const char *target; /* as it came: "/path?query", "*", "http://host/path" */
	const struct http_field *fields;
	int n_fields;
	/* Filled by head_check(): */
	unsigned long long length;         /* Content-Length; 0 when there is none */
	bool has_length, chunked, expects; /* "Expect: 100-continue" */
};

/* Framing and syntax. Anything but 0 means that where this request ends cannot be
 * trusted: answer and close. */
int head_check(struct head *h);
/* What is well-formed but not taken; the body is read, then answered. */
int head_refuse(const struct head *h);

/* Splits the target: raw_path and query are copies to be freed. -1: not a target of
 * this server. */
int head_target(const struct head *h, char **raw_path, char **query);
/* Decodes once, into a copy to be freed; NULL: a path no file or page has ("..",
 * "//", "\", NUL, controls, not UTF-8). */
char *head_path(const char *raw_path);

#endif
