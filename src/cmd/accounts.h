/* accounts.h - tells the catalog which providers this program has; before any set is
 * loaded. */
#ifndef CMD_ACCOUNTS_H
#define CMD_ACCOUNTS_H

#include <stdbool.h>

#include "base/arena.h"

struct config;

void accounts_register(void);
/* An account is good or not, whatever the playbooks are: reachd.yaml alone, of DIR (NULL:
 * config). Mistakes are printed, and which secret cannot be read where somebody goes by secrets;
 * NULL: they are such that nothing can be read. */
struct config *accounts_config(struct arena *a, const char *dir, bool by_secrets);

#endif
