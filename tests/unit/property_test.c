/* property_test.c - what must hold for any text, answer or reference: drawn from a seed,
 * and judged by slow and plain versions of the same. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <glib.h>

#include "../../src/engine/ref.h"
#include "core/reply.h"
#include "core/segment.h"
#include "sim/rng.h"
#include "spec/single.h"

/* ---- segments ---- */

/* The tables of GSM 03.38 as they are printed in it. */
static const char gsm_basic[] =
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";
static const char gsm_escaped[] = "\f^{}\\[~]|€";

static bool
is_in(const char *set, gunichar c)
{
	return c != 0 && g_utf8_strchr(set, -1, c) != NULL;
}

/* The widths of all characters in units, then the parts filled one after another. */
static void
slow_count(
    enum segment_plan plan, const char *signature, const char *text, struct segments *out)
{
	char *whole = *signature == '\0' ? g_strdup(text)
					 : g_strdup_printf("【%s】%s", signature, text);
	glong n, utf16;
	gunichar *c = g_utf8_to_ucs4(whole, -1, NULL, &n, NULL);
	bool gsm = plan == SEGMENT_INTERNATIONAL;
	int alone, part, used = 0;

	g_free(g_utf8_to_utf16(whole, -1, NULL, &utf16, NULL));
	for (glong i = 0; i < n; i++)
		gsm = gsm && (is_in(gsm_basic, c[i]) || is_in(gsm_escaped, c[i]));
	*out =
	    (struct segments){ (int)n, gsm ? 0 : (int)utf16, gsm ? "GSM-7" : "UCS-2", 1 };
	for (glong i = 0; gsm && i < n; i++)
		out->units += is_in(gsm_escaped, c[i]) ? 2 : 1;
	alone = gsm ? 160 : 70;
	part = gsm ? 153 : 67;
	for (glong i = 0; out->units > alone && i < n; i++) {
		int width = gsm ? 1 + is_in(gsm_escaped, c[i]) : 1 + (c[i] > 0xffff);

		/* Gateways in China bill by length, wherever they cut. */
		if (used + width > part && plan == SEGMENT_INTERNATIONAL) {
			out->segments++;
			used = 0;
		}
		used += width;
	}
	if (plan == SEGMENT_CHINA && out->units > alone)
		for (out->segments = 0; out->segments * part < out->units;)
			out->segments++;
	g_free(c);
	g_free(whole);
}

static gunichar
draw(struct rng *r, int kind)
{
	static const gunichar odd[] = { '\n', '\t', '`', 0x20ac, 0xe7, 0xc7, 0x1f600,
		0x200d, 0xfe0f, 0x3a9, 0x7f, 0xffff, 0x10000, 0x20000, 0x10fffd };

	if (kind == 0)
		return (gunichar)(' ' + rng_below(r, 95));
	if (kind == 1)
		return (gunichar)(0x4e00 + rng_below(r, 0x5000));
	if (kind == 2)
		return (gunichar)(0x1f600 + rng_below(r, 64));
	if (kind == 3)
		return g_utf8_get_char(
		    g_utf8_offset_to_pointer(gsm_basic, (glong)rng_below(r, 120)));
	if (kind == 4)
		return g_utf8_get_char(
		    g_utf8_offset_to_pointer(gsm_escaped, (glong)rng_below(r, 10)));
	return odd[rng_below(r, G_N_ELEMENTS(odd))];
}

/* Lengths are drawn near the edges, where being off by one shows. */
static void
segments_as_counted_slowly(void **state)
{
	static const int edges[] = { 0, 67, 70, 134, 153, 160, 201, 306 };
	static const char *const signatures[] = { "", "某某汽车", "Shop", "😀" };
	struct rng r;

	(void)state;
	rng_seed(&r, 20261122, "segments");
	for (int i = 0; i < 100000; i++) {
		int n = edges[rng_below(&r, 8)] + (int)rng_below(&r, 9) - 4;
		int usual = (int)rng_below(&r, 6), rare = (int)rng_below(&r, 6);
		const char *signature = signatures[rng_below(&r, 4)];
		enum segment_plan plan =
		    rng_chance(&r, 0.5) ? SEGMENT_CHINA : SEGMENT_INTERNATIONAL;
		GString *text = g_string_new(NULL);
		struct segments got, want;

		while (n-- > 0)
			g_string_append_unichar(
			    text, draw(&r, rng_below(&r, 40) == 0 ? rare : usual));
		segment_count(plan, signature, text->str, &got);
		slow_count(plan, signature, text->str, &want);
		if (got.characters != want.characters || got.units != want.units ||
		    got.segments != want.segments ||
		    strcmp(got.encoding, want.encoding) != 0)
			fail_msg("text %d: %d %d %d %s, slowly %d %d %d %s: \"%s\"", i,
			    got.characters, got.units, got.segments, got.encoding,
			    want.characters, want.units, want.segments, want.encoding,
			    text->str);
		g_string_free(text, TRUE);
	}
}

