/* yaml.h - YAML read into a tree with positions; everything is text until a schema types it.
 *
 * Over libyaml's event API. Limits: 256 KiB, depth 32, 20,000 events, 16 KiB a
 * scalar. Anchors, aliases, merge keys, tags, a second document, duplicate keys,
 * control characters and bad UTF-8 are refused with their place; a BOM is
 * skipped. The tree lives in the arena. */
#ifndef SPEC_YAML_H
#define SPEC_YAML_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/report.h"

#define YAML_SIZE_MAX (256 << 10)
#define YAML_DEPTH_MAX 32
#define YAML_EVENTS_MAX 20000
#define YAML_SCALAR_MAX (16 << 10)

enum yaml_kind { YAML_SCALAR, YAML_LIST, YAML_MAP };

struct schema;

struct yaml {
	enum yaml_kind kind;
	struct pos at;
	struct pos text_at; /* scalar: its first character, inside the quotes or below the | */
	const char *text; /* scalar */
	size_t len;
	bool quoted;      /* "..." or '...': never a number, a bool or null */
	bool block;       /* | or > */
	struct yaml **items; /* list, or map values */
	struct yaml **keys;  /* map: scalar keys */
	int n;
	bool *read; /* map: which keys a schema has asked for */
	const struct schema *schema; /* map: what it was checked against, else NULL */
	const struct yaml *under; /* map: what it was laid over; NULL: stands alone */
};

/* NULL and diags in the report when the file cannot be used at all. text is copied.
 * The report quotes from text unless it already knows the file. Names of files
 * live as long as the process. */
struct yaml *yaml_parse(struct arena *a, const char *file, const char *text, size_t len,
    struct report *r);

/* Map look-up that marks the key as read; NULL: absent or not a map. */
struct yaml *yaml_get(const struct yaml *map, const char *key);

/* Where p, within a scalar's text, stands in its file: blocks are indented, lines folded,
 * quotes and characters escaped. at: the scalar's text_at. */
struct pos yaml_text_place(const char *file, struct pos at, const char *text, const char *p);

/* The place of a key of a map, for errors about the key; the map's when absent. */
struct pos yaml_key_at(const struct yaml *map, const char *key);

/* Adds an "unknown key" error with "did you mean" out of the NULL-terminated list. */
void yaml_unknown_key(const struct yaml *key, const char *const *known, struct report *r);

/* Typed reads. Absent (node NULL): *out stays, returns false. Wrong: a diag, false. */
bool yaml_str(const struct yaml *y, const char **out, struct report *r);
bool yaml_int(const struct yaml *y, int64_t min, int64_t max, int64_t *out, struct report *r);
bool yaml_number(const struct yaml *y, double min, double max, double *out, struct report *r);
bool yaml_bool(const struct yaml *y, bool *out, struct report *r); /* true | false only */
bool yaml_duration(const struct yaml *y, ms_t *out, struct report *r); /* 1 min - 400 d */
/* The same with bounds of its own. */
bool yaml_span(const struct yaml *y, ms_t min, ms_t max, ms_t *out, struct report *r);
bool yaml_time(const struct yaml *y, int *minutes, struct report *r); /* 00:00 - 24:00 */
bool yaml_date(const struct yaml *y, struct date *out, struct report *r);
bool yaml_enum(const struct yaml *y, const char *const *names, int *out, struct report *r);
/* A scalar or a list of scalars, as a NULL-terminated array. */
bool yaml_strings(struct arena *a, const struct yaml *y, const char ***out, int *n,
    struct report *r);

#endif
