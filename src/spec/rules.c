/* rules.c - what ends a run or answers a customer: goal, exits, replies. */
#include <stdlib.h>
#include <string.h>

#include "read.h"
#include "spec/schema.h"

#define WINDOW_DEFAULT (30 * MS_DAY)
#define WINDOW_MAX (90 * MS_DAY)

static const char *const from_names[] = { "entry", "submit", "click", NULL };

static void
goal_read(struct reading *rd, const struct yaml *y)
{
	struct playbook *p = rd->playbook;
	struct report *r = rd->report;
	const struct yaml *v;
	int word;

	if (y == NULL || !schema_check(y, &schema_goal, r))
		return;
	p->goal.at = y->at;
	if ((v = yaml_get(y, "on")) == NULL)
		report_add(r, SEV_ERROR, y->at, "missing", "write on: EVENT",
		    "the goal names no event");
	else
		event_name_read(v, &p->goal.on, r);
	p->goal.where = cond_read(rd->arena, yaml_get(y, "where"), PATH_EVENT | rd->subject, r);
	v = yaml_get(y, "window");
	if (yaml_duration(v, &p->goal.window, r) && p->goal.window > WINDOW_MAX)
		report_add(r, SEV_ERROR, v->at, "range", "",
		    "a goal counts for 90d at most, this is %s", v->text);
	if (yaml_enum(yaml_get(y, "from"), from_names, &word, r))
		p->goal.from = (enum goal_from)word;
	if ((v = yaml_get(y, "then")) != NULL)
		action_read(rd, v, ACTION_AT_END, &p->goal.then);
}

static void
exit_read(struct reading *rd, const struct yaml *y, struct exit_rule *out)
{
	const struct yaml *on = yaml_get(y, "on"), *when = yaml_get(y, "when"),
			  *where = yaml_get(y, "where"), *then = yaml_get(y, "then");
	struct report *r = rd->report;

	out->at = y->at;
	if (!schema_check(y, &schema_exit, r))
		return;
	if ((on == NULL) == (when == NULL) && schema_all_known(y))
		report_add(r, SEV_ERROR, y->at, "exit",
		    "write on: EVENT (with where: for its details) or when: CONDITION",
		    "an exit has one of \"on\" and \"when\"");
	if (where != NULL && on == NULL)
		report_add(r, SEV_ERROR, yaml_key_at(y, "where"), "exit", "",
		    "\"where\" is used together with \"on\"");
	if (on != NULL)
		event_name_read(on, &out->on, r);
	out->when = on != NULL ? cond_read(rd->arena, where, PATH_EVENT | rd->subject, r)
			       : cond_read(rd->arena, when, PATH_CONDITION | rd->subject, r);
	if (then != NULL)
		action_read(rd, then, ACTION_AT_END, &out->then);
}

static void
mark_read(
    struct reading *rd, const struct yaml *name, const struct yaml *y, struct milestone *out)
{
	const struct yaml *on;
	struct report *r = rd->report;

	if (!word_read(name, "a mark", false, &out->name, r) ||
	    !schema_check(y, &schema_mark, r))
		return;
	if ((on = yaml_get(y, "on")) == NULL)
		report_add(r, SEV_ERROR, y->at, "missing", "write on: EVENT",
		    "the mark names no event");
	else
		event_name_read(on, &out->on, r);
	out->where = cond_read(rd->arena, yaml_get(y, "where"), PATH_EVENT | rd->subject, r);
}

static void
marks_read(struct reading *rd, const struct yaml *y)
{
	struct playbook *p = rd->playbook;
	int i;

	if (y == NULL)
		return;
	if (y->kind != YAML_MAP || y->n == 0) {
		report_add(rd->report, SEV_ERROR, y->at, "type",
		    "write marks: { NAME: { on: EVENT } }", "marks need names");
		return;
	}
	p->n_marks = y->n;
	p->marks = arena_array(rd->arena, struct milestone, y->n);
	for (i = 0; i < y->n; i++) {
		((struct yaml *)y)->read[i] = true;
		mark_read(rd, y->keys[i], y->items[i], &p->marks[i]);
	}
}

/* A reply is matched by words; what looks like a pattern would never match. */
static bool
is_pattern(const char *w)
{
	size_t n = strlen(w);

	return (n > 2 && w[0] == '/' && w[n - 1] == '/') || strstr(w, ".*") != NULL ||
	       strstr(w, "\\d") != NULL || (n > 1 && (w[0] == '^' || w[n - 1] == '$')) ||
	       strstr(w, "(?") != NULL || (n > 1 && strchr(w, '*') != NULL) ||
	       (strchr(w, '[') != NULL && strchr(w, ']') != NULL);
}

