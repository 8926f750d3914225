/* tag.c - the table of tags. */
#include "tag.h"

#include <string.h>

#include "base/report.h"

static const struct tag tags[] = {
	{ "if", tag_if,
	    "{% if CONDITION %} ... {% elsif CONDITION %} ... {% else %} ... {% endif %}",
	    "the first part whose condition holds" },
	{ "unless", tag_unless,
	    "{% unless CONDITION %} ... {% else %} ... {% endunless %}",
	    "if, turned round" },
	{ "case", tag_case,
	    "{% case VALUE %}{% when A, B %} ... {% else %} ... {% endcase %}",
	    "the parts whose value is equal" },
	{ "for", tag_for,
	    "{% for X in LIST limit: N offset: N reversed %} ... {% else %} ... "
	    "{% endfor %}",
	    "once for each member; forloop.index and others inside" },
	{ "break", tag_break, "{% break %}", "leaves the loop" },
	{ "continue", tag_continue, "{% continue %}", "goes to the next round" },
	{ "tablerow", tag_tablerow,
	    "{% tablerow X in LIST cols: N %} ... {% endtablerow %}",
	    "rows of an HTML table; tablerowloop.col and others inside" },
	{ "cycle", tag_cycle, "{% cycle NAME: A, B, C %}",
	    "the next of its values, round and round" },
	{ "assign", tag_assign, "{% assign NAME = VALUE | FILTER %}",
	    "gives a value a name" },
	{ "capture", tag_capture, "{% capture NAME %} ... {% endcapture %}",
	    "gives what is printed inside a name" },
	{ "increment", tag_increment, "{% increment NAME %}",
	    "prints a counter: 0, 1, 2" },
	{ "decrement", tag_decrement, "{% decrement NAME %}",
	    "prints a counter: -1, -2, -3" },
	{ "comment", tag_comment, "{% comment %} ... {% endcomment %}",
	    "is not printed" },
	{ "#", tag_inline_comment, "{% # a remark %}", "is not printed" },
	{ "doc", tag_doc, "{% doc %} ... {% enddoc %}",
	    "describes a partial; is not printed" },
	{ "raw", tag_raw, "{% raw %} ... {% endraw %}", "prints braces as they are" },
	{ "echo", tag_echo, "{% echo VALUE | FILTER %}",
	    "the same as {{ VALUE | FILTER }}" },
	{ "liquid", tag_liquid, "{% liquid\n  TAG\n  TAG %}",
	    "tags without braces, one a line" },
	{ "render", tag_render, "{% render 'PARTIAL', NAME: VALUE %}",
	    "a partial; it sees the data and what it is given, not the names assigned "
	    "here" },
	{ "include", tag_include, NULL, NULL },
};

const struct tag *
tag_find(const char *name, size_t len)
{
	for (size_t i = 0; i < G_N_ELEMENTS(tags); i++)
		if (strlen(tags[i].name) == len && memcmp(tags[i].name, name, len) == 0)
			return &tags[i];
	return NULL;
}

const char *
tag_nearest(const char *name, size_t len)
{
	const char *names[G_N_ELEMENTS(tags) + 8];
	static const char *const ends[] = { "else", "elsif", "when", "endif", "endfor",
		"endcase" };
	size_t n = 0;
	char *word = g_strndup(name, len);
	const char *near;

	for (size_t i = 0; i < G_N_ELEMENTS(tags); i++)
		if (tags[i].use != NULL)
			names[n++] = tags[i].name;
	for (size_t i = 0; i < G_N_ELEMENTS(ends); i++)
		names[n++] = ends[i];
	names[n] = NULL;
	near = report_nearest(word, names);
	g_free(word);
	return near;
}

void
tag_help(GString *out)
{
	for (size_t i = 0; i < G_N_ELEMENTS(tags); i++) {
		if (tags[i].use == NULL)
			continue;
		g_string_append_printf(out, "  %-10s %s\n             %s\n", tags[i].name,
		    tags[i].about,
		    strchr(tags[i].use, '\n') ? "{% liquid TAG ... %}" : tags[i].use);
	}
}
