/* path.c - the paths conditions, templates and requests may use. */
#include <string.h>

#include "core/signal.h"
#include "read.h"
#include "spec/record.h"

static const char *const columns[] = { "id", "name", "salutation", "gender", "phone", "email",
	"wecom", "push", "tier", "stage", "store", "advisor", "tz", "birthday", "first_visit",
	"last_visit", "visits", "spend_12m", "consent", "tags", "segments", "kind", "contact_name",
	"household", NULL };
/* Attributes that are computed; people and playbooks may set the latter ones. */
static const char *const computed[] = { "lifecycle", "dormant_type", "lost_cause",
	"lost_duration", "give_up_reason", NULL };
static const char *const entity_names[] = { "name", "phone", NULL };
static const char *const store_names[] = { "id", "name", "phone", "address", "map",
	"signature", "hours", "open_today", NULL };
static const char *const advisor_names[] = { "id", "name", "phone", "wecom", "role", NULL };
/* Beside the columns of its file. */
static const char *const vehicle_names[] = { "next_service", "battery_check", NULL };
static const char *const offer_names[] = { "name", "title", "value", "expires", NULL };
/* Of an answer, where no event is at hand. */
static const char *const answer_names[] = { "text", "score", "value", "comment", "channel",
	"at", NULL };
static const char *const link_names[] = { "unsubscribe", NULL };
static const char *const parcel_names[] = { "to", "text", "ref", "subject", "html",
	"unsubscribe", "channel", "category", NULL };

static const struct root {
	const char *name;
	int use;                  /* bit set of enum path_use */
	const char *const *names; /* NULL: any, or those of the kind */
	bool bare;                /* the root itself is a value */
	const struct record_kind *kind;
	int subject; /* only beside one of these */
} roots[] = {
	{ "customer", PATH_CONDITION | PATH_EVENT | PATH_MESSAGE, NULL, false, NULL, 0 },
	{ "signals", PATH_CONDITION | PATH_EVENT | PATH_MESSAGE, NULL, false, NULL, 0 },
	{ "event", PATH_EVENT, NULL, false, NULL, 0 },
	{ "event", PATH_MESSAGE | PATH_ANSWER, answer_names, false, NULL, 0 },
	{ "entity", PATH_MESSAGE, entity_names, false, NULL, 0 },
	{ "store", PATH_CONDITION | PATH_EVENT | PATH_MESSAGE, store_names, false, NULL, 0 },
	{ "advisor", PATH_MESSAGE, advisor_names, false, NULL, 0 },
	{ "vehicle", PATH_CONDITION | PATH_EVENT | PATH_MESSAGE, vehicle_names, false,
	    &record_vehicle, PATH_VEHICLE },
	{ "appointment", PATH_CONDITION | PATH_EVENT | PATH_MESSAGE, NULL, false,
	    &record_appointment, PATH_APPOINTMENT },
	{ "order", PATH_CONDITION | PATH_EVENT | PATH_MESSAGE, NULL, false, &record_order,
	    PATH_ORDER },
	{ "vehicles", PATH_MESSAGE, NULL, true, NULL, PATH_VEHICLE },
	{ "offer", PATH_CONDITION | PATH_EVENT | PATH_MESSAGE, offer_names, false, NULL, 0 },
	{ "message", PATH_MESSAGE, link_names, false, NULL, 0 },
	{ "message", PATH_REQUEST, parcel_names, false, NULL, 0 },
	{ "credential", PATH_REQUEST, NULL, false, NULL, 0 },
	{ "content", PATH_MESSAGE, NULL, true, NULL, 0 }, /* what a layout is put around */
	{ "now", PATH_MESSAGE, NULL, true, NULL, 0 },
};

#define ANY_USE \
	(PATH_CONDITION | PATH_EVENT | PATH_MESSAGE | PATH_REQUEST | PATH_ANSWER)

