/* devices_tell.c - the app says which telephones a customer has; they are shown. */
#include <string.h>

#include "answer.h"
#include "base/log.h"
#include "base/text.h"
#include "devices.h"
#include "engine_impl.h"
#include "refusal.h"
#include "store/customer.h"
#include "store/device.h"
#include "store/optout.h"

struct telling {
	engine_answer *cb;
	void *arg;
	char *ext, *match; /* match: the etag of the list that is replaced, or "*" */
	struct device *list; /* with a NULL token at its end; NULL: only shown */
	int n, status;
	json_t *json;
};

/* A token is one app on one telephone: it is his who told of it last. */
static int
take_from_others(struct work *w, int64_t id, const char *token, struct err *e)
{
	const char *const tokens[] = { token, NULL };
	int64_t ids[DEVICES_MAX];
	int n = customer_of_address(
	    w->store, customer_hash(w->store, CHANNEL_PUSH, token), ids, DEVICES_MAX, e);

	for (int i = 0; i < n; i++)
		if (ids[i] != id && devices_lose(w, ids[i], tokens, e) < 0)
			return -1;
	return n < 0 ? -1 : 0;
}

/* Who wanted no marketing on his telephone wants none on the next. */
static int
set(struct telling *g, struct work *w, struct person *p, struct err *e)
{
	const char *address[CHANNELS], *old = p->row.c.address[CHANNEL_PUSH];
	const char *first = g->n > 0 ? g->list[0].token : "";
	int64_t id = p->row.c.id;
	int stopped = *old == '\0' ? 0
				   : optout_has(w->store,
					 customer_hash(w->store, CHANNEL_PUSH, old),
					 CHANNEL_PUSH, e);

	for (int i = 0; i < g->n; i++) {
		g->list[i].at = w->now;
		if (take_from_others(w, id, g->list[i].token, e) != 0)
			return -1;
	}
	memcpy(address, p->row.c.address, sizeof(address));
	address[CHANNEL_PUSH] = first;
	if (stopped < 0 || customer_set_addresses(w->store, &p->row, address, e) != 0 ||
	    device_replace(w->store, id, g->list, g->n, e) != 0 ||
	    customer_validate(w->store, id, CHANNEL_PUSH, e) != 0)
		return -1;
	return stopped == 1 && *first != '\0'
		   ? refusal_own(w, customer_hash(w->store, CHANNEL_PUSH, first),
			 CHANNEL_PUSH, "device", e)
		   : 0;
}

/* Of the tokens and what is told of them, in their order. */
static char *
etag_of(struct work *w, const struct person *p, const struct device *d, int n)
{
	GString *all = g_string_new(p->row.c.address[CHANNEL_PUSH]);
	char *out;

	for (int i = 0; i < n; i++)
		g_string_append_printf(all, "\n%s\t%s\t%s\t%s", d[i].token, d[i].platform,
		    d[i].vendor, d[i].app_version);
	out = arena_printf(w->arena, "%016" G_GINT64_MODIFIER "x",
	    crypt_hmac64(store_crypt(w->store), "devices", all->str, all->len));
	g_string_free(all, TRUE);
	return out;
}

/* 1: the list is as whoever changes it has seen it; 0, -1. */
static int
as_seen(const struct telling *g, struct work *w, const struct person *p, struct err *e)
{
	struct device *d;
	int n;

	if (strcmp(g->match, "*") == 0)
		return 1;
	d = arena_array(w->arena, struct device, DEVICES_MAX);
	if ((n = device_list(w->store, p->row.c.id, d, e)) < 0)
		return -1;
	return strcmp(etag_of(w, p, d, n), g->match) == 0;
}

