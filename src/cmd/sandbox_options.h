/* sandbox_options.h - the command line of `reachd sandbox`. */
#ifndef CMD_SANDBOX_OPTIONS_H
#define CMD_SANDBOX_OPTIONS_H

#include <stdbool.h>

#include "base/err.h"
#include "sandbox_clock.h"

struct sandbox_options {
	const char *listen, *ledger, *faults, *callback, *api, *config, *smtp;
	char *token; /* owned; NULL: none */
	uint64_t seed;
	bool people, help;
	ms_t key_ttl, window; /* window 0: requests of any age are taken */
	struct sandbox_clock clock;
};

int sandbox_options_read(struct sandbox_options *o, int argc, char **argv, struct err *e);
void sandbox_options_clear(struct sandbox_options *o);
extern const char sandbox_options_help[];

#endif
