/* slab.h - the allocator SQLite is given, once a process and before it is first used. */
#ifndef STORE_SLAB_H
#define STORE_SLAB_H

/* A sanitizer is to see every allocation: under one nothing is kept. */
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define SLAB_OFF
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define SLAB_OFF
#endif
#endif

void slab_use(void);

#endif
