#include "base/header.h"

#include <string.h>
#include <strings.h>

const char *
header_of(const char *head, const char *name)
{
	while (head != NULL && *head != '\0') {
		const char *value = head + strlen(head) + 1;

		if (strcasecmp(head, name) == 0)
			return value;
		head = value + strlen(value) + 1;
	}
	return "";
}
