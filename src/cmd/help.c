/* help.c - `reachd help`: the verbs, and the tables that everything else reads too. */
#include <stdio.h>
#include <string.h>

#include "cmd/cmd.h"
#include "core/call.h"
#include "core/message.h"
#include "core/offer.h"
#include "core/reason.h"
#include "core/run.h"
#include "core/signal.h"
#include "core/task.h"
#include "core/words.h"
#include "options.h"
#include "help_provider.h"
#include "provider/provider.h"
#include "show.h"
#include "spec/copy.h"
#include "spec/liquid.h"
#include "store/reports.h"

static const char help[] =
    "usage: reachd help [VERB|TOPIC]\n"
    "       reachd help provider NAME\n\n"
    "Without a word: the verbs. With a verb: how it is used. Topics: reasons, outcomes, filters,\n"
    "copy, providers, states, channels, signals.\n";

static void
print_reasons(void)
{
	static const char *const fates[] = {
		[FATE_GO] = "goes",
		[FATE_HOLD] = "waits until the cause ends",
		[FATE_END] = "ends the message",
		[FATE_NEXT] = "next channel, else ends",
		[FATE_ALARM] = "ends, and the author is told",
		[FATE_UNTIL] = "waits until the rule's instant",
		[FATE_CAP] = "as on_cap says",
	};
	struct show_table *t = show_table_new(3);

	puts("Why a message may not go, in the order in which it is asked; the first "
	     "that says\n"
	     "no decides.\n");
	for (int i = REASON_NONE + 1; i < REASONS; i++) {
		show_table_row(t, (const char *[]){ reason_name(i), fates[reason_fate(i)],
				      reason_sentence(i) });
		show_table_row(t, (const char *[]){ "", "", reason_sentence_zh(i) });
	}
	show_table_print(t, "", stdout);
}

static void
print_filters(void)
{
	GString *out = g_string_new("");

	liquid_help(out);
	fputs(out->str, stdout);
	g_string_free(out, TRUE);
}

static void
print_copy(void)
{
	GString *out = g_string_new("");

	copy_help(out);
	fputs(out->str, stdout);
	g_string_free(out, TRUE);
}

static void
print_providers(void)
{
	const struct provider *const *p = provider_all();
	struct show_table *t = show_table_new(2);

	puts("What `type:` of a provider in reachd.yaml may be; more with `reachd help provider NAME`.\n");
	for (; *p != NULL; p++)
		show_table_row(t, (const char *[]){ (*p)->name, (*p)->summary });
	show_table_print(t, "", stdout);
}

static void
print_machine(const struct fsm *m)
{
	struct show_table *t = show_table_new(3);

	for (int i = 0; i < m->count; i++) {
		GString *to = g_string_new("");

		for (int k = 0; k < m->count; k++)
			if (k != i && fsm_may(m, i, k))
				g_string_append_printf(
				    to, "%s%s", to->len > 0 ? ", " : "", fsm_name(m, k));
		show_table_row(t,
		    (const char *[]){ fsm_name(m, i), to->len > 0 ? "->" : "", to->str });
		g_string_free(to, TRUE);
	}
	show_table_print(t, "  ", stdout);
}

static void
print_states(void)
{
	puts("A message, and the states it may go to from each:\n");
	print_machine(&message_fsm);
	puts("\nA run, one customer going through one playbook:\n");
	print_machine(&run_fsm);
	puts("\nAn offer:\n");
	print_machine(&offer_fsm);
	puts("\nA task, what a person is asked to do:\n");
	print_machine(&task_fsm);
	puts("\nColumns of the balance; every touch is in exactly one:\n");
	for (int c = 0; c < COLUMNS; c++)
		printf("%s%s", c == 0 ? "  " : ", ", column_name(c));
	putchar('\n');
}

static void
print_outcomes(void)
{
	static const char *const effects[] = { [CALL_PLAIN] = "",
		[CALL_WRONG_NUMBER] = "the number is not used again",
		[CALL_STOP] = "no more marketing on any channel",
		[CALL_COMPLAINT] = "nothing more is sent; whoever is on call answers",
		[CALL_SETTLED] = "of a complaint: it is closed, and its block ends",
		[CALL_ESCALATE] = "of a complaint: it goes to the general manager" };
	struct show_table *t = show_table_new(5);

	puts("A script may name others; they mean that the customer was spoken to. Those "
	     "marked *\ncan be recorded for every task; those marked ! for every complaint, which stays "
	     "open\nand on the list until it is settled.\n");
	for (const struct call_word *w = call_words; w->name != NULL; w++) {
		char *tag = *w->tag != '\0' ? g_strconcat("tag ", w->tag, NULL) : g_strdup("");

		show_table_row(t, (const char *[]){ w->name, w->always ? "*" : w->of_complaint ? "!" : "", w->en, w->zh,
				      *tag != '\0' ? tag : effects[w->effect] });
		g_free(tag);
	}
	show_table_print(t, "  ", stdout);
}

static void
print_channels(void)
{
	puts("channel:");
	for (int c = 0; c < CHANNELS; c++)
		printf("  %s\n", channel_name(c));
	puts("category:\n"
	     "  marketing      needs consent; caps, gaps and quiet windows hold\n"
	     "  service        no marketing consent; quiet windows hold; limits of its "
	     "own\n"
	     "  transactional  no consent, no caps; quiet windows hold unless `urgent: "
	     "true`");
}

