/* catalog_test.c - sets as a whole: secrets, plans, lists, versions, and golden files. */
#include "spec_set.h"

static struct catalog *
load(const char *dir, struct report *r)
{
	char *config = path_in(dir, "config");
	const char *paths[] = { config, NULL };
	struct catalog *c = catalog_load(paths, r);

	g_free(config);
	return c;
}

static void
g1_and_g3_credential_files(void **state)
{
	static const char text[] =
	    REACHD "  - { name: g, type: http, channels: [sms], url: "
		   "\"https://sms.example.com\",\n"
		   "      headers: { X-Key: \"{{ credential.gateway }}\" }, body: x,\n"
		   "      hook_secret: { credential: hook } }\ncredentials: secrets\n";
	char *gateway = path_in(*state, "config/secrets/gateway");
	char *hook = path_in(*state, "config/secrets/hook");
	struct report *r = report_new();
	struct catalog *c;
	char *got;

	put(*state, CONFIG, text, strlen(text) - strlen("credentials: secrets\n"));
	assert_null(load(*state, r));
	assert_int_equal(r->errors, 2);
	report_free(r);
	r = report_new();
	put(*state, CONFIG, text, strlen(text));
	put(*state, "config/secrets/gateway", "value-one\n", 10);
	put(*state, "config/secrets/hook", "value-two-0000000000000", 23);
	assert_int_equal(chmod(gateway, 0600), 0);
	assert_int_equal(chmod(hook, 0640), 0);
	c = load(*state, r);
	assert_null(c);
	got = found(r, CONFIG);
	assert_string_equal(
	    got, "4:5: error: credential \"hook\": its file can be read by others\n");
	assert_null(strstr(got, "value"));
	g_free(got);
	report_free(r);

	assert_int_equal(chmod(hook, 0600), 0);
	put(*state, "config/secrets/hook", "twenty-one-characters", 21);
	assert_int_equal(chmod(hook, 0600), 0);
	assert_found(*state, CONFIG,
	    "4:5: error: credential \"hook\": a hook_secret has at least 22 characters: it "
	    "alone says that a webhook is the provider's\n",
	    "a secret that can be guessed");
	put(*state, "config/secrets/hook", "value-two-0000000000000", 23);
	assert_int_equal(chmod(hook, 0600), 0);
	r = report_new();
	c = load(*state, r);
	assert_non_null(c);
	assert_string_equal(c->config->accounts[1].hook_secret, "value-two-0000000000000");
	assert_int_equal(c->config->n_credentials, 2);
	catalog_unref(c);
	report_free(r);

	g_remove(hook);
	assert_found(*state, CONFIG,
	    "4:5: error: credential \"hook\": No such file or directory\n",
	    "G1 missing file");

	/* systemd's directory goes before ours. */
	put(*state, "elsewhere/hook", "value-three-000000000000", 24);
	put(*state, "elsewhere/gateway", "value-four", 10);
	g_free(hook);
	hook = path_in(*state, "elsewhere/hook");
	g_free(gateway);
	gateway = path_in(*state, "elsewhere/gateway");
	assert_int_equal(chmod(gateway, 0440), 0);
	assert_int_equal(chmod(hook, 0444), 0);
	g_free(gateway);
	gateway = path_in(*state, "elsewhere");
	setenv("CREDENTIALS_DIRECTORY", gateway, 1);
	assert_found(*state, CONFIG,
	    "4:5: error: credential \"hook\": its file can be read by others\n",
	    "G3 systemd");
	unsetenv("CREDENTIALS_DIRECTORY");
	g_free(gateway);
	g_free(hook);
}