static void
words_read(struct reading *rd, const struct yaml *y, enum reply_match match,
    struct reply_rule *out)
{
	int n, i;

	out->match = match;
	if (!yaml_strings(rd->arena, y, &out->words, &n, rd->report))
		return;
	if (n == 0)
		report_add(rd->report, SEV_ERROR, y->at, "type", "", "the list is empty");
	for (i = 0; i < n; i++) {
		if (is_pattern(out->words[i]))
			report_add(rd->report, SEV_ERROR,
			    y->kind == YAML_LIST ? y->items[i]->at : y->at, "pattern",
			    "list the words or phrases themselves",
			    "\"%.80s\" looks like a pattern; patterns are not in the "
			    "language",
			    out->words[i]);
	}
}

static void
number_read(struct reading *rd, const struct yaml *y, struct reply_rule *out)
{
	const char *text, *dots, *second;
	size_t n, m;

	out->match = REPLY_NUMBER;
	out->from = 1; /* to 0: none */
	if (!yaml_str(y, &text, rd->report))
		return;
	n = strspn(text, "0123456789");
	dots = text + n;
	second = strncmp(dots, "..", 2) == 0 ? dots + 2 : text;
	m = strspn(second, "0123456789");
	if (n == 0 || n > 6 || m == 0 || m > 6 || second[m] != '\0' ||
	    atoi(second) < atoi(text)) {
		report_add(rd->report, SEV_ERROR, y->at, "type",
		    "write one number, or from..to as in 0..6",
		    "\"%.80s\" is not a range of numbers", text);
		return;
	}
	out->from = atoi(text);
	out->to = atoi(second);
}

static void
reply_read(struct reading *rd, const struct yaml *y, struct reply_rule *out)
{
	const struct yaml *is = yaml_get(y, "is"), *has = yaml_get(y, "has"),
			  *number = yaml_get(y, "number"), *then = yaml_get(y, "then");
	struct report *r = rd->report;

	out->at = y->at;
	out->words = arena_array(rd->arena, const char *, 1);
	if (!schema_check(y, &schema_reply, r))
		return;
	if ((is != NULL) + (has != NULL) + (number != NULL) != 1 && schema_all_known(y))
		report_add(r, SEV_ERROR, y->at, "reply",
		    "write is: WORD for the whole text, has: PHRASE, or number: 0..6",
		    "a reply has one of \"is\", \"has\" and \"number\"");
	if (is != NULL)
		words_read(rd, is, REPLY_IS, out);
	if (has != NULL)
		words_read(rd, has, REPLY_HAS, out);
	if (number != NULL)
		number_read(rd, number, out);
	if (then == NULL)
		report_add(r, SEV_ERROR, y->at, "missing",
		    "write then: with a step id or actions", "the reply leads nowhere");
	else
		action_read(rd, then, ACTION_IN_RUN, &out->then);
}

static bool
is_list(const struct yaml *y, const char *key, struct report *r)
{
	if (y == NULL || y->kind == YAML_LIST)
		return y != NULL;
	report_add(r, SEV_ERROR, y->at, "type", "begin each with \"- \"",
	    "\"%s\" is a list", key);
	return false;
}

void
rules_read(struct reading *rd, const struct yaml *root)
{
	const struct yaml *exits = yaml_get(root, "exits"),
			  *replies = yaml_get(root, "replies");
	struct playbook *p = rd->playbook;
	int i;

	p->goal.window = WINDOW_DEFAULT;
	goal_read(rd, yaml_get(root, "goal"));
	marks_read(rd, yaml_get(root, "marks"));
	if (is_list(exits, "exits", rd->report)) {
		p->n_exits = exits->n;
		p->exits = arena_array(rd->arena, struct exit_rule, exits->n);
		for (i = 0; i < exits->n; i++)
			exit_read(rd, exits->items[i], &p->exits[i]);
	}
	if (is_list(replies, "replies", rd->report)) {
		p->n_replies = replies->n;
		p->replies = arena_array(rd->arena, struct reply_rule, replies->n);
		for (i = 0; i < replies->n; i++)
			reply_read(rd, replies->items[i], &p->replies[i]);
	}
}
