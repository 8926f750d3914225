#include "registry.h"

#include <string.h>

#include "base/log.h"
#include "core/gate.h"
#include "spec/wording.h"
#include "store/registry.h"

/* What speaks against the row itself; NULL: nothing. */
static const char *
not_approved(struct arena *a, const struct account *acc, const struct registry_row *row)
{
	if (row->status == REGISTERED_APPROVED)
		return NULL;
	return arena_printf(a, "the text of %s is %s at \"%s\"", row->code,
	    registered_status_name(row->status), acc->name);
}

static const char *
wording(struct arena *a, const struct account *acc, const struct registry_row *row,
    const struct coded *c, const char *said)
{
	const char *missing,
	    *filled = registered_fill(a, row->text, c->names, c->values, c->n, &missing);
	int where;

	if (filled == NULL)
		return arena_printf(a,
		    "the text of %s at \"%s\" and our params do not both have the "
		    "variable \"%s\"",
		    row->code, acc->name, missing);
	if (registered_same(filled, said, &where))
		return NULL;
	return arena_printf(a,
	    "the text of %s at \"%s\" reads otherwise from its character %d on",
	    row->code, acc->name, where);
}

/* What the books say of a code. Whole batches have the same: it is read once for each in a
 * row, for nothing writes there while messages begin. */
struct books {
	const struct account *acc;
	const char *code, *signature;
	bool withdrawn, known;
	struct withdrawn gone;
	struct registry_row row;
};

static bool
are_of(const struct books *b, const struct account *acc, const char *code,
    const char *signature)
{
	return b != NULL && b->acc == acc && strcmp(b->code, code) == 0 &&
	       strcmp(b->signature, signature) == 0;
}

/* 0 or -1. */
static int
look_up(struct work *w, const struct account *acc, const char *code,
    const char *signature, const struct books **out, struct err *e)
{
	struct books *b = w->books;
	int rc;

	if (!are_of(b, acc, code, signature)) {
		b = arena_new_of(w->arena, struct books);
		*b = (struct books){ .acc = acc, .code = code, .signature = signature };
		if ((rc = withdrawn_get(
			 w->store, acc->name, code, signature, &b->gone, e)) < 0)
			return -1;
		b->withdrawn = rc == 1;
		if ((rc = registry_get(w->store, acc->name, acc->type, signature, code,
			 &b->row, e)) < 0)
			return -1;
		b->known = rc == 1;
		w->books = b;
	}
	*out = b;
	return 0;
}

static const char *
off_the_books(struct arena *a, const struct account *acc, const struct withdrawn *d)
{
	return arena_printf(a,
	    *d->code == '\0'
		? "%s does not take the signature (code %s) until a person "
		  "says that it is approved again"
		: "%s does not take the text (code %s) until a person says "
		  "that it is approved again",
	    acc->name, d->perr);
}

int
registry_judge(struct work *w, const struct account *acc, const struct registered *g,
    const struct composed *c, const char *said, const char **detail, struct pos *at)
{
	const struct books *b;
	struct err e = { 0 };
	const char *why;

	if (look_up(w, acc, g->code, c->signature, &b, &e) != 0) {
		log_error("registry_unread", "error=\"%s\"", e.text);
		why = "the registered texts cannot be read";
	} else if (b->withdrawn) {
		*detail = off_the_books(w->arena, acc, &b->gone);
		*at = g->at;
		return RENDER_WAITS;
	} else if (!b->known)
		return 0;
	else if ((why = not_approved(w->arena, acc, &b->row)) == NULL)
		why = wording(w->arena, acc, &b->row, c->coded, said);
	if (why == NULL)
		return 0;
	*detail = why;
	*at = g->at;
	return 1;
}

static const struct liquid *
partial(void *arg, const char *name)
{
	const struct catalog *cat = arg;

	return g_hash_table_lookup(cat->partials, name);
}

