/* gmime.h - GMime, started once; for the files that build and read mails. */
#ifndef PROVIDER_GMIME_H
#define PROVIDER_GMIME_H

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wpedantic"
#include <gmime/gmime.h>
#pragma GCC diagnostic pop

/* Before any other call of GMime's; any thread. */
static inline void
gmime_ready(void)
{
	static gsize once;

	if (g_once_init_enter(&once)) {
		g_mime_init();
		g_once_init_leave(&once, 1);
	}
}

#endif
