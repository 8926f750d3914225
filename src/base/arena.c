/* arena.c - a bump allocator over a chain of blocks. */
#include "base/arena.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <glib.h>

#include "base/check.h"

#define BLOCK_SIZE ((size_t)8192 - 64)
#define ALIGN _Alignof(max_align_t)

struct block {
	struct block *next;
	size_t size, used;
	max_align_t data[];
};

/* blocks is the one being filled; the chain behind it is full. first is the one made
 * with the arena, somewhere in the chain. */
struct arena {
	struct block *blocks, *first;
	size_t handed_out;
};

static struct block *
block_new(size_t size)
{
	struct block *b = g_malloc(sizeof(*b) + size);

	b->next = NULL;
	b->size = size;
	b->used = 0;
	return b;
}

struct arena *
arena_new(void)
{
	struct arena *a = g_new0(struct arena, 1);

	a->blocks = a->first = block_new(BLOCK_SIZE);
	return a;
}

void
arena_free(struct arena *a)
{
	struct block *b, *next;

	if (a == NULL)
		return;
	for (b = a->blocks; b != NULL; b = next) {
		next = b->next;
		g_free(b);
	}
	g_free(a);
}

/* The block kept is of ordinary size: one huge request must not stay in memory for good.
 */
void
arena_reset(struct arena *a)
{
	struct block *b, *next;

	for (b = a->blocks; b != NULL; b = next) {
		next = b->next;
		if (b != a->first)
			g_free(b);
	}
	a->blocks = a->first;
	a->first->next = NULL;
	a->first->used = 0;
	a->handed_out = 0;
}

/* A large request gets a block of its own behind the one being filled, so that the
 * rest of that one is not lost. */
static void *
alloc_block(struct arena *a, size_t size)
{
	struct block *b;

	if (size > BLOCK_SIZE / 4) {
		b = block_new(size);
		b->next = a->blocks->next;
		a->blocks->next = b;
	} else {
		b = block_new(BLOCK_SIZE);
		b->next = a->blocks;
		a->blocks = b;
	}
	b->used = size;
	return b->data;
}

static size_t
padded(size_t size)
{
	return (size + ALIGN - 1) & ~(ALIGN - 1);
}

/* Not cleared. */
static void *
take(struct arena *a, size_t size)
{
	struct block *b = a->blocks;
	void *p;

	CHECK(size <= SIZE_MAX / 2);
	size = padded(size);
	if (size <= b->size - b->used) {
		p = (char *)b->data + b->used;
		b->used += size;
	} else {
		p = alloc_block(a, size);
	}
	a->handed_out += size;
	return p;
}

void *
arena_alloc(struct arena *a, size_t size)
{
	return memset(take(a, size), 0, padded(size));
}

char *
arena_strndup(struct arena *a, const char *s, size_t len)
{
	char *copy = take(a, len + 1);

	memcpy(copy, s, len);
	copy[len] = '\0';
	return copy;
}

char *
arena_strdup(struct arena *a, const char *s)
{
	return s == NULL ? NULL : arena_strndup(a, s, strlen(s));
}

char *
arena_printf(struct arena *a, const char *fmt, ...)
{
	struct block *b = a->blocks;
	size_t room = b->size - b->used;
	va_list ap, again;
	char *s = (char *)b->data + b->used;
	int n;

	va_start(ap, fmt);
	va_copy(again, ap);
	/* Into the block as a rule; what does not fit is printed again. */
	n = vsnprintf(s, room, fmt, ap);
	va_end(ap);
	CHECK(n >= 0);
	if (padded((size_t)n + 1) <= room) {
		take(a, (size_t)n + 1);
	} else {
		s = arena_alloc(a, (size_t)n + 1);
		vsnprintf(s, (size_t)n + 1, fmt, again);
	}
	va_end(again);
	return s;
}

size_t
arena_size(const struct arena *a)
{
	return a->handed_out;
}
