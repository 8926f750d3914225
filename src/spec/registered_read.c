/* registered_read.c - `providers:` of a template: its code and parameters at gateways that
 * send only what they have on their books. */
#include <string.h>

#include "read.h"
#include "spec/schema.h"

#define BEFORE 3 /* "{{ " before a path: its places are told where it is written */

/* `customer.salutation` is what {{ customer.salutation }} is in the text. */
static const struct liquid *
path_read(struct arena *a, const struct yaml *y, struct report *r)
{
	struct pos at;
	const char *text;
	char *whole;
	struct liquid *out;

	if (!yaml_str(y, &text, r))
		return NULL;
	at = y->text_at;
	at.col -= BEFORE;
	whole = arena_printf(a, "{{ %s }}", text);
	if (strstr(text, "{{") != NULL || strstr(text, "}}") != NULL) {
		report_add(r, SEV_ERROR, y->at, "template",
		    "write the path alone, as in customer.salutation",
		    "a parameter is a path, without braces");
		return NULL;
	}
	out = liquid_parse(a, whole, strlen(whole), at, r);
	return out;
}

static void
param_add(struct arena *a, struct registered *g, const char *name, const struct yaml *y,
    struct report *r)
{
	struct registered_param *p = &g->params[g->n_params];

	*p = (struct registered_param){ name, path_read(a, y, r), y->text, y->at };
	if (p->value != NULL)
		g->n_params++;
}

static void
params_read(struct arena *a, const struct yaml *y, struct registered *g, struct report *r)
{
	if (y == NULL)
		return;
	if (y->kind == YAML_SCALAR) {
		report_add(r, SEV_ERROR, y->at, "type",
		    "write params: { NAME: path }, or [path] where the gateway counts "
		    "them",
		    "\"params\" is a mapping or a list");
		return;
	}
	g->params = arena_array(a, struct registered_param, y->n);
	for (int i = 0; i < y->n; i++) {
		if (y->kind == YAML_MAP)
			y->read[i] = true;
		param_add(
		    a, g, y->kind == YAML_MAP ? y->keys[i]->text : "", y->items[i], r);
	}
}

static bool
one_read(struct arena *a, const struct yaml *y, const char *to, struct registered *g,
    struct report *r)
{
	const struct yaml *code, *id;

	*g = (struct registered){ .to = to, .at = y->at };
	if (!schema_check(y, &schema_registered, r))
		return false;
	code = yaml_get(y, "template_code");
	id = yaml_get(y, "template_id");
	params_read(a, yaml_get(y, "params"), g, r);
	if (code == NULL && id == NULL) {
		schema_missing(y, "template_code",
		    "write template_code: what the provider's console shows", r);
		return false;
	}
	return yaml_str(code != NULL ? code : id, &g->code, r);
}

void
registered_read_all(
    struct arena *a, const struct yaml *y, struct template *t, struct report *r)
{
	if (y == NULL)
		return;
	if (y->kind != YAML_MAP) {
		report_add(r, SEV_ERROR, y->at, "type",
		    "write providers: { aliyun: { template_code: ..., params: {...} } }",
		    "\"providers\" is a mapping");
		return;
	}
	if (t->channel != CHANNEL_SMS) {
		report_add(r, SEV_ERROR, y->at, "template", "delete the line",
		    "only an SMS is registered with its gateway");
		return;
	}
	t->registered = arena_array(a, struct registered, y->n);
	for (int i = 0; i < y->n; i++) {
		y->read[i] = true;
		if (one_read(a, y->items[i], y->keys[i]->text,
			&t->registered[t->n_registered], r))
			t->n_registered++;
	}
}
