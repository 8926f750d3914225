/* refusal_test.c - which answers stop with the words a house has before it writes its own.
 * proves: 3.3 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../../src/spec/read.h"
#include "core/reply.h"

static const struct {
	const char *text;
	bool stops;
} rows[] = {
	{ "以后不要给我发短信了", true },
	{ "不要发了", true },
	{ "别再联系我", true },
	{ "别再聯繫我了！", true },
	{ "取消订阅", true },
	{ "勿扰", true },
	{ "请勿打扰，勿扰", true },
	{ "别再打扰", true },
	{ "不要打扰我了谢谢", true },
	{ "别给我发信息", true },
	{ "别再发了", true },
	{ "麻烦不要再联系了", true },
	/* in doubt it stops */
	{ "我没说不要发了", true },
	/* something else is meant */
	{ "不要发票", false },
	{ "不要给我发票了", false },
	{ "不要发顺丰", false },
	{ "发票别发错抬头", false },
	{ "别给我发顺丰", false },
	{ "取消预约", false },
	{ "打扰了", false },
	{ "不好意思打扰你们", false },
	{ "请联系我", false },
	{ "不要忘了联系我", false },
	/* this offer, not all of them */
	{ "不用了", false },
	{ "谢谢，不需要了", false },
};

static void
plain_refusals_stop(void **state)
{
	struct arena *a = arena_new();
	struct report *r = report_new();
	struct policy p = { .file = "policy.yaml" };
	int bad = 0;

	(void)state;
	policy_read(a, yaml_parse(a, "policy.yaml", "quiet: []\n", 10, r), &p, r);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct reply_meaning m;

		reply_classify(a, &p, rows[i].text, &m);
		if (m.opt_out != rows[i].stops) {
			print_error("\"%s\"\n", rows[i].text);
			bad++;
		}
	}
	assert_int_equal(bad, 0);
	report_free(r);
	arena_free(a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(plain_refusals_stop),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
