/* import_map.h - a file of `heading = field` lines, as the daemon wants it. */
#ifndef CMD_IMPORT_MAP_H
#define CMD_IMPORT_MAP_H

#include "base/err.h"

/* JSON, to be freed with g_free; NULL with err naming the line. */
char *import_map_read(const char *path, struct err *e);

#endif
