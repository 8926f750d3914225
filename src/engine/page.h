/* page.h - one page of a list, by key and not by number: what is added while somebody
 * turns pages moves nothing that he has not seen. The answer names in "next" what the
 * following page begins after; without it there is none. */
#ifndef ENGINE_PAGE_H
#define ENGINE_PAGE_H

#include <jansson.h>

#include "engine/engine.h"

struct page {
	int limit;                         /* 1 to ENGINE_PAGE */
	char after[ENGINE_PAGE_AFTER + 1]; /* "": from the start */
};

/* p NULL or {0}: the first page, of `usual` at most. */
struct page page_of(const struct engine_page *p, int usual);

/* Keys that are a number: *id, 0 from the start. False: no page ended so. */
bool page_number(const struct page *p, int64_t *id);
/* Keys of n texts; g_strfreev. All "" from the start, NULL: no page ended so. */
char **page_texts(const struct page *p, int n);

/* The list holds limit + 1 when there is more: the last is cut, and "next" says how to go
 * on. By the member that is its number, or by texts. */
void page_end(json_t *answer, json_t *list, const struct page *p, const char *key);
void page_end_texts(
    json_t *answer, json_t *list, const struct page *p, const char *const *keys);

void page_refuse(engine_answer *cb, void *arg);

#endif
