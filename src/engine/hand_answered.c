/* "The customer answered", told by a member of staff. */
#include "answer.h"
#include "base/log.h"
#include "engine_impl.h"
#include "inbound.h"

struct telling {
	engine_answer *cb;
	void *arg;
	char *ext, *text;
	int channel;
	bool known;
};

static void
telling_free(gpointer p)
{
	struct telling *t = p;

	g_free(t->ext);
	g_free(t->text);
	g_free(t);
}

static int
run(struct task *t, struct work *w, struct err *e)
{
	struct telling *told = t->data;
	struct person p;
	int64_t id;
	int rc = customer_find(w->store, told->ext, &id, e);

	if (rc == 1)
		rc = person_load(w, id, &p, e);
	told->known = rc == 1 && p.row.erased_at == 0;
	if (!told->known)
		return rc < 0 ? -1 : 0;
	log_info("answered", "customer=%" G_GINT64_FORMAT " channel=%s", p.row.c.id,
	    channel_name(told->channel));
	return inbound_answered(w, &p, told->channel, told->text, e);
}

static void
done(struct task *t, const struct err *e)
{
	struct telling *told = t->data;
	json_t *j;

	if (e != NULL) {
		answer_failed(told->cb, told->arg);
		return;
	}
	if (!told->known) {
		answer_error(told->cb, told->arg, 404, "there is no customer of this id");
		return;
	}
	j = json_pack("{ss}", "report", "told: the customer answered\n");
	answer_json(told->cb, told->arg, 200, j);
	json_decref(j);
}

void
engine_answered(struct engine *en, const char *ext, const char *channel, const char *text,
    engine_answer *cb, void *arg)
{
	int c = channel_find(channel);
	struct telling *told;

	if (c < 0) {
		answer_error(
		    cb, arg, 400, "the channel is sms, wecom, email, push or phone");
		return;
	}
	told = g_new0(struct telling, 1);
	told->cb = cb;
	told->arg = arg;
	told->ext = g_strdup(ext);
	told->text = g_strdup(text);
	told->channel = c;
	task_start(task_new(en, run, done, told, telling_free));
}
