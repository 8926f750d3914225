/* why.c - `reachd why`: one customer's runs, each touch with its reason, rule and place.
 */
#include <stdio.h>
#include <string.h>

#include "client.h"
#include "cmd/cmd.h"
#include "show.h"

static const char help[] =
    "usage: reachd why CUSTOMER [--lang en|zh] [--json] [--config DIR | --socket PATH]\n\n"
    "Shows every touch of one customer, by the customer's id: when, what became of it\n"
    "and, when it did not go, the reason, the rule with its file and line, and when it\n"
    "is asked again. Then the playbooks that did not take him in, the nearest first, with\n"
    "what is missing and by how much.\n\n"
    "  --lang en|zh  language of the sentences; default what LC_ALL, LC_MESSAGES or LANG say\n"
    "  --json        all of it as one JSON object, in both languages\n";

static bool in_chinese;

/* What is said of it, in the reader's language. */
static const char *
sentence(const json_t *j, GStringChunk *keep)
{
	const char *zh = in_chinese ? show_text(j, "sentence_zh", keep) : "";

	return *zh != '\0' ? zh : show_text(j, "sentence", keep);
}

/* As setlocale(3) looks; 1 yes, 0 no, -1 the word is none of the two. */
static int
reads_chinese(const char *lang)
{
	static const char *const names[] = { "LC_ALL", "LC_MESSAGES", "LANG" };

	if (lang != NULL)
		return strcmp(lang, "zh") == 0 ? 1 : strcmp(lang, "en") == 0 ? 0 : -1;
	for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
		lang = g_getenv(names[i]);
		if (lang != NULL && *lang != '\0')
			return g_str_has_prefix(lang, "zh");
	}
	return 0;
}

