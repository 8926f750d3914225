/* What the configuration shows, and when each account was last heard of. */
#include "provider/doctor.h"

#include <string.h>

#include "answer.h"
#include "engine_impl.h"
#include "proof.h"
#include "store/event.h"

struct visit {
	engine_answer *cb;
	void *arg;
	json_t *out;
	const struct zone *zone;
};

static void
visit_free(gpointer p)
{
	json_decref(((struct visit *)p)->out);
	g_free(p);
}

static void
heard(void *arg, const char *account, int kind, ms_t at)
{
	const struct visit *v = arg;
	const char *key = kind == RECEIPT_REPLY ? "last_reply" : "last_receipt";
	json_t *one;
	size_t i;

	json_array_foreach(json_object_get(v->out, "accounts"), i, one)
	{
		const char *name = json_string_value(json_object_get(one, "name")),
			   *before = json_string_value(json_object_get(one, key));
		char text[CLOCK_TEXT];

		clock_format(at, zone_offset(v->zone, at) / 60, text);
		if (strcmp(name, account) == 0 &&
		    (before == NULL || strcmp(before, text) < 0))
			json_object_set_new(one, key, json_string(text));
	}
}

static int
visit_run(struct task *t, struct work *w, struct err *e)
{
	struct visit *v = t->data;

	v->zone = w->cat->config->entity.zone;
	json_decref(v->out);
	v->out = doctor_look(w->cat);
	return proof_tell(w, v->out, e) != 0 ? -1
					     : inbox_last(w->store, heard, v, e);
}

static void
visit_done(struct task *t, const struct err *e)
{
	struct visit *v = t->data;

	if (e != NULL)
		answer_failed(v->cb, v->arg);
	else
		answer_json(v->cb, v->arg, 200, v->out);
}

void
engine_doctor(struct engine *en, engine_answer *cb, void *arg)
{
	struct visit *v = g_new0(struct visit, 1);

	v->cb = cb;
	v->arg = arg;
	task_start_read(task_new(en, visit_run, visit_done, v, visit_free));
}
