/* test_judge.c - the timeline that came, held against the one expected. */
#include <string.h>

#include "core/message.h"
#include "test.h"

const char *
test_member(const json_t *j, const char *name, char *scratch)
{
	const json_t *v = json_object_get(j, name);

	if (json_is_integer(v))
		g_snprintf(scratch, 32, "%" JSON_INTEGER_FORMAT, json_integer_value(v));
	else if (json_is_real(v))
		g_ascii_formatd(scratch, 32, "%.10g", json_real_value(v));
	if (json_is_number(v))
		return scratch;
	return json_is_true(v)     ? "true"
	       : json_is_false(v)  ? "false"
	       : json_is_string(v) ? json_string_value(v)
				   : "";
}

/* text_has, detail_has: every one of the words is there. */
static bool
has_all(const char *text, const char *const *words)
{
	for (; *words != NULL; words++)
		if (strstr(text, *words) == NULL)
			return false;
	return true;
}

static bool
holds(const struct test_line *l, const struct scenario_fact *f)
{
	char scratch[32];

	if (strcmp(f->name, "text_has") == 0)
		return has_all(test_member(l->json, "text", scratch), f->values);
	if (strcmp(f->name, "detail_has") == 0)
		return has_all(test_member(l->json, "detail", scratch), f->values);
	if (strcmp(f->name, "state") == 0)
		return g_strv_contains(f->values, fsm_name(&message_fsm, l->state));
	return g_strv_contains(f->values, test_member(l->json, f->name, scratch));
}

static bool
fits(const struct test_line *l, const struct scenario_row *row)
{
	if (row->nonmessage != l->nonmessage)
		return false;
	for (int i = 0; i < row->is.n; i++)
		if (!holds(l, &row->is.facts[i]))
			return false;
	return true;
}

static bool
in_time(const struct test_line *l, const struct scenario_time *when)
{
	if (when->at.file == NULL)
		return true;
	return l->local.day == when->day &&
	       (when->minute < 0 || (l->local.minute >= when->minute &&
					l->local.minute <= when->minute_to));
}

/* Is the timeline about this line? */
static bool
concerns(const struct scenario *s, const struct test_line *l)
{
	char scratch[32];

	return (s->only_customers == NULL ||
		   g_strv_contains(
		       s->only_customers, test_member(l->json, "customer", scratch))) &&
	       (s->only_playbooks == NULL ||
		   g_strv_contains(
		       s->only_playbooks, test_member(l->json, "playbook", scratch)));
}

/* The first line that fits from `after` on and is not another row's. */
static struct test_line *
find(const struct test *t, const struct scenario_row *row, ms_t after)
{
	for (guint i = 0; i < t->told->len; i++) {
		struct test_line *l = t->told->pdata[i];

		if (!l->matched && l->at >= after && concerns(t->s, l) &&
		    in_time(l, &row->when) && fits(l, row))
			return l;
	}
	return NULL;
}

static void
judge_not(struct test *t, const struct scenario_row *row)
{
	for (guint i = 0; i < t->told->len; i++) {
		const struct test_line *l = t->told->pdata[i];

		if (concerns(t->s, l) && in_time(l, &row->when) && fits(l, row)) {
			test_fail(t, row->is.at, "this came and must not");
			return;
		}
	}
}

static const char *
clock_of(const struct local *l, char buf[32])
{
	g_snprintf(buf, 32, "%02d:%02d", l->minute / 60, l->minute % 60);
	return buf;
}

/* Names of the playbooks in force, or of their steps and templates. */
static GPtrArray *
names_of(const struct test *t, const char *member)
{
	const struct catalog *cat = engine_catalog(town_engine(t->town));
	GPtrArray *names = g_ptr_array_new();

	for (int i = 0; i < cat->n_versions; i++) {
		const struct playbook *p = cat->versions[i]->playbook;

		if (strcmp(member, "playbook") == 0)
			g_ptr_array_add(names, (gpointer)p->name);
		for (int k = 0; strcmp(member, "step") == 0 && k < p->n_steps; k++)
			g_ptr_array_add(names, (gpointer)p->steps[k].id);
	}
	g_ptr_array_add(names, NULL);
	return names;
}

/* A slip of the pen in a name. */
static void
doubt_names(struct test *t, const struct scenario_row *row)
{
	static const char *const members[] = { "playbook", "step", NULL };

	for (int i = 0; i < row->is.n; i++) {
		const struct scenario_fact *f = &row->is.facts[i];
		const char *const *names, *near;
		GPtrArray *list;

		if (!g_strv_contains(members, f->name))
			continue;
		list = names_of(t, f->name);
		names = (const char *const *)list->pdata;
		near = report_nearest(f->values[0], names);
		if (!g_strv_contains(names, f->values[0]))
			test_fail(t, f->at, "there is no %s \"%s\"%s%s%s", f->name,
			    f->values[0], near != NULL ? "; did you mean \"" : "",
			    near != NULL ? near : "", near != NULL ? "\"?" : "");
		g_ptr_array_unref(list);
	}
}

/* Not at its time: at another perhaps. */
static void
did_not_come(struct test *t, const struct scenario_row *row)
{
	struct scenario_row whenever = *row;
	const struct test_line *l;
	char buf[32];

	whenever.when.at.file = NULL;
	l = find(t, &whenever, 0);
	if (l == NULL) {
		test_fail(t, row->is.at, "this did not come");
		doubt_names(t, row);
	} else
		test_fail(t, row->is.at, "this did not come then, but on day %d at %s",
		    (int)(l->local.day - t->s->first_day + 1), clock_of(&l->local, buf));
	g_array_append_val(t->missing, row);
}

static void
judge_rest(struct test *t)
{
	int n = 0;
	struct pos at = t->s->at;

	for (guint i = 0; i < t->told->len; i++) {
		const struct test_line *l = t->told->pdata[i];

		n += !l->nonmessage && !l->matched && concerns(t->s, l);
	}
	if (t->s->n_rows > 0)
		at = t->s->rows[t->s->n_rows - 1].is.at;
	if (n > 0)
		test_fail(t, at, "%d message%s came and %s not expected (+ below)", n,
		    n == 1 ? "" : "s", n == 1 ? "is" : "are");
}

void
test_judge(struct test *t)
{
	const struct scenario *s = t->s;
	ms_t after = 0;

	if (!s->has_timeline)
		return;
	for (int i = 0; i < s->n_rows; i++) {
		struct test_line *l = s->rows[i].not ? NULL : find(t, &s->rows[i], after);

		if (l != NULL) {
			l->matched = true;
			after = l->at - l->at % MS_MINUTE; /* a minute has no order */
		}
		if (s->rows[i].not )
			judge_not(t, &s->rows[i]);
		else if (l == NULL)
			did_not_come(t, &s->rows[i]);
	}
	judge_rest(t);
}