static void
y20_moved_by_summer_time(void **state)
{
	static const char config[] =
	    "entity: { name: x, tz: America/New_York }\n"
	    "providers: [{ name: demo, type: sandbox, channels: [sms, wecom, email], "
	    "url: \"http://127.0.0.1:8090\", internal: true }]\n";
	static const char playbook[] =
	    "playbook: care\ncategory: marketing\nstatus: live\n"
	    "start: { list: tag:vip, at: 2027-03-14 02:30, once: true }\n"
	    "steps: [{ id: one, send: care/one }]\n";

	put(*state, CONFIG, config, strlen(config));
	put(*state, PLAYBOOK, playbook, strlen(playbook));
	assert_found(*state, PLAYBOOK,
	    "4:8: warning: 02:30 does not exist on that day in America/New_York; it "
	    "begins at "
	    "03:00\n",
	    "Y20");
}

static void
y22_channel_no_provider_serves(void **state)
{
	static const char config[] =
	    "entity: { name: x, tz: Asia/Shanghai }\n"
	    "providers: [{ name: demo, type: sandbox, channels: [sms], "
	    "url: \"http://127.0.0.1:8090\", internal: true }]\n";
	static const char draft[] =
	    "playbook: care\ncategory: marketing\nstart: { on: visit }\n"
	    "steps: [{ id: two, send: care/chat }]\n";

	put(*state, CONFIG, config, strlen(config));
	assert_found(*state, PLAYBOOK,
	    "7:34: error: \"care/chat\" goes by wecom, which no provider serves\n"
	    "7:45: error: \"care/mail\" goes by email, which no provider serves\n",
	    "Y22 live");
	put(*state, PLAYBOOK, draft, strlen(draft));
	assert_found(*state, PLAYBOOK,
	    "4:26: warning: \"care/chat\" goes by wecom, which no provider serves\n",
	    "Y22 draft");
}

/* Playbooks that reports name: of a part of them it is said once. */
static void
playbooks_of_reports_that_are_not_there(void **state)
{
	static const struct {
		const char *name, *lines, *want;
	} rows[] = {
		{ "all there", "first: [care]", "" },
		{ "a slip of the pen", "first: [care, cares]",
		    "5:25: warning: there is no playbook \"cares\"\n" },
		{ "one", "first: [care, feast-new-year]",
		    "5:25: warning: there is no playbook \"feast-new-year\"\n" },
		{ "many, and one twice",
		    "first: [birthday, feast-new-year], second: [dormant-21d, birthday], "
		    "third: [win-back-5, win-back-c]",
		    "5:29: warning: there is no playbook \"feast-new-year\", \"dormant-21d\", "
		    "\"birthday\" and 2 more\n" },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		char *text = g_strconcat(POLICY "reports: { lines:\n        { ", rows[i].lines,
		    " } }\n", NULL);

		put(*state, RULES, text, strlen(text));
		assert_found(*state, RULES, rows[i].want, rows[i].name);
		g_free(text);
	}
}

