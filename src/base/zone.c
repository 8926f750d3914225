/* zone.c - each zone is read once from GTimeZone into a table of offsets.
 *
 * The table covers 1900 to 2200 (times outside take the offset at its edge) and
 * never changes, so any thread reads it without a lock. An index by spans of 2^33 ms
 * (99 days) leads to the right row in a step or two. */
#include "base/zone.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include <glib.h>

#include "base/check.h"
#include "base/report.h"

#define TABLE_FROM (-25567 * MS_DAY) /* 1900-01-01 */
#define TABLE_TO (84006 * MS_DAY)    /* 2200-01-01 */
#define SLOT_BITS 33
#define SLOTS (((TABLE_TO - TABLE_FROM) >> SLOT_BITS) + 1)

/* From this instant on; the row after the last starts at MS_NEVER. */
struct row {
	ms_t from;
	int offset; /* seconds east */
};

struct zone {
	char *name;
	struct row *rows;
	int n_rows;
	uint16_t slots[SLOTS]; /* the row that holds the slot's first instant */
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static GHashTable *zones; /* name -> struct zone */

static int64_t
floor_div(int64_t a, int64_t b)
{
	return a / b - (a % b < 0);
}

/* The first second after `at` that lies in a later interval of tz, at most `to`.
 * Intervals are numbered in the order of time, so halving finds it. */
static int64_t
next_interval(GTimeZone *tz, int64_t at, int64_t to)
{
	const int64_t step = 100 * 86400;
	int id = g_time_zone_find_interval(tz, G_TIME_TYPE_UNIVERSAL, at);
	int64_t low = at, high;

	for (;;) {
		high = MIN(low + step, to);
		if (g_time_zone_find_interval(tz, G_TIME_TYPE_UNIVERSAL, high) != id)
			break;
		if (high == to)
			return to;
		low = high;
	}
	while (high - low > 1) {
		int64_t middle = low + (high - low) / 2;

		if (g_time_zone_find_interval(tz, G_TIME_TYPE_UNIVERSAL, middle) == id)
			low = middle;
		else
			high = middle;
	}
	return high;
}

static void
fill_rows(struct zone *z, GTimeZone *tz)
{
	GArray *rows = g_array_new(FALSE, FALSE, sizeof(struct row));
	const int64_t to = TABLE_TO / MS_SECOND;
	int64_t at = TABLE_FROM / MS_SECOND;
	struct row row = { MS_NEVER, 0 };

	for (; at < to; at = next_interval(tz, at, to)) {
		int id = g_time_zone_find_interval(tz, G_TIME_TYPE_UNIVERSAL, at);
		int offset = g_time_zone_get_offset(tz, id);

		/* Intervals may differ in their abbreviation only. */
		if (rows->len > 0 && row.offset == offset)
			continue;
		row = (struct row){ at * MS_SECOND, offset };
		g_array_append_val(rows, row);
	}
	z->n_rows = (int)rows->len;
	row.from = MS_NEVER;
	g_array_append_val(rows, row);
	z->rows = (struct row *)(void *)g_array_free(rows, FALSE);
}

static struct zone *
zone_new(const char *name, GTimeZone *tz)
{
	struct zone *z = g_new0(struct zone, 1);
	int slot, row = 0;

	z->name = g_strdup(name);
	fill_rows(z, tz);
	for (slot = 0; slot < SLOTS; slot++) {
		while (z->rows[row + 1].from <= TABLE_FROM + ((ms_t)slot << SLOT_BITS))
			row++;
		z->slots[slot] = (uint16_t)row;
	}
	return z;
}

/* The folder GLib reads, so that both look at the same files. */
static char *
zone_path(const char *file)
{
	const char *dir = g_getenv("TZDIR");

	return g_build_filename(dir == NULL ? "/usr/share/zoneinfo" : dir, file, NULL);
}

static bool
is_tzif(const char *name)
{
	char *path = zone_path(name), magic[4];
	FILE *f = g_file_test(path, G_FILE_TEST_IS_REGULAR) ? fopen(path, "re") : NULL;
	bool yes = false;

	if (f != NULL) {
		yes = fread(magic, 1, 4, f) == 4 && memcmp(magic, "TZif", 4) == 0;
		fclose(f);
	}
	g_free(path);
	return yes;
}

/* "Area/Place", "UTC" or "Etc/UTC". The old one-word names ("PRC", "EST", "GMT+0") are
 * files too, but read like abbreviations; the "Etc/GMT+8" family has its signs the
 * other way round; "right/..." counts leap seconds. */
static bool
is_name(const char *name)
{
	static const char *const refused[] = { "Etc/", "posix/", "right/", "SystemV/" };
	static const char letters[] =
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_+-/";
	size_t i;

	if (strcmp(name, "UTC") == 0 || strcmp(name, "Etc/UTC") == 0)
		return true;
	if (strlen(name) > 64 || strchr(name, '/') == NULL || name[0] == '/' ||
	    name[strspn(name, letters)] != '\0')
		return false;
	for (i = 0; i < G_N_ELEMENTS(refused); i++) {
		if (g_str_has_prefix(name, refused[i]))
			return false;
	}
	return true;
}

const struct zone *
zone_get(const char *name)
{
	struct zone *z;
	GTimeZone *tz;

	pthread_mutex_lock(&lock);
	if (zones == NULL)
		zones = g_hash_table_new(g_str_hash, g_str_equal);
	z = g_hash_table_lookup(zones, name);
	if (z == NULL && is_name(name) && is_tzif(name) &&
	    (tz = g_time_zone_new_identifier(name)) != NULL) {
		z = zone_new(name, tz);
		g_time_zone_unref(tz);
		g_hash_table_insert(zones, z->name, z);
	}
	pthread_mutex_unlock(&lock);
	return z;
}

const char *
zone_name(const struct zone *z)
{
	return z->name;
}

static const struct row *
find_row(const struct zone *z, ms_t at)
{
	const struct row *row;

	if (at < TABLE_FROM)
		return z->rows;
	if (at >= TABLE_TO)
		return &z->rows[z->n_rows - 1];
	row = &z->rows[z->slots[(at - TABLE_FROM) >> SLOT_BITS]];
	while (row[1].from <= at)
		row++;
	return row;
}

int
zone_offset(const struct zone *z, ms_t at)
{
	return find_row(z, at)->offset;
}

void
zone_local(const struct zone *z, ms_t at, struct local *out)
{
	int offset = zone_offset(z, at);
	ms_t wall = at + offset * MS_SECOND;

	out->day = floor_div(wall, MS_DAY);
	out->date = date_from_days(out->day);
	out->minute = (int)((wall - out->day * MS_DAY) / MS_MINUTE);
	out->weekday = date_weekday(out->day);
	out->offset = offset;
}

/* No offset is as large as 16 hours, so only rows that touch the 32 hours around the
 * wall time read as UTC can contain it. Each row has it once or not at all; when none
 * has it, it was jumped over at the start of the row that begins after it. */
void
zone_instants(const struct zone *z, int64_t day, int minute, ms_t *first, ms_t *last)
{
	const ms_t wall = day * MS_DAY + minute * MS_MINUTE;
	const struct row *row = find_row(z, wall - 16 * MS_HOUR), *gap = NULL;
	bool found = false;

	for (; row == z->rows || row->from <= wall + 16 * MS_HOUR; row++) {
		ms_t at = wall - row->offset * MS_SECOND;
		bool after_start = row == z->rows || at >= row->from;

		if (after_start && at < row[1].from) {
			if (!found)
				*first = at;
			*last = at;
			found = true;
		} else if (!after_start && gap == NULL) {
			gap = row;
		}
		if (row[1].from == MS_NEVER)
			break;
	}
	if (!found) {
		CHECK(gap != NULL);
		*first = *last = gap->from;
	}
}

ms_t
zone_instant(const struct zone *z, int64_t day, int minute)
{
	ms_t first, last;

	zone_instants(z, day, minute, &first, &last);
	return first;
}

/* What people write instead of a name. */
static const char *const spoken[][2] = {
	{ "Asia/Beijing", "Asia/Shanghai" },
	{ "Beijing", "Asia/Shanghai" },
	{ "China", "Asia/Shanghai" },
	{ "PRC", "Asia/Shanghai" },
	{ "CST", "Asia/Shanghai" },
	{ "CST-8", "Asia/Shanghai" },
	{ "China Standard Time", "Asia/Shanghai" },
	{ "北京时间", "Asia/Shanghai" },
	{ "posixrules", "Asia/Shanghai" },
	{ "localtime", "Asia/Shanghai" },
	{ "Hongkong", "Asia/Hong_Kong" },
	{ "HKT", "Asia/Hong_Kong" },
	{ "ROC", "Asia/Taipei" },
	{ "Singapore", "Asia/Singapore" },
	{ "Japan", "Asia/Tokyo" },
	{ "JST", "Asia/Tokyo" },
	{ "KST", "Asia/Seoul" },
	{ "EST", "America/New_York" },
	{ "EST5EDT", "America/New_York" },
	{ "PST", "America/Los_Angeles" },
	{ "PST8PDT", "America/Los_Angeles" },
	{ "GMT", "UTC" },
	{ "Z", "UTC" },
	{ "Zulu", "UTC" },
};

/* "8", "+8", "+08:00", "GMT+8", "UTC+08:00": meant as eight hours east. "Etc/GMT+8" is
 * eight hours west by its definition, and nobody who writes it means that. */
static bool
is_plus_eight(const char *name)
{
	static const char *const rests[] = { "8", "08", "8:00", "08:00", "0800" };
	bool etc = g_ascii_strncasecmp(name, "Etc/", 4) == 0;
	const char *p = name + (etc ? 4 : 0);
	size_t i;

	if (g_ascii_strncasecmp(p, "GMT", 3) == 0 ||
	    g_ascii_strncasecmp(p, "UTC", 3) == 0)
		p += 3;
	p += *p == '+' || (etc && *p == '-');
	for (i = 0; i < G_N_ELEMENTS(rests); i++) {
		if (strcmp(p, rests[i]) == 0)
			return true;
	}
	return false;
}

/* All names that zone1970.tab and zone.tab list in their third column; read once. */
static char **
known_names(void)
{
	static const char *const files[] = { "zone1970.tab", "zone.tab" };
	GPtrArray *names = g_ptr_array_new();
	size_t i;
	int k;

	for (i = 0; i < G_N_ELEMENTS(files); i++) {
		char *path = zone_path(files[i]), *text, **lines;

		if (g_file_get_contents(path, &text, NULL, NULL)) {
			lines = g_strsplit(text, "\n", -1);
			for (k = 0; lines[k] != NULL; k++) {
				char **columns = g_strsplit(lines[k], "\t", 4);

				if (lines[k][0] != '#' && g_strv_length(columns) >= 3)
					g_ptr_array_add(names, g_strdup(columns[2]));
				g_strfreev(columns);
			}
			g_strfreev(lines);
			g_free(text);
		}
		g_free(path);
	}
	g_ptr_array_add(names, NULL);
	return (char **)g_ptr_array_free(names, FALSE);
}

static const char *
nearest_known(const char *name)
{
	static char **names;
	int i;

	pthread_mutex_lock(&lock);
	if (names == NULL)
		names = known_names();
	pthread_mutex_unlock(&lock);
	for (i = 0; names[i] != NULL; i++) {
		const char *place = strrchr(names[i], '/');

		if (g_ascii_strcasecmp(name, names[i]) == 0 ||
		    (place != NULL && g_ascii_strcasecmp(name, place + 1) == 0))
			return names[i];
	}
	return report_nearest(name, (const char *const *)names);
}

const char *
zone_suggest(const char *name)
{
	size_t i;

	if (is_plus_eight(name))
		return "Asia/Shanghai";
	for (i = 0; i < G_N_ELEMENTS(spoken); i++) {
		if (g_ascii_strcasecmp(name, spoken[i][0]) == 0)
			return spoken[i][1];
	}
	return nearest_known(name);
}
