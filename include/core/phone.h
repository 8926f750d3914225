/* phone.h - phone numbers and other addresses to their one canonical form. Pure. */
#ifndef CORE_PHONE_H
#define CORE_PHONE_H

#include <stddef.h>

enum phone_kind { PHONE_BAD, PHONE_MOBILE, PHONE_LANDLINE };

/* "１３８ 0013-8000", "+86 138…", "0086…", "010-6552 9988" to E.164. Numbers
 * without a country are Chinese. out needs 20 bytes. A landline can be called
 * but gets no SMS. */
enum phone_kind phone_normalise(const char *text, char *out);

/* Lower-cased, checked mailbox, its domain in ASCII (例子.example as punycode); out of size
 * n. 0 or -1. */
int email_normalise(const char *text, char *out, size_t n);

#endif