/* Y23: where a link of a text may lead. */
static void
y23_links_of_the_house(void **state)
{
	static const char config[] =
	    "entity: { name: x, tz: Asia/Shanghai, link_hosts: [www.example.com] }\n"
	    "public_url: https://reach.example.com\n"
	    "providers: [{ name: demo, type: sandbox, channels: [sms, wecom, email], "
	    "url: \"http://127.0.0.1:8090\", internal: true }]\n";
	static const struct {
		const char *name, *body, *found;
	} rows[] = {
		{ "Y23 the house's own",
		    "https://www.example.com/a https://reach.example.com/b https://WWW.example.com",
		    "" },
		{ "Y23 another host", "https://evil.example.net/a",
		    "7:21: error: links may not lead to evil.example.net\n" },
		{ "Y23 a host that begins alike", "https://www.example.com.evil.example.net/",
		    "7:21: error: links may not lead to www.example.com.evil.example.net\n" },
		{ "Y23 http", "http://www.example.com/a",
		    "7:21: error: a link begins with https://\n" },
		{ "Y23 another host without its scheme", "<a href=\"//evil.example.net/a\">x</a>",
		    "7:32: error: links may not lead to evil.example.net\n"
		    "7:30: error: where this link leads is not written out\n" },
		{ "Y23 a word in disguise", "<a href=' java&#115;cript:x'>x</a>",
		    "7:31: error: where this link leads is not written out\n" },
		{ "Y23 a tab in the word", "<a href=\"java\tscript:x\">x</a>",
		    "7:30: error: where this link leads is not written out\n" },
		{ "Y23 a tab by its name", "<a href=\"java&Tab;script:x\">x</a>",
		    "7:30: error: where this link leads is not written out\n" },
		{ "Y23 spaces round the sign", "<a href = '//evil.example.net'>x</a>",
		    "7:34: error: links may not lead to evil.example.net\n"
		    "7:32: error: where this link leads is not written out\n" },
		{ "Y23 backslashes", "<a href=\"\\\\www.example.com\">x</a>",
		    "7:30: error: where this link leads is not written out\n" },
		{ "Y23 a form", "<form action=\"//www.example.com\">x</form>",
		    "7:35: error: where this link leads is not written out\n" },
		{ "Y23 a picture", "<img src=\"//www.example.com/a.png\">",
		    "7:31: error: where this link leads is not written out\n" },
		{ "Y23 what a query may hold",
		    "<a href=\"https://www.example.com/?src=//a&amp;b=1&c=2;x\">x</a>", "" },
		{ "Y23 a host put together of words", "https://www.example.com{{ '.evil.cn' }}/x",
		    "7:1: error: a link that this text puts together leads to www.example.com.evil.cn\n" },
		{ "Y23 by echo", "https://www.example.com{% echo '.evil.cn' %}/x",
		    "7:1: error: a link that this text puts together leads to www.example.com.evil.cn\n" },
		{ "Y23 round a tag",
		    "https://www.example.com{% if customer.name %}.evil.cn{% endif %}/x",
		    "7:1: error: a link that this text puts together leads to www.example.com.evil.cn\n" },
		{ "Y23 round a comment",
		    "https://www.example.com{% comment %}{% endcomment %}.evil.cn/x",
		    "7:1: error: a link that this text puts together leads to www.example.com.evil.cn\n" },
		{ "Y23 of its own after a tag", "https://www.example.com{% echo '/x' %}", "" },
		{ "Y23 javascript", "[x](JavaScript:alert)",
		    "7:25: error: a link may not carry javascript:\n" },
	};

	put(*state, CONFIG, config, strlen(config));
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char *text = g_strconcat("---\ntitle: x\nchannel: email\ncategory: service\n"
					 "subject: x\n---\n{{ customer.name }} ",
		    rows[i].body, "\n", NULL);

		put(*state, "templates/email/care/mail.liquid", text, strlen(text));
		g_free(text);
		assert_found(*state, "templates/email/care/mail.liquid", rows[i].found,
		    rows[i].name);
	}
}

