/* reply.c - reading a customer's answer.
 *
 * Two forms of a text are used: the normalised one, with words still apart, for
 * finding Latin words; and the dense one, letters and digits only, for whole-message
 * comparison and for Chinese. */
#include "core/reply.h"

#include <string.h>

#include <glib.h>

#include "core/script.h"
#include "reply_text.h"

static bool
is_latin(gunichar c)
{
	return c < 0x2e80 && g_unichar_isalnum(c);
}

char *
reply_normalise(struct arena *a, const char *text)
{
	char *valid = g_utf8_make_valid(text, -1);
	char *plain = g_utf8_normalize(valid, -1, G_NORMALIZE_ALL_COMPOSE);
	char *folded = g_utf8_casefold(plain, -1), *result;
	GString *out = g_string_new(NULL);
	gsize end = 0; /* behind the last letter or digit */
	const char *p;

	for (p = folded; *p != '\0'; p = g_utf8_next_char(p)) {
		gunichar c = g_utf8_get_char(p);

		if (g_unichar_isalnum(c)) {
			g_string_append_unichar(out, script_simplify(c));
			end = out->len;
		} else if (g_unichar_isspace(c) || g_unichar_iscntrl(c)) {
			if (out->len > 0 && out->str[out->len - 1] != ' ')
				g_string_append_c(out, ' ');
		} else if (out->len > 0 && g_unichar_type(c) != G_UNICODE_FORMAT) {
			g_string_append_unichar(out, c);
		}
	}
	result = arena_strndup(a, out->str, end);
	g_string_free(out, TRUE);
	g_free(folded);
	g_free(plain);
	g_free(valid);
	return result;
}

/* Letters and digits of a normalised text. */
static char *
dense(struct arena *a, const char *text)
{
	char *copy = arena_strdup(a, text), *out = copy;
	const char *p, *next;

	for (p = text; *p != '\0'; p = next) {
		next = g_utf8_next_char(p);
		if (g_unichar_isalnum(g_utf8_get_char(p))) {
			memcpy(out, p, (size_t)(next - p));
			out += next - p;
		}
	}
	*out = '\0';
	return copy;
}

struct reply_text {
	const char *raw, *words, *dense;
};

static struct reply_text
read_text(struct arena *a, const char *text)
{
	struct reply_text t = { .raw = text };

	t.words = reply_normalise(a, text);
	t.dense = dense(a, t.words);
	return t;
}

static bool
is_all_latin(const char *s)
{
	for (; *s != '\0'; s = g_utf8_next_char(s)) {
		if (!is_latin(g_utf8_get_char(s)))
			return false;
	}
	return true;
}

/* Words that mean something else inside a sentence: "t", "td", 取消 (取消预约). */
static bool
only_whole(const char *word)
{
	return strcmp(word, "取消") == 0 ||
	       (is_all_latin(word) && g_utf8_strlen(word, -1) <= 2);
}

/* A keyword that is itself a sentence (别发了) may belong to a talk rather than be a
 * command, so a person looks even when it is the whole message. */
static bool
is_sentence(const char *word)
{
	return g_str_has_prefix(word, "别") || g_str_has_prefix(word, "不") ||
	       g_str_has_prefix(word, "勿") || g_str_has_prefix(word, "莫");
}

/* 不要停 asks for more: a keyword that begins with 停 does not count behind these. */
static bool
goes_on(const char *text, const char *at)
{
	static const char *const before[] = { "不", "别", "不要", "不用", "不能", "不想",
		"没" };
	size_t i;

	if (!g_str_has_prefix(at, "停"))
		return false;
	for (i = 0; i < G_N_ELEMENTS(before); i++) {
		size_t len = strlen(before[i]);

		if ((size_t)(at - text) >= len && memcmp(at - len, before[i], len) == 0)
			return true;
	}
	return false;
}

/* Is word at p a word of its own, not part of a longer Latin one? */
static bool
stands_alone(const char *text, const char *p, size_t len)
{
	const char *before = p > text ? g_utf8_prev_char(p) : NULL;

	return (before == NULL || !is_latin(g_utf8_get_char(before))) &&
	       (p[len] == '\0' || !is_latin(g_utf8_get_char(p + len)));
}

/* Both given normalised. Chinese is looked for without spaces and punctuation, for
 * "退 订" is how filters are avoided; Latin words with them, for they need the gaps. */
static bool
contains(const struct reply_text *t, const char *word, const char *dense_word)
{
	bool latin = is_all_latin(dense_word);
	const char *text = latin ? t->words : t->dense;
	const char *wanted = latin ? word : dense_word;
	const char *p = text;

	if (wanted[0] == '\0')
		return false;
	while ((p = strstr(p, wanted)) != NULL) {
		if (latin ? stands_alone(text, p, strlen(wanted)) : !goes_on(text, p))
			return true;
		p++;
	}
	return false;
}

/* What may stand around a keyword without changing it. Longer ones first. */
static const char *const courtesies[] = { "thankyouverymuch", "thankyou", "thanks",
	"please", "hello", "thx", "pls", "now", "hi", "请帮我", "帮我", "麻烦", "谢谢",
	"多谢", "感谢", "你好", "您好", "回复", "我要", "我想", "直接", "请", "回", "我",
	"你", "您", "了", "吧", "啊", "呀", "哦", "哈", "嘛", "呗", NULL };

