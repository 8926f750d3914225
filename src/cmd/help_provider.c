/* help_provider.c - `reachd help provider NAME`: all that is known of one service, from its table. */
#include <stdio.h>
#include <string.h>

#include <glib.h>

#include "base/report.h"
#include "help_provider.h"
#include "provider/provider.h"
#include "show.h"

static const char *
settles(const struct provider *p, const struct capabilities *c)
{
	if (p->search != NULL)
		return "by looking through what the provider took: exactly once";
	switch (c->settle) {
	case SETTLE_KEY:
		if (c->given)
			return "by sending it again under the key it was given: exactly "
			       "once "
			       "while the key lives; without a key never: at most once";
		return "by sending it again under its key: exactly once while the key "
		       "lives";
	case SETTLE_WINDOW:
		return "by sending the same again while the provider still knows it: "
		       "exactly once";
	case SETTLE_QUERY:
		return "by asking the provider for our reference: exactly once";
	case SETTLE_RECEIPT:
		if (c->finds)
			return "by asking whether it was taken or by its receipt; never "
			       "sent "
			       "again: at most once";
		return "by its receipt; never sent again: at most once";
	default:
		return "not at all; never sent again: at most once";
	}
}

static const char *
words(GString *s, const char *text, bool yes)
{
	if (yes)
		g_string_append_printf(s, "%s%s", s->len > 0 ? ", " : "", text);
	return s->str;
}

static void
print_facts(const struct provider *p)
{
	/* With webhooks: what can be seen at all. */
	const struct account none = {
		.name = "", .type = p->name, .url = p->url, .hook_secret = ""
	};
	struct show_table *t = show_table_new(2);
	struct capabilities c = { 0 };
	GString *channels = g_string_new(""), *seen = g_string_new(""),
		*who = g_string_new("");
	char batch[32];

	p->capabilities(&none, &c);
	for (int i = 0; i < CHANNELS; i++)
		words(channels, channel_name(i), (c.channels & (1U << i)) != 0);
	words(seen, "delivery", c.receipts);
	words(seen, "opens", c.opens);
	words(seen, "clicks", c.clicks);
	words(seen, "replies", c.replies);
	g_string_printf(who,
	    "who has written: %d messages within %d hours, until he writes again",
	    c.reply_most, (int)((c.reply_within + MS_HOUR - 1) / MS_HOUR));
	g_snprintf(batch, sizeof(batch), "%d", c.batch);
	show_table_row(t, (const char *[]){ "channels", channels->str });
	if (p->url != NULL)
		show_table_row(t, (const char *[]){ "address", p->url });
	show_table_row(t, (const char *[]){ "messages a call", batch });
	show_table_row(
	    t, (const char *[]){ "texts",
		   c.registered ? "only registered ones: `providers:` of the template"
				: "any" });
	show_table_row(
	    t, (const char *[]){ "tells", seen->len > 0 ? seen->str : "nothing" });
	if (c.keeps)
		show_table_row(
		    t, (const char *[]){ "keeps a message",
			   "never into a quiet window: it is told until when" });
	if (c.reply_most > 0)
		show_table_row(t, (const char *[]){ "goes to", who->str });
	show_table_row(t, (const char *[]){ "no answer", settles(p, &c) });
	show_table_row(t, (const char *[]){ "webhooks",
			      p->hook == NULL ? "none"
			      : p->signs      ? "signed; at /hooks/TYPE/ACCOUNT"
					 : "not signed; at /hooks/TYPE/ACCOUNT/SECRET" });
	if (p->pull != NULL)
		show_table_row(
		    t, (const char *[]){ "without webhooks",
			   c.pulls_receipts ? "receipts are asked for, replies are not"
			   : c.receipts     ? "receipts and replies are asked for"
					    : "replies and failures are asked for" });
	show_table_print(t, "  ", stdout);
	g_string_free(channels, TRUE);
	g_string_free(seen, TRUE);
	g_string_free(who, TRUE);
}

static void
print_settings(const struct provider *p)
{
	struct show_table *t;

	if (p->settings == NULL)
		return;
	puts("\nKeys of its own in reachd.yaml, * needed, secrets as { credential: NAME "
	     "}:\n");
	t = show_table_new(2);
	for (const struct provider_setting *s = p->settings; s->name != NULL; s++) {
		char *name = g_strdup_printf(
		    "%s%s", s->name, s->flags & SETTING_NEEDED ? " *" : "");

		show_table_row(t, (const char *[]){ name, s->help });
		g_free(name);
	}
	show_table_print(t, "  ", stdout);
}

int
help_provider(const char *name)
{
	const struct provider *p = provider_find(name);
	GPtrArray *names;
	const char *near;

	if (p != NULL) {
		printf("%s: %s\n\n", p->name, p->summary);
		print_facts(p);
		print_settings(p);
		puts("\n`reachd provider probe ACCOUNT` tries one out, and sends "
		     "nothing.");
		return 0;
	}
	names = g_ptr_array_new();
	for (const struct provider *const *all = provider_all(); *all != NULL; all++)
		g_ptr_array_add(names, (char *)(uintptr_t)(*all)->name);
	g_ptr_array_add(names, NULL);
	near = report_nearest(name, (const char *const *)names->pdata);
	fprintf(stderr, "reachd help: no provider is called \"%.40s\"; %s%s%s\n", name,
	    near != NULL ? "did you mean \"" : "`reachd help providers` lists all",
	    near != NULL ? near : "", near != NULL ? "\"?" : "");
	g_ptr_array_unref(names);
	return 2;
}