/* Y23: links without https:// are links on a phone. */
static void
y23_links_however_they_are_written(void **state)
{
	static const char config[] =
	    "entity: { name: x, tz: Asia/Shanghai, link_hosts: [www.example.com] }\n"
	    "providers: [{ name: demo, type: sandbox, channels: [sms, wecom, email], "
	    "url: \"http://127.0.0.1:8090\", internal: true }]\n";
	static const char *const evil[] = { "www.evil.cn", "看evil.cn/x吧", "evil．cn", "ｅｖｉｌ.cn",
		"evil.cn", "EVIL.CN", "evil。cn", "e\u200bvil.cn", "xn--fsq.com", "a.xn--fiqs8s",
		"192.0.2.7", "１９２.0.2.7/x", "evil.top", "t.co/abc", "www.evil.example/a",
		"evil.example/a", "https:/evil.cn", "https：//evil.cn", "www.example.com.evil.cn",
		"邪恶.cn", "邪恶.中国", "a@evil.cn/x", "{{ \"evil\" | append: \".cn\" }}",
		"{{ customer.name | default: \"evil.cn\" }}", "{{ \"x\" }} evil.cn",
		"https://www.example.com:x@evil.cn/", "evil&#46;cn", "www.example.com/a evil.cn" };
	static const char *const fine[] = { "版本1.2.3.4", "V1.2.3.4", "v 2.0.1", "3.5万", "12.5元",
		"手册.pdf", "manual.pdf", "readme.md", "a.docx", "service@example.com",
		"写信到 a.b@dealer.example.cn", "www.example.com", "www.example.com/book?a=b.cn",
		"https://www.example.com/a.cn/evil.cn", "ＷＷＷ.example.com", "2026.11.27", "No.1", "0.1个压",
		"6.5L/100km", "10.30", "A/C", "你好。cn", "OK.", "5...10", "8:00-12.00",
		"{{ customer.name }}", "{% if customer.name == \"a.b\" %}{% endif %}", "P.S.好" };

	put(*state, CONFIG, config, strlen(config));
	for (size_t i = 0; i < G_N_ELEMENTS(evil) + G_N_ELEMENTS(fine); i++) {
		bool bad = i < G_N_ELEMENTS(evil);
		const char *said = bad ? evil[i] : fine[i - G_N_ELEMENTS(evil)];
		char *text = g_strconcat(TEMPLATE, said, " 拒收请回复R\n", NULL), *got;
		struct report *r;

		put(*state, SMS, text, strlen(text));
		r = check(*state);
		got = found(r, SMS);
		if (bad != (strstr(got, "link") != NULL))
			fail_msg("%s: %s", said, got);
		g_free(got);
		report_free(r);
		g_free(text);
	}
}

/* Y24: an SMS of three segments, with and without variables. */
static void
y24_segments(void **state)
{
	GString *text = g_string_new(TEMPLATE);
	int i;

	for (i = 0; i < 130; i++)
		g_string_append(text, "字");
	g_string_append(text, "拒收请回复R\n");
	put(*state, SMS, text->str, text->len);
	assert_found(*state, SMS,
	    "1:1: error: with its signature the text has 144 characters: 3 segments, the "
	    "policy "
	    "allows 2\n",
	    "Y24 constant");
	g_string_insert(text, (gssize)strlen(TEMPLATE), "{{ customer.name }}");
	put(*state, SMS, text->str, text->len);
	assert_found(*state, SMS,
	    "1:1: error: with its signature the text has 144 characters: 3 segments, "
	    "the policy "
	    "allows 2\n",
	    "Y24 variable");
	g_string_free(text, TRUE);
}

/* Y24: one branch of several is too long. */
static void
y24_segments_of_a_branch(void **state)
{
	static const struct {
		const char *name, *before, *behind, *want;
	} rows[] = {
		{ "if", "{% if customer.name %}", "{% endif %}", "error" },
		{ "else", "{% if customer.name %}好{% else %}", "{% endif %}", "error" },
		{ "unless", "{% unless customer.name %}", "{% endunless %}", "error" },
		{ "when", "{% case customer.tier %}{% when \"high\" %}", "{% endcase %}", "error" },
		{ "for", "{% for v in vehicles %}", "{% endfor %}", "error" },
		{ "never printed", "{% comment %}", "{% endcomment %}", "" },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		GString *text = g_string_new(TEMPLATE);
		struct report *r;
		char *got;

		g_string_append(text, rows[i].before);
		for (int k = 0; k < 150; k++)
			g_string_append(text, "字");
		g_string_append_printf(text, "%s拒收请回复R\n", rows[i].behind);
		put(*state, SMS, text->str, text->len);
		r = check(*state);
		got = found(r, SMS);
		if (*rows[i].want == '\0' ? *got != '\0' : strstr(got, "3 segments") == NULL)
			fail_msg("%s: %s", rows[i].name, got);
		g_free(got);
		report_free(r);
		g_string_free(text, TRUE);
	}
}

