/* printer.c - values as text. */
#include "printer.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "datefmt.h"

const char *
printer_entity(char c)
{
	switch (c) {
	case '&':
		return "&amp;";
	case '<':
		return "&lt;";
	case '>':
		return "&gt;";
	case '"':
		return "&quot;";
	case '\'':
		return "&#39;";
	default:
		return NULL;
	}
}

static void
append_integer(GString *to, int64_t i)
{
	char buf[24], *p = buf + sizeof(buf);
	uint64_t u = i < 0 ? 0 - (uint64_t)i : (uint64_t)i;

	do
		*--p = (char)('0' + u % 10);
	while ((u /= 10) != 0);
	if (i < 0)
		*--p = '-';
	g_string_append_len(to, p, buf + sizeof(buf) - p);
}

/* What prints the same everywhere; false for text, lists, maps and nil. */
static bool
append_scalar(GString *to, struct value v)
{
	char buf[VALUE_FLOAT_TEXT];

	switch (v.type) {
	case VALUE_BOOL:
		g_string_append(to, v.b ? "true" : "false");
		return true;
	case VALUE_INT:
		append_integer(to, v.i);
		return true;
	case VALUE_FLOAT:
		g_string_append_len(to, buf, (gssize)value_float_text(v.f, buf));
		return true;
	case VALUE_RANGE:
		append_integer(to, v.range.from);
		g_string_append(to, "..");
		append_integer(to, v.range.to);
		return true;
	default:
		return false;
	}
}

static void
append_time(GString *to, ms_t at, const struct zone *zone)
{
	datefmt_append(to, "%Y-%m-%d %H:%M:%S %z", 20, at, zone);
}

void
printer_append(GString *to, struct value v, const struct zone *zone)
{
	switch (v.type) {
	case VALUE_STR:
		g_string_append_len(to, v.s.p, (gssize)v.s.len);
		break;
	case VALUE_TIME:
		append_time(to, v.time, zone);
		break;
	case VALUE_LIST:
		for (size_t i = 0; i < v.list->n; i++)
			printer_append(to, v.list->items[i], zone);
		break;
	case VALUE_MAP:
		printer_inspect(to, v, zone);
		break;
	default:
		append_scalar(to, v);
		break;
	}
}

static void
inspect_text(GString *to, const char *p, size_t len)
{
	static const char from[] = "\"\\\n\t\r\033", into[] = "\"\\ntre";

	g_string_append_c(to, '"');
	for (size_t i = 0; i < len; i++) {
		const char *c = p[i] == '\0' ? NULL : strchr(from, p[i]);

		if (c != NULL) {
			g_string_append_c(to, '\\');
			g_string_append_c(to, into[c - from]);
		} else {
			g_string_append_c(to, p[i]);
		}
	}
	g_string_append_c(to, '"');
}

void
printer_inspect(GString *to, struct value v, const struct zone *zone)
{
	switch (v.type) {
	case VALUE_NIL:
		g_string_append(to, "nil");
		break;
	case VALUE_STR:
		inspect_text(to, v.s.p, v.s.len);
		break;
	case VALUE_TIME:
		append_time(to, v.time, zone);
		break;
	case VALUE_LIST:
		g_string_append_c(to, '[');
		for (size_t i = 0; i < v.list->n; i++) {
			g_string_append(to, i == 0 ? "" : ", ");
			printer_inspect(to, v.list->items[i], zone);
		}
		g_string_append_c(to, ']');
		break;
	case VALUE_MAP:
		g_string_append_c(to, '{');
		for (size_t i = 0; i < v.map->n; i++) {
			g_string_append(to, i == 0 ? "" : ", ");
			inspect_text(
			    to, v.map->pairs[i].key, strlen(v.map->pairs[i].key));
			g_string_append(to, "=>");
			printer_inspect(to, v.map->pairs[i].value, zone);
		}
		g_string_append_c(to, '}');
		break;
	case VALUE_EMPTY:
	case VALUE_BLANK:
		g_string_append(to, "\"\"");
		break;
	default:
		append_scalar(to, v);
		break;
	}
}

