/* webhook_fuzz.c - what a provider posts and answers, through every service there is. */
#include "fuzz.h"

#include "provider/provider.h"

static const char *
no_header(const struct hook_request *req, const char *name)
{
	(void)req;
	(void)name;
	return "";
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct account acc = { .name = "x",
		.channels = 1,
		.success = {
		    .status = 200, .field = "a.b", .equals = "ok", .id = "a.id" } };
	const struct parcel parcel = { .to = "",
		.ref = "r",
		.text = "",
		.subject = "",
		.html = "",
		.unsubscribe = "",
		.customer = "" };
	const struct config cfg = { 0 };

	for (int i = 0; provider_all()[i] != NULL; i++) {
		const struct provider *p = provider_all()[i];
		struct arena *a = arena_new();
		struct hook_request req = { .method = "POST",
			.path = "",
			.body = (const char *)data,
			.body_len = size,
			.header = no_header,
			.now = 1795314600000 };
		struct receipt *out = NULL;
		struct hook_reply reply = { 0 };
		struct answer answer = { 0 };
		int n = 0;

		acc.type = p->name;
		if (p->hook != NULL &&
		    p->hook(&acc, &cfg, &req, a, &out, &n, &reply) == 0)
			for (int k = 0; k < n; k++)
				if (out[k].key == NULL || strlen(out[k].key) == 0)
					abort();
		p->answer(&acc, &parcel, 1, 200, (const char *)data, size, &answer);
		if (p->query_answer != NULL)
			p->query_answer(&acc, 200, (const char *)data, size, &answer);
		arena_free(a);
	}
	return 0;
}
