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
	int part;   /* customers that are played together at most */
	int jobs;   /* parts played at a time; 0: one for each core */
	/* Of one part: what it may use of shared limits; the key that arms are drawn by. */
	struct house_part portion;
	const uint8_t *draw_key;
	void (*day_over)(void *arg);
	void *day_arg;
};

/* Catalog is taken over. What happens goes to the lines, *b is the balance at the end. A
 * larger house is played in parts, each in a process of its own: rehearse_parts.h. */
int rehearse_play(const struct rehearse_options *o, struct catalog *cat,
    struct rehearse_lines *lines, struct balance *b, struct err *e);

#endif
