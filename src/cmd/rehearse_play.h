/* rehearse_play.h - one set of configuration played over the coming days. */
#ifndef CMD_REHEARSE_PLAY_H
#define CMD_REHEARSE_PLAY_H

#include "rehearse_files.h"
#include "rehearse_lines.h"
#include "rehearse_past.h"
#include "spec/catalog.h"

struct rehearse_options {
	const char *customers; /* FILE */
	struct rehearse_files files;
	struct date from;
	int days;
	uint64_t seed;
	bool silent; /* nobody reacts */
	const struct rehearse_past
	    *past;  /* they react as they did; NULL: as in the field */
	bool quiet; /* says nothing of rows that cannot be used */
};

/* Catalog is taken over. What happens goes to the lines, *b is the balance at the end. */
int rehearse_play(const struct rehearse_options *o, struct catalog *cat,
    struct rehearse_lines *lines, struct balance *b, struct err *e);

#endif
