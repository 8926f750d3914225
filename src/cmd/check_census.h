/* check_census.h - `reachd check --people`: what the customers of now make of the set. */
#ifndef CMD_CHECK_CENSUS_H
#define CMD_CHECK_CENSUS_H

#include "base/report.h"
#include "client.h"

/* Asks the daemon, some thousands of customers at a time, with progress on a terminal:
 * variables that texts lack and playbooks that compete, as warnings at their places.
 * 0, or the exit code after it has said why. */
int check_census(const struct client *c, const char *verb, struct report *r);

#endif
