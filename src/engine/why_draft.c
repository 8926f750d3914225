#include "why_draft.h"

#include <string.h>

#include "tasks.h"

static const struct {
	int state;
	const char *outcome; /* "": any other */
	const char *en, *zh;
} sentences[] = {
	{ MSG_AWAITING, "", "The advisor has the text and is to send it by hand.",
	    "文字在服务顾问手里，等他手动发送。" },
	{ MSG_DELIVERED, "",
	    "The advisor says that he sent it by hand. What was really sent is not "
	    "known.",
	    "服务顾问说已手动发送；实际发出的内容系统不知道。" },
	{ MSG_LAPSED, "unfit",
	    "The advisor found it unfit for this customer. It was not sent.",
	    "服务顾问认为不适合这位客户，没有发送。" },
	{ MSG_LAPSED, "", "Nobody said in time that it was sent: it was taken back.",
	    "没有人及时说已发送，已撤回。" },
};

int
why_draft(struct work *w, const struct message *m, json_t *j, struct err *e)
{
	struct task_row t;
	int rc;

	if (!tasks_are_of(m) || m->channel == CHANNEL_PHONE)
		return 0;
	if ((rc = task_of_msg(w->store, m->id, &t, e)) != 1)
		return rc;
	for (size_t i = 0; i < G_N_ELEMENTS(sentences); i++) {
		if (sentences[i].state != m->state ||
		    (*sentences[i].outcome != '\0' &&
			strcmp(sentences[i].outcome, t.outcome) != 0))
			continue;
		json_object_set_new(j, "sentence", json_string(sentences[i].en));
		json_object_set_new(j, "sentence_zh", json_string(sentences[i].zh));
		break;
	}
	json_object_set_new(
	    j, "by_hand", json_string(*t.done_by != '\0' ? t.done_by : t.assignee));
	return 0;
}
