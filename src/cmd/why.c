/* why.c - `reachd why`: one customer's runs, each touch with its reason, rule and place.
 */
#include <stdio.h>
#include <string.h>

#include "client.h"
#include "cmd/cmd.h"
#include "show.h"
#include "words.h"

static const char help[] =
    "usage: reachd why CUSTOMER [--lang en|zh] [--json] [--config DIR | --socket PATH]\n\n"
    "Shows every touch of one customer, by the customer's id: when, what became of it\n"
    "and, when it did not go, the reason, the rule with its file and line, and when it\n"
    "is asked again. Then the playbooks that did not take him in, the nearest first, with\n"
    "what is missing and by how much.\n\n"
    "  --lang en|zh  language of the sentences; default what LC_ALL, LC_MESSAGES or LANG say\n"
    "  --json        all of it as one JSON object, in both languages\n";

/* "rule lunch (config/policy.yaml:12), asked again 2026-11-22 13:30" */
static void
print_rule(const json_t *step, GStringChunk *keep)
{
	const char *rule = show_text(step, "rule", keep),
		   *file = show_text(step, "file", keep);
	const char *detail = words_text(step, "detail", keep),
		   *next = show_text(step, "next", keep);
	GString *out = g_string_new("");

	if (*rule != '\0')
		g_string_append_printf(out, SAY("rule %s", "规则 %s"), rule);
	if (*file != '\0')
		g_string_append_printf(out, "%s%s:%s%s", out->len > 0 ? " (" : "", file,
		    show_text(step, "line", keep), out->len > 0 ? ")" : "");
	if (*detail != '\0')
		g_string_append_printf(out, "%s%s", out->len > 0 ? SAY(", ", "，") : "", detail);
	if (*next != '\0')
		g_string_append_printf(out, SAY("%sasked again %s", "%s%s 再问"),
		    out->len > 0 ? SAY(", ", "，") : "", show_time(next, keep));
	if (out->len > 0)
		printf("      %s\n", out->str);
	g_string_free(out, TRUE);
}

static void
print_words(const char *text)
{
	char **lines = g_strsplit(text, "\n", -1);

	for (int i = 0; *text != '\0' && lines[i] != NULL; i++)
		printf("      | %s\n", lines[i]);
	g_strfreev(lines);
}

/* What became of a touch, in the words of the README; --json has the states. */
const struct words_twin words_fates[] = {
	{ "awaiting", "with a person", "等人去做" },
	{ "lapsed", "nobody did it", "没有人做" },
	{ "sending", "being sent", "正在发" },
	{ "accepted", "sent", "已发" },
	{ "delivered", "sent, delivered", "已发，已送达" },
	{ "undelivered", "sent, not delivered", "已发，未送达" },
	{ "no_receipt", "sent, no receipt came", "已发，没有回执" },
	{ "rejected", "refused by the provider", "服务商拒收" },
	{ "unknown", "unknown whether it went", "不知发没发出去" },
	{ "presumed", "unknown, counted as sent", "不知发没发出去，按已发计" },
	{ "parked", "unknown, a person decides", "不知发没发出去，等人决定" },
	{ "suppressed", "not sent", "未发送" },
	{ 0 },
};

const struct words_twin words_by_hand[] = {
	{ "undone", "undone", "已撤销" },
	{ "optout_lifted", "optout_lifted", "已解除退订" },
	{ 0 },
};

static const char *
fate(const char *state, const char *channel, bool asked)
{
	if (strcmp(channel, "phone") == 0 && strcmp(state, "delivered") == 0)
		return SAY("called", "已通话");
	if (strcmp(channel, "phone") == 0 && strcmp(state, "undelivered") == 0)
		return SAY("called, not reached", "打过，没接通");
	if (strcmp(state, "due") == 0)
		return asked ? SAY("held", "暂缓") : SAY("planned", "计划中");
	return words_say(words_fates, state);
}

/* A touch that was asked about and waits says why it waits; else what the daemon says. */
static const char *
sentence_of(const json_t *step, bool held, GStringChunk *keep)
{
	const json_t *verdicts = json_object_get(step, "verdicts");
	const json_t *last = json_array_get(verdicts, json_array_size(verdicts) - 1);

	return words_text(held && last != NULL ? last : step, "sentence", keep);
}

/* Texts of a list, with commas between. g_free. */
static char *
joined(const json_t *list, const struct words_twin *table)
{
	GString *out = g_string_new("");
	const json_t *one;
	size_t i;

	json_array_foreach(list, i, one)
	{
		char *clean =
		    show_clean(json_is_string(one) ? json_string_value(one) : "");

		g_string_append_printf(out, "%s%s", i > 0 ? SAY(", ", "、") : "", words_say(table, clean));
		g_free(clean);
	}
	return g_string_free(out, FALSE);
}

