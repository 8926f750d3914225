/* sandbox_links.h - links that lead back to the daemon; people follow no others. Pure. */
#ifndef CMD_SANDBOX_LINKS_H
#define CMD_SANDBOX_LINKS_H

#include <glib.h>

/* "http://host:port" of an address; NULL when it is none. g_free() it. */
char *sandbox_links_origin(const char *url);

/* Appends (g_free) every different link to `origin` in a text or in HTML, with
 * or without its scheme; images are no links. */
void sandbox_links_find(const char *text, const char *origin, GPtrArray *out);

/* The first image of an HTML text at `origin`, or NULL: what tells of an open. */
char *sandbox_links_pixel(const char *html, const char *origin);

#endif
