#include "core/draft.h"

#include <stddef.h>
#include <string.h>

const struct draft_word draft_words[] = {
	{ "sent", DRAFT_SENT, "已发送", "Sent" },
	{ "unfit", DRAFT_UNFIT, "不合适", "Not for this customer" },
	{ "later", DRAFT_LATER, "稍后", "Later" },
	{ NULL, DRAFT_SENT, "", "" },
};

const struct draft_word *
draft_word(const char *name)
{
	for (const struct draft_word *w = draft_words; w->name != NULL; w++)
		if (strcmp(w->name, name) == 0)
			return w;
	return NULL;
}
