/* check_registered.h - texts against what the daemon knows of the gateways' books. */
#ifndef CMD_CHECK_REGISTERED_H
#define CMD_CHECK_REGISTERED_H

#include "client.h"
#include "provider/provider.h"

/* What `reachd check --registered` adds to the report of a set without errors; 0, or the
 * exit code after the error was printed. */
int check_registered(
    const char *const *paths, const struct client *c, const char *verb, struct report *r);

/* By its name, else the first of that type; NULL: there is none. */
const struct account *
check_registered_account(const struct config *cfg, const char *name);

/* One text, as it is at an account. */
struct registered_there {
	const char *code, *status;
	const char *text; /* as the customer gets it from the gateway, signature before */
	const char *missing; /* a variable that only the text or the parameters have */
	bool same;
	int character; /* where it and `said` part */
};
int check_registered_find(const struct client *c, struct arena *a,
    const struct account *acc, const char *signature, const struct coded *values,
    const char *said, struct registered_there *out, struct err *e);

#endif
