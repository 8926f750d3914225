#include "core/hit.h"

#include <stdbool.h>
#include <string.h>

static bool
is_scanner(const char *agent)
{
	static const char *const words[] = { "bot", "crawl", "spider", "preview", "scan", "proofpoint",
		"mimecast", "barracuda", "facebookexternalhit", "curl/", "wget/", "python", "go-http-client",
		"java/" };

	/* People's browsers say who they are; Cubot is a phone. */
	if (*agent == '\0' || strcmp(agent, "Mozilla/5.0") == 0)
		return true;
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		const char *at = strcasestr(agent, words[i]);

		if (at != NULL && !(i == 0 && strcasestr(agent, "cubot") == at - 2))
			return true;
	}
	return false;
}

const char *
hit_verdict(const struct hit_facts *f)
{
	if (f->head)
		return "head";
	if (is_scanner(f->agent))
		return "agent";
	if (f->since_sent < 2 * MS_SECOND)
		return "early";
	if (f->codes >= 2)
		return "burst";
	return "";
}
