/* filter_own.c - default, and what Liquid does not have: money, mask, short_link. */
#include "base/text.h"
#include "decimal.h"
#include "filter.h"
#include "renderer.h"

static size_t
chars(struct filter_call *c, struct value v)
{
	struct value text = filter_string(c, v);

	return value_chars(text.s.p, text.s.len);
}

/* nil, false (unless allowed) and what is empty give way. */
static int
default_to(struct filter_call *c, struct value *out)
{
	bool absent = !value_truthy(c->in) || value_is_empty(c->in) ||
		      c->in.type == VALUE_EMPTY || c->in.type == VALUE_BLANK;

	if (c->in.type == VALUE_BOOL && value_truthy(c->named))
		absent = false;
	*out = c->in;
	if (absent)
		*out = c->n_args > 0 ? c->args[0] : value_str("");
	else if (c->r->env->longest && c->n_args > 0 &&
		 chars(c, c->args[0]) > chars(c, c->in))
		*out = c->args[0];
	return 0;
}

static int
money(struct filter_call *c, struct value *out)
{
	int64_t places = 2;
	GString *b;

	if (c->n_args > 0 && filter_integer(c, c->args[0], &places) < 0)
		return -1;
	if (places < 0 || places > 8)
		return filter_refuse(c, "the number of places is 0 to 8");
	if (!decimal_is_number(c->in))
		return filter_refuse(c, "this value is not a number");
	b = filter_buffer(c);
	decimal_money(b, decimal_of(c->in), (int)places);
	return filter_result(c, b, out);
}

static int
mask(struct filter_call *c, struct value *out)
{
	struct value text = filter_string(c, c->in);
	char *copy = arena_strndup(c->r->env->arena, text.s.p, text.s.len);
	char buf[256];
	GString *b = filter_buffer(c);

	g_string_append(b, text_mask(copy, buf, sizeof(buf)));
	return filter_result(c, b, out);
}

static int
short_link(struct filter_call *c, struct value *out)
{
	const struct liquid_env *env = c->r->env;
	struct value text = filter_string(c, c->in);
	const char *link;

	*out = text;
	if (env->short_link == NULL)
		return 0;
	link = env->short_link(
	    env->link_arg, env->arena, arena_strndup(env->arena, text.s.p, text.s.len));
	if (link == NULL)
		return filter_refuse(c, "this link cannot be shortened");
	*out = value_str(link);
	return 0;
}

const struct filter filter_own[] = {
	{ "default", 0, 1, default_to, "default: \"车主\", allow_false: true",
	    "what stands in for a missing or empty value", "allow_false", true },
	{ "money", 0, 1, money, "money", "1280 as 1,280.00; money: 0 as 1,280", NULL,
	    false },
	{ "mask", 0, 0, mask, "mask", "a phone number or address with its middle hidden",
	    NULL, false },
	{ "short_link", 0, 0, short_link, "short_link",
	    "a link of this house in short, counted", NULL, false },
	{ 0 },
};