/* ---- answers ---- */

enum { WIDE = 1, UPPER = 2, LOWER = 4, FORMS = 6 };

/* A keyword as a telephone may write it. */
static char *
form_of(const char *word, int form)
{
	GString *s = g_string_new(NULL);

	for (; *word != '\0'; word = g_utf8_next_char(word)) {
		gunichar c = g_utf8_get_char(word);

		if (form & UPPER)
			c = g_unichar_toupper(c);
		if (form & LOWER)
			c = g_unichar_tolower(c);
		if (form & WIDE && c > ' ' && c < 0x7f)
			c += 0xfee0;
		g_string_append_unichar(s, c);
	}
	return g_string_free(s, FALSE);
}

static bool
is_found(enum keyword_kind kind, const struct reply_meaning *m)
{
	switch (kind) {
	case KEYWORD_OPT_OUT:
		return m->opt_out;
	case KEYWORD_OPT_IN:
		return m->opt_in;
	case KEYWORD_COMPLAINT:
		return m->complaint;
	default:
		return m->wrong_person;
	}
}

static void
keyword_is_never_missed(void **state)
{
	static const char *const before[] = { "", " ", "\u3000", "\r\n", "\u200b", "“",
		"【", "。", "...", "\t\ufeff" };
	static const char *const after[] = { "", " ", "\u3000\u3000", "\n", "。", "！！",
		"!!", "”", "】", "~", "\u200b", "👌", ".\r\n" };
	struct arena *a = arena_new(), *scratch = arena_new();
	struct report *r = report_new();
	const struct policy *p = single_policy(a, "config/policy.yaml", r);
	int asked = 0;

	(void)state;
	assert_non_null(p);
	/* Courtesies mean nothing that has to be found. */
	for (int kind = 0; kind < KEYWORD_COURTESY; kind++)
		for (const char *const *w = p->keywords[kind]; *w != NULL; w++)
			for (int form = 0; form < FORMS; form++)
				for (size_t k = 0;
				     k < G_N_ELEMENTS(before) * G_N_ELEMENTS(after);
				     k++) {
					char *word = form_of(*w, form);
					char *text = g_strconcat(
					    before[k % G_N_ELEMENTS(before)], word,
					    after[k / G_N_ELEMENTS(before)], NULL);
					struct reply_meaning m;

					reply_classify(scratch, p, text, &m);
					if (!is_found((enum keyword_kind)kind, &m))
						fail_msg("\"%s\" is not taken for %s",
						    text, *w);
					asked++;
					g_free(text);
					g_free(word);
					arena_reset(scratch);
				}
	assert_true(asked >= 20 * FORMS * 130);
	report_free(r);
	arena_free(scratch);
	arena_free(a);
}

/* ---- references ---- */

static void
reference_of_one_change_is_refused(void **state)
{
	uint8_t key[CRYPT_KEY] = { 1 };
	struct crypt *c = crypt_new(key);
	struct rng r;

	(void)state;
	rng_seed(&r, 3, "ref");
	for (int i = 0; i < 50; i++) {
		int64_t msg = (int64_t)(rng_next(&r) >> 1), got;
		int n = (int)rng_below(&r, 65536), got_n;
		char text[REF_TEXT];

		assert_int_equal(
		    ref_parse(c, ref_make(c, msg, n, text), &got, &got_n), 0);
		assert_true(got == msg && got_n == n);
		for (int at = 0; at < REF_TEXT - 1; at++) {
			char was = text[at];

			for (int ch = 0; ch < 256; ch++) {
				text[at] = (char)ch;
				if (text[at] != was &&
				    ref_parse(c, text, &got, &got_n) == 0)
					fail_msg(
					    "%s is taken, %c was at %d", text, was, at);
			}
			text[at] = was;
		}
	}
	crypt_free(c);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(segments_as_counted_slowly),
		cmocka_unit_test(keyword_is_never_missed),
		cmocka_unit_test(reference_of_one_change_is_refused),
	};

	return cmocka_run_group_tests_name("property", tests, NULL, NULL);
}
