/* hand.h - a verb that has the daemon carry out an order. */
#ifndef CMD_HAND_H
#define CMD_HAND_H

#include <jansson.h>

#include "client.h"

/* Posts the request (taken over) and gives the answer in *out (a new reference); 0, or the
 * exit code after the error was printed. */
int hand_ask(const struct client *c, const char *verb, const char *order, json_t *in,
    json_t **out);
int hand_post(
    const struct client *c, const char *verb, const char *path, json_t *in, json_t **out);
/* Adds a text where one was given. */
void hand_set(json_t *in, const char *key, const char *text);

#define HAND_WHO                                                                       \
	"  --by NAME       who asks for it\n  --reason TEXT   what for; both stay on " \
	"record\n"

#endif