/* "and for 京A00002, 京A00003" */
static void
print_carried(const json_t *step)
{
	static const struct words_twin as_they_are[] = { { NULL, NULL, NULL } };
	char *cars = joined(json_object_get(step, "carries"), as_they_are);

	if (*cars != '\0')
		printf(SAY("      speaks of these too: %s\n", "      这一条也说到：%s\n"), cars);
	g_free(cars);
}

static void
print_step(const json_t *step, GStringChunk *keep)
{
	const char *reason = show_text(step, "reason", keep);
	const char *channel = show_text(step, "channel", keep);
	const char *state = show_text(step, "state", keep);
	bool held = *reason != '\0' && strcmp(state, "due") == 0;
	const char *said = sentence_of(step, held, keep);
	const char *code = show_text(step, "code", keep);
	bool by_hand = json_object_get(step, "by_hand") != NULL;
	bool lost = strcmp(code, "settled-lost") == 0;

	printf("  %-16s  %s", show_time(show_text(step, "at", keep), keep),
	    show_text(step, "step", keep));
	if (*show_text(step, "variant", keep) != '\0')
		printf(" [%s]", show_text(step, "variant", keep));
	if (*channel != '\0')
		printf("  %s", words_say(words_channels, channel));
	printf("  %s",
	    lost ? SAY("lost, as a person settled it", "没送达，经人确认")
	    : by_hand && strcmp(state, "delivered") == 0
		? SAY("sent by hand", "已手动发送")
		: fate(state, channel, *reason != '\0'));
	if (*reason != '\0')
		printf("  %s", reason);
	putchar('\n');
	if (*said != '\0')
		printf("      %s\n", said);
	if (*code != '\0' && !lost && !by_hand)
		printf(SAY("      %s said %s\n", "      %s 返回 %s\n"), show_text(step, "provider", keep), code);
	if (json_object_get(step, "export_basis") != NULL)
		printf(SAY("      left China by the basis: %s\n", "      出境依据：%s\n"),
		    show_text(step, "export_basis", keep));
	print_rule(step, keep);
	print_carried(step);
	print_words(show_text(step, "text", keep));
}

static void
print_run(const json_t *run, GStringChunk *keep)
{
	const json_t *step, *mark;
	const char *why = show_text(run, "why", keep);
	size_t i;

	printf("\n%s  %s", show_text(run, "playbook", keep),
	    words_say(words_runs, show_text(run, "state", keep)));
	if (*why != '\0')
		printf(SAY(" (%s)", "（%s）"), words_say(words_runs, why));
	printf(SAY(", entered %s", "，%s 进入"), show_time(show_text(run, "entered", keep), keep));
	if (*show_text(run, "goal", keep) != '\0')
		printf(SAY(", goal met %s", "，%s 达成目标"), show_time(show_text(run, "goal", keep), keep));
	puts(json_is_true(json_object_get(run, "control"))
		 ? SAY(", in the control group", "，属于对照组")
		 : "");
	json_array_foreach(json_object_get(run, "marks"), i, mark)
	    printf(SAY("  mark %s %s\n", "  里程碑 %s %s\n"), show_text(mark, "name", keep),
		show_time(show_text(mark, "at", keep), keep));
	json_array_foreach(json_object_get(run, "steps"), i, step) print_step(step, keep);
	show_experiments(json_object_get(run, "experiments"), "  ", keep);
}

/* "Not yet: stage 1 lets in others first." */
static void
print_waiting(const json_t *j, GStringChunk *keep)
{
	const json_t *one;
	size_t i;

	json_array_foreach(json_object_get(j, "waiting"), i, one) printf("\n%s  %s\n",
	    show_text(one, "playbook", keep), words_text(one, "sentence", keep));
}

/* "undone by 李明: …", "optout_lifted by 李明: signed form" */
static void
print_by_hand(const json_t *j, GStringChunk *keep)
{
	const json_t *one;
	size_t i;

	json_array_foreach(json_object_get(j, "by_hand"), i, one)
	{
		const json_t *d = json_object_get(one, "data");
		const char *proof = show_text(d, "proof", keep);

		printf(SAY("\n%s  %s (%s) by %s: %s\n", "\n%s  %s（%s），%s：%s\n"),
		    show_time(show_text(one, "at", keep), keep),
		    words_say(words_by_hand, show_text(one, "what", keep)), show_text(d, "what", keep),
		    show_text(d, "by", keep), *proof != '\0' ? proof : show_text(d, "reason", keep));
	}
}

#define NEAREST_SHOWN 5

/* "dormant-21d: signals.days_since_visit is 168, must be at least 180: 12 days short.
 * (config/playbooks/dormant-21d.yaml:24)" */
static void
print_nearest(const json_t *j, GStringChunk *keep)
{
	const json_t *list = json_object_get(j, "nearest"), *one;
	size_t i, n = json_array_size(list);

	if (n > 0)
		printf("\n%s\n", SAY("not taken in by, the nearest first",
					"未进入的剧本，最接近的在前"));
	json_array_foreach(list, i, one)
	{
		if (i == NEAREST_SHOWN) {
			printf(SAY("  and %zu more\n", "  另有 %zu 个\n"), n - i);
			break;
		}
		printf("  %s: %s (%s:%s)\n", show_text(one, "playbook", keep),
		    words_text(one, "sentence", keep), show_text(one, "file", keep),
		    show_text(one, "line", keep));
	}
}

