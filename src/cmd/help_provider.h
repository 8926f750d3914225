/* help_provider.h - `reachd help provider NAME`; returns the exit code. */
#ifndef CMD_HELP_PROVIDER_H
#define CMD_HELP_PROVIDER_H

int help_provider(const char *name);

#endif
