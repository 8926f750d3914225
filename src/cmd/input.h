/* input.h - what a verb reads whole: standard input or a file. */
#ifndef CMD_INPUT_H
#define CMD_INPUT_H

#include <glib.h>

#include "base/err.h"

#define INPUT_TEXT_MAX ((gsize)1 << 20)
#define INPUT_FILE_MAX ((gsize)256 << 20)

/* NULL with err; `what` begins its text. */
GString *input_read(int fd, gsize max, const char *what, struct err *e);
/* "-" is standard input. */
GString *input_file(const char *path, gsize max, struct err *e);
/* Takes one line end off the end. */
void input_chop(GString *text);

#endif
