/* client.h - the daemon, asked over its Unix socket.
 *
 * One request at a time, blocking. The socket is --socket, else reachd.sock in the
 * state directory that --config DIR names, else ./var/reachd.sock, else
 * /run/reachd/reachd.sock. */
#ifndef CMD_CLIENT_H
#define CMD_CLIENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <glib.h>

#include "base/err.h"
#include "options.h"

struct client {
	const char *socket, *config; /* as given; NULL: not */
	const char *token; /* a file that holds one; NULL: the user of this machine */
};
#define CLIENT_OPTIONS(c)                        \
	{ "socket", 0, &(c).socket, NULL },      \
	{ "token", 0, &(c).token, NULL },        \
	{                                        \
		"config", 'c', &(c).config, NULL \
	}

struct client_ask {
	const char *method, *path;
	const char *const *headers; /* "Name: value", NULL-terminated, or NULL */
	const char *body;           /* NULL: none; or */
	size_t len;
	int fd; /* an upload when body is NULL and upload is true */
	bool upload;
	int64_t size; /* of it; -1: unknown */
	/* Called again and again, with the bytes sent so far; true ends it. May be NULL.
	 */
	bool (*progress)(void *arg, int64_t sent);
	/* Each whole line of the answer as it comes; what it takes does not get into the
	 * answer's body. May be NULL. */
	bool (*line)(void *arg, const char *line);
	void *arg;
};
struct client_answer {
	int status;
	bool stopped;  /* progress() said so */
	bool uploaded; /* the upload was read to its end */
	GString *body;
};

/* 0 with any status, or -1: ERR_IO when nobody answers. */
int client_ask(const struct client *c, const struct client_ask *ask,
    struct client_answer *out, struct err *e);
void client_answer_fini(struct client_answer *a);

/* The exit code that a status stands for. */
int client_exit(int status);
/* Tells on stderr what was refused: the mistakes as `reachd check` prints them, then why. */
void client_refused(const char *verb, const char *body);
/* The sentence in {"error": ...}, else the body as it is. g_free. */
char *client_error(const char *body);

/* GET of JSON for a verb: 0 and *out (a new reference), or the exit code after the
 * error was printed. */
struct json_t;
int client_get(
    const struct client *c, const char *verb, const char *path, struct json_t **out);
/* The same, shown: as one line of JSON, or by print(). The exit code. */
int client_show(const struct client *c, const char *verb, const char *path, bool as_json,
    void (*print)(const struct json_t *));

#endif
