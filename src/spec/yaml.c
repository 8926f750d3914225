/* yaml.c - libyaml's events made into a tree, with limits and without YAML's traps. */
#include "spec/yaml.h"

#include <string.h>

#include <glib.h>
#include <yaml.h>

#include "base/check.h"
#include "source.h"
#include "yaml_wide.h"

/* A list or map that is still open; a map's children are key, value, key ... */
struct open_node {
	struct yaml *node;
	GPtrArray *children;
};

struct build {
	struct arena *arena;
	struct report *report;
	const char *file, *text;
	size_t len;
	struct open_node stack[YAML_DEPTH_MAX];
	int depth, events, documents;
	struct yaml *root;
	bool unusable; /* an error that leaves no tree worth checking */
};

static struct pos
place(const struct build *b, const yaml_mark_t *m)
{
	return (struct pos){ b->file, (int)m->line + 1, (int)m->column + 1 };
}

/* Ends the parse: always returns false. */
static bool
fatal(
    struct build *b, struct pos at, const char *code, const char *hint, const char *text)
{
	report_add(b->report, SEV_ERROR, at, code, hint, "%s", text);
	b->unusable = true;
	return false;
}

static void
refuse(struct build *b, const yaml_mark_t *m, const char *hint, const char *text)
{
	report_add(b->report, SEV_ERROR, place(b, m), "yaml", hint, "%s", text);
	b->unusable = true;
}

static struct yaml *
node_new(struct build *b, enum yaml_kind kind, const yaml_event_t *ev,
    const yaml_char_t *anchor, const yaml_char_t *tag)
{
	struct yaml *y = arena_new_of(b->arena, struct yaml);

	y->kind = kind;
	y->at = y->text_at = place(b, &ev->start_mark);
	y->text = "";
	if (anchor != NULL)
		refuse(b, &ev->start_mark, "write the value out where it is used",
		    "anchors are not allowed");
	if (tag != NULL)
		refuse(b, &ev->start_mark, "delete the tag; the schema knows the type",
		    "tags are not allowed");
	return y;
}

/* Content of a | or > block starts on the first line below that is not blank. */
static struct pos
block_text_at(const struct build *b, const yaml_event_t *ev)
{
	struct pos at = place(b, &ev->start_mark);
	const char *end = b->text + b->len, *p = b->text;
	int line;

	for (line = 1; line <= at.line && p < end; line++) {
		p = memchr(p, '\n', (size_t)(end - p));
		p = p == NULL ? end : p + 1;
	}
	at.line++;
	for (at.col = 1; p < end && *p == ' '; p++)
		at.col++;
	return at;
}

static struct yaml *
scalar(struct build *b, const yaml_event_t *ev)
{
	yaml_scalar_style_t style = ev->data.scalar.style;
	struct yaml *y =
	    node_new(b, YAML_SCALAR, ev, ev->data.scalar.anchor, ev->data.scalar.tag);

	y->len = ev->data.scalar.length;
	y->text = arena_strndup(b->arena, (const char *)ev->data.scalar.value, y->len);
	y->quoted = style == YAML_SINGLE_QUOTED_SCALAR_STYLE ||
		    style == YAML_DOUBLE_QUOTED_SCALAR_STYLE;
	y->block =
	    style == YAML_LITERAL_SCALAR_STYLE || style == YAML_FOLDED_SCALAR_STYLE;
	if (y->quoted)
		y->text_at.col++;
	if (y->block)
		y->text_at = block_text_at(b, ev);
	if (y->len > YAML_SCALAR_MAX)
		fatal(b, y->at, "limit", "", "a value is longer than 16 KiB");
	else if (strlen(y->text) != y->len)
		fatal(b, y->at, "character", "delete it", "the value holds a NUL (\\0)");
	return y;
}

static void
attach(struct build *b, struct yaml *y)
{
	if (b->depth == 0)
		b->root = y;
	else
		g_ptr_array_add(b->stack[b->depth - 1].children, y);
}

static bool
open_node(struct build *b, struct yaml *y)
{
	attach(b, y);
	if (b->depth == YAML_DEPTH_MAX)
		return fatal(b, y->at, "limit", "", "nested too deeply (depth>32)");
	b->stack[b->depth].node = y;
	b->stack[b->depth].children = g_ptr_array_new();
	b->depth++;
	return true;
}

static bool
key_usable(struct build *b, const struct yaml *key, GHashTable *seen)
{
	const struct yaml *first;

	if (key->kind != YAML_SCALAR) {
		report_add(
		    b->report, SEV_ERROR, key->at, "yaml", "", "a key must be a word");
		return false;
	}
	if (key->len == 0) {
		report_add(b->report, SEV_ERROR, key->at, "yaml",
		    "write a key before the \":\"", "a key is missing");
		return false;
	}
	if (strcmp(key->text, "<<") == 0 && !key->quoted) {
		report_add(b->report, SEV_ERROR, key->at, "yaml",
		    "write the keys out where they are used",
		    "merge keys are not allowed");
		return false;
	}
	first = g_hash_table_lookup(seen, key->text);
	if (first != NULL) {
		report_add(b->report, SEV_ERROR, key->at, "duplicate-key",
		    "delete one of them", "\"%s\" is written twice, first on line %d",
		    key->text, first->at.line);
		return false;
	}
	g_hash_table_insert(seen, (char *)key->text, (struct yaml *)key);
	return true;
}

