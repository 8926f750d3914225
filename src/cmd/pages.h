/* pages.h - a list of the daemon, page after page. */
#ifndef CMD_PAGES_H
#define CMD_PAGES_H

#include "client.h"

struct pages {
	const char *verb, *path; /* of the list; a query may follow */
	const char *list;        /* the member that is the list */
	const char *limit;       /* as --limit says; NULL: `usual` */
	int usual;               /* so many; 0: all of it */
};

/* The first answer with all its pages in one list: 0 and *out (a new reference), or the
 * exit code after the error was printed. "next" stays where the list goes on. */
int pages_get(const struct client *c, const struct pages *p, struct json_t **out);
/* The same, shown: as one line of JSON, or by print(), with a word when there is more. */
int pages_show(const struct client *c, const struct pages *p, bool as_json,
    void (*print)(const struct json_t *));

#endif
