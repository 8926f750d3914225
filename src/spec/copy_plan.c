/* copy_plan.c - texts as the playbooks send them: each touch brings something of its own. */
#include "set.h"

#include <string.h>

#define SAME 0.6 /* alike above this: the touch brings nothing of its own */

/* Behind {{ … }} and {% … %}: names and links are in every text. */
static const char *
behind_liquid(const char *p)
{
	const char *end;

	while (p[0] == '{' && (p[1] == '{' || p[1] == '%')) {
		end = strstr(p, p[1] == '{' ? "}}" : "%}");
		if (end == NULL)
			break;
		p = end + 2;
	}
	return p;
}

static GHashTable *
pairs_of(const char *text, int *n)
{
	GHashTable *pairs = g_hash_table_new(NULL, NULL);
	gunichar before = 0;

	*n = 0;
	for (text = behind_liquid(text); *text != '\0';
	     text = behind_liquid(g_utf8_next_char(text))) {
		gunichar c = g_utf8_get_char(text);
		gpointer key = GUINT_TO_POINTER(before * 0x10001U ^ c);

		if (!g_unichar_isalnum(c))
			continue;
		if (before != 0) {
			(*n)++;
			g_hash_table_insert(pairs, key,
			    GINT_TO_POINTER(
				GPOINTER_TO_INT(g_hash_table_lookup(pairs, key)) + 1));
		}
		before = c;
	}
	return pairs;
}

double
copy_alike(const char *a, const char *b)
{
	int n_a, n_b, common = 0;
	GHashTable *of_a = pairs_of(a, &n_a), *of_b = pairs_of(b, &n_b);
	GHashTableIter it;
	gpointer key, count;

	g_hash_table_iter_init(&it, of_a);
	while (g_hash_table_iter_next(&it, &key, &count)) {
		int other = GPOINTER_TO_INT(g_hash_table_lookup(of_b, key));

		common += MIN(GPOINTER_TO_INT(count), other);
	}
	g_hash_table_unref(of_a);
	g_hash_table_unref(of_b);
	return n_a + n_b == 0 ? 0 : 2.0 * common / (n_a + n_b);
}

/* Candidates of one step may say the same on different channels; steps may not. */
static void
compare(const struct set *s, const struct copy_rule *rule, const struct step *first,
    const struct step *later)
{
	for (int i = 0; i < first->n_sends; i++)
		for (int k = 0; k < later->n_sends; k++) {
			const struct template *a = first->templates[i],
					      *b = later->templates[k];

			char *what;

			if (a == NULL || b == NULL || a == b || a->body_source == NULL ||
			    b->body_source == NULL || !copy_applies(rule, b) ||
			    copy_alike(a->body_source, b->body_source) <= SAME)
				continue;
			what = g_strdup_printf(
			    "\"%s\" says much the same as \"%s\" of step \"%s\"", b->name,
			    a->name, first->id);
			copy_tell(s, rule, later->sends_at[k], what, "");
			g_free(what);
		}
}

/* ---- days that are counted from the day it is read ---- */

static const char *const days[] = { "大前天", "前天", "昨天", "昨日", "昨晚", "今天",
	"今日", "今晚", "今早", "明天", "明日", "明晚", "明早", "大后天", "后天", "刚才",
	"刚刚", "上周", "下周", "本周", "这周", "上星期", "下星期", "这星期", "上个月",
	"下个月", "上月", "下月", NULL };

/* Nights are quiet: what lives no longer than this goes the same day or not at all. */
#define SAME_DAY (2 * MS_HOUR)

/* Quiet hours, caps and whoever has to press send may hold it over midnight. A greeting
 * ends with its day; what is called is said when it is said. */
static bool
may_slip(const struct step *step, const struct template *t)
{
	return t->channel != CHANNEL_PHONE && !t->greeting && step->expires > SAME_DAY;
}

/* Every text that some step sends and that may be held. */
static GPtrArray *
slippery(const struct set *s)
{
	GPtrArray *all = g_ptr_array_new();

	for (guint i = 0; i < s->playbooks->len; i++) {
		const struct set_playbook *one = s->playbooks->pdata[i];
		const struct step *step;

		for (int n = 0; (step = playbook_sender(one->playbook, n)) != NULL; n++)
			for (int k = 0; k < step->n_sends; k++) {
				const struct template *t = step->templates[k];

				if (t != NULL && t->body_source != NULL &&
				    may_slip(step, t) && !g_ptr_array_find(all, t, NULL))
					g_ptr_array_add(all, (void *)(uintptr_t)t);
			}
	}
	return all;
}

static bool
slips(void *arg, const struct copy_rule *rule, const struct template *t)
{
	return copy_applies(rule, t) && g_ptr_array_find(arg, t, NULL);
}

static void
tell_days(const struct set *s, const struct copy_rule *rule, GPtrArray *texts)
{
	for (guint i = 0; i < texts->len; i++)
		if (copy_applies(rule, texts->pdata[i]))
			copy_places_own(s, texts->pdata[i], rule, NULL);
	copy_places_shared(s, rule, slips, texts, NULL);
}

/* 还有3天: what counts down by a number that stands in the text. */
static const struct copy_shape counted = { .id = "relative-day",
	.find = copy_counted,
	.asks_handed = true };

static void
check_days(const struct set *s, struct copy_rule rule)
{
	GPtrArray *texts = slippery(s);

	rule.words = (const char **)(uintptr_t)days;
	tell_days(s, &rule, texts);
	rule.words = NULL;
	if (rule.instead == rule.shape->instead)
		rule.instead = "name the day it ends, as in {{ offer.expires | date: "
			       "\"中文\" }}到期, "
			       "or leave the number out, as in 快到期了";
	rule.shape = &counted;
	tell_days(s, &rule, texts);
	g_ptr_array_unref(texts);
}

void
copy_check_plans(const struct set *s)
{
	const struct copy_rule *alike = copy_rule_named(s, "alike"),
			       *day = copy_rule_named(s, "relative-day");

	if (day != NULL)
		check_days(s, *day);

	for (guint i = 0; alike != NULL && i < s->playbooks->len; i++) {
		const struct set_playbook *one = s->playbooks->pdata[i];
		const struct playbook *p = one->playbook;

		for (int k = 1; k < p->n_steps; k++)
			for (int j = 0; j < k; j++)
				compare(s, alike, &p->steps[j], &p->steps[k]);
	}
}
