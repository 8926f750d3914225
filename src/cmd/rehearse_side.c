#include "rehearse_side.h"

#include <string.h>

static const char *
member(const json_t *j, const char *name)
{
	const char *s = json_string_value(json_object_get(j, name));

	return s == NULL ? "" : s;
}

static void
touch_free(gpointer p)
{
	struct rehearse_touch *t = p;

	g_free(t->key);
	json_decref(t->json);
	g_free(t);
}

/* Runs have other ids on the other side: the nth message of the step names it. */
static char *
key_of(struct rehearse_side *s, const json_t *j, bool count)
{
	char *step = g_strdup_printf("%s\n%s\n%s", member(j, "customer"),
	    member(j, "playbook"), member(j, "step"));
	int n = GPOINTER_TO_INT(g_hash_table_lookup(s->counts, step));
	char *key = g_strdup_printf("%s\n%d", step, n);

	if (count)
		g_hash_table_insert(s->counts, step, GINT_TO_POINTER(n + 1));
	else
		g_free(step);
	return key;
}

static void
sum_up(struct rehearse_sum *sum, const struct rehearse_touch *t)
{
	sum->messages += !t->task;
	sum->tasks += t->task;
	sum->cost += t->cost;
}

static void
message(struct rehearse_side *s, json_t *j)
{
	struct rehearse_touch *t = g_new0(struct rehearse_touch, 1);
	char *date = g_strndup(member(j, "at"), 10);
	struct rehearse_sum *day = g_hash_table_lookup(s->days, date);

	t->key = key_of(s, j, true);
	t->json = json_incref(j);
	t->cost = json_number_value(json_object_get(j, "cost"));
	t->task = strcmp(member(j, "channel"), "phone") == 0;
	clock_parse(member(j, "at"), &t->at);
	if (day == NULL) {
		day = g_new0(struct rehearse_sum, 1);
		g_hash_table_insert(s->days, g_strdup(date), day);
	}
	sum_up(day, t);
	sum_up(&s->sum, t);
	g_ptr_array_add(s->touches, t);
	g_hash_table_insert(s->by_key, t->key, t);
	g_free(date);
}

static void
heard(void *arg, const char *line)
{
	struct rehearse_side *s = arg;
	json_t *j = json_loads(line, 0, NULL);

	if (strcmp(member(j, "type"), "message") == 0)
		message(s, j);
	else if (strcmp(member(j, "type"), "nonmessage") == 0)
		g_hash_table_replace(s->refused, key_of(s, j, false), json_incref(j));
	else if (strcmp(member(j, "type"), "parts") == 0)
		s->parts = (int)json_integer_value(json_object_get(j, "parts"));
	json_decref(j);
}

static void
forget(gpointer j)
{
	json_decref(j);
}

struct rehearse_side *
rehearse_side_play(const struct rehearse_options *o, struct catalog *cat, struct err *e)
{
	struct rehearse_side *s = g_new0(struct rehearse_side, 1);
	struct rehearse_lines *lines =
	    rehearse_lines_new(stdout, true, cat->config->entity.zone);
	int rc;

	s->touches = g_ptr_array_new_with_free_func(touch_free);
	s->by_key = g_hash_table_new(g_str_hash, g_str_equal);
	s->refused = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, forget);
	s->counts = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	s->days = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	rehearse_lines_listen(lines, heard, s);
	rc = rehearse_play(o, cat, lines, &s->balance, e);
	rehearse_lines_free(lines);
	if (rc == 0)
		return s;
	rehearse_side_free(s);
	return NULL;
}

void
rehearse_side_free(struct rehearse_side *s)
{
	if (s == NULL)
		return;
	g_hash_table_unref(s->by_key);
	g_ptr_array_unref(s->touches);
	g_hash_table_unref(s->refused);
	g_hash_table_unref(s->counts);
	g_hash_table_unref(s->days);
	g_free(s);
}
