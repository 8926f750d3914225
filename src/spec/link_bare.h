/* link_bare.h - hosts in a text that are not behind https://. */
#ifndef SPEC_LINK_BARE_H
#define SPEC_LINK_BARE_H

/* host: in small letters; at: where it begins in the text. */
typedef void link_bare_fn(void *arg, const char *host, const char *at);
/* Names, punycode and addresses, full-width or not; neither mail addresses nor versions,
 * prices and names of files. Of Liquid only what is quoted is read. */
void link_bare_each(const char *text, link_bare_fn *each, void *arg);

#endif
