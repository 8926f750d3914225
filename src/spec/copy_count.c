/* copy_count.c - what counts days or hours by a number that stands in the text: 还有3天, 3天后
 * 到期, 再过三天是您的生日, 3天前您来过.
 *
 * A number that is worked out when the text is made is true when it goes, for a text that
 * waited is made again: signals, and what comes of a date. One that was written down before
 * is not: digits, and fields of an event or a customer. What is said roughly (还有不到3天,
 * 大约还有20天), as a span (30天内) or as a promise (7天后我打给您) stays true. */
#include <string.h>

#include <glib.h>

#include "copy_rule.h"
#include "fold.h"

#define NUMBER                                                                  \
	"(?<![0-9.一二两三四五六七八九十百半\\x02])(?:[0-9]{1,4}|" \
	"[一二两三四五六七八九十百半]{1,4}|\\x02)"
#define UNIT "(?:天|日|个?小时|个?钟头|个?星期|个?礼拜|周)"
#define ROUGHLY "(?!左右|上下|多|以上|之?内|以内|不止)"
#define CLAUSE "[^.!?;,\\n]"
#define ENDS "(?:到期|过期|失效|作废|截止|结束)"
#define EVENT                                                                              \
	"(?:到期|过期|失效|作废|截止|结束|开始|停止|下线|涨价|原价|" \
	"生日|到日子|放假|年检|期满|脱保|关门)"

/* Of a folded text: no spaces, small letters, full stops for 。 */
static const char *const forms[] = {
	"(?<!大约|大概|差不多)(?:(?<![的月年周季每])最后|还有|还剩下?|[只仅]剩下?|剩["
	"下余]?|还差|"
	"[还仅]余|倒计时|倒数)(?:最后|整整|着|:)?" NUMBER UNIT ROUGHLY,
	"(?<![到至期了满])" NUMBER UNIT "[之以]?后" CLAUSE "{0,14}?" EVENT,
	"(?<![超不经通已路没错晚])过" NUMBER UNIT ",?(?:[就便]?是|" CLAUSE "{0,10}?" EVENT
	")",
	"(?<![后起内取账期满每过])" NUMBER UNIT "(?:就要?|便要?|即将?)?" ENDS,
	"(?:已经?过了?|逾期了?|超期了?)" NUMBER UNIT "(?![内未不就后以之左多])",
	"(?<![提请少期])" NUMBER UNIT "前(?:您|我|刚)",
	"(?:expires?|ends?|due)in[0-9]{1,4}(?:days?|hours?)",
	"(?<![0-9])[0-9]{1,4}(?:more)?(?:days?|hours?)(?:left|remaining|togo)",
};

/* ---- numbers that come from variables ---- */

#define DEEP 4

/* A text, and the name under which it is handed what was written down before. */
struct origin {
	const struct fold *f;
	const char *handed; /* NULL: nothing; COPY_HANDED_ANY: under whatever name */
};

static bool is_made_now(const struct origin *o, const char *p, size_t len, int depth);

/* Is nothing between p and end written down? */
static bool
is_captured_now(const struct origin *o, const char *p, const char *end, int depth)
{
	static const char numerals[] = "0123456789一二两三四五六七八九十百半";
	bool now = true;

	for (; now && p < end; p = g_utf8_next_char(p)) {
		const char *close = p[0] == '{' && strchr("{%", p[1]) != NULL
					? strstr(p, p[1] == '{' ? "}}" : "%}")
					: NULL;

		if (close == NULL) {
			now = g_utf8_strchr(numerals, -1, g_utf8_get_char(p)) == NULL;
			continue;
		}
		if (p[1] == '{')
			now = is_made_now(o, p + 2, (size_t)(close - p - 2), depth);
		p = close + 1;
	}
	return now;
}

/* What the name was assigned, if that is in this text; n counts where. */
static bool
is_assigned_now(const struct origin *o, const char *name, size_t len, int depth, int *n)
{
	static const struct {
		const char *begin, *sep, *end;
	} tags[] = { { "assign", "=", "%}" }, { "capture", "%}", "endcapture" } };
	bool now = true;

	for (size_t i = 0; i < G_N_ELEMENTS(tags); i++) {
		char *tag = g_strdup_printf(
		    "%s%.*s%s", tags[i].begin, (int)len, name, tags[i].sep);
		const char *at = o->f->text, *end;

		while (now && (at = strstr(at, tag)) != NULL) {
			at += strlen(tag);
			end = strstr(at, tags[i].end);
			now = end != NULL &&
			      (i == 0 ? is_made_now(o, at, (size_t)(end - at), depth + 1)
				      : is_captured_now(o, at, end, depth + 1));
			++*n;
		}
		g_free(tag);
	}
	return now;
}