static void
close_map(struct build *b, struct yaml *y, const GPtrArray *children)
{
	GHashTable *seen = g_hash_table_new(g_str_hash, g_str_equal);
	int pairs = (int)children->len / 2, i;

	y->keys = arena_array(b->arena, struct yaml *, pairs);
	y->items = arena_array(b->arena, struct yaml *, pairs);
	y->read = arena_array(b->arena, bool, pairs);
	for (i = 0; i < pairs; i++) {
		struct yaml *key = children->pdata[2 * i];

		if (!key_usable(b, key, seen))
			continue;
		y->keys[y->n] = key;
		y->items[y->n++] = children->pdata[2 * i + 1];
	}
	g_hash_table_destroy(seen);
}

static void
close_node(struct build *b)
{
	struct open_node *o = &b->stack[--b->depth];
	struct yaml *y = o->node;

	if (y->kind == YAML_MAP) {
		close_map(b, y, o->children);
	} else {
		y->n = (int)o->children->len;
		y->items = arena_array(b->arena, struct yaml *, y->n);
		if (y->n > 0)
			memcpy(y->items, o->children->pdata,
			    sizeof(*y->items) * (size_t)y->n);
	}
	g_ptr_array_free(o->children, TRUE);
}

static bool
begin_document(struct build *b, const yaml_event_t *ev)
{
	if (ev->data.document_start.version_directive != NULL ||
	    ev->data.document_start.tag_directives.start !=
		ev->data.document_start.tag_directives.end)
		refuse(b, &ev->start_mark, "delete the line",
		    "\"%\" directives are not allowed");
	if (b->documents++ > 0)
		return fatal(b, place(b, &ev->start_mark), "yaml",
		    "put the second one in a file of its own",
		    "two documents in one file");
	return true;
}

/* Takes one event; false ends the parse. */
static bool
take(struct build *b, const yaml_event_t *ev)
{
	if (++b->events > YAML_EVENTS_MAX)
		return fatal(b, place(b, &ev->start_mark), "limit", "split the file",
		    "more than 20,000 parts in one file");
	switch (ev->type) {
	case YAML_DOCUMENT_START_EVENT:
		return begin_document(b, ev);
	case YAML_ALIAS_EVENT:
		refuse(b, &ev->start_mark, "write the value out where it is used",
		    "aliases are not allowed");
		attach(b, node_new(b, YAML_SCALAR, ev, NULL, NULL));
		return true;
	case YAML_SCALAR_EVENT:
		attach(b, scalar(b, ev));
		return true;
	case YAML_SEQUENCE_START_EVENT:
		return open_node(
		    b, node_new(b, YAML_LIST, ev, ev->data.sequence_start.anchor,
			   ev->data.sequence_start.tag));
	case YAML_MAPPING_START_EVENT:
		return open_node(
		    b, node_new(b, YAML_MAP, ev, ev->data.mapping_start.anchor,
			   ev->data.mapping_start.tag));
	case YAML_SEQUENCE_END_EVENT:
	case YAML_MAPPING_END_EVENT:
		close_node(b);
		return true;
	case YAML_STREAM_END_EVENT:
		return false;
	default:
		return true;
	}
}

/* libyaml's complaints in plain words; the first that is contained in its text. */
static const struct {
	const char *problem, *text, *hint;
	const char *opens; /* what was opened and has to be closed */
} complaints[] = {
	{ "mapping values are not allowed",
	    "a second \":\" in one value, or wrong indentation",
	    "put the value in quotes if the \":\" belongs to it", NULL },
	{ "did not find expected ',' or ']'", "a \",\" or \"]\" is missing", "", "[" },
	{ "did not find expected ',' or '}'", "a \",\" or \"}\" is missing", "", "{" },
	{ "did not find expected key",
	    "a key is expected here, at the indentation of its neighbours", "", NULL },
	{ "did not find expected '-'",
	    "a \"- \" is expected here, at the indentation of its neighbours", "", NULL },
	{ "could not find expected ':'", "a \":\" is missing after a key", "", NULL },
	{ "unexpected end of stream", "the quote that opens here is never closed", "",
	    NULL },
	{ "cannot start any token", "a value cannot start with this character",
	    "put the value in quotes", NULL },
	{ "block sequence entries are not allowed", "a list cannot begin on this line",
	    "put the \"- \" on a line of its own", NULL },
	{ "block mapping", "a key cannot begin here", "", NULL },
	{ "unknown escape", "unknown escape after \"\\\"",
	    "use '...' quotes, which know no escapes", NULL },
	{ "undefined tag", "tags are not allowed", "put the value in quotes", NULL },
	{ "tab character", "a tab is used for indentation", "indent with spaces", NULL },
};

