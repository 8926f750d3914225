/* route_unsubscribe.c - /u/REF: a page with a button by GET, the opt-out by POST.
 *
 * Any POST counts, whatever its body: stopping must be easy. Never a redirect
 * (RFC 8058), never before the commit. */
#include <string.h>

#include "core/config.h"
#include "page.h"
#include "pending.h"
#include "respond.h"
#include "route.h"

static void
write_page(struct pending *p, int status, enum page page)
{
	GString *html = g_string_new("");

	page_write(page, (enum page_language)p->language,
	    engine_catalog(p->web->en)->config->entity.name, html);
	respond_page(p->in, status, html->str);
	g_string_free(html, TRUE);
	pending_free(p);
}

static void
stopped(void *arg, int status, const char *json)
{
	(void)json;
	if (status >= 200 && status < 300)
		write_page(arg, 200, PAGE_DONE);
	else if (status == 404)
		write_page(arg, 404, PAGE_UNKNOWN);
	else
		write_page(arg, 503, PAGE_LATER);
}

void
route_unsubscribe(const struct call *c)
{
	struct pending *p = pending_new(c->web, c->in);

	p->language = (int)page_language(http_in_field(c->in, "Accept-Language"));
	if (strcmp(c->in->method, "POST") == 0)
		engine_unsubscribe(c->web->en, c->rest, stopped, p);
	else
		write_page(p, 200, PAGE_FORM);
}

void
route_style(const struct call *c)
{
	respond(c->in, 200, "text/css; charset=utf-8", "Cache-Control: max-age=86400",
	    page_css, strlen(page_css));
}
