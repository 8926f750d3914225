#include <string.h>

#include "day.h"
#include "store/signal.h"
#include "store/subject.h"
#include "store/tie.h"

#define COLUMNS_OF_VEHICLE                                                             \
	"id, ext, customer, vin, plate, model, store, bought, mileage, mileage_on, "   \
	"every_months,"                                                                \
	" every_km, last_service, warranty_end, inspection_due, insurance_end, sold, " \
	"attrs, driver"

static void
read_row(struct store *s, struct sql *q, void *into)
{
	struct vehicle *v = into;

	*v = (struct vehicle){
		.owner = "", .phone = "", .driver_ext = "", .driver_phone = ""
	};
	v->id = sql_col(q, 0);
	v->ext = sql_col_dup(s, q, 1);
	v->customer = sql_col(q, 2);
	v->vin = sql_col_dup(s, q, 3);
	v->plate = sql_col_dup(s, q, 4);
	v->model = sql_col_dup(s, q, 5);
	v->store = sql_col_dup(s, q, 6);
	v->bought = day_col(q, 7);
	v->mileage = (int)sql_col(q, 8);
	v->mileage_on = day_col(q, 9);
	v->every_months = (int)sql_col(q, 10);
	v->every_km = (int)sql_col(q, 11);
	v->last_service = day_col(q, 12);
	v->warranty_end = day_col(q, 13);
	v->inspection_due = day_col(q, 14);
	v->insurance_end = day_col(q, 15);
	v->sold = (int)sql_col(q, 16);
	v->attrs = sql_col_dup(s, q, 17);
	v->driver = sql_col(q, 18);
}

int
vehicle_put(struct store *s, const struct vehicle *v, struct err *e)
{
	struct sql *q = sql_get(s,
	    "INSERT INTO vehicle(ext, customer, vin, plate, model, store, bought, "
	    "mileage,"
	    " mileage_on, every_months, every_km, last_service, warranty_end, "
	    "inspection_due,"
	    " insurance_end, sold, attrs, driver) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, "
	    "?10, ?11,"
	    " ?12, ?13, ?14, ?15, ?16, ?17, ?18) ON CONFLICT(ext) DO UPDATE SET customer = ?2,"
	    " vin = ?3, plate = ?4, model = ?5, store = ?6, bought = ?7, mileage = ?8,"
	    " mileage_on = ?9, every_months = ?10, every_km = ?11, last_service = ?12,"
	    " warranty_end = ?13, inspection_due = ?14, insurance_end = ?15, sold = ?16,"
	    /* A file that names nobody leaves whom it knows. */
	    " attrs = ?17, driver = iif(?18 = 0, driver, ?18) WHERE (customer, vin, plate, model, store, bought, mileage, "
	    "mileage_on,"
	    " every_months, every_km, last_service, warranty_end, inspection_due, "
	    "insurance_end, sold,"
	    " attrs, driver) IS NOT (?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, "
	    "?15, ?16, ?17, iif(?18 = 0, driver, ?18))");

	sql_text(q, 1, v->ext);
	sql_int(q, 2, v->customer);
	sql_text(q, 3, v->vin);
	sql_text(q, 4, v->plate);
	sql_text(q, 5, v->model);
	sql_text(q, 6, v->store);
	day_bind(q, 7, v->bought);
	sql_int(q, 8, v->mileage);
	day_bind(q, 9, v->mileage_on);
	sql_int(q, 10, v->every_months);
	sql_int(q, 11, v->every_km);
	day_bind(q, 12, v->last_service);
	day_bind(q, 13, v->warranty_end);
	day_bind(q, 14, v->inspection_due);
	day_bind(q, 15, v->insurance_end);
	sql_int(q, 16, v->sold != 0);
	sql_text(q, 17, v->attrs);
	sql_int(q, 18, v->driver);
	if (sql_run(q, e) != 0)
		return -1;
	if (store_changes(s) == 0)
		return 0;
	if (signal_look(s, v->customer, e) != 0 || tie_driver(s, v->ext, e) != 0)
		return -1;
	return tie_look(s, v->customer, e);
}

int
vehicle_get(struct store *s, const char *ext, struct vehicle *out, struct err *e)
{
	struct sql *q =
	    sql_get(s, "SELECT " COLUMNS_OF_VEHICLE " FROM vehicle WHERE ext = ?1");

	sql_text(q, 1, ext);
	return sql_one(s, q, read_row, out, e);
}

/* 2: more than one. */
static int
only(struct store *s, struct sql *q, const char *word, struct vehicle *out, struct err *e)
{
	int rc;

	sql_text(q, 1, word);
	if ((rc = sql_step(q, e)) != 1)
		return rc;
	read_row(s, q, out);
	rc = sql_step(q, e);
	sql_end(q);
	return rc < 0 ? -1 : rc + 1;
}

int
vehicle_find(struct store *s, const char *word, struct vehicle *out, struct err *e)
{
	int rc;

	if (*word == '\0')
		return 0;
	if ((rc = vehicle_get(s, word, out, e)) != 0)
		return rc;
	rc = only(s,
	    sql_get(s, "SELECT " COLUMNS_OF_VEHICLE
		       " FROM vehicle WHERE vin = ?1 AND vin <> '' LIMIT 2"),
	    word, out, e);
	if (rc == 0)
		rc = only(s,
		    sql_get(s, "SELECT " COLUMNS_OF_VEHICLE
			       " FROM vehicle WHERE plate = ?1 AND plate <> '' LIMIT 2"),
		    word, out, e);
	return rc == 2 ? 0 : rc;
}

int
vehicle_of_customer(
    struct store *s, int64_t customer, struct vehicle *out, int max, struct err *e)
{
	struct sql *q =
	    sql_get(s, "SELECT " COLUMNS_OF_VEHICLE
		       " FROM vehicle WHERE customer = ?1 ORDER BY id LIMIT ?2");

	sql_int(q, 1, customer);
	sql_int(q, 2, max);
	return sql_all(s, q, read_row, out, sizeof(*out), e);
}

int
tie_vehicles(
    struct store *s, int64_t driver, struct vehicle *out, int max, struct err *e)
{
	struct sql *q = sql_get(s,
	    "SELECT " COLUMNS_OF_VEHICLE " FROM vehicle WHERE driver = ?1 AND driver <> 0"
	    " AND customer <> ?1 ORDER BY id LIMIT ?2");

	sql_int(q, 1, driver);
	sql_int(q, 2, max);
	return sql_all(s, q, read_row, out, sizeof(*out), e);
}

int
vehicle_drop(struct store *s, const char *ext, struct err *e)
{
	struct sql *q =
	    sql_get(s, "DELETE FROM vehicle WHERE ext = ?1 RETURNING customer");

	return sql_run_look(s, q, ext, e);
}

int
vehicle_seen(struct store *s, const char *ext, int64_t day, int mileage, bool serviced,
    struct err *e)
{
	struct sql *q = sql_get(s,
	    "UPDATE vehicle SET mileage_on = CASE WHEN ?3 > mileage THEN ?2 ELSE "
	    "mileage_on END,"
	    " mileage = max(mileage, ?3), last_service = CASE WHEN ?4 THEN"
	    " max(ifnull(last_service, ?2), ?2) ELSE last_service END WHERE ext = ?1 "
	    "RETURNING customer");

	sql_int(q, 2, day);
	sql_int(q, 3, mileage);
	sql_int(q, 4, serviced);
	return sql_run_look(s, q, ext, e);
}
