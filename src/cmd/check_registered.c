#include "check_registered.h"

#include <string.h>

#include <jansson.h>

#include "core/policy.h"
#include "core/registered_text.h"
#include "spec/catalog.h"
#include "pages.h"
#include "spec/wording.h"

const struct account *
check_registered_account(const struct config *cfg, const char *name)
{
	const struct account *found = cfg == NULL ? NULL : config_account(cfg, name);

	for (int i = 0; cfg != NULL && found == NULL && i < cfg->n_accounts; i++)
		if (strcmp(cfg->accounts[i].type, name) == 0)
			found = &cfg->accounts[i];
	return found;
}

static const char *
word(const json_t *j, const char *key)
{
	const char *s = json_string_value(json_object_get(j, key));

	return s == NULL ? "" : s;
}

/* As the store finds it: the account's own row before its type's, that of the signature
 * before that of all. */
static const json_t *
row_of(
    const json_t *all, const struct account *acc, const char *signature, const char *code)
{
	const json_t *one, *best = NULL;
	int rank = -1;
	size_t i;

	json_array_foreach(json_object_get(all, "texts"), i, one)
	{
		const char *place = word(one, "account"), *sig = word(one, "signature");
		bool own = strcmp(place, acc->name) == 0,
		     its = strcmp(sig, signature) == 0;
		int now = 2 * own + its;

		if (strcmp(word(one, "code"), code) != 0 ||
		    (!own && strcmp(place, acc->type) != 0) || (!its && *sig != '\0') ||
		    now <= rank)
			continue;
		rank = now;
		best = one;
	}
	return best;
}

/* ---- of a set ---- */

struct comparing {
	const struct catalog *cat;
	const json_t *all;
	struct arena *arena;
	struct report *report;
};

static const struct liquid *
partial(void *arg, const char *name)
{
	const struct catalog *cat = arg;

	return g_hash_table_lookup(cat->partials, name);
}

static void
compare(const struct comparing *c, const struct template *t, const struct account *acc,
    const struct registered *g)
{
	const char *sig =
	    acc->signature != NULL ? acc->signature : c->cat->config->entity.name;
	const json_t *row = row_of(c->all, acc, sig, g->code);
	struct wording said;

	if (row == NULL) {
		report_add(c->report, SEV_WARNING, g->at, "registered",
		    "`reachd template import FILE --account NAME` takes the export of "
		    "its console",
		    "%s is not in the registry of \"%s\"", g->code, acc->name);
		return;
	}
	if (registered_status(word(row, "status")) != REGISTERED_APPROVED) {
		report_add(c->report, SEV_ERROR, g->at, "registered",
		    "wait until it is approved and import the list again, or name "
		    "another code",
		    "the text of %s is %s at \"%s\"", g->code, word(row, "status"),
		    acc->name);
		return;
	}
	if (wording_compare(c->arena, t, g, word(row, "text"), partial,
		(void *)(uintptr_t)c->cat, &said) != 0 ||
	    said.same)
		return;
	report_add(c->report, said.sure ? SEV_ERROR : SEV_WARNING, g->at, "registered",
	    said.sure
		? "write it as it is registered, or have it registered anew and import "
		  "the list again"
		: "it differs in one of its turns at least: look at `reachd render "
		  "--account`",
	    "%s", wording_told(c->arena, &said, g->code, acc->name));
}

static void
compare_all(const struct comparing *c)
{
	const struct config *cfg = c->cat->config;
	GHashTableIter it;
	gpointer v;

	g_hash_table_iter_init(&it, c->cat->templates);
	while (g_hash_table_iter_next(&it, NULL, &v)) {
		const struct template *t = v;

		for (int i = 0; i < cfg->n_accounts; i++) {
			const struct account *acc = &cfg->accounts[i];
			const struct registered *g =
			    template_registered(t, acc->name, acc->type);

			if (g != NULL && (acc->channels & BIT(t->channel)))
				compare(c, t, acc, g);
		}
	}
}

int
check_registered(
    const char *const *paths, const struct client *c, const char *verb, struct report *r)
{
	struct report *again = report_new();
	struct catalog *cat = catalog_load_dry(paths, again);
	json_t *all = NULL;
	int code = pages_get(
		c, &(struct pages){ verb, "/v1/templates", "texts", NULL, 0 }, &all);

	if (code == 0 && cat != NULL) {
		struct comparing g = { cat, all, arena_new(), r };

		compare_all(&g);
		arena_free(g.arena);
	} else if (code == 0) {
		report_add(r, SEV_WARNING, (struct pos){ paths[0], 0, 0 }, "missing",
		    "name the directories, as in: reachd check config templates "
		    "--registered",
		    "a part of a set is not compared with what is registered");
	}
	json_decref(all);
	catalog_unref(cat);
	report_free(again);
	return code;
}

/* ---- of one text ---- */

int
check_registered_find(const struct client *c, struct arena *a, const struct account *acc,
    const char *signature, const struct coded *values, const char *said,
    struct registered_there *out, struct err *e)
{
	json_t *all = NULL;
	const json_t *row;
	const char *filled;

	if (pages_get(c,
		&(struct pages){ "render", "/v1/templates", "texts", NULL, 0 }, &all) != 0)
		return err_set(
		    e, ERR_IO, "what is registered is known to the daemon alone");
	row = row_of(all, acc, signature, values->code);
	if (row == NULL) {
		json_decref(all);
		return err_set(e, ERR_INPUT,
		    "%s is not in the registry of \"%s\": `reachd template import FILE "
		    "--account %s`",
		    values->code, acc->name, acc->name);
	}
	*out = (struct registered_there){ .code = arena_strdup(a, values->code),
		.status = arena_strdup(a, word(row, "status")) };
	filled = registered_fill(a, word(row, "text"), values->names, values->values,
	    values->n, &out->missing);
	out->same = filled != NULL && registered_same(filled, said, &out->character);
	out->text = arena_printf(
	    a, "【%s】%s", signature, filled != NULL ? filled : word(row, "text"));
	json_decref(all);
	return 0;
}
