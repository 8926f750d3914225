/* route.c - the table of routes. */
#include "route.h"

const struct route route_table[] = {
	{ "hooks", "/hooks/", METHOD_GET | METHOD_POST, GUARD_NONE, route_hook },
	{ "link", "/l/", METHOD_GET, GUARD_NONE, route_link },
	{ "open", "/o/", METHOD_GET, GUARD_NONE, route_open },
	{ "unsubscribe", "/u/", METHOD_GET | METHOD_POST, GUARD_NONE, route_unsubscribe },
	{ "style", "/page.css", METHOD_GET, GUARD_NONE, route_style },
	{ "healthz", "/healthz", METHOD_GET, GUARD_NONE, route_health },
	{ "events", "/v1/events", METHOD_POST, GUARD_LOCAL, route_event },
	{ "offers", "/v1/offers", METHOD_GET | METHOD_POST, GUARD_STAFF, route_offers },
	{ "offer", "/v1/offers/", METHOD_GET | METHOD_POST, GUARD_STAFF, route_offer },
	{ "metrics", "/metrics", METHOD_GET, GUARD_STAFF, route_metrics },
	{ "status", "/v1/status", METHOD_GET, GUARD_STAFF, route_status },
	{ "why", "/v1/why/", METHOD_GET, GUARD_STAFF, route_why },
	{ "parked", "/v1/settle", METHOD_GET, GUARD_STAFF, route_parked },
	{ "settle", "/v1/settle/", METHOD_POST, GUARD_STAFF, route_settle },
	{ "segments", "/v1/segments", METHOD_GET, GUARD_STAFF, route_segments },
	{ "segment", "/v1/segments/", METHOD_GET, GUARD_STAFF, route_segments },
	{ "migrate", "/v1/migrate", METHOD_POST, GUARD_STAFF, route_migrate },
	{ "migration", "/v1/migrate/", METHOD_GET, GUARD_STAFF, route_migration },
	{ "staff", "/v1/staff/leave", METHOD_POST, GUARD_STAFF, route_staff },
	{ "tasks", "/v1/tasks", METHOD_GET, GUARD_STAFF, route_tasks },
	{ "task", "/v1/tasks/", METHOD_GET | METHOD_POST, GUARD_STAFF, route_task },
	{ "reload", "/v1/reload", METHOD_POST, GUARD_STAFF, route_reload },
	{ "import", "/v1/import/", METHOD_POST, GUARD_STAFF, route_import },
	{ "batches", "/v1/batches", METHOD_GET, GUARD_STAFF, route_batches },
	{ "batch", "/v1/batches/", METHOD_POST, GUARD_STAFF, route_batch },
	{ "customers", "/v1/customers/", METHOD_POST, GUARD_STAFF, route_customer },
	{ "quality", "/v1/quality", METHOD_GET, GUARD_STAFF, route_quality },
};
const int route_count = (int)(sizeof(route_table) / sizeof(route_table[0]));
