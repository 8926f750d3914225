/* longest_own.c - the longest that comes for an attribute of the house's own.
 *
 * Nobody declares attributes. What playbooks set is known; what a text prints as a date or
 * as money, or compares with a number, is one. Anything else may be any text: as long as a
 * model's name, and the hint says how to bound it. */
#include <string.h>

#include "core/value.h"
#include "fold.h"
#include "longest.h"
#include "set.h"

#define FREE "示例文字示例文字示例文字"
#define DAY "2026-12-30"
#define NUMBER 100000

/* ---- what playbooks set ---- */

struct own_value {
	const char *name;
	struct value longest; /* nil: nobody sets it */
};

static size_t
chars_of(const struct value *v)
{
	char number[VALUE_FLOAT_TEXT];

	switch (v->type) {
	case VALUE_STR:
		return value_chars(v->s.p, v->s.len);
	case VALUE_INT:
		return (size_t)g_snprintf(
		    number, sizeof(number), "%" G_GINT64_FORMAT, v->i);
	case VALUE_FLOAT:
		return value_float_text(v->f, number);
	default:
		return strlen("false");
	}
}

static void
see_actions(void *arg, const struct actions *list, const struct step *step)
{
	struct own_value *set = arg;

	(void)step;
	for (int i = 0; i < list->n; i++) {
		const struct action *one = &list->items[i];

		if (one->kind == ACTION_SET && strcmp(one->name, set->name) == 0 &&
		    (set->longest.type == VALUE_NIL ||
			chars_of(&one->value) > chars_of(&set->longest)))
			set->longest = one->value;
	}
}

static struct value
longest_set(const struct set *s, const char *name)
{
	struct own_value set = { name, VALUE_NONE };

	for (guint i = 0; i < s->playbooks->len; i++)
		actions_each(((struct set_playbook *)s->playbooks->pdata[i])->playbook,
		    see_actions, &set);
	return set.longest;
}

/* ---- what a text does with it ---- */

enum use { USE_TEXT, USE_DATE = 1, USE_NUMBER = 2, USE_BOUNDED = 4 };

static bool
has_any(const char *p, size_t len, const char *const *words)
{
	for (; *words != NULL; words++)
		if (g_strstr_len(p, (gssize)len, *words) != NULL)
			return true;
	return false;
}

static bool
goes_on(char c)
{
	return g_ascii_isalnum(c) || c == '_' || c == '-' || c == '.';
}

static unsigned
use_in(const char *text, const char *dotted)
{
	static const char *const dates[] = { "|date", NULL },
				 *const numbers[] = { "|money", "|plus", "|minus",
					 "|times", "|divided_by", "|round", "|ceil",
					 "|floor", "|abs", "|at_least", "|at_most",
					 "|modulo", NULL },
				 *const bounds[] = { "|truncate", "|slice", NULL };
	struct fold f;
	unsigned use = USE_TEXT;

	fold_init(&f, text);
	for (const char *p = f.text; (p = strstr(p, dotted)) != NULL;) {
		const char *end;
		size_t len;

		p += strlen(dotted);
		if (goes_on(*p))
			continue;
		end = strpbrk(p, "}%");
		len = end == NULL ? strlen(p) : (size_t)(end - p);
		use |= has_any(p, len, dates) ? USE_DATE : 0;
		use |= has_any(p, len, bounds) ? USE_BOUNDED : 0;
		if (has_any(p, len, numbers) ||
		    ((*p == '<' || *p == '>') && g_ascii_isdigit(p[1 + (p[1] == '=')])))
			use |= USE_NUMBER;
	}
	fold_release(&f);
	return use;
}

static unsigned
use_of(const struct set *s, const struct template *t, const char *dotted)
{
	char *low = g_ascii_strdown(dotted, -1);
	unsigned use = use_in(t->source, low);
	GHashTableIter it;
	gpointer p, users;

	g_hash_table_iter_init(&it, s->users);
	while (g_hash_table_iter_next(&it, &p, &users))
		if (g_ptr_array_find(users, t, NULL))
			use |= use_in(((const struct set_partial *)p)->text, low);
	g_free(low);
	return use;
}

/* ---- every one that a text names ---- */

struct naming {
	const struct set *set;
	const struct template *t;
	struct arena *arena;
	struct value_map *customer, *vehicle, *attributes;
	GString *free; /* of the hint; NULL: nobody asks */
};

static const char *
longest_tier(const struct set *s)
{
	const char *longest = "";

	for (int i = 0; s->policy != NULL && i < s->policy->n_tiers; i++)
		if (g_utf8_strlen(s->policy->tiers[i].name, -1) >
		    g_utf8_strlen(longest, -1))
			longest = s->policy->tiers[i].name;
	return longest;
}

static void
tell_free(struct naming *n, const char *dotted)
{
	if (n->free != NULL && strstr(n->free->str, dotted) == NULL)
		g_string_append_printf(
		    n->free, "%s%s", n->free->len > 0 ? " and " : "", dotted);
}

/* Of the customer: name is behind the dot. */
static struct value
longest_of(struct naming *n, const char *dotted, const char *name, bool customer)
{
	struct value set = customer ? longest_set(n->set, name) : VALUE_NONE;
	unsigned use = use_of(n->set, n->t, dotted);

	if (set.type != VALUE_NIL)
		return set;
	if (customer && strcmp(name, "tier") == 0)
		return value_str(longest_tier(n->set));
	if (use & USE_DATE)
		return value_str(DAY);
	if (use & USE_NUMBER)
		return value_int(NUMBER);
	if (!(use & USE_BOUNDED))
		tell_free(n, dotted);
	return value_str(FREE);
}

static void
see_path(void *arg, const char *dotted, struct pos at, bool has_default)
{
	static const char customer[] = "customer.", vehicle[] = "vehicle.attributes.";
	struct naming *n = arg;
	bool own = g_str_has_prefix(dotted, customer);
	struct value_map *into = own ? n->customer : n->attributes;
	const char *name = dotted + (own ? strlen(customer) : strlen(vehicle));
	struct value had;

	(void)at;
	(void)has_default;
	if ((!own && !g_str_has_prefix(dotted, vehicle)) || strchr(name, '.') != NULL ||
	    strcmp(name, "tags") == 0 || strcmp(name, "segments") == 0 ||
	    value_map_get(into, name, strlen(name), &had))
		return;
	value_map_set(n->arena, into, arena_strdup(n->arena, name),
	    longest_of(n, dotted, name, own));
}

void
longest_own(const struct set *s, const struct template *t, struct arena *a,
    struct value_map *customer, struct value_map *vehicle)
{
	struct naming n = { s, t, a, customer, vehicle, value_map_new(a), NULL };

	link_paths(s, t, see_path, &n);
	value_map_set(a, vehicle, "attributes", value_map(n.attributes));
}

char *
longest_free(const struct set *s, const struct template *t, struct arena *a)
{
	struct value_map *customer = longest_customer(a), *none = value_map_new(a);
	struct naming n = { s, t, a, customer, none, value_map_new(a),
		g_string_new(NULL) };

	link_paths(s, t, see_path, &n);
	if (n.free->len > 0) {
		g_string_prepend(n.free, "; 12 characters are counted for ");
		g_string_append(n.free, ": | truncate: 6 bounds what comes");
	}
	return g_string_free(n.free, FALSE);
}
