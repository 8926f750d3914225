/* reply_text.h - what a phrase means in an answer. Private to core/. */
#ifndef CORE_REPLY_TEXT_H
#define CORE_REPLY_TEXT_H

#include <stdbool.h>
#include <stddef.h>

/* What a text begins with of a list that ends with NULL, longer ones first; 0: nothing. */
size_t reply_begins(const char *s, const char *const *list);

/* ---- what a phrase means where it stands ---- */

/* Is a phrase found at p meant as it is written? Not behind a negation (不太满意), nor as a
 * question (满意不满意), nor as part of a longer number (11位). `text` is normalised and
 * has its punctuation, but no spaces where it is Chinese. */
bool reply_is_meant(const char *text, const char *p, size_t len);
/* "我不是车主": a sentence that begins with the phrase goes on with a person, and nothing
 * in the text asks (raw) or supposes. `words` is the text normalised. */
bool reply_is_other(const char *raw, const char *words, const char *phrase);

#endif
