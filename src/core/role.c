#include "core/role.h"

#include <stddef.h>
#include <string.h>

#define SEES (RIGHT_STATUS | RIGHT_REPORT)
#define SERVES (RIGHT_STATUS | RIGHT_CUSTOMER | RIGHT_WORK)
#define LEADS (SEES | SERVES | RIGHT_STOP | RIGHT_APPROVE | RIGHT_HOUSE)

static const struct {
	const char *name, *other; /* as files of staff call it */
	unsigned rights;
	enum approval level;
} table[ROLES] = {
	[ROLE_NONE] = { "nobody", NULL, RIGHT_STATUS, APPROVAL_NONE },
	[ROLE_VIEWER] = { "viewer", NULL, SEES | RIGHT_CUSTOMER | RIGHT_STOP,
	    APPROVAL_NONE },
	[ROLE_AUDITOR] = { "auditor", NULL, SEES | RIGHT_AUDIT, APPROVAL_NONE },
	[ROLE_ADVISOR] = { "advisor", NULL, SERVES, APPROVAL_NONE },
	[ROLE_SPECIALIST] = { "specialist", "win-back", SERVES, APPROVAL_NONE },
	[ROLE_MARKETER] = { "marketer", NULL,
	    SEES | SERVES | RIGHT_EVENT | RIGHT_STOP | RIGHT_PUBLISH | RIGHT_APPROVE,
	    APPROVAL_NONE },
	[ROLE_MANAGER] = { "manager", NULL, LEADS, APPROVAL_MANAGER },
	[ROLE_GENERAL_MANAGER] = { "general-manager", NULL, LEADS | RIGHT_AUDIT,
	    APPROVAL_GENERAL_MANAGER },
	[ROLE_ADMIN] = { "admin", NULL, (unsigned)2 * RIGHT_AUDIT - 1,
	    APPROVAL_GENERAL_MANAGER },
};

const char *
role_name(int role)
{
	return table[role].name;
}

enum staff_role
role_find(const char *word)
{
	for (int i = ROLE_NONE + 1; i < ROLES; i++)
		if (strcmp(table[i].name, word) == 0 ||
		    (table[i].other != NULL && strcmp(table[i].other, word) == 0))
			return (enum staff_role)i;
	return ROLE_NONE;
}

const char *const *
role_names(void)
{
	static const char *names[ROLES];

	for (int i = ROLE_NONE + 1; i < ROLES; i++)
		names[i - 1] = table[i].name;
	return names;
}

unsigned
role_rights(int role)
{
	return table[role].rights;
}

enum approval
role_level(int role)
{
	return table[role].level;
}

bool
role_own_only(int role)
{
	return role == ROLE_ADVISOR || role == ROLE_SPECIALIST;
}
