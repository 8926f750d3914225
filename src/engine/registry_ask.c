/* The registry told and shown. Loop thread, and the jobs it starts. */
#include <string.h>

#include "answer.h"
#include "base/log.h"
#include "engine_impl.h"
#include "page.h"
#include "store/registry.h"
#include "withdrawn.h"

struct registry_call {
	engine_answer *cb;
	void *arg;
	json_t *in; /* {"account", "rows"}; NULL: shown only */
	json_t *out;
	int status;
	struct work *w;
	struct page page;
	char **after; /* place, code, signature */
};

static void
call_free(gpointer p)
{
	struct registry_call *t = p;

	g_strfreev(t->after);
	json_decref(t->in);
	json_decref(t->out);
	g_free(t);
}

static void
call_done(struct task *t, const struct err *e)
{
	struct registry_call *d = t->data;

	if (e != NULL)
		answer_failed(d->cb, d->arg);
	else
		answer_json(d->cb, d->arg, d->status, d->out);
}

/* ---- told ---- */

static bool
is_place(const struct config *cfg, const char *name)
{
	for (int i = 0; i < cfg->n_accounts; i++)
		if (strcmp(cfg->accounts[i].name, name) == 0 ||
		    strcmp(cfg->accounts[i].type, name) == 0)
			return true;
	return false;
}

static const char *
text_of(const json_t *j, const char *key)
{
	const char *s = json_string_value(json_object_get(j, key));

	return s == NULL ? "" : s;
}

static int
refuse(struct registry_call *d, int status, const char *fmt, const char *what, size_t row)
{
	char *text = g_strdup_printf("row %zu: %s%s", row, fmt, what);

	json_decref(d->out);
	d->out = json_pack("{ss}", "error", row == 0 ? fmt : text);
	d->status = status;
	g_free(text);
	return 0;
}

/* {"approved": {"code", "signature"}}: what the service had withdrawn is approved again. */
static int
approve(struct registry_call *d, struct work *w, const char *place, struct err *e)
{
	const json_t *what = json_object_get(d->in, "approved");
	const char *code = text_of(what, "code"), *signature = text_of(what, "signature");
	int n;

	if (*code == '\0' && *signature == '\0')
		return refuse(d, 422, "name a code, or a signature", "", 0);
	if ((n = withdrawn_over(w, place, code, signature, e)) < 0)
		return -1;
	if (n == 0)
		return refuse(d, 404, "nothing of that name was withdrawn there", "", 0);
	json_decref(d->out);
	d->out = json_pack("{si}", "approved", n);
	d->status = 200;
	return 0;
}

static int
take_run(struct task *t, struct work *w, struct err *e)
{
	struct registry_call *d = t->data;
	const json_t *rows = json_object_get(d->in, "rows"), *one;
	struct registry_row row = { .place = text_of(d->in, "account"), .at = w->now };
	size_t i;

	if (!is_place(w->cat->config, row.place))
		return refuse(
		    d, 404, "no account or type of provider is called so", "", 0);
	if (json_object_get(d->in, "approved") != NULL)
		return approve(d, w, row.place, e);
	/* All rows are looked at before one is written. */
	json_array_foreach(rows, i, one)
	{
		if (*text_of(one, "code") == '\0' || *text_of(one, "text") == '\0')
			return refuse(d, 422, "code and text are needed", "", i + 1);
		if (registered_status(text_of(one, "status")) < 0)
			return refuse(d, 422,
			    "the status is approved, pending or rejected, not ",
			    text_of(one, "status"), i + 1);
	}
	json_array_foreach(rows, i, one)
	{
		row.code = text_of(one, "code");
		row.text = text_of(one, "text");
		row.signature = text_of(one, "signature");
		row.status =
		    (enum registered_status)registered_status(text_of(one, "status"));
		if (registry_put(w->store, &row, e) != 0 ||
		    (row.status == REGISTERED_APPROVED &&
			withdrawn_over(w, row.place, row.code, row.signature, e) < 0))
			return -1;
	}
	json_decref(d->out);
	d->out = json_pack("{sI}", "rows", (json_int_t)json_array_size(rows));
	d->status = 200;
	return 0;
}

void
engine_registry_take(
    struct engine *en, const char *body, size_t len, engine_answer *cb, void *arg)
{
	json_t *in = json_loadb(body, len, JSON_REJECT_DUPLICATES, NULL);
	struct registry_call *d;