/* Two branches of half the length are no text that is too long. */
static void
y24_branches_are_not_added_up(void **state)
{
	GString *text = g_string_new(TEMPLATE "{% if customer.name %}");

	for (int i = 0; i < 160; i++)
		g_string_append(text, i == 80 ? "{% else %}字" : "字");
	g_string_append(text, "{% endif %}拒收请回复R\n");
	put(*state, SMS, text->str, text->len);
	assert_found(*state, SMS, "", "Y24 either or");
	g_string_free(text, TRUE);
}

static void
template_t7_filters_nested_too_deeply(void **state)
{
	GString *text = g_string_new(TEMPLATE "{{ customer.name");
	struct report *r;
	int i;

	for (i = 0; i < 1000; i++)
		g_string_append(text, " | upcase");
	g_string_append(text, " }} 拒收请回复R\n");
	put(*state, SMS, text->str, text->len);
	r = check(*state);
	assert_int_equal(r->errors, 1);
	assert_non_null(strstr(((struct diag *)r->diags->pdata[0])->text, "8"));
	report_free(r);
	g_string_free(text, TRUE);
}

/* The words an account prescribes, byte for byte at the end. */
static void
way_out_of_the_provider(void **state)
{
	static const char config[] =
	    "entity: { name: x, tz: Asia/Shanghai }\n"
	    "providers: [{ name: demo, type: sandbox, channels: [sms, wecom, email], "
	    "url: \"http://127.0.0.1:8090\", internal: true, optout_suffix: 退订回T }]\n";

	put(*state, CONFIG, config, strlen(config));
	assert_found(*state, SMS,
	    "1:1: error: a marketing SMS by \"demo\" ends with the words its provider "
	    "prescribes, byte for byte, not with \"…好。拒收请回复R\"\n",
	    "suffix");
}