static void
print_signals(void)
{
	struct show_table *t = show_table_new(4);
	const struct signal *s;
	const char *type, *text;

	puts("What conditions and templates may ask as signals.NAME. A share is 0 to 1; what "
	     "is not\nknown yet is nil. The window is that of lifecycle.yaml.\n");
	for (int i = 0; (s = signal_at(i)) != NULL; i++)
		show_table_row(
		    t, (const char *[]){ s->name, signal_type_name(s->type), s->help, s->from });
	show_table_print(t, "  ", stdout);
	puts("\nEvents they come from:\n");
	t = show_table_new(2);
	for (int i = 0; (type = profile_event(i, &text)) != NULL; i++)
		show_table_row(t, (const char *[]){ type, text });
	show_table_print(t, "  ", stdout);
	puts("\nBeside them: customer.lifecycle (prospect, new, growing, mature), customer.stage,\n"
	     "customer.dormant_type, customer.lost_cause, customer.lost_duration.");
}

static void
print_reports(void)
{
	const struct reports_line *l;

	puts("What `reachd report NAME` tells, and what --by may be. Targets, campaigns and "
	     "the\nmeaning of events stand under `reports:` in policy.yaml.");
	for (int i = 0; (l = reports_at(i)) != NULL; i++) {
		printf("\n%s  %s, %s\n  %s\n  %s\n", l->name, l->title, l->title_zh,
		    l->help, l->help_zh);
		if (l->dims != 0)
			fputs("  --by", stdout);
		for (int d = 0; d < DIMS; d++)
			if (l->dims & BIT(d))
				printf(" %s", reports_dim_name(d));
		fputs(l->dims != 0 ? "\n" : "", stdout);
	}
}

static const struct {
	const char *name, *summary;
	void (*print)(void);
} topics[] = {
	{ "reasons", "why a message may not go, and what becomes of it then",
	    print_reasons },
	{ "filters", "tags and filters of templates", print_filters },
	{ "copy", "built-in rules of copy", print_copy },
	{ "providers", "types of providers", print_providers },
	{ "outcomes", "how a call may end, and what follows", print_outcomes },
	{ "states", "states of messages, runs, offers and tasks, columns of the balance",
	    print_states },
	{ "channels", "channels and categories", print_channels },
	{ "signals", "what is known of a customer, and the events it comes from", print_signals },
	{ "reports", "what each report counts", print_reports },
};

static int
print_all(void)
{
	struct show_table *t = show_table_new(2);

	puts("usage: reachd VERB [ARGUMENTS]\n");
	for (const struct cmd_verb *v = cmd_verbs; v->name != NULL; v++)
		show_table_row(t, (const char *[]){ v->name, v->summary });
	show_table_row(t, (const char *[]){ "", "" });
	for (size_t i = 0; i < G_N_ELEMENTS(topics); i++) {
		char *name = g_strconcat("help ", topics[i].name, NULL);

		show_table_row(t, (const char *[]){ name, topics[i].summary });
		g_free(name);
	}
	show_table_print(t, "  ", stdout);
	puts("\n`reachd VERB --help` shows how a verb is used. Exit codes: 0 done, 1 "
	     "refused input\n"
	     "or a check that failed, 2 usage, 3 busy or locked, 4 I/O or not running, 5 "
	     "internal.");
	return 0;
}

static int
unknown(const char *word)
{
	GPtrArray *names = g_ptr_array_new();
	const char *near;

	for (size_t i = 0; i < G_N_ELEMENTS(topics); i++)
		g_ptr_array_add(names, (char *)(uintptr_t)topics[i].name);
	for (const struct cmd_verb *v = cmd_verbs; v->name != NULL; v++)
		g_ptr_array_add(names, (char *)(uintptr_t)v->name);
	g_ptr_array_add(names, (char *)(uintptr_t) "provider");
	g_ptr_array_add(names, NULL);
	near = report_nearest(word, (const char *const *)names->pdata);
	if (near != NULL)
		fprintf(stderr,
		    "reachd help: there is no help on \"%.40s\"; did you mean \"%s\"?\n",
		    word, near);
	else
		fprintf(stderr,
		    "reachd help: there is no help on \"%.40s\"; `reachd help` lists "
		    "all\n",
		    word);
	g_ptr_array_unref(names);
	return 2;
}

int
cmd_help(int argc, char **argv)
{
	const struct options o = { help, NULL, 0, 0, 2 };
	char option[] = "--help";
	int words = options_read(argc, argv, &o);

	if (words < 0)
		return -1 - words;
	if (words == 0)
		return print_all();
	if (words == 2 && strcmp(argv[1], "provider") == 0)
		return help_provider(argv[2]);
	if (words == 2)
		return unknown(argv[1]);
	if (strcmp(argv[1], "provider") == 0) {
		print_providers();
		return 0;
	}
	for (size_t i = 0; i < G_N_ELEMENTS(topics); i++)
		if (strcmp(topics[i].name, argv[1]) == 0) {
			topics[i].print();
			return 0;
		}
	for (const struct cmd_verb *v = cmd_verbs; v->name != NULL; v++)
		if (strcmp(v->name, argv[1]) == 0)
			return v->run(2, (char *[]){ argv[1], option, NULL });
	return unknown(argv[1]);
}