struct keyword {
	const char *written, *words, *dense;
};

/* How long the keyword at s is: the longest that fits. A single letter counts only
 * where no other Latin letter touches it ("回T", not "not"). */
static size_t
keyword_at(const char *text, const char *s, const struct keyword *list, int *which)
{
	size_t longest = 0;
	int i;

	for (i = 0; list[i].written != NULL; i++) {
		size_t len = strlen(list[i].dense);

		if (len <= longest || !g_str_has_prefix(s, list[i].dense) ||
		    strcmp(list[i].dense, "取消") == 0 ||
		    (len == 1 && !stands_alone(text, s, 1)))
			continue;
		longest = len;
		*which = i;
	}
	return longest;
}

/* The keyword that a message says and nothing but, give or take courtesies and
 * repetition ("STOP PLEASE", "回T退订"); -1: none. */
static int
whole(const struct reply_text *t, const struct keyword *list)
{
	const char *p = t->dense;
	int found = -1, which = -1, i;
	size_t len;

	for (i = 0; list[i].written != NULL; i++) {
		if (strcmp(list[i].dense, t->dense) == 0 && t->dense[0] != '\0')
			return i;
	}
	for (; *p != '\0'; p += len) {
		len = keyword_at(t->dense, p, list, &which);
		if (len > 0)
			found = which;
		else if ((len = reply_begins(p, courtesies)) == 0)
			return -1;
	}
	return found;
}

static const struct keyword *
read_keywords(struct arena *a, const char *const *words)
{
	struct keyword *list;
	int n = 0, i;

	while (words != NULL && words[n] != NULL)
		n++;
	list = arena_array(a, struct keyword, n + 1);
	for (i = 0; i < n; i++) {
		list[i].written = words[i];
		list[i].words = reply_normalise(a, words[i]);
		list[i].dense = dense(a, list[i].words);
	}
	return list;
}

/* Finds a keyword of one list; returns it as written, or NULL. Sets *inside when it
 * was not the whole message. */
static const char *
find(struct arena *a, const struct reply_text *t, const char *const *words, bool *inside)
{
	const struct keyword *list = read_keywords(a, words);
	int i = whole(t, list);

	*inside = i < 0 || is_sentence(list[i].dense);
	if (i >= 0)
		return list[i].written;
	for (i = 0; list[i].written != NULL; i++) {
		if (!only_whole(list[i].dense) &&
		    contains(t, list[i].words, list[i].dense))
			return list[i].written;
	}
	return NULL;
}

/* Does a phrase of the list say for sure that somebody else has the number? Inside a
 * sentence only with a person behind it: 我不是车主, not 我不是很满意. */
static bool
is_other(struct arena *a, const struct reply_text *t, const char *const *words)
{
	const struct keyword *list = read_keywords(a, words);
	int i;

	if (whole(t, list) >= 0)
		return true;
	for (i = 0; list[i].written != NULL; i++)
		if (reply_is_other(t->raw, t->words, list[i].dense))
			return true;
	return false;
}

void
reply_classify(
    struct arena *a, const struct policy *p, const char *text, struct reply_meaning *out)
{
	struct reply_text t = read_text(a, text);
	const char *complaint, *stop, *wrong, *start;
	bool in_complaint, in_stop, in_wrong, in_start;

	complaint = find(a, &t, p->keywords[KEYWORD_COMPLAINT], &in_complaint);
	stop = find(a, &t, p->keywords[KEYWORD_OPT_OUT], &in_stop);
	wrong = find(a, &t, p->keywords[KEYWORD_WRONG_PERSON], &in_wrong);
	start = find(a, &t, p->keywords[KEYWORD_OPT_IN], &in_start);
	*out = (struct reply_meaning){
		.complaint = complaint != NULL,
		.opt_out = stop != NULL,
		.wrong_person =
		    wrong != NULL && is_other(a, &t, p->keywords[KEYWORD_WRONG_PERSON]),
		.doubtful = (complaint != NULL && in_complaint) ||
			    (stop != NULL && in_stop) || (wrong != NULL && in_wrong),
		.word = complaint != NULL ? complaint
			: stop != NULL    ? stop
					  : wrong,
	};
	out->perhaps_wrong = wrong != NULL && !out->wrong_person;
	/* Coming back takes the whole message and nothing against it. */
	if (out->word == NULL && start != NULL && !in_start) {
		out->opt_in = true;
		out->word = start;
	}
}

/* "5", "５ 分", "五星": a whole message that is a number up to 9999; -1: not one. */
static int
number(const char *p)
{
	static const char *const numerals[] = { "零", "一", "二", "三", "四", "五", "六",
		"七", "八", "九", "十" };
	int n = -1, digits;
	size_t i;

	for (digits = 0; g_ascii_isdigit(*p) && digits < 4; digits++, p++)
		n = MAX(n, 0) * 10 + (*p - '0');
	for (i = 0; n < 0 && i < G_N_ELEMENTS(numerals); i++) {
		if (g_str_has_prefix(p, numerals[i])) {
			n = (int)i;
			p += strlen(numerals[i]);
		}
	}
	p += *p == ' ';
	if (g_str_has_prefix(p, "分") || g_str_has_prefix(p, "星"))
		p += strlen("分");
	return *p == '\0' ? n : -1;
}