static void
plans_that_cannot_work(void **state)
{
	static const char many[] =
	    HEAD "steps:\n  - { id: a, at: day 1, send: care/one }\n"
		 "  - { id: b, at: day 5 12:00, send: care/one }\n"
		 "  - { id: c, at: day 9, send: care/one }\n"
		 "  - { id: d, at: day 13, send: care/one }\n";
	static const char branched[] = HEAD
	    "steps:\n  - { id: a, at: day 1, send: care/one }\n"
	    "  - { id: skip, branch: [{ when: customer.tier == \"low\", goto: c }] }\n"
	    "  - { id: b, at: day 5, send: care/one }\n"
	    "  - { id: c, at: day 9, send: care/one }\n"
	    "  - { id: d, at: day 13, send: care/one }\n";
	static const char again[] = TEMPLATE "又见面了。拒收请回复R\n";
	static const char rounds[] =
	    "playbook: care\ncategory: marketing\nstatus: live\nstart: { on: visit }\n"
	    "steps:\n  - { id: a, at: day 2 12:00, repeat: { every: 40d, times: 2, send: "
	    "{ each: [care/one, care/again] } } }\n";
	static const char birthday[] = HEAD
	    "steps:\n  - { id: a, before: customer.birthday 0d at 07:00, send: care/one }\n"
	    "  - { id: b, before: customer.birthday 0d at 10:00, send: care/one }\n";
	static const char spread[] =
	    HEAD "steps:\n  - { id: a, at: day 1, send: care/one }\n"
		 "  - { id: b, at: day 31, send: care/one }\n"
		 "  - { id: c, at: day 61, send: care/one }\n"
		 "  - { id: d, at: day 91, send: care/one }\n";

	static const struct {
		const char *name, *start, *last;
		bool warned;
	} plans[] = {
		{ "any tier", "on: visit", "30", true },
		{ "the 31st day is in another window", "on: visit", "31", false },
		{ "without low", "when: customer.tier != \"low\"", "30", false },
		{ "only low", "when: customer.tier == \"low\"", "30", true },
		{ "only high", "when: { all: [customer.tier == \"high\"] }", "30",
		    false },
		{ "low or high",
		    "when: { any: [customer.tier == \"high\", customer.tier == \"low\"] "
		    "}",
		    "30", true },
		{ "not low", "when: { none: [customer.tier == \"low\"] }", "30", false },
		{ "whoever", "when: customer.visits == 3", "30", true },
		{ "high and more",
		    "when: customer.tier == \"high\" and customer.visits > 1", "30",
		    false },
	};
	char *path;
	size_t i;

	for (i = 0; i < G_N_ELEMENTS(plans); i++) {
		char *text =
		    g_strdup_printf("playbook: care\ncategory: marketing\nstatus: "
				    "live\nstart: { %s }\nsteps:\n"
				    "  - { id: a, at: day 1, send: care/one }\n"
				    "  - { id: b, at: day 2, send: care/one }\n"
				    "  - { id: c, at: day 3, send: care/one }\n"
				    "  - { id: d, at: day %s, send: care/one }\n",
			plans[i].start, plans[i].last);

		put(*state, PLAYBOOK, text, strlen(text));
		assert_found(*state, PLAYBOOK,
		    plans[i].warned ? "6:3: warning: 4 marketing messages within 30 "
				      "days, tier \"low\" "
				      "gets 3 a month\n"
				    : "",
		    plans[i].name);
		g_free(text);
	}
	put(*state, PLAYBOOK, many, strlen(many));
	assert_found(*state, PLAYBOOK,
	    "7:5: warning: step \"b\" is due at 12:00, always in or right before quiet "
	    "window "
	    "\"lunch\" for sms\n"
	    "6:3: warning: 4 marketing messages within 30 days, tier \"low\" gets 3 a "
	    "month\n",
	    "quiet and cap");
	put(*state, PLAYBOOK, birthday, strlen(birthday));
	assert_found(*state, PLAYBOOK,
	    "6:5: warning: step \"a\" is due at 07:00, always in or right before quiet "
	    "window \"night\" for sms\n",
	    "before a date, in a quiet window");
	put(*state, "templates/sms/care/again.liquid", again, strlen(again));
	put(*state, PLAYBOOK, rounds, strlen(rounds));
	assert_found(*state, PLAYBOOK,
	    "6:5: warning: step \"a\" is due at 12:00, always in or right before quiet "
	    "window \"lunch\" for sms\n",
	    "said once of a step, not once of each of its texts");
	path = g_build_filename(*state, "templates/sms/care/again.liquid", NULL);
	g_remove(path);
	g_free(path);
	put(*state, PLAYBOOK, branched, strlen(branched));
	assert_found(*state, PLAYBOOK, "", "branch round a step");
	put(*state, PLAYBOOK, spread, strlen(spread));
	assert_found(*state, PLAYBOOK, "", "spread over months");
}

static void
lists_of_customers(void **state)
{
	static const char playbook[] = "playbook: care\ncategory: marketing\nstatus: "
				       "live\nstart: { list: vips.csv }\n"
				       "steps: [{ id: one, send: care/one }]\n";
	const struct playbook *p;
	struct report *r = report_new();
	struct catalog *c;

	put(*state, PLAYBOOK, playbook, strlen(playbook));
	assert_null(load(*state, r));
	report_free(r);

	put(*state, "config/playbooks/vips.csv", "name,id\nx,C2\ny,C1\nz,C2\n", 23);
	r = report_new();
	c = load(*state, r);
	assert_non_null(c);
	p = catalog_playbook(c, "care")->playbook;
	assert_string_equal(p->start.list[0], "C1");
	assert_string_equal(p->start.list[1], "C2");
	assert_null(p->start.list[2]);
	catalog_unref(c);
	report_free(r);

	put(*state, "config/playbooks/vips.csv", "C9\nC8\n", 6);
	r = report_new();
	c = load(*state, r);
	assert_non_null(c);
	p = catalog_playbook(c, "care")->playbook;
	assert_string_equal(p->start.list[0], "C8");
	assert_string_equal(p->start.list[1], "C9");
	catalog_unref(c);
	report_free(r);
}