static void
json_text(GString *to, const char *p, size_t len)
{
	static const char from[] = "\"\\\n\t\r\b\f", into[] = "\"\\ntrbf";

	g_string_append_c(to, '"');
	for (size_t i = 0; i < len; i++) {
		const char *c = p[i] == '\0' ? NULL : strchr(from, p[i]);

		if (c != NULL) {
			g_string_append_c(to, '\\');
			g_string_append_c(to, into[c - from]);
		} else if ((unsigned char)p[i] < 0x20 || p[i] == '<' || p[i] == '>' ||
			   p[i] == '&') {
			/* no text can end a <script> it stands in */
			g_string_append_printf(
			    to, "\\u%04x", (unsigned)(unsigned char)p[i]);
		} else {
			g_string_append_c(to, p[i]);
		}
	}
	g_string_append_c(to, '"');
}

void
printer_json(GString *to, struct value v, const struct zone *zone)
{
	char buf[CLOCK_TEXT];
	int offset;

	switch (v.type) {
	case VALUE_NIL:
		g_string_append(to, "null");
		break;
	case VALUE_STR:
		json_text(to, v.s.p, v.s.len);
		break;
	case VALUE_TIME:
		offset = zone == NULL ? 0 : zone_offset(zone, v.time) / 60;
		g_string_append_printf(to, "\"%s\"", clock_format(v.time, offset, buf));
		break;
	case VALUE_LIST:
		g_string_append_c(to, '[');
		for (size_t i = 0; i < v.list->n; i++) {
			g_string_append(to, i == 0 ? "" : ",");
			printer_json(to, v.list->items[i], zone);
		}
		g_string_append_c(to, ']');
		break;
	case VALUE_MAP:
		g_string_append_c(to, '{');
		for (size_t i = 0; i < v.map->n; i++) {
			g_string_append(to, i == 0 ? "" : ",");
			json_text(to, v.map->pairs[i].key, strlen(v.map->pairs[i].key));
			g_string_append_c(to, ':');
			printer_json(to, v.map->pairs[i].value, zone);
		}
		g_string_append_c(to, '}');
		break;
	case VALUE_RANGE:
		g_string_append_c(to, '"');
		append_scalar(to, v);
		g_string_append_c(to, '"');
		break;
	case VALUE_EMPTY:
	case VALUE_BLANK:
		g_string_append(to, "\"\"");
		break;
	default:
		append_scalar(to, v);
		break;
	}
}

void
printer_expr(GString *to, const struct expr *e)
{
	switch (e->op) {
	case EXPR_LITERAL:
		if (e->literal.type == VALUE_EMPTY || e->literal.type == VALUE_BLANK)
			g_string_append(
			    to, e->literal.type == VALUE_EMPTY ? "empty" : "blank");
		else
			printer_inspect(to, e->literal, NULL);
		break;
	case EXPR_RANGE:
		g_string_append_c(to, '(');
		printer_expr(to, e->left);
		g_string_append(to, "..");
		printer_expr(to, e->right);
		g_string_append_c(to, ')');
		break;
	case EXPR_PATH:
		for (int i = 0; i < e->n_parts; i++) {
			if (e->parts[i].name == NULL) {
				g_string_append_c(to, '[');
				printer_expr(to, e->parts[i].index);
				g_string_append_c(to, ']');
			} else {
				g_string_append(to, i == 0 ? "" : ".");
				g_string_append(to, e->parts[i].name);
			}
		}
		break;
	default:
		g_string_append(to, "condition"); /* conditions are never printed */
		break;
	}
}

bool
printer_integer(struct value v, int64_t *out)
{
	char buf[32], *end;

	if (v.type == VALUE_INT) {
		*out = v.i;
		return true;
	}
	if (v.type != VALUE_STR || v.s.len == 0 || v.s.len >= sizeof(buf))
		return false;
	memcpy(buf, v.s.p, v.s.len);
	buf[v.s.len] = '\0';
	errno = 0;
	*out = g_ascii_strtoll(buf, &end, 10);
	while (g_ascii_isspace(*end))
		end++;
	return errno == 0 && end != buf && *end == '\0';
}
