/* check.c - how a bug ends the process. */
#include "base/check.h"

#include <stdlib.h>

#include "base/log.h"

_Noreturn void
check_failed(const char *file, int line, const char *what)
{
	log_error("bug", "at=%s:%d failed=\"%s\"", file, line, what);
	abort();
}