/* What the row's words are against ours. */
static void
prove_wording(struct work *w, const struct account *acc, const struct template *t,
    const struct registered *g, const struct registry_row *row, struct report *r)
{
	struct wording said;

	if (wording_compare(w->arena, t, g, row->text, partial, (void *)(uintptr_t)w->cat,
		&said) != 0 ||
	    said.same)
		return;
	report_add(r, said.sure ? SEV_ERROR : SEV_WARNING, g->at, "registered",
	    said.sure
		? "write it as it is registered, or have it registered anew and import "
		  "the list again"
		: "it differs in one of its turns at least: look at `reachd render "
		  "--account`",
	    "%s", wording_told(w->arena, &said, row->code, acc->name));
}

struct proving {
	struct work *w;
	const struct account *acc;
	const struct template *t;
	const struct registered *g;
	struct report *report;
	bool unknown; /* told already */
};

static int
prove_signature(struct proving *p, const char *sig, struct err *e)
{
	struct registry_row row;
	const char *why;
	int rc = registry_get(
	    p->w->store, p->acc->name, p->acc->type, sig, p->g->code, &row, e);

	if (rc < 0)
		return -1;
	if (rc == 1 && (why = not_approved(p->w->arena, p->acc, &row)) != NULL)
		report_add(p->report, SEV_ERROR, p->g->at, "registered",
		    "wait until it is approved and import the list again, or name "
		    "another code",
		    "%s", why);
	else if (rc == 1)
		prove_wording(p->w, p->acc, p->t, p->g, &row, p->report);
	else if (!p->unknown) {
		p->unknown = true;
		log_warn(
		    "not_registered", "code=%s account=%s", p->g->code, p->acc->name);
		report_add(p->report, SEV_WARNING, p->g->at, "registered",
		    "`reachd template import FILE --account NAME` takes the export of "
		    "its console",
		    "%s is not in the registry of \"%s\"", p->g->code, p->acc->name);
	}
	return 0;
}

/* Under the account's signature, and under those of stores that send by it. */
static int
prove_one(struct work *w, const struct account *acc, const struct template *t,
    const struct registered *g, struct report *r, struct err *e)
{
	const struct config *cfg = w->cat->config;
	const char *own = acc->signature != NULL ? acc->signature : cfg->entity.name;
	struct proving p = { w, acc, t, g, r, false };
	int rc = prove_signature(&p, own, e);

	for (int i = 0; rc == 0 && i < cfg->stores.n; i++) {
		const struct shop *shop = &cfg->stores.items[i];

		/* One word of the same text is enough. */
		if (r->errors == 0 && shop->signature != NULL &&
		    shop_uses(shop, acc->name) && strcmp(shop->signature, own) != 0)
			rc = prove_signature(&p, shop->signature, e);
	}
	return rc;
}

static int
prove_template(struct work *w, const struct template *t, struct report *r, struct err *e)
{
	const struct config *cfg = w->cat->config;

	for (int i = 0; i < cfg->n_accounts; i++) {
		const struct account *acc = &cfg->accounts[i];
		const struct provider *p = provider_find(acc->type);
		const struct registered *g = template_registered(t, acc->name, acc->type);
		struct capabilities caps = { 0 };

		if (p != NULL)
			p->capabilities(acc, &caps);
		if (caps.registered && g != NULL && (acc->channels & BIT(t->channel)) &&
		    prove_one(w, acc, t, g, r, e) != 0)
			return -1;
	}
	return 0;
}

int
registry_prove(struct work *w, struct report *r, struct err *e)
{
	GHashTable *seen = g_hash_table_new(NULL, NULL);
	int rc = 0;

	for (int i = 0; i < w->cat->n_versions && rc == 0; i++) {
		const struct playbook *pb = w->cat->versions[i]->playbook;

		if (pb->status != PLAYBOOK_LIVE)
			continue;
		for (int k = 0; k < pb->n_steps && rc == 0; k++)
			for (int n = 0; n < pb->steps[k].n_sends && rc == 0; n++) {
				const struct template *t = pb->steps[k].templates[n];

				if (g_hash_table_add(seen, (gpointer)(uintptr_t)t))
					rc = prove_template(w, t, r, e);
			}
	}
	g_hash_table_unref(seen);
	return rc;
}
