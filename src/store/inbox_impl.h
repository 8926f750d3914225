/* inbox_impl.h - where a row of the inbox is sealed, for the files that open one. */
#ifndef STORE_INBOX_IMPL_H
#define STORE_INBOX_IMPL_H

#include <stddef.h>

void inbox_place(const char *account, const char *evkey, char *buf, size_t n);

#endif