/* ---- the catalog ---- */

static void
defaults_that_no_file_states(void **state)
{
	struct report *r = report_new();
	struct catalog *c = load(*state, r);
	const struct playbook *p;

	assert_non_null(c);
	assert_int_equal(c->policy->n_quiet, 3);
	assert_int_equal(c->policy->quiet[0].from, 22 * 60);
	assert_int_equal(c->policy->quiet[0].to, 8 * 60);
	assert_int_equal(c->policy->n_limits, 1);
	assert_int_equal(c->policy->limits[0].max, 3);
	assert_true(c->policy->min_gap == MS_DAY);
	assert_int_equal(c->policy->send_time, 600);
	assert_int_equal(c->policy->service_per_day, 1);
	assert_int_equal(c->policy->service_per_month, 6);
	assert_int_equal(c->policy->max_segments, 2);
	assert_true(c->policy->lookahead == 7 * MS_DAY);
	assert_string_equal(c->policy->default_tier->name, "low");
	assert_string_equal(c->policy->keywords[KEYWORD_OPT_OUT][0], "退订");
	p = catalog_playbook(c, "care")->playbook;
	assert_int_equal(p->priority, 50);
	assert_int_equal(p->cap, -1);
	assert_true(p->re_entry == MS_NEVER);
	assert_true(p->steps[0].expires == MS_DAY);
	assert_int_equal(p->steps[0].timing.minute, -1);
	assert_int_equal(p->steps[1].n_sends, 2);
	assert_string_equal(p->steps[1].templates[1]->layout, "frame");
	assert_null(catalog_playbook(c, "none"));
	catalog_unref(c);
	report_free(r);
}

static void
version_is_its_content(void **state)
{
	struct report *r = report_new();
	struct catalog *c = load(*state, r), *other;
	const struct version *v = catalog_playbook(c, "care"), *w;
	char *dir = g_dir_make_tmp("reachd-spec-XXXXXX", NULL);
	struct err e = { .kind = ERR_NONE };
	struct version *again;

	again = version_load(v->bundle, v->bundle_len, &e);
	assert_non_null(again);
	assert_string_equal(again->hash, v->hash);
	assert_int_equal(strlen(v->hash), 64);
	assert_string_equal(again->bundle, v->bundle);
	assert_int_equal(again->playbook->n_steps, 2);
	assert_string_equal(again->playbook->steps[1].templates[0]->name, "care/chat");
	assert_int_equal(again->playbook->at.line, 1);
	assert_non_null(g_hash_table_lookup(again->partials, "sign"));
	assert_non_null(g_hash_table_lookup(again->partials, "frame"));
	version_free(again);

	/* Elsewhere it is the same, with one other character it is not. */
	put_sound(dir);
	other = load(dir, r);
	assert_string_equal(catalog_playbook(other, "care")->hash, v->hash);
	catalog_unref(other);
	put(dir, "templates/partials/sign.liquid", "{{ entity.name }}!\n", 19);
	other = load(dir, r);
	w = catalog_playbook(other, "care");
	assert_string_not_equal(w->hash, v->hash);
	catalog_unref(other);

	assert_null(version_load("{}", 2, &e));
	assert_int_equal(e.kind, ERR_INPUT);
	assert_null(version_load("[", 1, &e));
	remove_all(dir);
	g_free(dir);
	catalog_unref(c);
	report_free(r);
}

