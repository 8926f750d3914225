/* dialects.h - the dialects the sandbox speaks; the table is in dialect.c. */
#ifndef CMD_DIALECTS_H
#define CMD_DIALECTS_H

#include "dialect.h"

extern const struct dialect dialect_aliyun;

#endif
