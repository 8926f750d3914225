/* jpush_ask.c - cids, given out by Aurora many at a time; and by a message's id, how many devices it has
 * reached (/v3/received/detail of its report host). */
#include "jpush.h"

#include <string.h>

#define COUNT "500"
#define LOW 100
#define CID_MAX 100
#define REPORT "https://report.jpush.cn"

/* ---- cids ---- */

static const char *
owner(const struct account *acc)
{
	return provider_setting(acc, "app_key");
}

static int
keys_request(const struct account *acc, const struct config *cfg, struct arena *a,
    struct provider_request *out, struct err *e)
{
	(void)cfg;
	(void)e;
	wire_get(out, provider_url(acc, a, "/v3/push/cid?count=" COUNT "&type=push"));
	wire_basic(out, a, provider_setting(acc, "app_key"),
	    provider_setting(acc, "master_secret"));
	return 0;
}

/* "{appkey}-{uuid}" */
static bool
keys_fits(const struct account *acc, const char *key)
{
	const char *app = provider_setting(acc, "app_key");
	size_t n = strlen(app);

	return n > 0 && strncmp(key, app, n) == 0 && key[n] == '-' &&
	       key[n + 1] != '\0' && strlen(key) <= CID_MAX &&
	       key[n + 1 + strspn(key + n + 1, "0123456789abcdefABCDEF-")] == '\0';
}

static int
keys_answer(const struct account *acc, int status, const char *body, size_t len,
    struct arena *a, const char **out, int max)
{
	json_t *j = wire_load(body, len);
	const json_t *list = json_object_get(j, "cidlist");
	int n = 0;

	for (size_t i = 0; status == 200 && i < json_array_size(list) && n < max; i++) {
		const char *key = json_string_value(json_array_get(list, i));

		if (key != NULL && keys_fits(acc, key))
			out[n++] = arena_strdup(a, key);
	}
	json_decref(j);
	return n;
}

/* A cid is good for a day, and nowhere it is said that this counts from its first use. */
const struct provider_keys jpush_keys = { MS_HOUR, LOW, owner, keys_request, keys_answer,
	keys_fits };

/* ---- receipts ---- */

/* Reports have a host of their own; an account with an address of its own has both there. */
static const char *
report_url(const struct account *acc, struct arena *a, const char *path)
{
	return acc->url != NULL && acc->url[0] != '\0'
		   ? provider_url(acc, a, path)
		   : arena_printf(a, REPORT "%s", path);
}

int
jpush_query(const struct account *acc, const struct config *cfg, const struct parcel *p,
    ms_t sig_ts, struct arena *a, struct provider_request *out, struct err *e)
{
	GString *q = g_string_new(NULL);

	(void)cfg;
	(void)sig_ts;
	(void)e;
	wire_field(q, "msg_ids", p->provider_id);
	wire_get(
	    out, report_url(acc, a, arena_printf(a, "/v3/received/detail?%s", q->str)));
	wire_basic(out, a, provider_setting(acc, "app_key"),
	    provider_setting(acc, "master_secret"));
	g_string_free(q, TRUE);
	return 0;
}

/* Counts by the way it went, null where it went by none: jpush_received, ios_apns_received,
 * android_pns_received... What was only sent on has not arrived. */
static bool
has_arrived(const json_t *row)
{
	const char *name;
	json_t *count;

	json_object_foreach((json_t *)(uintptr_t)row, name, count)
	{
		if ((g_str_has_suffix(name, "_received") ||
			g_str_has_suffix(name, "_clicked")) &&
		    json_integer_value(count) > 0)
			return true;
	}
	return false;
}

/* Of devices that have not got it nothing is told: they may be off. */
void
jpush_query_answer(const struct account *acc, const struct parcel *p, int status,
    const char *body, size_t len, struct answer *out)
{
	json_t *j = wire_load(body, len);
	struct arena *a = arena_new();

	(void)acc;
	*out = (struct answer){ .outcome = OUTCOME_UNKNOWN };
	for (size_t i = 0; status == 200 && i < json_array_size(j); i++) {
		const json_t *row = json_array_get(j, i);

		if (p->provider_id[0] == '\0' ||
		    strcmp(wire_text(a, row, "msg_id"), p->provider_id) != 0)
			continue;
		out->outcome = OUTCOME_ACCEPTED;
		g_strlcpy(out->provider_id, p->provider_id, sizeof out->provider_id);
		out->told = has_arrived(row) ? TOLD_DELIVERED : TOLD_NOTHING;
	}
	arena_free(a);
	json_decref(j);
}
