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

static const char *
not_fetched(const struct hook_request *req, const char *url)
{
	(void)req;
	(void)url;
	return NULL;
}

/* Headers of an answer: what its first bytes are, under every name that is read. */
static const char *
head_of(struct arena *a, const char *value)
{
	static const char *const names[] = { "Retry-After", "X-RateLimit-Remaining",
		"X-RateLimit-Reset", "X-Rate-Limit-Remaining", "X-Rate-Limit-Reset",
		"ratelimit-remaining", "ratelimit-reset", "x-acs-retry-after", "x-amzn-errortype",
		"Date" };
	GString *s = g_string_new(NULL);
	char *kept;

	for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
		g_string_append_len(s, names[i], (gssize)strlen(names[i]) + 1);
		g_string_append_printf(s, "%.32s", value);
		g_string_append_c(s, '\0');
	}
	kept = arena_alloc(a, s->len + 1);
	memcpy(kept, s->str, s->len + 1);
	g_string_free(s, TRUE);
	return kept;
}

/* Rows of an answer to a pull, where receipts are asked for. */
static void
pull(const struct provider *p, const struct account *acc, const char *body, size_t size,
    struct arena *a)
{
	struct receipt *out = NULL;
	struct answer why = { 0 };
	const char *cursor = "";
	bool more = false;
	int n = 0;

	if (p->pull_answer != NULL)
		p->pull_answer(acc, 200, body, size, a, &out, &n, &cursor, &more, &why);
}

/* Contacts of a member, and of one. */
static void
contacts(const struct provider *p, const struct account *acc, const char *body,
    size_t size, struct arena *a)
{
	struct contact_query q = { "LiNa", "", "" };
	struct contact_told *out = NULL;
	struct answer why = { 0 };
	const char *cursor = "";
	int n = 0;

	if (p->contacts_answer == NULL)
		return;
	p->contacts_answer(acc, &q, 200, body, size, a, &out, &n, &cursor, &why);
	q.external = "wmX";
	p->contacts_answer(acc, &q, 200, body, size, a, &out, &n, &cursor, &why);
}

static void
search(const struct provider *p, const struct account *acc, const struct parcel *parcel,
    const char *body, size_t size, struct arena *a)
{
	static const struct search_at at[] = { { "", "", "" }, { "", "g1", "" },
		{ "", "g1", "LiNa" } };
	struct search_found found;
	struct answer why;

	for (size_t i = 0; p->search != NULL && i < G_N_ELEMENTS(at); i++)
		p->search->answer(acc, parcel, &at[i], 200, body, size, a, &found, &why);
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
		.customer = "",
		.signature = "",
		.call = "",
		.provider_id = "",
		.begun_at = 1795314600000 };
	const struct config cfg = { .public_url = "https://reach.example.com" };

	for (int i = 0; provider_all()[i] != NULL; i++) {
		const struct provider *p = provider_all()[i];
		struct arena *a = arena_new();
		struct hook_request req = { .method = "POST",
			.path = "",
			.query = "",
			.url = "https://reach.example.com/hooks/x/x",
			.body = arena_strndup(a, (const char *)data, size),
			.body_len = size,
			.header = no_header,
			.fetched = not_fetched,
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
		p->answer(&acc, &parcel, 1,
		    &(struct provider_reply){ 200, req.body, size, head_of(a, req.body) }, &answer);
		if (p->query_answer != NULL)
			p->query_answer(&acc, &parcel, 200, req.body, size, &answer);
		search(p, &acc, &parcel, req.body, size, a);
		pull(p, &acc, req.body, size, a);
		contacts(p, &acc, req.body, size, a);
		arena_free(a);
	}
	return 0;
}
