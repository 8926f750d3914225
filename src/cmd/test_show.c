/* test_show.c - the timeline as text: what came, what is missing, what is too much. */
#include <string.h>

#include "base/text.h"
#include "core/message.h"
#include "test.h"

#define LINES_MAX 60
#define WORDS 24 /* characters of a message shown */

static void
put_when(const struct test *t, int64_t day, int minute, GString *out)
{
	struct date d = date_from_days(day);

	g_string_append_printf(out, "day %-3d %04d-%02d-%02d ",
	    (int)(day - t->s->first_day + 1), d.year, d.month, d.day);
	if (minute >= 0)
		g_string_append_printf(out, "%02d:%02d  ", minute / 60, minute % 60);
	else
		g_string_append(out, "       ");
}

static void
put_words(const json_t *j, GString *out)
{
	char scratch[32], *text = g_strdup(test_member(j, "text", scratch));

	text_clean(text, false);
	text_cut(text, WORDS);
	if (*text != '\0')
		g_string_append_printf(out, "  \"%s\"", text);
	g_free(text);
}

static void
put_line(const struct test *t, const struct test_line *l, GString *out)
{
	static const char *const members[] = { "customer", "playbook", "step",
		"channel" };
	char scratch[32];
	bool extra = t->s->has_timeline && !l->matched && !l->nonmessage;

	g_string_append(out, extra ? "    + " : l->nonmessage ? "    . " : "      ");
	put_when(t, l->local.day, l->local.minute, out);
	for (size_t i = 0; i < G_N_ELEMENTS(members); i++)
		g_string_append_printf(
		    out, "%s  ", test_member(l->json, members[i], scratch));
	if (l->nonmessage) {
		bool final = json_is_true(json_object_get(l->json, "final"));

		g_string_append_printf(out, "%s: %s", final ? "not sent" : "held",
		    test_member(l->json, "reason", scratch));
		if (*test_member(l->json, "detail", scratch) != '\0')
			g_string_append_printf(
			    out, " (%s)", test_member(l->json, "detail", scratch));
	} else {
		g_string_append(out, fsm_name(&message_fsm, l->state));
		put_words(l->json, out);
	}
	g_string_append_c(out, '\n');
}

static void
put_row(const struct test *t, const struct scenario_row *row, GString *out)
{
	g_string_append(out, "    - ");
	if (row->when.at.file != NULL)
		put_when(t, row->when.day, row->when.minute, out);
	for (int i = 0; i < row->is.n; i++) {
		char *values = g_strjoinv(", ", (char **)row->is.facts[i].values);

		g_string_append_printf(out, "%s %s  ", row->is.facts[i].name, values);
		g_free(values);
	}
	g_string_append_printf(out, " (line %d)\n", row->is.at.line);
}

/* Rows that did not come, before the first line that is later. */
static guint
put_missing(
    const struct test *t, guint from, const struct test_line *before, GString *out)
{
	for (; from < t->missing->len; from++) {
		const struct scenario_row *row =
		    g_array_index(t->missing, const struct scenario_row *, from);

		if (before != NULL && (before->local.day < row->when.day ||
					  (before->local.day == row->when.day &&
					      before->local.minute < row->when.minute)))
			break;
		put_row(t, row, out);
	}
	return from;
}

static bool
is_his(const struct test_line *l, const char *customer)
{
	char scratch[32];

	return customer == NULL ||
	       strcmp(test_member(l->json, "customer", scratch), customer) == 0;
}

void
test_show(const struct test *t, const struct test_options *o, GString *out)
{
	guint missing = 0, shown = 0, more = 0;

	g_string_append(out, "  what came (+ not expected, - did not come, . held or not "
			     "sent), in the customer's time:\n");
	for (guint i = 0; i < t->told->len; i++) {
		if (!is_his(t->told->pdata[i], o->customer))
			continue;
		if (shown == LINES_MAX && !o->all && o->customer == NULL) {
			more++;
			continue;
		}
		missing = put_missing(t, missing, t->told->pdata[i], out);
		put_line(t, t->told->pdata[i], out);
		shown++;
	}
	put_missing(t, missing, NULL, out);
	if (more > 0)
		g_string_append_printf(out,
		    "      and %u more: --all shows them, --customer ID those of one "
		    "customer\n",
		    more);
}