int
path_of_subject(enum subject s)
{
	switch (s) {
	case SUBJECT_VEHICLE:
		return PATH_VEHICLE;
	case SUBJECT_APPOINTMENT:
		return PATH_APPOINTMENT | PATH_VEHICLE;
	case SUBJECT_ORDER:
		return PATH_ORDER | PATH_VEHICLE;
	default:
		return 0;
	}
}

bool
path_is_column(const char *name)
{
	return g_strv_contains(columns, name);
}

/* The names of a root; NULL: any. */
static const char *const *
names_of(const struct root *w)
{
	return strcmp(w->name, "signals") == 0 ? signal_names() : w->names;
}

/* Splits "customer.tier.size" into root and second name; name "" when there is none. */
static void
split(const char *dotted, char *root, char *name, size_t n)
{
	const char *dot = strchr(dotted, '.');
	size_t len = dot == NULL ? strlen(dotted) : (size_t)(dot - dotted);

	g_strlcpy(root, dotted, MIN(n, len + 1));
	g_strlcpy(name, dot == NULL ? "" : dot + 1, n);
	name[strcspn(name, ".[")] = '\0';
	root[strcspn(root, "[")] = '\0';
}

static bool
has_name(const struct root *w, const char *name)
{
	const char *const *names = names_of(w);

	if (names != NULL && g_strv_contains(names, name))
		return true;
	return w->kind != NULL ? record_has_path(w->kind, name) : names == NULL;
}

static bool
defined(const char *root, const char *name, int use)
{
	size_t i;

	for (i = 0; i < G_N_ELEMENTS(roots); i++) {
		const struct root *w = &roots[i];

		if ((w->use & use) == 0 || strcmp(w->name, root) != 0 ||
		    (w->subject != 0 && (w->subject & use) == 0))
			continue;
		if (w->bare || (name[0] != '\0' && has_name(w, name)))
			return true;
	}
	return false;
}

int
path_subjects(const char *dotted)
{
	char root[80], name[80];

	split(dotted, root, name, sizeof(root));
	for (size_t i = 0; i < G_N_ELEMENTS(roots); i++)
		if (strcmp(roots[i].name, root) == 0)
			return roots[i].subject;
	return 0;
}

bool
path_has_root(const char *dotted)
{
	char root[80], name[80];
	size_t i;

	split(dotted, root, name, sizeof(root));
	for (i = 0; i < G_N_ELEMENTS(roots); i++) {
		if (strcmp(roots[i].name, root) == 0)
			return true;
	}
	return false;
}

/* The cell a path of a kind is read from; NULL: it is computed, or an attribute. */
static const struct record_field *
field_of(const struct record_kind *k, const char *name)
{
	int i;

	for (i = 0; i < k->n_fields; i++) {
		if (strcmp(k->fields[i].name, name) == 0)
			return &k->fields[i];
	}
	return NULL;
}

static const struct record_field *
field_at(const char *dotted, const char **kind)
{
	char root[80], name[80];
	size_t i;

	*kind = NULL;
	split(dotted, root, name, sizeof(root));
	for (i = 0; i < G_N_ELEMENTS(roots); i++) {
		if (roots[i].kind != NULL && strcmp(roots[i].name, root) == 0) {
			*kind = roots[i].name;
			return field_of(roots[i].kind, name);
		}
	}
	return NULL;
}

static const char *const days[] = { "birthday", "first_visit", "last_visit", NULL };

bool
path_may_be_date(const char *dotted)
{
	const char *kind, *name = strchr(dotted, '.');
	const struct record_field *f = field_at(dotted, &kind);

	if (f != NULL)
		return f->cell == CELL_DATE || f->cell == CELL_MOMENT;
	/* Of a vehicle only dates are computed; attributes may be anything. */
	if (kind != NULL)
		return true;
	return g_str_has_prefix(dotted, "customer.") &&
	       (!path_is_column(name + 1) || g_strv_contains(days, name + 1));
}

