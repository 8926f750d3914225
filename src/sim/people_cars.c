#include "sim/people_cars.h"

#include <string.h>

#include "base/clock.h"
#include "people_names.h"
#include "spec/table.h"

static const char *const models[] = { "示例 S5", "示例 S7", "示例 X3", "示例 X6",
	"示例 MPV" };
static const char *const electric[] = { "示例 E3", "示例 E5" };
static const char *const work[] = { "保养;更换机油机滤", "保养", "更换刹车片", "钣喷",
	"四轮定位;轮胎换位", "更换蓄电池" };
static const char *const advice[] = { "", "", "空调滤芯", "刹车油", "轮胎" };

/* A stream of one's own for each purpose: one more car changes no order. */
static uint64_t
stream(uint64_t seed, int64_t nth, uint64_t purpose)
{
	uint64_t s = seed ^ purpose * UINT64_C(0x9e3779b97f4a7c15);

	return people_names_random(&s) ^ (uint64_t)nth * UINT64_C(0xd1342543de82ef95);
}

static int
between(uint64_t *s, int from, int to)
{
	return from + people_names_below(s, to - from + 1);
}

/* Due every `step` days counted from the purchase, the next time from today on. */
static struct date
due(int64_t bought, int64_t today, int64_t step)
{
	return date_from_days(bought + (today - bought + step) / step * step);
}

static void
car(struct arena *a, uint64_t *s, int64_t nth, int k, int64_t today,
    const struct customer *c, struct vehicle *v)
{
	bool ev = strstr(c->tags, "ev") != NULL && k == 0;
	int64_t last = c->last_visit.year == 0 ? today - 30 : date_days(c->last_visit);
	int64_t first = c->first_visit.year == 0 ? last : date_days(c->first_visit);
	int64_t bought = first - between(s, 5, 700), warranty = bought + 3 * 365;

	*v = (struct vehicle){ .owner = c->ext, .phone = "", .vin = "", .attrs = "{}" };
	v->ext = arena_printf(a, "V%06" G_GINT64_FORMAT "%c", nth + 1, 'A' + k);
	v->plate = arena_printf(a, "京I%c%04" G_GINT64_FORMAT,
	    "ABCDEFGHJK"[(nth / 10000 + 5 * k) % 10], nth % 10000);
	v->model = ev ? electric[between(s, 0, 1)] : models[between(s, 0, 4)];
	v->store = c->store;
	v->bought = date_from_days(bought);
	v->mileage = (int)((last - bought + 1) * between(s, 15, 60));
	v->mileage_on = date_from_days(last);
	v->every_months = ev ? 12 : 6;
	v->every_km = ev ? 20000 : 7500;
	if (c->last_visit.year != 0)
		v->last_service = date_from_days(last);
	if (warranty > today - 200)
		v->warranty_end = date_from_days(warranty);
	v->inspection_due = due(bought, today, 2 * 365);
	if (between(s, 1, 100) <= 80)
		v->insurance_end = due(bought, today, 365);
	v->sold = between(s, 1, 100) <= 2;
}

int
people_cars(struct arena *a, uint64_t seed, int64_t nth, int64_t today,
    const struct customer *c, struct vehicle out[PEOPLE_CARS])
{
	uint64_t s = stream(seed, nth, 1);
	int draw = between(&s, 1, 100), n = draw <= 7 ? 0 : draw <= 90 ? 1 : 2;

	for (int i = 0; i < n; i++)
		car(a, &s, nth, i, today, c, &out[i]);
	return n;
}

int
people_orders(struct arena *a, uint64_t seed, int64_t nth, int64_t today,
    const struct customer *c, struct order out[PEOPLE_ORDERS])
{
	struct vehicle cars[PEOPLE_CARS];
	int n_cars = people_cars(a, seed, nth, today, c, cars);
	uint64_t s = stream(seed, nth, 2);
	int n = MIN(c->visits, PEOPLE_ORDERS);
	int64_t day = c->last_visit.year == 0 ? 0 : date_days(c->last_visit);
	int64_t first = c->first_visit.year == 0 ? 0 : date_days(c->first_visit);
	int64_t step = MAX(1, (day - first) / MAX(1, c->visits - 1));

	for (int i = 0; i < n; i++, day -= step) {
		const struct vehicle *v =
		    n_cars == 0 ? NULL : &cars[between(&s, 0, n_cars - 1)];

		out[i] = (struct order){
			.owner = c->ext, .phone = "", .plate = "", .attrs = "{}"
		};
		out[i].ext =
		    arena_printf(a, "W%06" G_GINT64_FORMAT "-%d", nth + 1, c->visits - i);
		out[i].vehicle = v == NULL ? "" : v->ext;
		out[i].store = c->store;
		out[i].advisor = c->advisor;
		out[i].at = day * MS_DAY + between(&s, 9 * 60, 17 * 60) * MS_MINUTE;
		out[i].amount = between(&s, 200, 2400);
		if (v != NULL)
			out[i].mileage =
			    (int)(v->mileage * (day - date_days(v->bought) + 1) /
				  (date_days(v->mileage_on) - date_days(v->bought) + 1));
		out[i].accepted = work[between(&s, 0, G_N_ELEMENTS(work) - 1)];
		out[i].recommended = advice[between(&s, 0, G_N_ELEMENTS(advice) - 1)];
	}
	return n;
}

/* ---- as CSV ---- */

static void
field(GString *out, const char *s)
{
	g_string_append_c(out, ',');
	table_write_field(out, s, strlen(s));
}

static void
day_field(GString *out, struct date d)
{
	g_string_append_c(out, ',');
	if (d.year != 0)
		g_string_append_printf(out, "%04d-%02d-%02d", d.year, d.month, d.day);
}

void
people_cars_heading(GString *out)
{
	g_string_append(out,
	    "id,customer,plate,model,store,bought,mileage,mileage_on,every_months,"
	    "every_km,last_service,warranty_end,inspection_due,insurance_end,sold\n");
}

void
people_cars_row(const struct vehicle *v, GString *out)
{
	table_write_field(out, v->ext, strlen(v->ext));
	field(out, v->owner);
	field(out, v->plate);
	field(out, v->model);
	field(out, v->store);
	day_field(out, v->bought);
	g_string_append_printf(out, ",%d", v->mileage);
	day_field(out, v->mileage_on);
	g_string_append_printf(out, ",%d,%d", v->every_months, v->every_km);
	day_field(out, v->last_service);
	day_field(out, v->warranty_end);
	day_field(out, v->inspection_due);
	day_field(out, v->insurance_end);
	field(out, v->sold ? "1" : "0");
	g_string_append_c(out, '\n');
}

void
people_orders_heading(GString *out)
{
	g_string_append(out,
	    "id,customer,vehicle,store,advisor,at,amount,mileage,recommended,accepted\n");
}

void
people_orders_row(const struct order *o, GString *out)
{
	struct date d = date_from_days(o->at / MS_DAY);
	int minute = (int)(o->at % MS_DAY / MS_MINUTE);

	table_write_field(out, o->ext, strlen(o->ext));
	field(out, o->owner);
	field(out, o->vehicle);
	field(out, o->store);
	field(out, o->advisor);
	g_string_append_printf(out, ",%04d-%02d-%02d %02d:%02d,%.2f,", d.year, d.month,
	    d.day, minute / 60, minute % 60, o->amount);
	if (o->mileage > 0)
		g_string_append_printf(out, "%d", o->mileage);
	field(out, o->recommended);
	field(out, o->accepted);
	g_string_append_c(out, '\n');
}
