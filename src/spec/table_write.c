#include <string.h>

#include <csv.h>

#include "spec/table.h"

/* What makes Excel, WPS or LibreOffice take a cell for a formula. */
static bool
table_is_formula(char c)
{
	return c == '=' || c == '+' || c == '-' || c == '@' || c == '\t' || c == '\r' ||
	       c == '\0';
}

void
table_write_field(GString *out, const char *s, size_t len)
{
	bool guard = len > 0 && table_is_formula(s[0]);
	bool quote = guard;

	for (size_t i = 0; i < len && !quote; i++)
		quote = strchr(",\"\r\n\t", s[i]) != NULL;
	if (len > 0 && (s[0] == ' ' || s[len - 1] == ' '))
		quote = true;
	if (!quote) {
		g_string_append_len(out, s, (gssize)len);
		return;
	}
	/* csv_write() puts the quotes; the ' has to stand inside them. */
	size_t at = out->len, need = csv_write(NULL, 0, s, len);

	g_string_set_size(out, at + need);
	csv_write(out->str + at, need, s, len);
	if (guard)
		g_string_insert_c(out, (gssize)at + 1, '\'');
}

const char *
table_write_undo(const char *s)
{
	return s[0] == '\'' && s[1] != '\0' && table_is_formula(s[1]) ? s + 1 : s;
}