/* The tab in the indentation of a line: 1-based column, or 0. */
static int
tab_in_indent(const struct build *b, size_t line)
{
	const char *p = b->text, *end = b->text + b->len;
	int col;

	for (; line > 0 && p != NULL; line--) {
		p = memchr(p, '\n', (size_t)(end - p));
		p = p == NULL ? NULL : p + 1;
	}
	for (col = 1; p != NULL && p < end && (*p == ' ' || *p == '\t'); p++, col++) {
		if (*p == '\t')
			return col;
	}
	return 0;
}

static void
syntax_error(struct build *b, const yaml_parser_t *p)
{
	const yaml_mark_t *m = &p->problem_mark;
	const char *problem = p->problem == NULL ? "this is not YAML" : p->problem;
	struct pos at;
	char *hint;
	size_t i;
	int tab;

	/* What is never closed is reported where it opens, not at the end of the file. */
	if (m->index >= p->mark.index && p->context_mark.line < m->line &&
	    (p->eof || strstr(problem, "end of stream") != NULL) && p->context != NULL &&
	    (strstr(p->context, "flow") != NULL || strstr(p->context, "quoted") != NULL))
		m = &p->context_mark;
	at = place(b, m);
	if (yaml_wide_line(at, b->text, b->report)) {
		b->unusable = true;
		return;
	}
	tab = tab_in_indent(b, m->line);
	if (tab > 0) {
		at.col = tab;
		problem = "tab character";
	}
	for (i = 0; i < G_N_ELEMENTS(complaints); i++) {
		if (strstr(problem, complaints[i].problem) != NULL) {
			hint =
			    complaints[i].opens == NULL
				? g_strdup(complaints[i].hint)
				: g_strdup_printf("the %s opens on line %d",
				      complaints[i].opens, (int)p->context_mark.line + 1);
			fatal(b, at, "yaml", hint, complaints[i].text);
			g_free(hint);
			return;
		}
	}
	fatal(b, at, "yaml", "", problem);
}

/* A line that starts with a tab is refused even where YAML would bear it. */
static bool
check_tabs(struct build *b)
{
	const char *p = b->text, *end = p + b->len;
	int line;

	for (line = 1; p != NULL && p < end; line++) {
		const char *q = p + strspn(p, " \t");

		if (*p == '\t' && *q != '\n' && *q != '\r' && *q != '#' && *q != '\0')
			return fatal(b, (struct pos){ b->file, line, 1 }, "yaml",
			    "indent with spaces", "a tab is used for indentation");
		p = memchr(p, '\n', (size_t)(end - p));
		p = p == NULL ? NULL : p + 1;
	}
	return true;
}

static void
run(struct build *b)
{
	yaml_parser_t parser;
	yaml_event_t ev;
	bool more = true;

	CHECK(yaml_parser_initialize(&parser));
	yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING);
	yaml_parser_set_input_string(&parser, (const unsigned char *)b->text, b->len);
	while (more) {
		if (!yaml_parser_parse(&parser, &ev)) {
			syntax_error(b, &parser);
			break;
		}
		more = take(b, &ev);
		yaml_event_delete(&ev);
	}
	while (b->depth > 0)
		g_ptr_array_free(b->stack[--b->depth].children, TRUE);
	yaml_parser_delete(&parser);
}

struct yaml *
yaml_parse(
    struct arena *a, const char *file, const char *text, size_t len, struct report *r)
{
	size_t bom = source_bom(text, len);
	struct build b = {
		.arena = a, .report = r, .file = source_name(file), .len = len - bom
	};
	struct pos start = { b.file, 1, 1 };

	b.text = arena_strndup(a, text + bom, b.len);
	if (g_hash_table_lookup(r->sources, b.file) == NULL)
		report_source(r, b.file, b.text);
	if (b.len > YAML_SIZE_MAX) {
		fatal(&b, start, "limit", "split it into several files",
		    "the file is larger than 256 KiB");
		return NULL;
	}
	if (!source_check(b.file, b.text, b.len, r) || !check_tabs(&b))
		return NULL;
	run(&b);
	if (!b.unusable &&
	    (b.root == NULL || (b.root->kind == YAML_SCALAR && b.root->len == 0)))
		fatal(&b, start, "yaml", "", "the file is empty");
	return b.unusable ? NULL : b.root;
}

static int
find(const struct yaml *map, const char *key)
{
	int i;

	for (i = 0; map != NULL && map->kind == YAML_MAP && i < map->n; i++) {
		if (strcmp(map->keys[i]->text, key) == 0)
			return i;
	}
	return -1;
}

struct yaml *
yaml_get(const struct yaml *map, const char *key)
{
	int i = find(map, key);

	if (i < 0)
		return NULL;
	map->read[i] = true;
	return map->items[i];
}

struct pos
yaml_key_at(const struct yaml *map, const char *key)
{
	int i = find(map, key);

	return i < 0 ? map->at : map->keys[i]->at;
}
