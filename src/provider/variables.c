/* variables.c - variables of registered texts: side by side, alone, with links in them. */
#include "variables.h"

#include <string.h>

#include "spec/liquid.h"

#define SHARED \
	"write one link that is the same for all into the text, or send it by wecom"

bool
variables_link(const char *value)
{
	return strstr(value, "://") != NULL || strstr(value, "www.") != NULL;
}

static bool
are_side_by_side(const char *source)
{
	for (const char *p = source; (p = strstr(p, "}}")) != NULL; p += 2) {
		const char *next = p + 2;

		while (*next != '\0' && g_unichar_isspace(g_utf8_get_char(next)))
			next = g_utf8_next_char(next);
		if (g_str_has_prefix(next, "{{"))
			return true;
	}
	return false;
}

/* Marks and the way out are no words of its own. */
static bool
has_words(const char *text, const char *suffix)
{
	const char *end = text + strlen(text);

	while (end > text && g_ascii_isspace(end[-1]))
		end--;
	if (suffix != NULL && (size_t)(end - text) >= strlen(suffix) &&
	    strncmp(end - strlen(suffix), suffix, strlen(suffix)) == 0)
		end -= strlen(suffix);
	for (const char *p = text; p < end; p = g_utf8_next_char(p))
		if (g_unichar_isalnum(g_utf8_get_char(p)))
			return true;
	return false;
}

/* https://example.com/{{ x }} */
static bool
has_variable_link(const char *source)
{
	for (const char *p = source; (p = strstr(p, "://")) != NULL; p += 3) {
		const char *c = p + 3;

		while (*c != '\0' && !g_ascii_isspace(*c) && (*c & 0x80) == 0 &&
		       !g_str_has_prefix(c, "{{") && !g_str_has_prefix(c, "{%"))
			c++;
		if (*c == '{')
			return true;
	}
	return false;
}

static void
see_path(void *arg, const char *dotted, struct pos at, bool has_default)
{
	bool *found = arg;

	(void)at;
	(void)has_default;
	*found = *found || strcmp(dotted, "message.unsubscribe") == 0;
}

/* A link of each customer's own. */
static bool
own_link(const struct liquid *l, const char *source)
{
	bool found = false;

	if (l != NULL)
		liquid_paths(l, see_path, &found);
	return found || strstr(source, "short_link") != NULL || variables_link(source);
}

static void
tell(const struct account *acc, struct pos at, const char *hint, const char *what,
    struct report *r)
{
	report_add(r, SEV_ERROR, at, "registered", hint,
	    "\"%s\" (%s) registers no text %s", acc->name, acc->type, what);
}

void
variables_lint(const struct account *acc, const struct template *t, const char *text,
    unsigned rules, struct report *r)
{
	const struct registered *g = template_registered(t, acc->name, acc->type);
	const char *source = t->body_source != NULL ? t->body_source : "";
	bool found = false;

	if (g == NULL)
		return;
	if (rules & VARIABLES_WORDS && strstr(source, "{{") != NULL &&
	    !has_words(text, acc->optout_suffix))
		tell(acc, t->body_at, "write words of your own round it",
		    "that is variables only", r);
	if (rules & VARIABLES_APART && are_side_by_side(source))
		tell(acc, t->body_at, "write a word between them",
		    "with two variables side by side", r);
	if (t->body != NULL)
		liquid_paths(t->body, see_path, &found);
	if (found || strstr(source, "short_link") != NULL)
		tell(acc, t->body_at, SHARED, "with a link of each customer's own", r);
	else if (has_variable_link(source))
		tell(acc, t->body_at, SHARED, "with a variable in a link", r);
	for (int i = 0; i < g->n_params; i++)
		if (own_link(g->params[i].value, g->params[i].written))
			report_add(r, SEV_ERROR, g->params[i].at, "registered", SHARED,
			    "\"%s\" (%s) takes no link in a variable", acc->name,
			    acc->type);
}
