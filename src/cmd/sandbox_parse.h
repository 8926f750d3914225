/* sandbox_parse.h - one HTTP/1.1 request out of the bytes read so far. Pure. */
#ifndef CMD_SANDBOX_PARSE_H
#define CMD_SANDBOX_PARSE_H

#include <stdbool.h>

#include <glib.h>

#define SANDBOX_FIELDS 64
struct sandbox_field {
	const char *name, *value;
};

struct sandbox_parse {
	const char *method, *path, *query, *key, *sent_at, *body;
	size_t body_len;
	struct sandbox_field fields[SANDBOX_FIELDS]; /* the headers, as they came */
	int n_fields;
	bool close; /* the client will not ask again on this connection */
};

/* 0: more bytes are needed. 200: *out is filled and *used bytes are its share;
 * its strings are cut out of `in` in place and live as long as it is not
 * touched. Else the status to refuse with. */
int sandbox_parse_request(GByteArray *in, struct sandbox_parse *out, size_t *used);

#endif
