/* route.c - the table of routes. */
#include "route.h"

#include "core/role.h"

#define GET METHOD_GET
#define POST METHOD_POST
#define BOTH (METHOD_GET | METHOD_POST)
#define ALL (BOTH | METHOD_PUT) /* PUT wants what POST wants */
/* clang-format off */

/* What anyone may ask: a code, a reference or a secret in the path decides. */
#define OPEN(name, path, methods, handle) { name, path, methods, GUARD_NONE, 0, 0, REACH_NOBODY, handle }
#define STAFF(name, path, methods, get, post, reach, handle) \
	{ name, path, methods, GUARD_STAFF, RIGHT_##get, RIGHT_##post, REACH_##reach, handle }
#define RIGHT_NONE 0

const struct route route_table[] = {
	OPEN("hooks", "/hooks/", BOTH, route_hook),
	OPEN("link", "/l/", GET, route_link),
	OPEN("open", "/o/", GET, route_open),
	OPEN("unsubscribe", "/u/", BOTH, route_unsubscribe),
	OPEN("style", "/page.css", GET, route_style),
	OPEN("healthz", "/healthz", GET, route_health),
	{ "events", "/v1/events", POST, GUARD_LOCAL, 0, RIGHT_EVENT, REACH_HOUSE, route_event },
	STAFF("offers", "/v1/offers", BOTH, CUSTOMER, WORK, OFFERS, route_offers),
	STAFF("offer", "/v1/offers/", BOTH, CUSTOMER, WORK, OFFER, route_offer),
	STAFF("metrics", "/metrics", GET, STATUS, NONE, NOBODY, route_metrics),
	STAFF("status", "/v1/status", GET, STATUS, NONE, NOBODY, route_status),
	STAFF("doctor", "/v1/doctor", GET, STATUS, NONE, NOBODY, route_doctor),
	STAFF("why", "/v1/why/", GET, CUSTOMER, NONE, CUSTOMER, route_why),
	STAFF("parked", "/v1/settle", GET, HOUSE, NONE, HOUSE, route_parked),
	STAFF("settle", "/v1/settle/", POST, NONE, HOUSE, HOUSE, route_settle),
	STAFF("segments", "/v1/segments", GET, REPORT, NONE, HOUSE, route_segments),
	STAFF("segment", "/v1/segments/", GET, REPORT, NONE, HOUSE, route_segments),
	STAFF("census", "/v1/census/", GET, REPORT, NONE, HOUSE, route_census),
	STAFF("migrate", "/v1/migrate", POST, NONE, PUBLISH, HOUSE, route_migrate),
	STAFF("migration", "/v1/migrate/", GET, REPORT, NONE, HOUSE, route_migration),
	STAFF("staff", "/v1/staff/leave", POST, NONE, HOUSE, HOUSE, route_staff),
	STAFF("templates", "/v1/templates", BOTH, REPORT, PUBLISH, HOUSE, route_templates),
	STAFF("tasks", "/v1/tasks", GET, CUSTOMER, NONE, TASKS, route_tasks),
	STAFF("task", "/v1/tasks/", BOTH, CUSTOMER, WORK, TASK, route_task),
	STAFF("reports", "/v1/reports", GET, REPORT, NONE, NOBODY, route_reports),
	STAFF("report", "/v1/reports/", GET, REPORT, NONE, HOUSE, route_report),
	STAFF("reload", "/v1/reload", POST, NONE, PUBLISH, HOUSE, route_reload),
	STAFF("confirm", "/v1/reload/", POST, NONE, PUBLISH, HOUSE, route_reload),
	STAFF("publish", "/v1/publish", GET, REPORT, NONE, NOBODY, route_publications),
	STAFF("submit", "/v1/publish/submit", POST, NONE, PUBLISH, HOUSE, route_submit),
	STAFF("publication", "/v1/publish/", BOTH, REPORT, APPROVE, HOUSE, route_publication),
	STAFF("testsend", "/v1/testsend", POST, NONE, PUBLISH, HOUSE, route_testsend),
	STAFF("corrections", "/v1/corrections", GET, REPORT, NONE, HOUSE, route_corrections),
	STAFF("hand", "/v1/hand/", POST, NONE, STATUS, HOUSE, route_hand),
	STAFF("import", "/v1/import/", POST, NONE, PUBLISH, HOUSE, route_import),
	STAFF("batches", "/v1/batches", GET, REPORT, NONE, HOUSE, route_batches),
	STAFF("batch", "/v1/batches/", POST, NONE, PUBLISH, HOUSE, route_batch),
	STAFF("customers", "/v1/customers/", ALL, CUSTOMER, WORK, CUSTOMER, route_customer),
	STAFF("quality", "/v1/quality", GET, REPORT, NONE, HOUSE, route_quality),
	STAFF("tokens", "/v1/tokens", BOTH, ADMIN, ADMIN, HOUSE, route_tokens),
	STAFF("token", "/v1/tokens/", POST, NONE, ADMIN, HOUSE, route_token),
	STAFF("contacts", "/v1/contacts", GET, HOUSE, NONE, HOUSE, route_contacts),
	STAFF("contact", "/v1/contacts/", POST, NONE, HOUSE, HOUSE, route_contact),
	STAFF("audit", "/v1/audit", GET, AUDIT, NONE, HOUSE, route_audit),
};
/* clang-format on */
const int route_count = (int)(sizeof(route_table) / sizeof(route_table[0]));
