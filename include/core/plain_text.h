/* plain_text.h - the words of an HTML mail, for readers that show no HTML. Pure.
 *
 * A link keeps its address: <a href="URL">text</a> becomes "text (URL)". Blocks
 * become lines, list items begin with "- ", an image is its alt text; comments,
 * head, style and script are left out. Characters nobody sees are dropped, also
 * those written as numbers. What is no HTML stays as it is. */
#ifndef CORE_PLAIN_TEXT_H
#define CORE_PLAIN_TEXT_H

#include "base/arena.h"

/* html is valid UTF-8; the result lives in the arena. */
char *plain_text_of(struct arena *a, const char *html);

#endif
