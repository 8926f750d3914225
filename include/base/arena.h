/* arena.h - memory that lives and dies together: one bump allocator per unit of work.
 *
 * Nothing is freed one by one; arena_reset() empties, arena_free() ends. Memory
 * is zeroed. Out of memory ends the process. One thread at a time. */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include <stddef.h>

struct arena;

struct arena *arena_new(void);
void arena_free(struct arena *a); /* NULL is fine */
void arena_reset(struct arena *a); /* keeps one block for reuse */

void *arena_alloc(struct arena *a, size_t size); /* aligned for any type, zeroed */
char *arena_strdup(struct arena *a, const char *s); /* NULL in, NULL out */
char *arena_strndup(struct arena *a, const char *s, size_t len);
char *arena_printf(struct arena *a, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
size_t arena_size(const struct arena *a); /* bytes handed out since the last reset */

#define arena_new_of(a, type) ((type *)arena_alloc((a), sizeof(type)))
#define arena_array(a, type, n) ((type *)arena_alloc((a), sizeof(type) * (size_t)(n)))

#endif
