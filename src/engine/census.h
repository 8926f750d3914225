/* census.h - what the customers of now make of a set that is not published yet: variables
 * its texts would lack, and playbooks that compete for the same people. Reads only; any
 * thread with a work, the desk is not touched. Counts alone: nothing tells of anybody.
 *
 * It is taken a page at a time, and what pages count adds up. */
#ifndef ENGINE_CENSUS_H
#define ENGINE_CENSUS_H

#include <jansson.h>

#include "desk.h"

/* ---- census_text.c: variables that texts lack ---- */

/* A variable, whichever texts use it; asked once for each that a playbook is about. */
struct census_path {
	const char *name;
	const struct expr *expr;
	guint asked; /* in which turn */
	bool there;
};

/* One at its place in a text, without a default. */
struct census_use {
	struct pos at;
	guint path; /* index */
	int64_t lack;
};

struct census_text {
	const struct template *t;
	GArray *uses; /* struct census_use */
};

struct census_book {
	const struct version *v;
	int number;     /* in the database; 0: never published */
	GArray *texts;  /* struct census_text */
	size_t rows;    /* of its list */
	int64_t people; /* it means now */
	ms_t entry;     /* when its start would let people in; MS_NEVER: not soon */
	/* the customer at hand */
	bool meant;
	int messages; /* within the days looked at */
};

struct census;
void census_texts(struct census *c, struct census_book *b);
/* Would a text stop for him? Its first such variable counts him; once for all that a
 * playbook is about. */
void
census_lacks(struct work *w, struct person *p, struct census *c, struct census_book *b);

/* ---- census_rival.c: the same people, the same days ---- */

struct census {
	struct arena *arena;
	GArray *books;   /* struct census_book */
	GArray *paths;   /* struct census_path */
	guint turn;      /* one more for each customer and each of his subjects */
	int64_t *rivals; /* books × books: people due in both with room for less */
	int64_t people;
};

ms_t census_entry(struct work *w, const struct playbook *pb);
int census_rivals(struct work *w, struct person *p, struct census *c, struct err *e);

/* ---- census.c ---- */

struct census *census_new(struct work *w, struct err *e);
void census_free(struct census *c);
/* Everybody after *cursor, about `ids` of them; *end: that was the last. */
int census_take(struct work *w, struct census *c, int64_t *cursor, int64_t ids, bool *end,
    struct err *e);
json_t *census_json(const struct census *c);

#endif
