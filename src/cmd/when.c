/* when.c - `reachd when`: what the gate says about an instant, its lead included. */
#include <stdio.h>
#include <string.h>

#include <glib.h>
#include <jansson.h>

#include "cmd/cmd.h"
#include "core/quiet.h"
#include "options.h"
#include "provider/provider.h"
#include "spec/single.h"

/* The longest exchange of most services: nothing begins that could still be going on in
 * a quiet window. */
#define EXCHANGE (15 * MS_SECOND)

static const char help[] =
    "usage: reachd when --policy FILE --tz ZONE --at TIME [--channel C] [--category C]\n"
    "                   [--provider P] [--config FILE] [--json]\n\n"
    "Says whether a message may go at an instant and, if not, which rule holds it and\n"
    "when it may. Nothing begins shortly before a quiet window: 10 min for SMS, 1 min\n"
    "otherwise. Calendars are taken from `calendars` beside the policy.\n\n"
    "  --policy FILE    policy.yaml\n"
    "  --tz ZONE        the customer's zone, as in Asia/Shanghai\n"
    "  --at TIME        an instant, as in 2026-11-22T12:10:00+08:00\n"
    "  --channel C      sms (default), wecom, email, push, phone\n"
    "  --category C     marketing (default), service, transactional\n"
    "  --provider P     also the hours of this provider, from reachd.yaml beside the\n"
    "                   policy or --config FILE\n"
    "  --json           {\"allowed\", \"reason\", \"rule\", \"file\", \"line\", "
    "\"next\"}\n";

struct when {
	const char *policy, *tz, *at, *channel, *category, *provider, *config;
	bool json;
};

/* Words to values; 0, or the exit code. */
static int
understand(const char *verb, const struct when *w, struct quiet_query *q, ms_t *at)
{
	int channel = channel_find(w->channel), category = category_find(w->category);
	const char *near;

	if (w->policy == NULL || w->tz == NULL || w->at == NULL)
		return options_usage(verb, "--policy, --tz and --at are needed");
	if (channel < 0) {
		near = report_nearest(w->channel, channel_names);
		return options_usage(verb, "there is no channel \"%.40s\"%s%s%s",
		    w->channel, near ? "; did you mean \"" : "", near ? near : "",
		    near ? "\"?" : "");
	}
	if (category < 0) {
		near = report_nearest(w->category, category_names);
		return options_usage(verb, "there is no category \"%.40s\"%s%s%s",
		    w->category, near ? "; did you mean \"" : "", near ? near : "",
		    near ? "\"?" : "");
	}
	if (clock_parse(w->at, at) != 0)
		return options_usage(verb,
		    "--at is a time with offset, as in 2026-11-22T12:10:00+08:00, not "
		    "\"%.40s\"",
		    w->at);
	q->channel = (enum channel)channel;
	q->category = (enum category)category;
	q->zone = zone_get(w->tz);
	if (q->zone != NULL)
		return 0;
	near = zone_suggest(w->tz);
	fprintf(stderr, "reachd %s: \"%.60s\" is no time zone; write a name such as %s\n",
	    verb, w->tz, near != NULL ? near : "Asia/Shanghai");
	return 1;
}

static ms_t
longest_of(const struct account *acc)
{
	const struct provider *p = provider_find(acc->type);
	struct capabilities caps = { 0 };

	if (p != NULL)
		p->capabilities(acc, &caps);
	return caps.longest > 0 ? caps.longest : EXCHANGE;
}

static int
provider_hours(const struct when *w, struct arena *a, struct quiet_query *q,
    ms_t *longest, struct pos *at, struct report *r)
{
	char *dir = g_path_get_dirname(w->policy);
	char *beside = g_build_filename(dir, "reachd.yaml", NULL);
	const char *file = w->config != NULL ? w->config : beside;
	const struct config *cfg = single_config(a, file, r);
	const struct account *found = cfg == NULL ? NULL : config_account(cfg, w->provider);

	if (found != NULL) {
		account_hours(found, q->category, &q->open_from, &q->open_to);
		*at = found->at;
		*longest = longest_of(found);
	} else if (cfg != NULL) {
		report_add(r, SEV_ERROR, (struct pos){ cfg->file, 1, 1 }, "provider",
		    "use a name: of its providers: list",
		    "there is no provider \"%.60s\"", w->provider);
	}
	g_free(beside);
	g_free(dir);
	return r->errors == 0 ? 0 : -1;
}