static int
show(struct telling *g, struct work *w, struct person *p, struct err *e)
{
	struct device *d = arena_array(w->arena, struct device, DEVICES_MAX);
	int n = device_list(w->store, p->row.c.id, d, e);
	json_t *list = json_array();
	char masked[64], at[CLOCK_TEXT];

	if (n == 0 && *p->row.c.address[CHANNEL_PUSH] != '\0')
		json_array_append_new(list, json_pack("{ss}", "token",
						text_mask(p->row.c.address[CHANNEL_PUSH],
						    masked, sizeof(masked))));
	for (int i = 0; i < n; i++) {
		clock_format(d[i].at, 0, at);
		json_array_append_new(
		    list, json_pack("{ss ss ss ss ss}", "token",
			      text_mask(d[i].token, masked, sizeof(masked)), "platform",
			      d[i].platform, "vendor", d[i].vendor, "app_version",
			      d[i].app_version, "at", at));
	}
	json_decref(g->json);
	g->json = json_pack("{so}", "devices", list);
	if (n >= 0)
		json_object_set_new(
		    g->json, "etag", json_string(etag_of(w, p, d, n)));
	return n < 0 ? -1 : 0;
}

static int
run(struct task *t, struct work *w, struct err *e)
{
	struct telling *g = t->data;
	struct person p;
	int64_t id;
	int rc = customer_find(w->store, g->ext, &id, e);

	g->status = rc == 1 ? 200 : 404;
	if (rc != 1)
		return rc;
	if (person_load(w, id, &p, e) != 1 || customer_open(w->store, &p.row, e) != 0)
		return -1;
	if (g->list != NULL && (rc = as_seen(g, w, &p, e)) != 1) {
		g->status = 412;
		return rc;
	}
	if (g->list != NULL && set(g, w, &p, e) != 0)
		return -1;
	if (person_load(w, id, &p, e) != 1 || customer_open(w->store, &p.row, e) != 0)
		return -1;
	return show(g, w, &p, e);
}

static void
done(struct task *t, const struct err *e)
{
	struct telling *g = t->data;

	if (e != NULL)
		answer_failed(g->cb, g->arg);
	else if (g->status == 412)
		answer_error(g->cb, g->arg, 412, "the list is another by now: read it again");
	else if (g->status != 200)
		answer_error(g->cb, g->arg, 404, "there is no customer of this id");
	else
		answer_json(g->cb, g->arg, 200, g->json);
	if (e == NULL && g->status == 200 && g->list != NULL)
		log_info("devices_set", "devices=%d", g->n);
}

static void
telling_free(gpointer p)
{
	struct telling *g = p;

	for (int i = 0; i < g->n; i++) {
		g_free((char *)(uintptr_t)g->list[i].token);
		g_free((char *)(uintptr_t)g->list[i].platform);
		g_free((char *)(uintptr_t)g->list[i].vendor);
		g_free((char *)(uintptr_t)g->list[i].app_version);
	}
	g_free(g->list);
	g_free(g->ext);
	g_free(g->match);
	json_decref(g->json);
	g_free(g);
}

static struct telling *
telling_new(const char *ext, engine_answer *cb, void *arg)
{
	struct telling *g = g_new0(struct telling, 1);

	g->cb = cb;
	g->arg = arg;
	g->ext = g_strdup(ext);
	return g;
}

void
engine_devices(struct engine *en, const char *ext, engine_answer *cb, void *arg)
{
	task_start_read(task_new(en, run, done, telling_new(ext, cb, arg), telling_free));
}

/* In small letters, as the policy names them. */
static char *
vendor_of(const struct engine_device *d)
{
	bool apple = *d->vendor == '\0' && g_ascii_strcasecmp(d->platform, "ios") == 0;

	return apple ? g_strdup("apple") : g_ascii_strdown(d->vendor, -1);
}

void
engine_devices_set(struct engine *en, const char *ext, const char *match,
    const struct engine_device *list, int n, engine_answer *cb, void *arg)
{
	struct telling *g = telling_new(ext, cb, arg);

	g->match = g_strdup(match);
	g->n = MIN(n, DEVICES_MAX);
	g->list = g_new0(struct device, g->n + 1);
	for (int i = 0; i < g->n; i++)
		g->list[i] = (struct device){ .token = g_strdup(list[i].token),
			.platform = g_strdup(list[i].platform),
			.vendor = vendor_of(&list[i]),
			.app_version = g_strdup(list[i].app_version) };
	task_start(task_new(en, run, done, g, telling_free));
}
