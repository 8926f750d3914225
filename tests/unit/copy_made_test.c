/* copy_made_test.c - d08: a word of a list or a claim is found however it is hidden, and what
 * nobody reads is none. */
#include "spec_set.h"

#define COPY "config/copy.yaml"
#define MAIL "templates/email/care/mail.liquid"
#define LEVELS                                                                  \
	"copy:\n  - { id: impersonal, level: off }\n"                           \
	"  - { id: unsigned, level: off }\n  - { id: no-number, level: off }\n" \
	"  - { id: alike, level: off }\n  - { id: no-deadline, level: off }\n"  \
	"  - { id: hype, level: error, words: [超值, 国家级], why: 夸张 }\n"
#define HEADED "---\ncategory: marketing\nsubject: 广告：您好\nlayout: frame\n---\n<p>"
#define HIDDEN(at, what, why) \
	at ": error: \"" what "\" is what this text says in the end: " why "\n"
#define CLAIM "a claim that advertising may not make (广告法)"

static void
write_file(const char *dir, const char *path, const char *text)
{
	put(dir, path, text, strlen(text));
}

/* "s" an SMS, "m" a mail. */
struct row {
	const char *name, *channel, *text;
};

static const struct row hidden[] = {
	{ "plain", "s", "最便宜" },
	{ "zwsp", "s", "最\342\200\213便宜" },
	{ "zwj word joiner", "s", "超\342\201\240值" },
	{ "traditional", "s", "銷量第一" },
	{ "traditional word", "s", "超值 國家級" },
	{ "mail entity num", "m", "最&#20415;宜" },
	{ "mail entity hex", "m", "超&#x503C;" },
	{ "mail entity soft hyphen", "m", "超&shy;值" },
	{ "mail zwnj entity", "m", "超&zwnj;值" },
	{ "mail nbsp", "m", "超&nbsp;值" },
	{ "mail split by tags", "m", "超<b>值</b>" },
	{ "mail html comment", "m", "超<!-- x -->值" },
	{ "mail split superlative", "m", "最<i></i>便宜" },
	{ "liquid comment", "s", "超{% comment %}x{% endcomment %}值" },
	{ "inline comment", "s", "超{% # x %}值" },
	{ "assign", "s", "{% assign a = \"超值\" %}{{ a }}" },
	{ "assign join", "s", "{% assign a = \"超\" %}{{ a }}值" },
	{ "assign append", "s", "{% assign a = \"超\" | append: \"值\" %}{{ a }}" },
	{ "capture join", "s",
	    "{% capture a %}超{% endcapture %}{% capture b %}值{% endcapture %}{{ a }}{{ "
	    "b }}" },
	{ "literal output", "s", "超{{ \"值\" }}" },
	{ "echo", "s", "超{% echo \"值\" %}" },
	{ "replace", "s", "{{ \"超X值\" | remove: \"X\" }}" },
	{ "if split", "s", "超{% if customer.visits > 1 %}值{% endif %}好" },
	{ "if else split", "s",
	    "超{% if customer.visits > 1 %}好{% else %}值{% endif %}" },
	{ "case split", "s",
	    "最{% case customer.tier %}{% when \"a\" %}便宜{% else %}近{% endcase %}" },
	{ "render handed", "s", "{% render 'two', w: '便宜' %}" },
	{ "render literal", "s", "{% render 'say', w: '超值' %}" },
	{ "loop", "s",
	    "{% assign l = '超,值' | split: ',' %}{% for x in l %}{{ x }}{% endfor %}" },
	{ "combining mark", "s", "超\314\201值" },
	{ "variation selector", "s", "超\357\270\217值" },
	{ "hangul filler", "s", "超\343\205\244值" },
	{ "braille blank", "s", "超\342\240\200值" },
	{ "dot between", "s", "超\302\267值" },
	{ "kangxi radical", "s", "最\342\276\274级" },
	{ "raw", "s", "{% raw %}超值{% endraw %}" },
	{ "mail alt", "m", "<img alt=\"超值\" src=\"https://www.example.com/x.png\">" },
	{ "mail title attr", "m",
	    "<a title=\"最便宜\" href=\"https://www.example.com/\">看</a>" },
};

