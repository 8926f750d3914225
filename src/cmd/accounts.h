/* accounts.h - tells the catalog which providers this program has; before any set is
 * loaded. */
#ifndef CMD_ACCOUNTS_H
#define CMD_ACCOUNTS_H

void accounts_register(void);

#endif
