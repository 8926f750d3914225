#include "core/registered_text.h"

#include <string.h>

#include <glib.h>

static const struct {
	const char *word;
	enum registered_status status;
} words[] = {
	{ "approved", REGISTERED_APPROVED },
	{ "审核通过", REGISTERED_APPROVED },
	{ "已通过", REGISTERED_APPROVED },
	{ "通过", REGISTERED_APPROVED },
	{ "AUDIT_STATE_PASS", REGISTERED_APPROVED },
	{ "pending", REGISTERED_PENDING },
	{ "审核中", REGISTERED_PENDING },
	{ "待审核", REGISTERED_PENDING },
	{ "AUDIT_STATE_INIT", REGISTERED_PENDING },
	{ "rejected", REGISTERED_REJECTED },
	{ "审核不通过", REGISTERED_REJECTED },
	{ "审核未通过", REGISTERED_REJECTED },
	{ "未通过", REGISTERED_REJECTED },
	{ "不通过", REGISTERED_REJECTED },
	{ "审核失败", REGISTERED_REJECTED },
	{ "已拒绝", REGISTERED_REJECTED },
	{ "AUDIT_STATE_NOT_PASS", REGISTERED_REJECTED },
};

int
registered_status(const char *word)
{
	for (size_t i = 0; i < G_N_ELEMENTS(words); i++)
		if (g_ascii_strcasecmp(word, words[i].word) == 0)
			return (int)words[i].status;
	return -1;
}

const char *
registered_status_name(enum registered_status s)
{
	return s == REGISTERED_APPROVED   ? "approved"
	       : s == REGISTERED_REJECTED ? "rejected"
					  : "pending";
}

/* The name in ${name} or {1} at p, and what follows it; NULL: no variable begins here. */
static const char *
variable(struct arena *a, const char *p, const char **end)
{
	bool dollar = p[0] == '$' && p[1] == '{';
	const char *name = p + (dollar ? 2 : 1);
	size_t len;

	if (!dollar && *p != '{')
		return NULL;
	len = strcspn(name, "{}");
	if (len == 0 || name[len] != '}' ||
	    (!dollar && strspn(name, "0123456789") != len))
		return NULL;
	*end = name + len + 1;
	return arena_strndup(a, name, len);
}

static int
index_of(const char *name, const char *const *names, int n)
{
	for (int i = 0; i < n; i++) {
		char place[16];

		g_snprintf(place, sizeof(place), "%d", i + 1);
		if (strcmp(*names[i] == '\0' ? place : names[i], name) == 0)
			return i;
	}
	return -1;
}

const char *
registered_fill(struct arena *a, const char *text, const char *const *names,
    const char *const *values, int n, const char **missing)
{
	GString *out = g_string_new(NULL);
	bool *used = arena_array(a, bool, n + 1);
	const char *name, *end, *filled;

	*missing = NULL;
	memset(used, 0, sizeof(bool) * (size_t)(n + 1));
	while (*text != '\0' && *missing == NULL) {
		int i;

		if ((name = variable(a, text, &end)) == NULL) {
			g_string_append_c(out, *text++);
			continue;
		}
		if ((i = index_of(name, names, n)) < 0) {
			*missing = name;
			break;
		}
		used[i] = true;
		g_string_append(out, values[i]);
		text = end;
	}
	for (int i = 0; i < n && *missing == NULL; i++)
		if (!used[i])
			*missing =
			    *names[i] != '\0' ? names[i] : arena_printf(a, "%d", i + 1);
	filled = *missing == NULL ? arena_strdup(a, out->str) : NULL;
	g_string_free(out, TRUE);
	return filled;
}

static const char *
skip(const char *p)
{
	while (*p != '\0' && g_unichar_isspace(g_utf8_get_char(p)))
		p = g_utf8_next_char(p);
	return p;
}

bool
registered_same(const char *a, const char *b, int *character)
{
	*character = 1;
	for (a = skip(a), b = skip(b); *a != '\0' && *b != '\0'; ++*character) {
		const char *after_a, *after_b;

		if (g_utf8_get_char(a) != g_utf8_get_char(b))
			return false;
		after_a = g_utf8_next_char(a);
		after_b = g_utf8_next_char(b);
		a = skip(after_a);
		b = skip(after_b);
		/* Between words a space is one; how many, and of which kind, is no matter. */
		if (*a != '\0' && *b != '\0' && (a > after_a) != (b > after_b)) {
			++*character;
			return false;
		}
	}
	return *a == *b;
}
