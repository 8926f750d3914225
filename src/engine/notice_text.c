#include "notice_text.h"

#include <string.h>

#include "compose.h"
#include "core/call.h"
#include "core/draft.h"
#include "core/salutation.h"
#include "store/msg.h"
#include "tasks_done.h"

#define LATE "【已超时】"
#define WORDS_MAX 6

static const char *
number(struct work *w, int64_t id)
{
	return arena_printf(w->arena, "%" G_GINT64_FORMAT, id);
}

/* 11月27日 15:00, where the house is. */
static const char *
when(struct work *w, ms_t at)
{
	char t[CLOCK_TEXT];

	clock_format(at, zone_offset(w->cat->config->entity.zone, at) / 60, t);
	return arena_printf(w->arena, "%d月%d日 %.5s",
	    (int)g_ascii_strtoll(t + 5, NULL, 10), (int)g_ascii_strtoll(t + 8, NULL, 10),
	    t + 11);
}

/* A complaint is not simply done. */
static bool
stands_for(const struct call_word *c)
{
	return c->of_complaint || strcmp(c->name, CALL_NONE) == 0;
}

static void
buttons(struct work *w, const struct task_row *t, const struct template *script,
    struct ask *out)
{
	bool draft = tasks_is_draft(t), complaint = strcmp(t->kind, TASK_COMPLAINT) == 0;
	int n = draft ? DRAFT_WORDS : script == NULL ? WORDS_MAX : script->n_outcomes;
	const char **keys = arena_array(w->arena, const char *, n + 1),
		   **words = arena_array(w->arena, const char *, n + 1);

	if (draft) {
		for (n = 0; draft_words[n].name != NULL; n++) {
			keys[n] = draft_words[n].name;
			words[n] = draft_words[n].zh;
		}
		script = NULL;
	} else if (script == NULL && complaint) {
		n = 0;
		for (const struct call_word *c = call_words; c->name != NULL; c++)
			if (stands_for(c) && n < WORDS_MAX) {
				keys[n] = c->name;
				words[n++] = c->zh;
			}
	} else {
		n = script == NULL ? 1 : n;
		keys[0] = "done";
		words[0] = "已完成";
	}
	for (int i = 0; script != NULL && i < n; i++) {
		const struct call_outcome *o = &script->outcomes[i];

		keys[i] = o->name;
		words[i] = *o->title != '\0' ? o->title : o->name;
	}
	out->keys = keys;
	out->buttons = words;
	out->n_buttons = n;
}

static void
line(struct ask *out, const char **names, const char **values, const char *name,
    const char *value)
{
	names[out->n] = name;
	values[out->n++] = value;
}

/* As it was frozen when it was given to him. */
static int
draft_text(struct work *w, const struct task_row *t, struct ask *out, struct err *e)
{
	struct composed c;
	char *body;
	size_t len;
	int rc = msg_body(w->store, t->msg, &body, &len, e);

	out->text = rc == 1 && compose_thaw(w->arena, body, len, &c) == 0 ? c.text : "";
	return rc < 0 ? -1 : 0;
}

int
notice_text(struct work *w, struct person *p, const struct task_row *t, int64_t card,
    struct ask *out, struct err *e)
{
	const char **names = arena_array(w->arena, const char *, 4),
		   **values = arena_array(w->arena, const char *, 4);
	const struct template *script;
	struct version house;
	const struct version *v;
	const char *title, *who;

	if (customer_open(w->store, &p->row, e) != 0)
		return -1;
	if (t->version != 0 && desk_version(w, t->version, &v, e) != 0)
		return -1;
	script = t->version != 0 ? tasks_script(v, t) : tasks_house_script(w, t, &house);
	title = script != NULL ? script->title : task_sentence_zh(t->kind);
	who = salutation(w->arena, p->row.c.name, p->row.c.gender, "");
	*out = (struct ask){ .id = arena_printf(
				 w->arena, NOTICE_ID "%" G_GINT64_FORMAT, card),
		.title = arena_printf(w->arena, "%s%s%s",
		    t->level > 0 || t->due_at < w->now ? LATE : "",
		    tasks_is_draft(t) ? "待您发送："
		    : t->msg != 0     ? "致电："
				      : "",
		    *title != '\0' ? title : t->kind),
		.task = number(w, t->id),
		.names = names,
		.values = values };
	line(out, names, values, "客户", *who != '\0' ? who : p->row.c.ext);
	if (t->due_at != MS_NEVER)
		line(out, names, values, "截止", when(w, t->due_at));
	line(out, names, values, "任务", out->task);
	buttons(w, t, script, out);
	return tasks_is_draft(t) ? draft_text(w, t, out, e) : 0;
}

void
notice_digest(struct work *w, const struct task_row *const *all, int n, int64_t card,
    struct ask *out)
{
	const char **names = arena_array(w->arena, const char *, 4),
		   **values = arena_array(w->arena, const char *, 4);
	ms_t first = MS_NEVER;
	int calls = 0, drafts = 0;

	*out = (struct ask){ .id = arena_printf(
				 w->arena, NOTICE_ID "%" G_GINT64_FORMAT, card),
		.title = arena_printf(w->arena, "您有 %d 项待办", n),
		.task = "",
		.names = names,
		.values = values };
	for (int i = 0; i < n; i++) {
		drafts += tasks_is_draft(all[i]);
		calls += all[i]->msg != 0 && !tasks_is_draft(all[i]);
		first = MIN(first, all[i]->due_at);
	}
	if (calls > 0)
		line(out, names, values, "致电",
		    arena_printf(w->arena, "%d 位客户", calls));
	if (drafts > 0)
		line(out, names, values, "微信",
		    arena_printf(w->arena, "%d 条待发送", drafts));
	if (n > calls + drafts)
		line(out, names, values, "其他",
		    arena_printf(w->arena, "%d 项", n - calls - drafts));
	if (first != MS_NEVER)
		line(out, names, values, "最早截止", when(w, first));
}