static const struct row unread[] = {
	{ "comment only", "s", "{% comment %}不要写超值{% endcomment %}您好" },
	{ "compare", "s", "{% if customer.kind == \"超值\" %}您好{% endif %}" },
	{ "case when", "s",
	    "{% case customer.kind %}{% when \"超值\" %}您好{% endcase %}" },
	{ "最近", "s", "最近天冷" },
	{ "lines", "s", "价格超\n\n值得一看" },
	{ "branches exclusive", "s",
	    "{% if customer.visits > 1 %}超{% else %}值{% endif %}" },
	{ "values stand between", "s", "超{{ customer.name }}值" },
	{ "a branch for nobody else", "s",
	    "{% unless customer.kind contains '超值' %}好{% endunless %}" },
	{ "a note", "s", "{% # 超值不能写 %}好" },
	{ "a name with a dot", "s", "阿凡提·最近" },
	{ "fallen back on", "s", "超{{ customer.name | default: '您' }}值" },
	{ "allowed where it is", "s", "{{ '最近' }}降温" },
};

/* How many lines say that a rule of copy is broken. */
static int
broken(const char *dir, const struct row *row)
{
	bool mail = *row->channel == 'm';
	char *text = g_strconcat(
	    mail ? HEADED : TEMPLATE, row->text, mail ? "</p>\n" : "拒收请回复R\n", NULL);
	struct report *r;
	int n = 0;

	put_sound(dir);
	write_file(dir, COPY, LEVELS);
	write_file(dir, mail ? MAIL : SMS, text);
	r = check(dir);
	for (guint i = 0; i < r->diags->len; i++) {
		const struct diag *d = r->diags->pdata[i];

		n += strstr(d->text, "夸张") != NULL || strstr(d->text, CLAIM) != NULL;
	}
	report_free(r);
	g_free(text);
	return n;
}

static void
nothing_hides(void **state)
{
	write_file(*state, "templates/partials/two.liquid", "最{{ w }}");
	write_file(*state, "templates/partials/say.liquid", "{{ w }}");
	for (size_t i = 0; i < G_N_ELEMENTS(hidden); i++)
		if (broken(*state, &hidden[i]) == 0)
			fail_msg("%s: nothing is said of \"%s\"", hidden[i].name,
			    hidden[i].text);
}

static void
what_nobody_reads(void **state)
{
	for (size_t i = 0; i < G_N_ELEMENTS(unread); i++)
		if (broken(*state, &unread[i]) != 0)
			fail_msg("%s: something is said of \"%s\"", unread[i].name,
			    unread[i].text);
}

/* Said once, where the text begins; what stands there as it is read has its own place. */
static void
where_it_is_told(void **state)
{
	static const struct {
		const char *name, *text, *want;
	} rows[] = {
		{ "put together",
		    TEMPLATE "您好\n{% assign a = '超' %}{{ a }}值，{{ a }}值",
		    HIDDEN("5:1", "超值", "夸张") },
		{ "as it is read", TEMPLATE "您好\n超值",
		    "6:1: error: \"超值\": 夸张\n" },
		{ "both ways", TEMPLATE "超值，{% assign a = '超' %}{{ a }}值",
		    "5:1: error: \"超值\": 夸张\n" },
		{ "a claim", TEMPLATE "{{ '最' }}{{ '便宜' }}",
		    HIDDEN("5:1", "最便", CLAIM) },
		{ "excused",
		    "---\ncategory: marketing\nallow: { hype: 这是奖项的名字 }\n---\n"
		    "{% assign a = '超' %}{{ a }}值",
		    "" },
	};

	write_file(*state, COPY, LEVELS);
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		char *text = g_strconcat(rows[i].text, "拒收请回复R\n", NULL);

		write_file(*state, SMS, text);
		assert_found(*state, SMS, rows[i].want, rows[i].name);
		g_free(text);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(nothing_hides),
		TEST(what_nobody_reads),
		TEST(where_it_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
