/* segment.h - how many SMS parts a text costs. Pure. */
#ifndef CORE_SEGMENT_H
#define CORE_SEGMENT_H

#include <stddef.h>

enum segment_plan { SEGMENT_CHINA, SEGMENT_INTERNATIONAL };

struct segments {
	int characters;       /* user-visible code points counted */
	int units;            /* UTF-16 units, or GSM-7 septets */
	const char *encoding; /* "UCS-2" or "GSM-7" */
	int segments;
};

/* signature without brackets, NULL or "": none. text is valid UTF-8. */
void segment_count(enum segment_plan plan, const char *signature, const char *text,
    struct segments *out);

#endif
