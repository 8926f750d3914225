/* reply_overlap.c - replies that another rule takes before they are asked. */
#include <string.h>

#include "core/reply.h"
#include "read.h"
#include "set.h"

/* What the words of the policy make of every answer that the rule would take; NULL: there
 * are some they leave. 取消 is taken alone, 取消预约 is not. */
static const char *
policy_takes(struct arena *a, const struct policy *p, const struct reply_rule *rule,
    const char *word)
{
	struct reply_meaning m;

	reply_classify(a, p,
	    rule->match == REPLY_HAS ? arena_printf(a, "那就 %s 这个", word) : word, &m);
	return m.complaint      ? "complaint"
	       : m.opt_out      ? "opt_out"
	       : m.wrong_person ? "wrong_person"
				: NULL;
}

static void
refuse(
    const struct set *s, const struct reply_rule *rule, const char *word, const char *by)
{
	char *hint =
	    g_strdup_printf("take it out, or choose another word than \"%s\"", word);

	report_add(s->report, SEV_ERROR, rule->at, "overlap", hint,
	    "\"%.80s\" is never asked here: %s", word, by);
	g_free(hint);
}

static void
check_words(const struct set *s, const struct playbook *p, int i)
{
	const struct reply_rule *rule = &p->replies[i], *before;
	struct playbook earlier = *p;
	struct arena *a = arena_new();
	struct reply_score read;

	earlier.n_replies = i;
	for (const char **w = rule->words; *w != NULL; w++) {
		const char *key =
		    s->policy == NULL ? NULL : policy_takes(a, s->policy, rule, *w);

		if (key != NULL) {
			char *by =
			    g_strdup_printf("keywords: %s of the policy takes it", key);

			refuse(s, rule, *w, by);
			g_free(by);
			continue;
		}
		before = reply_match(a, &earlier, *w, true, &read);
		/* A phrase goes on where only the whole text was taken. */
		if (before != NULL &&
		    (rule->match == REPLY_IS || before->match == REPLY_HAS))
			refuse(s, rule, *w, "a rule above takes it");
	}
	arena_free(a);
}

static void
check_number(const struct set *s, const struct playbook *p, int i)
{
	const struct reply_rule *rule = &p->replies[i];

	for (int k = 0; k < i; k++) {
		const struct reply_rule *o = &p->replies[k];
		/* One that goes further takes what is left: that is meant. */
		if (o->match == REPLY_NUMBER && rule->from <= rule->to &&
		    o->from <= rule->from && rule->to <= o->to)
			report_add(s->report, SEV_ERROR, rule->at, "overlap",
			    "take it out, or write it before the wider one",
			    "no number is ever asked here: %d..%d above takes them",
			    o->from, o->to);
	}
}

void
replies_check(const struct set *s, const struct playbook *p)
{
	for (int i = 0; i < p->n_replies; i++)
		if (p->replies[i].match == REPLY_NUMBER)
			check_number(s, p, i);
		else
			check_words(s, p, i);
}