/* Y29: the set on disk breaks; what was loaded stays whole. */
static void
y29_file_gone_or_cut(void **state)
{
	struct report *r = report_new();
	struct catalog *c = load(*state, r);
	char *template = path_in(*state, SMS);
	/* Cut right behind a whole step, nothing shows that there was another. */
	size_t cut,
	    whole = (size_t)(strstr(sound[2].text, " }\n  - { id: two") - sound[2].text);

	assert_non_null(c);
	g_remove(template);
	assert_null(load(*state, r));
	assert_true(r->errors > 0);
	report_free(r);
	for (cut = 0; cut <= whole; cut++) {
		put_sound(*state);
		put(*state, PLAYBOOK, sound[2].text, cut);
		r = report_new();
		if (load(*state, r) != NULL)
			fail_msg("cut to %zu bytes it was accepted", cut);
		assert_true(r->errors > 0);
		report_free(r);
	}
	assert_string_equal(catalog_ref(c)->config->entity.name, "示例汽车服务");
	catalog_unref(c);
	assert_string_equal(catalog_playbook(c, "care")->playbook->name, "care");
	catalog_unref(c);
	g_free(template);
}

static void
one_name_twice(void **state)
{
	static const char playbook[] = HEAD "steps: [{ id: a, stop: true }]\n";
	static const char service[] = "---\ncategory: service\n---\n您好\n";
	struct report *r;

	put(*state, "config/playbooks/other.yaml", playbook, strlen(playbook));
	put(*state, "templates/wecom/care/one.liquid", service, strlen(service));
	put(*state, "config/elsewhere.yaml", POLICY, strlen(POLICY));
	r = check(*state);
	assert_int_equal(r->errors, 3);
	report_free(r);
}

static void
mistakes_of_all_files_at_once(void **state)
{
	struct report *r;

	put(*state, CONFIG, "entity: { name: x }\n", 20);
	put(*state, RULES, "tiers: { low: { cap: -1 } }\n", 28);
	put(*state, SMS, TEMPLATE "{{ x", strlen(TEMPLATE) + 4);
	r = check(*state);
	assert_true(r->errors >= 3);
	report_free(r);
}

/* ---- text in, text out: tests/golden/check/NAME against NAME.out ---- */

static void
golden(void **state)
{
	static const char dir[] = "tests/golden/check";
	GDir *d = g_dir_open(dir, 0, NULL);
	const char *name;
	int n = 0;

	(void)state;
	assert_non_null(d);
	while ((name = g_dir_read_name(d)) != NULL) {
		char *path = path_in(dir, name), *out = g_strconcat(path, ".out", NULL);
		char *want = NULL, *got = NULL;
		struct report *r;
		size_t len;
		FILE *f;

		if (!g_str_has_suffix(name, ".out")) {
			f = open_memstream(&got, &len);
			r = check(path);
			report_print(r, f);
			fclose(f);
			report_free(r);
			if (getenv("GOLDEN_WRITE") != NULL)
				g_file_set_contents(out, got, (gssize)len, NULL);
			g_file_get_contents(out, &want, NULL, NULL);
			if (g_strcmp0(want, got) != 0)
				fail_msg("%s prints\n%sinstead of\n%s", path, got, want);
			n++;
		}
		free(got);
		g_free(want);
		g_free(out);
		g_free(path);
	}
	g_dir_close(d);
	assert_true(n >= 40);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(g1_and_g3_credential_files),
		TEST(y20_moved_by_summer_time),
		TEST(y22_channel_no_provider_serves),
		TEST(playbooks_of_reports_that_are_not_there),
		TEST(y23_links_of_the_house),
		TEST(y23_links_however_they_are_written),
		TEST(y24_segments),
		TEST(y24_segments_of_a_branch),
		TEST(y24_branches_are_not_added_up),
		TEST(template_t7_filters_nested_too_deeply),
		TEST(way_out_of_the_provider),
		TEST(plans_that_cannot_work),
		TEST(lists_of_customers),
		TEST(defaults_that_no_file_states),
		TEST(version_is_its_content),
		TEST(y29_file_gone_or_cut),
		TEST(one_name_twice),
		TEST(mistakes_of_all_files_at_once),
		TEST(golden),
	};

	return cmocka_run_group_tests_name("catalog", tests, NULL, NULL);
}