static void
print_tier(const json_t *tier, GStringChunk *keep)
{
	char *prefers = joined(json_object_get(tier, "prefers"), words_channels);

	printf(SAY("tier %s", "层级 %s"), words_say(words_lives, show_text(tier, "name", keep)));
	if (show_int(tier, "cap") >= 0)
		printf(SAY(": %s of %s messages this %s", "：已发 %s 条，上限 %s 条（本%s）"),
		    show_text(tier, "used", keep), show_text(tier, "cap", keep),
		    words_say(words_lives, show_text(tier, "period", keep)));
	if (show_int(tier, "floor") > 0)
		printf(SAY(", at least %s", "，至少 %s 条"), show_text(tier, "floor", keep));
	if (*prefers != '\0')
		printf(SAY("; prefers %s", "；优先 %s"), prefers);
	putchar('\n');
	g_free(prefers);
}

/* "mature, presence 42 %, 3 touches this month; signs: haggles, compares" */
static void
print_profile(const json_t *j, GStringChunk *keep)
{
	const json_t *p = json_object_get(j, "profile"), *s = json_object_get(p, "signals");
	char *signs = joined(json_object_get(p, "signs"), words_signs);

	if (!json_is_object(p))
		return;
	printf(SAY("%s, presence %.0f %%, %s touches this month",
		   "%s，存在感 %.0f %%，本月触达 %s 次"),
	    words_say(words_lives, show_text(p, "lifecycle", keep)),
	    100 * json_number_value(json_object_get(s, "presence")),
	    show_text(s, "touches_this_month", keep));
	if (json_is_true(json_object_get(s, "below_floor")))
		printf("%s", SAY(" (below the floor)", "（低于下限）"));
	if (*signs != '\0')
		printf(SAY("; signs: %s", "；迹象：%s"), signs);
	if (*show_text(p, "conversation", keep) != '\0')
		printf(SAY("; in conversation: %s", "；正在沟通：%s"),
		    words_say(words_signs, show_text(p, "conversation", keep)));
	putchar('\n');
	g_free(signs);
}

static void
print_head(const json_t *j, GStringChunk *keep)
{
	const json_t *tier = json_object_get(j, "tier");
	char *stopped = joined(json_object_get(j, "opted_out"), words_channels);

	printf("%s", show_text(j, "customer", keep));
	if (*show_text(j, "stage", keep) != '\0')
		printf(SAY("  stage %s", "  阶段 %s"),
		    words_say(words_lives, show_text(j, "stage", keep)));
	if (*show_text(j, "tz", keep) != '\0')
		printf(SAY("  tz %s", "  时区 %s"), show_text(j, "tz", keep));
	putchar('\n');
	if (json_is_object(tier))
		print_tier(tier, keep);
	else if (*show_text(j, "tier", keep) != '\0')
		printf(SAY("tier %s\n", "层级 %s\n"), words_say(words_lives, show_text(j, "tier", keep)));
	print_profile(j, keep);
	show_ties(json_object_get(j, "ties"), false);
	if (*stopped != '\0')
		printf(SAY("opted out of marketing: %s\n", "已退订营销消息：%s\n"), stopped);
	if (json_is_true(json_object_get(j, "complaint_block")))
		puts(SAY("complained: nothing more is sent", "投诉过：不再发送任何消息"));
	g_free(stopped);
}

static void
print(const json_t *j)
{
	GStringChunk *keep = g_string_chunk_new(4096);
	const json_t *run;
	size_t i;

	print_head(j, keep);
	json_array_foreach(json_object_get(j, "runs"), i, run) print_run(run, keep);
	if (json_array_size(json_object_get(j, "runs")) == 0)
		puts(SAY("no playbook has taken this customer in", "没有剧本收入这位客户"));
	print_waiting(j, keep);
	print_by_hand(j, keep);
	print_nearest(j, keep);
	g_string_chunk_free(keep);
}

int
cmd_why(int argc, char **argv)
{
	struct client c = { 0 };
	bool as_json = false;
	const char *lang = NULL;
	const struct options_spec specs[] = { CLIENT_OPTIONS(c),
		{ "json", 0, NULL, &as_json }, { "lang", 0, &lang, NULL } };
	const struct options o = { help, specs, G_N_ELEMENTS(specs), 1, 1 };
	int words = options_read(argc, argv, &o), code;

	if (words < 0)
		return -1 - words;
	if (words_language(argv[0], lang) != 0)
		return 2;
	char *name = g_uri_escape_string(argv[1], NULL, FALSE);
	char *path = g_strconcat("/v1/why/", name, NULL);
	code = client_show(&c, argv[0], path, as_json, print);
	g_free(path);
	g_free(name);
	return code;
}