static json_t *
instant(const struct zone *z, ms_t at)
{
	char buf[CLOCK_TEXT];

	if (at == MS_NEVER || at == 0)
		return json_null();
	return json_string(clock_format(at, zone_offset(z, at) / 60, buf));
}

/* All keys are always there, so that a reader need not ask which kind it is. */
static void
print_json(const struct quiet_query *q, const struct quiet_answer *ans, struct pos at)
{
	json_t *j = json_object();
	bool placed = ans->quiet && at.file != NULL;

	json_object_set_new(j, "allowed", json_boolean(!ans->quiet));
	json_object_set_new(j, "reason", ans->quiet ? json_string("quiet") : json_null());
	json_object_set_new(j, "rule", ans->quiet ? json_string(ans->rule) : json_null());
	json_object_set_new(j, "file", placed ? json_string(at.file) : json_null());
	json_object_set_new(j, "line", placed ? json_integer(at.line) : json_null());
	json_object_set_new(
	    j, "next", ans->quiet ? instant(q->zone, ans->next) : json_null());
	json_object_set_new(
	    j, "until", ans->quiet ? json_null() : instant(q->zone, ans->until));
	json_dumpf(j, stdout, 0);
	putchar('\n');
	json_decref(j);
}

static void
print_text(const struct quiet_query *q, const struct quiet_answer *ans, struct pos at)
{
	char buf[CLOCK_TEXT];

	if (!ans->quiet) {
		printf("allowed");
		if (ans->until != MS_NEVER)
			printf("; the next quiet window begins %s",
			    clock_format(
				ans->until, zone_offset(q->zone, ans->until) / 60, buf));
		putchar('\n');
		return;
	}
	printf("not allowed: quiet, by %s", ans->rule);
	if (at.file != NULL)
		printf(" (%s:%d)", at.file, at.line);
	if (ans->next == MS_NEVER)
		printf("\nno open time within 400 days\n");
	else
		printf("\nnext: %s\n",
		    clock_format(ans->next, zone_offset(q->zone, ans->next) / 60, buf));
}

int
cmd_when(int argc, char **argv)
{
	struct when w = { .channel = "sms", .category = "marketing" };
	const struct options_spec specs[] = { { "policy", 0, &w.policy, NULL },
		{ "tz", 0, &w.tz, NULL }, { "at", 0, &w.at, NULL },
		{ "channel", 0, &w.channel, NULL }, { "category", 0, &w.category, NULL },
		{ "provider", 0, &w.provider, NULL }, { "config", 0, &w.config, NULL },
		{ "json", 0, NULL, &w.json } };
	const struct options o = { help, specs, G_N_ELEMENTS(specs), 0, 0 };
	struct quiet_query q = { .open_from = -1, .open_to = -1 };
	struct quiet_answer ans;
	struct pos provider_at = { 0 };
	struct arena *a;
	struct report *r;
	ms_t at, longest = EXCHANGE;
	int words = options_read(argc, argv, &o), code;

	if (words < 0)
		return -1 - words;
	if ((code = understand(argv[0], &w, &q, &at)) != 0)
		return code;
	a = arena_new();
	r = report_new();
	q.policy = single_policy(a, w.policy, r);
	if (q.policy == NULL || (w.provider != NULL && provider_hours(&w, a, &q, &longest,
							   &provider_at, r) != 0)) {
		arena_free(a);
		return options_report(r);
	}
	quiet_ask(&q, at, longest + quiet_lead(q.channel), &ans);
	if (strcmp(ans.rule, "provider") == 0)
		ans.at = provider_at;
	if (w.json)
		print_json(&q, &ans, ans.at);
	else
		print_text(&q, &ans, ans.at);
	report_free(r);
	arena_free(a);
	return 0;
}