static bool
is_handed(const struct origin *o, const char *name, size_t len)
{
	return o->handed != NULL &&
	       (strcmp(o->handed, COPY_HANDED_ANY) == 0 ||
		   (strlen(o->handed) == len && memcmp(o->handed, name, len) == 0));
}

/* {{ days | default: 7 }}, of what nobody hands. */
static bool
falls_back_on_number(const char *p, size_t len)
{
	const char *at = g_strstr_len(p, (gssize)len, "|default:");

	return at != NULL && g_ascii_isdigit(at[strlen("|default:")]);
}

/* Is what stands between the braces worked out when the text is made? */
static bool
is_made_now(const struct origin *o, const char *p, size_t len, int depth)
{
	size_t name = 0;
	int assigned = 0;

	if (depth > DEEP || g_strstr_len(p, (gssize)len, "signals.") != NULL ||
	    g_strstr_len(p, (gssize)len, "|date") != NULL)
		return true;
	while (
	    name < len && (g_ascii_isalnum(p[name]) || strchr("_.[]", p[name]) != NULL))
		name++;
	if (name == 0 || g_ascii_isdigit(*p) || memchr(p, '.', name) != NULL)
		return false;
	if (!is_assigned_now(o, p, name, depth, &assigned))
		return false;
	return assigned > 0 || !(is_handed(o, p, name) || falls_back_on_number(p, len));
}

bool
copy_made_now(const struct fold *f, const char *written)
{
	const struct origin o = { f, NULL };

	return is_made_now(&o, written, strlen(written), 0);
}

/* ---- the text as it is read ---- */

struct reading {
	GString *text; /* without tags; \1 for a value of now, \2 for one of before */
	GArray *at;    /* of each byte: where it stands in the folded text */
};

static void
add(struct reading *r, const char *p, size_t n, size_t at, bool moves)
{
	for (size_t i = 0; i < n; i++) {
		size_t from = at + (moves ? i : 0);

		g_string_append_c(r->text, p[i]);
		g_array_append_val(r->at, from);
	}
}

/* Behind what is not read at p; NULL: it is read. */
static const char *
behind_tag(const char *p)
{
	const char *end = NULL;

	if (p[0] == '{' && (p[1] == '{' || p[1] == '%'))
		end = strstr(p, p[1] == '{' ? "}}" : "%}");
	else if (p[0] == '<' && (g_ascii_isalpha(p[1]) || p[1] == '/'))
		end = strchr(p, '>');
	if (end == NULL)
		return NULL;
	return end + (p[0] == '{' ? 2 : 1);
}

static void
reading_init(struct reading *r, const struct origin *o)
{
	const struct fold *f = o->f;
	const char *end, *p = f->text;
	size_t at;

	*r = (struct reading){ g_string_new(NULL),
		g_array_new(FALSE, FALSE, sizeof(size_t)) };
	for (; *p != '\0'; p = end) {
		at = (size_t)(p - f->text);
		if ((end = behind_tag(p)) == NULL) {
			end = g_utf8_next_char(p);
			add(r, p, (size_t)(end - p), at, true);
		} else if (p[1] == '{') {
			const char *in = p + 2 + (p[2] == '-');
			bool now = is_made_now(o, in, (size_t)(end - 2 - in), 0);

			add(r, now ? "\1" : "\2", 1, at, false);
		}
	}
	at = f->len;
	g_array_append_val(r->at, at);
}

static void
reading_release(struct reading *r)
{
	g_string_free(r->text, TRUE);
	g_array_unref(r->at);
}

/* Where that stands, or the first byte read behind it. */
static size_t
place_read(const struct reading *r, size_t folded)
{
	size_t i = 0;

	while (i < r->text->len && g_array_index(r->at, size_t, i) < folded)
		i++;
	return i;
}

size_t
copy_counted(const struct fold *f, const char *handed, size_t from, size_t *end)
{
	const struct origin o = { f, handed };
	struct reading r;
	size_t first = SIZE_MAX, start;

	reading_init(&r, &o);
	start = place_read(&r, from);
	for (size_t i = 0; i < G_N_ELEMENTS(forms); i++) {
		GRegex *form = g_regex_new(forms[i], 0, 0, NULL);
		GMatchInfo *m = NULL;
		int a, b;

		if (g_regex_match_full(form, r.text->str, (gssize)r.text->len,
			(gint)start, 0, &m, NULL) &&
		    g_match_info_fetch_pos(m, 0, &a, &b) &&
		    g_array_index(r.at, size_t, a) < first) {
			first = g_array_index(r.at, size_t, a);
			*end = g_array_index(r.at, size_t, b - 1) + 1;
		}
		g_match_info_unref(m);
		g_regex_unref(form);
	}
	reading_release(&r);
	return first;
}
