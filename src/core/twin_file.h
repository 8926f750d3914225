/* twin_file.h - the twins of what is said of imported files. Private to core/. */
#ifndef CORE_TWIN_FILE_H
#define CORE_TWIN_FILE_H

struct twin {
	const char *en, *zh;
};
extern const struct twin twin_files[]; /* ends with NULL */

#endif
