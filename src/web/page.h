/* page.h - the few pages a customer can meet, in Chinese and English. Pure. */
#ifndef WEB_PAGE_H
#define WEB_PAGE_H

#include <glib.h>

enum page_language { PAGE_ZH, PAGE_EN };
enum page {
	PAGE_FORM, /* the button that unsubscribes */
	PAGE_DONE,
	PAGE_UNKNOWN, /* an unsubscribe link that is not ours */
	PAGE_LATER,   /* could not be stored */
	PAGE_GONE     /* a tracked link without a target */
};

/* The preferred of the two by an Accept-Language header; Chinese when it names
 * neither. */
enum page_language page_language(const char *accept);

/* entity: the dealer's name as written. The page is complete HTML. */
void
page_write(enum page page, enum page_language lang, const char *entity, GString *out);
extern const char page_css[];

#endif
