#include "core/hit.h"

#include <string.h>

const char *
hit_verdict(const struct hit_facts *f)
{
	static const char *const scanners[] = { "bot", "Bot", "crawl", "spider", "preview", "Preview",
		"scan", "Proofpoint", "Mimecast", "Barracuda", "facebookexternalhit", "curl/", "python",
		"Go-http-client", "Java/" };

	if (f->head)
		return "head";
	for (size_t i = 0; i < sizeof(scanners) / sizeof(scanners[0]); i++)
		if (strstr(f->agent, scanners[i]) != NULL)
			return "agent";
	if (f->since_sent < 2 * MS_SECOND)
		return "early";
	if (f->codes >= 2)
		return "burst";
	return "";
}
