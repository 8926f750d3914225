#include "core/bulk.h"

#include <libpsl.h>
#include <stddef.h>

const char *
bulk_domain(const char *domain)
{
	const char *own = psl_registrable_domain(psl_builtin(), domain);

	return own == NULL ? domain : own;
}
