/* slots.h - slots held by messages, counted again, must be the counters: no row is right. */
#ifndef TESTS_E2E_SLOTS_H
#define TESTS_E2E_SLOTS_H

/* Sent, or presumed to be, or parked. */
#define TAKEN_STATES "(2, 3, 4, 5, 10, 11)"

#define HELD                                                                            \
	"(SELECT 'c' || customer AS scope, period, count(*) AS n FROM msg WHERE slots " \
	"& 1"                                                                           \
	" GROUP BY 1, 2 UNION ALL SELECT 'a' || printf('%x', address), period, "        \
	"count(*) FROM msg"                                                             \
	" WHERE slots & 2 GROUP BY 1, 2)"

/* An id first and a text second. */
static const char *const slots_sql[] = {
	"SELECT c.used, 'used but not held: ' || c.scope FROM cap c LEFT JOIN " HELD
	" h USING (scope, period) WHERE c.used <> ifnull(h.n, 0)",
	"SELECT h.n, 'held but not counted: ' || h.scope FROM " HELD
	" h LEFT JOIN cap c USING (scope, period) WHERE c.used IS NULL",
	"SELECT m.id, 'a slot of the window is not held' FROM msg m WHERE slots & 8"
	" AND NOT EXISTS (SELECT 1 FROM reservation r WHERE r.msg = m.id"
	" AND r.customer = m.customer AND r.at = m.begun_at)",
	"SELECT r.msg, 'a slot of the window is held by nobody' FROM reservation r"
	" JOIN msg m ON m.id = r.msg WHERE m.slots & 8 = 0",
	"SELECT id, 'a sent message holds no slot' FROM msg WHERE state IN " TAKEN_STATES
	" AND slots & 8 = 0",
};

#endif
