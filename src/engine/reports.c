/* reports.c - a report asked of the running daemon, or of its database at rest. */
#include <string.h>

#include <jansson.h>

#include "counting.h"
#include "engine_impl.h"
#include "weigh.h"

static void
refuse(const struct err *e, engine_answer *cb, void *arg)
{
	json_t *j = json_pack("{ss}", "error", e->text);
	char *text = json_dumps(j, JSON_COMPACT);

	cb(arg, e->kind == ERR_NOTFOUND ? 404 : 422, text);
	free(text);
	json_decref(j);
}

void
engine_sheet(
    struct engine *en, const struct engine_sheet *q, engine_answer *cb, void *arg)
{
	struct reports_ask ask;
	struct err e = { 0 };

	if (q->ticket != 0)
		counting_again(en, q, cb, arg);
	else if (reports_ask_read(&ask, q->name, q->by, q->from, q->to,
		     en->catalog->config->entity.zone, &e) != 0)
		refuse(&e, cb, arg);
	else
		counting_ask(en, q, &ask, cb, arg);
}

struct sheet *
engine_sheet_alone(const struct catalog *cat, struct store *s,
    const struct engine_sheet *q, ms_t now, struct err *e)
{
	struct arena *scratch = store_scratch(s);
	struct work w = { .store = s,
		.cat = (struct catalog *)(uintptr_t)cat,
		.now = now,
		.arena = scratch };
	struct weighing weighing = { .work = &w };
	struct reports_ask ask;
	struct reports *r;
	struct sheet *out = NULL;
	int rc;

	if (reports_ask_read(
		&ask, q->name, q->by, q->from, q->to, cat->config->entity.zone, e) != 0)
		return NULL;
	weigh_ask(&ask, cat, &weighing, now);
	r = reports_new(&ask);
	while ((rc = reports_page(r, s, e)) == 1)
		arena_reset(scratch);
	if (rc == 0)
		out = reports_sheet(r);
	reports_free(r);
	return out;
}

char *
engine_sheet_list(void)
{
	json_t *list = json_array(), *j;
	const struct reports_line *l;
	char *text;

	for (int i = 0; (l = reports_at(i)) != NULL; i++) {
		json_t *by = json_array();

		for (int d = 0; d < DIMS; d++)
			if (l->dims & BIT(d))
				json_array_append_new(
				    by, json_string(reports_dim_name(d)));
		json_array_append_new(
		    list, json_pack("{ss ss ss ss ss so}", "name", l->name, "title",
			      l->title, "title_zh", l->title_zh, "help", l->help,
			      "help_zh", l->help_zh, "by", by));
	}
	j = json_pack("{so}", "reports", list);
	text = json_dumps(j, JSON_COMPACT);
	json_decref(j);
	return text;
}
