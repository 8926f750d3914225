/* copy_manual_test.c - every rule of copy stands in both manuals with an example, and the check
 * tells the example. */
#include "spec_set.h"

#include "../../src/spec/copy_rule.h"

#define ACCOUNTS                                                                  \
	"entity: { name: 示例汽车服务, tz: Asia/Shanghai }\n"               \
	"providers:\n  - { name: tencent, type: sandbox, channels: [sms, wecom, " \
	"email, push], url: \"http://127.0.0.1:8090\", internal: true }\n"
#define BOOK                                                        \
	HEAD "steps:\n  - { id: one, at: day 1, send: care/one }\n" \
	     "  - { id: two, at: day 2, send: care/two }\n"         \
	     "  - { id: three, at: day 3, send: care/push }\n"

static void
write_text(const char *dir, const char *path, const char *category, const char *text)
{
	char *all = g_strdup_printf("---\ncategory: %s\n---\n%s\n", category, text);

	put(dir, path, all, strlen(all));
	g_free(all);
}

static char *
shipped(const char *path)
{
	char *text = NULL;

	assert_true(g_file_get_contents(path, &text, NULL, NULL));
	return text;
}

/* The second cell of the rule's row; NULL: there is none. */
static char *
example(const char *manual, const char *rule)
{
	char *row = g_strdup_printf("\n| `%s` | `", rule), *got = NULL;
	const char *at = strstr(manual, row);

	if (at != NULL) {
		at += strlen(row);
		got = g_strndup(at, strcspn(at, "`"));
	}
	g_free(row);
	return got;
}

static bool
is_told(const char *dir, const char *rule)
{
	char *excuse = g_strdup_printf("allow: { %s: REASON }", rule);
	struct report *r = check(dir);
	bool told = false;

	for (guint i = 0; i < r->diags->len; i++) {
		const struct diag *d = r->diags->pdata[i];

		told = told || (d->hint != NULL && strstr(d->hint, excuse) != NULL);
	}
	report_free(r);
	g_free(excuse);
	return told;
}

/* As marketing by SMS twice, so that it is alike, and as a service push. */
static void
judge(const char *dir, const char *page, const char *manual, const char *rule)
{
	char *text = example(manual, rule);

	if (text == NULL)
		fail_msg("%s does not name the rule %s with an example", page, rule);
	write_text(dir, SMS, "marketing", text);
	write_text(dir, "templates/sms/care/two.liquid", "marketing", text);
	write_text(dir, "templates/push/care/push.liquid", "service", text);
	if (!is_told(dir, rule))
		fail_msg("%s: the check does not tell \"%s\" by the rule %s", page, text,
		    rule);
	g_free(text);
}

/* Of the lists that ship. */
static GPtrArray *
ids_in(const char *path)
{
	GPtrArray *ids = g_ptr_array_new_with_free_func(g_free);
	char *text = shipped(path);

	for (const char *p = text; (p = strstr(p, "- id: ")) != NULL;) {
		p += strlen("- id: ");
		g_ptr_array_add(ids, g_strndup(p, strcspn(p, " \n")));
	}
	g_free(text);
	assert_true(ids->len >= 10);
	return ids;
}

static void
every_rule_is_in_the_manuals(void **state)
{
	static const char *const pages[] = { "docs/marketer.md",
		"docs/marketer.zh-CN.md" };
	static const char *const lists[] = { "config/copy.yaml", "config/lexicon.yaml" };

	put(*state, CONFIG, ACCOUNTS, strlen(ACCOUNTS));
	put(*state, PLAYBOOK, BOOK, strlen(BOOK));
	for (size_t i = 0; i < G_N_ELEMENTS(lists); i++) {
		char *text = shipped(lists[i]);

		put(*state, lists[i], text, strlen(text));
		g_free(text);
	}
	for (size_t p = 0; p < G_N_ELEMENTS(pages); p++) {
		char *manual = shipped(pages[p]);

		for (const struct copy_shape *s = copy_shapes; s->id != NULL; s++)
			judge(*state, pages[p], manual, s->id);
		for (size_t i = 0; i < G_N_ELEMENTS(lists); i++) {
			GPtrArray *ids = ids_in(lists[i]);

			for (guint k = 0; k < ids->len; k++)
				judge(*state, pages[p], manual, ids->pdata[k]);
			g_ptr_array_unref(ids);
		}
		g_free(manual);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = { TEST(every_rule_is_in_the_manuals) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