	if ((!json_is_array(json_object_get(in, "rows")) &&
		!json_is_object(json_object_get(in, "approved"))) ||
	    *text_of(in, "account") == '\0') {
		json_decref(in);
		answer_error(cb, arg, 400,
		    "send {\"account\": NAME, \"rows\": [{\"code\", \"text\", "
		    "\"status\"}]}");
		return;
	}
	d = g_new0(struct registry_call, 1);
	*d = (struct registry_call){ .cb = cb, .arg = arg, .in = in };
	task_start_repeatable(task_new(en, take_run, call_done, d, call_free));
}

/* ---- shown ---- */

/* Which of our texts go by this code there. */
static json_t *
users_of(const struct catalog *cat, const char *place, const char *code)
{
	json_t *list = json_array();
	GList *names = g_list_sort(
	    g_hash_table_get_keys(cat->templates), (GCompareFunc)(void (*)(void))strcmp);

	for (GList *l = names; l != NULL; l = l->next) {
		const struct template *t = g_hash_table_lookup(cat->templates, l->data);

		for (int i = 0; i < cat->config->n_accounts; i++) {
			const struct account *acc = &cat->config->accounts[i];
			const struct registered *g;

			if (strcmp(acc->name, place) != 0 &&
			    strcmp(acc->type, place) != 0)
				continue;
			g = template_registered(t, acc->name, acc->type);
			if (g != NULL && strcmp(g->code, code) == 0) {
				json_array_append_new(list, json_string(t->name));
				break;
			}
		}
	}
	g_list_free(names);
	return list;
}

static void
show_row(void *arg, const struct registry_row *row)
{
	struct registry_call *d = arg;

	json_array_append_new(json_object_get(d->out, "texts"),
	    json_pack("{ss ss ss ss ss so}", "account", row->place, "code", row->code,
		"signature", row->signature, "status",
		registered_status_name(row->status), "text", row->text, "used_by",
		users_of(d->w->cat, row->place, row->code)));
}

static void
show_withdrawn(void *arg, const struct withdrawn *w)
{
	const struct registry_call *d = arg;
	const struct zone *z = d->w->cat->config->entity.zone;
	char at[CLOCK_TEXT];

	json_array_append_new(json_object_get(d->out, "withdrawn"),
	    json_pack("{ss ss ss ss ss}", "account", w->account, "code", w->code,
		"signature", w->signature, "answer", w->perr, "at",
		clock_format(w->at, zone_offset(z, w->at) / 60, at)));
}

/* Codes that a text goes by and nobody has told us of. */
static int
show_unknown(struct registry_call *d, const struct template *t, struct err *e)
{
	const struct config *cfg = d->w->cat->config;
	json_t *list = json_object_get(d->out, "unknown");

	for (int i = 0; i < cfg->n_accounts; i++) {
		const struct account *acc = &cfg->accounts[i];
		const struct registered *g = template_registered(t, acc->name, acc->type);
		struct registry_row row;
		int rc;

		if (g == NULL)
			continue;
		rc = registry_get(d->w->store, acc->name, acc->type,
		    acc->signature != NULL ? acc->signature : cfg->entity.name, g->code,
		    &row, e);
		if (rc < 0)
			return -1;
		if (rc == 0)
			json_array_append_new(
			    list, json_pack("{ss ss ss}", "account", acc->name, "code",
				      g->code, "template", t->name));
	}
	return 0;
}

static int
show_run(struct task *t, struct work *w, struct err *e)
{
	static const char *const keys[] = { "account", "code", "signature", NULL };
	struct registry_call *d = t->data;
	const struct registry_row after = { .place = d->after[0],
		.code = d->after[1],
		.signature = d->after[2] };
	GList *all = g_hash_table_get_values(w->cat->templates);
	int rc;

	d->w = w;
	d->status = 200;
	json_decref(d->out);
	d->out = json_pack("{s[] s[] s[]}", "texts", "unknown", "withdrawn");
	rc = registry_each(w->store, &after, d->page.limit + 1, show_row, d, e);
	page_end_texts(d->out, json_object_get(d->out, "texts"), &d->page, keys);
	if (rc == 0)
		rc = withdrawn_each(w->store, show_withdrawn, d, e);
	for (GList *l = all; l != NULL && rc == 0; l = l->next)
		rc = show_unknown(d, l->data, e);
	g_list_free(all);
	return rc;
}

void
engine_registry(
    struct engine *en, const struct engine_page *page, engine_answer *cb, void *arg)
{
	struct registry_call *d = g_new0(struct registry_call, 1);

	*d = (struct registry_call){
		.cb = cb, .arg = arg, .page = page_of(page, ENGINE_PAGE)
	};
	if ((d->after = page_texts(&d->page, 3)) != NULL) {
		task_start_read(task_new(en, show_run, call_done, d, call_free));
		return;
	}
	page_refuse(cb, arg);
	call_free(d);
}
