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

size_t
header_size(const char *head)
{
	const char *end = head;

	/* A name and its value at a time: values may be empty. */
	while (*end != '\0') {
		end += strlen(end) + 1;
		end += strlen(end) + 1;
	}
	return (size_t)(end - head) + 1;
}