/* "1 2 4", "1、2、4", "A1 B2 C4": one digit to each of n questions, and nothing but; -1:
 * not that. */
static int
digits_apart(const char *p, int n)
{
	int value = 0;

	for (int i = 0; i < n; i++) {
		const char *before = p;

		while (*p != '\0' && !g_unichar_isalnum(g_utf8_get_char(p)))
			p = g_utf8_next_char(p);
		if (*p == 'a' + i)
			for (p++; *p == ' ' || *p == ':' || *p == '.';)
				p++;
		/* 12 4 says two things. */
		if (!g_ascii_isdigit(*p) || (i > 0 && p == before))
			return -1;
		value = value * 10 + (*p++ - '0');
	}
	return *p == '\0' ? value : -1;
}

/* What a whole message says by digits alone, where the highest asked for is scale. */
static int
said_in_digits(const char *words, int scale)
{
	int n = number(words), digits = 0;

	for (int top = scale; top > 0; top /= 10)
		digits++;
	return n >= 0 || digits < 3 ? n : digits_apart(words, digits);
}

bool
reply_is_negative(const char *text)
{
	static const char *const minus[] = { "-", "－", "−", "–", "—", "负", NULL };
	size_t len;

	while (*text != '\0' && g_unichar_isspace(g_utf8_get_char(text)))
		text = g_utf8_next_char(text);
	len = reply_begins(text, minus);
	return len > 0 && g_unichar_isdigit(g_utf8_get_char(text + len));
}

/* How much of a text spells the word, punctuation within it aside (价.格); 0: it does not. */
static size_t
spelt(const char *text, const char *word)
{
	const char *s = text;

	while (*word != '\0') {
		gunichar c = g_utf8_get_char(s);

		if (c == 0 ||
		    (c != g_utf8_get_char(word) && (s == text || g_unichar_isalnum(c))))
			return 0;
		word = c == g_utf8_get_char(word) ? g_utf8_next_char(word) : word;
		s = g_utf8_next_char(s);
	}
	return (size_t)(s - text);
}

static const char *
unspaced(struct arena *a, const char *text)
{
	char *copy = arena_strdup(a, text), *out = copy;

	for (; *text != '\0'; text++)
		if (*text != ' ')
			*out++ = *text;
	*out = '\0';
	return copy;
}

/* Is it somewhere in the text, and meant? Spaces within Chinese say nothing, but a comma
 * parts what is said: 不，满意. */
static bool
says(struct arena *a, const struct reply_text *t, const struct keyword *k)
{
	bool latin = is_all_latin(k->dense);
	const char *text = latin ? t->words : unspaced(a, t->words), *p;
	size_t len;

	if (k->dense[0] == '\0')
		return false;
	for (p = text; *p != '\0'; p = g_utf8_next_char(p)) {
		len = !latin                          ? spelt(p, k->dense)
		      : g_str_has_prefix(p, k->words) ? strlen(k->words)
						      : 0;
		if (len > 0 && (!latin || stands_alone(text, p, len)) &&
		    reply_is_meant(text, p, len))
			return true;
	}
	return false;
}

static bool
rule_matches(
    struct arena *a, const struct reply_rule *rule, const struct reply_text *t, int score)
{
	const struct keyword *list;
	int i;

	if (rule->match == REPLY_NUMBER)
		return score >= 0 && score >= rule->from && score <= rule->to;
	list = read_keywords(a, rule->words);
	for (i = 0; list[i].written != NULL; i++) {
		if (strcmp(list[i].dense, t->dense) == 0 && t->dense[0] != '\0')
			return true;
		if (rule->match == REPLY_HAS && says(a, t, &list[i]))
			return true;
	}
	return false;
}

int
reply_scale(const struct playbook *p)
{
	int i, top = -1;

	for (i = 0; i < p->n_replies; i++)
		if (p->replies[i].match == REPLY_NUMBER)
			top = MAX(top, p->replies[i].to);
	return top;
}

const struct reply_rule *
reply_match(struct arena *a, const struct playbook *p, const char *text, bool asked,
    struct reply_score *out)
{
	struct reply_text t = read_text(a, text);
	struct reply_score worded = { .score =
					  reply_is_negative(text)
					      ? -1
					      : said_in_digits(t.words, reply_scale(p)),
		.comment = "" };
	int i;

	if (worded.score < 0 && asked && reply_scale(p) >= 0)
		reply_score(a, text, &worded);
	if (worded.score > reply_scale(p))
		worded.score = -1;
	if (worded.score < 0)
		worded.comment = text;
	*out = worded;
	for (i = 0; i < p->n_replies; i++) {
		if (rule_matches(a, &p->replies[i], &t, worded.score))
			return &p->replies[i];
	}
	return NULL;
}