bool
path_is_day(const char *dotted)
{
	const char *kind, *name = strchr(dotted, '.');
	const struct record_field *f = field_at(dotted, &kind);

	if (f != NULL)
		return f->cell == CELL_DATE;
	return kind != NULL ? strstr(dotted, ".attributes.") == NULL
			    : name != NULL && g_strv_contains(days, name + 1);
}

/* Everything that could have been meant, "customer.tier" and the like. */
static char *
suggest(const char *root, const char *name, int use)
{
	GPtrArray *all = g_ptr_array_new_with_free_func(g_free);
	char *word = g_strdup_printf("%s.%s", root, name), *hint;
	const char *near;
	size_t i, k;

	for (i = 0; i < G_N_ELEMENTS(roots); i++) {
		const struct root *w = &roots[i];
		const char *const *names =
		    strcmp(w->name, "customer") == 0 ? columns : names_of(w);

		if ((w->use & use) == 0 || (w->subject != 0 && (w->subject & use) == 0))
			continue;
		if (w->kind != NULL) {
			const char **paths = record_paths(w->kind);

			for (k = 0; paths[k] != NULL; k++)
				g_ptr_array_add(all, g_strdup_printf("%s.%s", w->name, paths[k]));
			g_free(paths);
		}
		for (k = 0; names != NULL && names[k] != NULL; k++)
			g_ptr_array_add(all, g_strdup_printf("%s.%s", w->name, names[k]));
		if (strcmp(w->name, "event") == 0)
			g_ptr_array_add(all, g_strdup("event.data"));
	}
	g_ptr_array_add(all, NULL);
	near = report_nearest(word, (const char *const *)all->pdata);
	if (near != NULL)
		hint = g_strdup_printf("did you mean \"%s\"?", near);
	else if (path_subjects(root) != 0 && (path_subjects(root) & use) == 0)
		hint = g_strdup_printf("write subject: %s in the playbook",
		    strcmp(root, "vehicles") == 0 ? "vehicle" : root);
	else if (strcmp(root, "event") == 0)
		hint = g_strdup("in texts and branches event. is the last answer: text, score, value, "
				"comment, channel, at; in `where`, beside `on`, the event");
	else if (strcmp(root, "signals") == 0)
		hint = g_strdup("`reachd help signals` lists them");
	else if (strcmp(root, "now") == 0)
		hint = g_strdup("`now` exists in templates only; time a step by a date, as in "
				"before: customer.birthday 3d at 10:00");
	else if (name[0] == '\0')
		hint = g_strdup_printf("put text in quotes: \"%s\"", root);
	else
		hint = g_strdup("paths begin with customer., as in customer.tier");
	g_ptr_array_free(all, TRUE);
	g_free(word);
	return hint;
}

void
path_check(const char *dotted, struct pos at, enum path_use use, struct report *r)
{
	char root[80], name[80], *hint;
	const char *near;

	split(dotted, root, name, sizeof(root));
	if (!defined(root, name, (int)use)) {
		hint = suggest(root, name, (int)use);
		report_add(r, SEV_ERROR, at, "unknown-path", hint,
		    "a path nobody defines: %.80s", dotted);
		g_free(hint);
		return;
	}
	if (strcmp(root, "customer") == 0 && strcmp(name, "consent") == 0) {
		report_add(r, SEV_ERROR, at, "unknown-path", "delete it",
		    "consent is asked before every message, not in conditions and texts");
		return;
	}
	/* Attributes are open-ended, so a slip of the pen can only be guessed at. */
	if (strcmp(root, "customer") != 0 || path_is_column(name) ||
	    g_strv_contains(computed, name))
		return;
	near = report_nearest(name, columns);
	if (near == NULL)
		near = report_nearest(name, computed);
	if (near == NULL)
		return;
	hint = g_strdup_printf("did you mean \"customer.%s\"?", near);
	report_add(r, SEV_WARNING, at, "attribute", hint,
	    "no customer column is called \"%.80s\"; it is read as an attribute", name);
	g_free(hint);
}
