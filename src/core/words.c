/* words.c - the tables of channel and category names. */
#include "core/words.h"

#include <stddef.h>
#include <string.h>

const char *const channel_names[] = {
	[CHANNEL_SMS] = "sms",
	[CHANNEL_WECOM] = "wecom",
	[CHANNEL_EMAIL] = "email",
	[CHANNEL_PUSH] = "push",
	[CHANNEL_PHONE] = "phone",
	[CHANNELS] = NULL,
};

const char *const category_names[] = {
	[CATEGORY_MARKETING] = "marketing",
	[CATEGORY_SERVICE] = "service",
	[CATEGORY_TRANSACTIONAL] = "transactional",
	[CATEGORIES] = NULL,
};

static int
find(const char *const *names, const char *name)
{
	int i;

	for (i = 0; names[i] != NULL; i++) {
		if (strcmp(names[i], name) == 0)
			return i;
	}
	return -1;
}

const char *
channel_name(int channel)
{
	return channel >= 0 && channel < CHANNELS ? channel_names[channel] : "?";
}

int
channel_find(const char *name)
{
	return find(channel_names, name);
}

const char *
category_name(int category)
{
	return category >= 0 && category < CATEGORIES ? category_names[category] : "?";
}

int
category_find(const char *name)
{
	return find(category_names, name);
}
