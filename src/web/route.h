/* route.h - one line a route: where it is, who may see it, who answers it.
 *
 * A pattern that ends with "/" takes everything below it, as `rest`. HEAD is
 * allowed wherever GET is. One family of routes a file, route_NAME.c. */
#ifndef WEB_ROUTE_H
#define WEB_ROUTE_H

#include <stdint.h>

#include <glib.h>

#include "web/web.h"

enum { METHOD_GET = 1, METHOD_POST = 2, METHOD_PUT = 4 };

enum guard {
	GUARD_NONE,  /* anyone may: a code, a reference or a secret in the path decides */
	GUARD_STAFF, /* staff face only, and no other web site's page */
	GUARD_LOCAL  /* staff face, or the public one from this very machine */
};

/* How far a route reaches for one who does not see the whole house. */
enum reach {
	REACH_HOUSE,    /* not at all: it is about everybody */
	REACH_NOBODY,   /* it is about no customer */
	REACH_CUSTOMER, /* the customer, task or offer its path names: 404 beyond his */
	REACH_TASK,
	REACH_OFFER,
	REACH_TASKS, /* a list: without what is beyond his */
	REACH_OFFERS
};

struct call {
	const struct engine_who *who;
	struct web *web;
	struct http_in *in;
	enum web_face face;
	const char *rest; /* of the path, below the pattern; "" when exact */
};

struct route {
	const char *name; /* in metrics */
	const char *path;
	unsigned methods;
	enum guard guard;
	unsigned get, post; /* enum right: what each method wants; 0: nothing */
	enum reach reach;
	void (*handle)(const struct call *c);
};
extern const struct route route_table[];
extern const int route_count;

struct web {
	struct engine *en;
	char *state_dir;
	GHashTable *users; /* uid + 1 -> name of the user */
	uint64_t (*answered)[6]; /* by route (the last: none) and hundred of the status */
};

void route_event(const struct call *c);
void route_hook(const struct call *c);
void route_link(const struct call *c);
void route_open(const struct call *c);
void route_unsubscribe(const struct call *c);
void route_style(const struct call *c);
void route_health(const struct call *c);
void route_metrics(const struct call *c);
void route_status(const struct call *c);
void route_why(const struct call *c);
void route_segments(const struct call *c);
void route_census(const struct call *c);
void route_migrate(const struct call *c);
void route_migration(const struct call *c);
void route_staff(const struct call *c);
void route_doctor(const struct call *c);
void route_templates(const struct call *c);
void route_tasks(const struct call *c);
void route_task(const struct call *c);
void route_reports(const struct call *c);
void route_report(const struct call *c);
void route_reload(const struct call *c);
void route_parked(const struct call *c);
void route_settle(const struct call *c);
void route_testsend(const struct call *c);
void route_corrections(const struct call *c);
void route_hand(const struct call *c);
void route_import(const struct call *c);
void route_batches(const struct call *c);
void route_batch(const struct call *c);
void route_customer(const struct call *c);
void route_device(const struct call *c, const char *who);
void route_quality(const struct call *c);
void route_offers(const struct call *c);
void route_offer(const struct call *c);
void route_submit(const struct call *c);
void route_publications(const struct call *c);
void route_publication(const struct call *c);
void route_tokens(const struct call *c);
void route_token(const struct call *c);
void route_audit(const struct call *c);
void route_contacts(const struct call *c);
void route_contact(const struct call *c);

#endif