/* "rule lunch (config/policy.yaml:12), asked again 2026-11-22 13:30" */
static void
print_rule(const json_t *step, GStringChunk *keep)
{
	const char *rule = show_text(step, "rule", keep),
		   *file = show_text(step, "file", keep);
	const char *detail = show_text(step, "detail", keep),
		   *next = show_text(step, "next", keep);
	GString *out = g_string_new("");

	if (*rule != '\0')
		g_string_append_printf(out, "rule %s", rule);
	if (*file != '\0')
		g_string_append_printf(out, "%s%s:%s%s", out->len > 0 ? " (" : "", file,
		    show_text(step, "line", keep), out->len > 0 ? ")" : "");
	if (*detail != '\0')
		g_string_append_printf(out, "%s%s", out->len > 0 ? ", " : "", detail);
	if (*next != '\0')
		g_string_append_printf(out, "%sasked again %s", out->len > 0 ? ", " : "",
		    show_time(next, keep));
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
static const char *
fate(const char *state, const char *channel, bool asked)
{
	static const struct {
		const char *state, *fate;
	} fates[] = {
		{ "awaiting", "with a person" },
		{ "lapsed", "nobody did it" },
		{ "sending", "being sent" },
		{ "accepted", "sent" },
		{ "delivered", "sent, delivered" },
		{ "undelivered", "sent, not delivered" },
		{ "no_receipt", "sent, no receipt came" },
		{ "rejected", "refused by the provider" },
		{ "unknown", "unknown whether it went" },
		{ "presumed", "unknown, counted as sent" },
		{ "parked", "unknown, a person decides" },
		{ "suppressed", "not sent" },
	};

	if (strcmp(channel, "phone") == 0 && strcmp(state, "delivered") == 0)
		return "called";
	if (strcmp(channel, "phone") == 0 && strcmp(state, "undelivered") == 0)
		return "called, not reached";
	for (size_t i = 0; i < G_N_ELEMENTS(fates); i++)
		if (strcmp(fates[i].state, state) == 0)
			return fates[i].fate;
	return strcmp(state, "due") != 0 ? state : asked ? "held" : "planned";
}

/* A touch that was asked about and waits says why it waits; else what the daemon says. */
static const char *
sentence_of(const json_t *step, bool held, GStringChunk *keep)
{
	const json_t *verdicts = json_object_get(step, "verdicts");
	const json_t *last = json_array_get(verdicts, json_array_size(verdicts) - 1);

	return sentence(held && last != NULL ? last : step, keep);
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
	bool lost = strcmp(code, "settled-lost") == 0;

	printf("  %-16s  %s", show_time(show_text(step, "at", keep), keep),
	    show_text(step, "step", keep));
	if (*show_text(step, "variant", keep) != '\0')
		printf(" [%s]", show_text(step, "variant", keep));
	if (*channel != '\0')
		printf("  %s", channel);
	printf("  %s", lost ? "lost, as a person settled it" : fate(state, channel, *reason != '\0'));
	if (*reason != '\0')
		printf("  %s", reason);
	putchar('\n');
	if (*said != '\0')
		printf("      %s\n", said);
	if (*code != '\0' && !lost)
		printf("      %s said %s\n", show_text(step, "provider", keep), code);
	print_rule(step, keep);
	print_words(show_text(step, "text", keep));
}

static void
print_run(const json_t *run, GStringChunk *keep)
{
	const json_t *step, *mark;
	const char *why = show_text(run, "why", keep);
	size_t i;

	printf(
	    "\n%s  %s", show_text(run, "playbook", keep), show_text(run, "state", keep));
	if (*why != '\0')
		printf(" (%s)", why);
	printf(", entered %s", show_time(show_text(run, "entered", keep), keep));
	if (*show_text(run, "goal", keep) != '\0')
		printf(", goal met %s", show_time(show_text(run, "goal", keep), keep));
	puts(json_is_true(json_object_get(run, "control")) ? ", in the control group"
							   : "");
	json_array_foreach(json_object_get(run, "marks"), i, mark)
	    printf("  mark %s %s\n", show_text(mark, "name", keep),
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
	    show_text(one, "playbook", keep), sentence(one, keep));
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

		printf("\n%s  %s (%s) by %s: %s\n", show_time(show_text(one, "at", keep), keep),
		    show_text(one, "what", keep), show_text(d, "what", keep),
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
		printf("\n%s\n", in_chinese ? "未进入的剧本，最接近的在前" :
						"not taken in by, the nearest first");
	json_array_foreach(list, i, one)
	{
		if (i == NEAREST_SHOWN) {
			printf(in_chinese ? "  另有 %zu 个\n" : "  and %zu more\n", n - i);
			break;
		}
		printf("  %s: %s (%s:%s)\n", show_text(one, "playbook", keep),
		    sentence(one, keep), show_text(one, "file", keep),
		    show_text(one, "line", keep));
	}
}

/* Texts of a list, with commas between. g_free. */
static char *
joined(const json_t *list)
{
	GString *out = g_string_new("");
	const json_t *one;
	size_t i;

	json_array_foreach(list, i, one)
	{
		char *clean =
		    show_clean(json_is_string(one) ? json_string_value(one) : "");

		g_string_append_printf(out, "%s%s", i > 0 ? ", " : "", clean);
		g_free(clean);
	}
	return g_string_free(out, FALSE);
}

static void
print_tier(const json_t *tier, GStringChunk *keep)
{
	char *prefers = joined(json_object_get(tier, "prefers"));

	printf("tier %s", show_text(tier, "name", keep));
	if (show_int(tier, "cap") >= 0)
		printf(": %s of %s messages this %s", show_text(tier, "used", keep),
		    show_text(tier, "cap", keep), show_text(tier, "period", keep));
	if (show_int(tier, "floor") > 0)
		printf(", at least %s", show_text(tier, "floor", keep));
	if (*prefers != '\0')
		printf("; prefers %s", prefers);
	putchar('\n');
	g_free(prefers);
}

/* "mature, presence 42 %, 3 touches this month; signs: haggles, compares" */
static void
print_profile(const json_t *j, GStringChunk *keep)
{
	const json_t *p = json_object_get(j, "profile"), *s = json_object_get(p, "signals");
	char *signs = joined(json_object_get(p, "signs"));

	if (!json_is_object(p))
		return;
	printf("%s, presence %.0f %%, %s touches this month", show_text(p, "lifecycle", keep),
	    100 * json_number_value(json_object_get(s, "presence")),
	    show_text(s, "touches_this_month", keep));
	if (json_is_true(json_object_get(s, "below_floor")))
		printf(" (below the floor)");
	if (*signs != '\0')
		printf("; signs: %s", signs);
	if (*show_text(p, "conversation", keep) != '\0')
		printf("; in conversation: %s", show_text(p, "conversation", keep));
	putchar('\n');
	g_free(signs);
}

static void
print_head(const json_t *j, GStringChunk *keep)
{
	static const char *const plain[] = { "stage", "tz" };
	const json_t *tier = json_object_get(j, "tier");
	char *stopped = joined(json_object_get(j, "opted_out"));

	printf("%s", show_text(j, "customer", keep));
	for (size_t i = 0; i < G_N_ELEMENTS(plain); i++)
		if (*show_text(j, plain[i], keep) != '\0')
			printf("  %s %s", plain[i], show_text(j, plain[i], keep));
	putchar('\n');
	if (json_is_object(tier))
		print_tier(tier, keep);
	else if (*show_text(j, "tier", keep) != '\0')
		printf("tier %s\n", show_text(j, "tier", keep));
	print_profile(j, keep);
	if (*stopped != '\0')
		printf("opted out of marketing: %s\n", stopped);
	if (json_is_true(json_object_get(j, "complaint_block")))
		printf("complained: nothing more is sent\n");
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
		puts(in_chinese ? "没有剧本收入这位客户" : "no playbook has taken this customer in");
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
	if ((code = reads_chinese(lang)) < 0)
		return options_usage(argv[0], "--lang is en or zh");
	in_chinese = code == 1;
	char *name = g_uri_escape_string(argv[1], NULL, FALSE);
	char *path = g_strconcat("/v1/why/", name, NULL);
	code = client_show(&c, argv[0], path, as_json, print);
	g_free(path);
	g_free(name);
	return code;
}
