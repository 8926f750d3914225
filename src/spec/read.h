/* read.h - the readers of the language's parts: a YAML node in, plain structs in an arena
 * out.
 *
 * A reader adds every mistake to the report and goes on with what is left; what
 * it returns is complete only when the report holds no new error. */
#ifndef SPEC_READ_H
#define SPEC_READ_H

#include <glib.h>

#include "core/config.h"
#include "core/lifecycle.h"
#include "core/offer.h"
#include "core/playbook.h"
#include "core/policy.h"
#include "core/template.h"
#include "spec/liquid.h"
#include "spec/yaml.h"

/* ---- words and paths ---- */

/* A name people give: letters of any script, digits, "_" and "-", after the first
 * also "." and "/" when slashes; at most 64 characters. */
bool word_fits(const char *word, bool slashes);
/* The name of an event; one that looks like a slip of one that reachd knows is warned of. */
bool event_name_read(const struct yaml *y, const char **out, struct report *r);
bool word_read(const struct yaml *y, const char *what, bool slashes, const char **out,
    struct report *r);
/* A word list or single word as a bit set; absent: *out stays. */
bool
word_set(const struct yaml *y, const char *const *names, unsigned *out, struct report *r);

/* "10%": at most so many percent. */
bool share_read(const struct yaml *y, double most, int *per_10000, struct report *r);

/* Who asks for a path: what may be used differs. */
enum path_use {
	PATH_CONDITION = 1, /* when, while, branches: customer.*, signals.* */
	PATH_EVENT = 2,     /* where: also event.* */
	PATH_MESSAGE = 4,   /* templates and partials */
	PATH_REQUEST = 8,   /* a provider's headers and body */
	/* Beside one of these, what the playbook's subject adds: */
	PATH_VEHICLE = 16,
	PATH_APPOINTMENT = 32,
	PATH_ORDER = 64,
	PATH_ANSWER = 128 /* branches: event.* is the last answer */
};
#define PATH_SUBJECTS (PATH_VEHICLE | PATH_APPOINTMENT | PATH_ORDER)
/* What a playbook of that subject adds: an appointment and an order name a vehicle. */
int path_of_subject(enum subject s);
/* The subjects of which one is needed for the path; 0: none. */
int path_subjects(const char *dotted);
/* Adds a diag when nobody defines the path. */
void path_check(const char *dotted, struct pos at, enum path_use use, struct report *r);
bool
path_has_root(const char *dotted); /* begins with one of ours, "customer" and the like */
/* Can its value be a date; is it one that has no time of day for sure? */
bool path_may_be_date(const char *dotted);
bool path_is_day(const char *dotted);
/* Warns of a column of customers beside a value it is never like. */
struct expr;
void column_check(const struct expr *path, const struct expr *other, struct report *r);
bool path_is_column(const char *name); /* of the customer table */

/* ---- does it read visits? (data_stale) ---- */

bool visits_in_rules(const struct playbook *p);
bool visits_in_text(const struct template *t);

/* ---- conditions, actions, times ---- */

/* ---- launches ---- */

/* signature: and signatures: of an account. */
void signature_read(
    struct arena *a, const struct yaml *y, struct account *acc, struct report *r);
/* The policy's push:, over the figures that vendors publish. */
void push_read(struct arena *a, const struct yaml *y, struct policy *p, struct report *r);
void ramp_read(const struct yaml *y, struct ramp *out, struct report *r);
/* A playbook's budget:, the policy's budgets:, each into its places of out. */
void expect_read(const struct yaml *y, struct playbook *p, struct report *r);
void budget_read(const struct yaml *y, struct budget_rule *out, struct report *r);
void budgets_read(const struct yaml *y, struct budget_rule *out, struct report *r);
/* Who may do what; approvals: what wants a second person. */
void people_read(
    struct arena *a, const struct yaml *y, struct config *cfg, struct report *r);
void people_check(const struct config *cfg, struct report *r);
void approvals_read(const struct yaml *y, struct approval_rules *out, struct report *r);
void launch_read(const struct yaml *y, struct launch_rules *out, struct report *r);

const struct cond *
cond_read(struct arena *a, const struct yaml *y, enum path_use use, struct report *r);

/* One playbook while it is read: targets are resolved when all steps are known. */
struct reading {
	struct arena *arena;
	struct report *report;
	struct playbook *playbook;
	GArray *targets; /* struct target_use */
	int subject;     /* paths that its subject adds */
	bool quiet_said; /* on_quiet: is written for the whole playbook */
	GPtrArray *tasks; /* struct task_spec * of actions: their scripts are linked later */
};
/* to, due and late of a map. */
void task_spec_read(
    struct reading *rd, const struct yaml *map, ms_t due, struct task_spec *out);
struct target_use {
	int *target;
	const char *id;
	struct pos at;
};
/* Keeps a step id to be resolved into *target. */
void target_read(struct reading *rd, const struct yaml *y, int *target);
void target_resolve(struct reading *rd);

enum action_place {
	ACTION_IN_RUN, /* replies: anything, or a step id alone */
	ACTION_IN_DO,  /* a step: no goto, no stop */
	ACTION_AT_END  /* goal and exits: the run is over */
};
void action_read(struct reading *rd, const struct yaml *y, enum action_place place,
    struct actions *out);

bool timing_at(const struct yaml *y, struct timing *out, struct report *r);
bool timing_after(const struct yaml *y, struct timing *out, struct report *r);
/* A date and how long before it: customer.birthday 3d [at HH:MM] */
bool timing_before(struct reading *rd, const struct yaml *y, struct timing *out);
/* 3d are calendar days, 2h or 90m elapsed time; never both. */
bool timing_span(const struct yaml *y, int *days, ms_t *elapsed, struct report *r);
/* "2026-11-22 10:00" */
bool
timing_moment(const struct yaml *y, struct date *date, int *minute, struct report *r);

/* ---- the parts of a playbook ---- */

/* on_past, on_quiet, on_cap, on_unknown, expires; a key that is absent leaves the
 * default that is already in out. */
void sending_read(
    const struct yaml *map, enum category category, struct step *out, struct report *r);
void start_read(struct reading *rd, const struct yaml *y);
void start_list_read(struct reading *rd, const struct yaml *y, const struct yaml *list);
void campaign_read(struct reading *rd, const struct yaml *root); /* active, quota */
void step_read_all(struct reading *rd, const struct yaml *y, const struct step *defaults);
void digest_read(struct reading *rd, const struct yaml *y); /* digest */
void split_check(const struct playbook *p, struct report *r);
void rules_read(struct reading *rd, const struct yaml *root); /* goal, exits, replies */
struct playbook *
playbook_read(struct arena *a, const struct yaml *root, struct report *r);

/* A path alone, as in signals.referrals; NULL with a diag. */
const struct expr *
cond_path(struct arena *a, const struct yaml *y, enum path_use use, struct report *r);

/* ---- files ---- */

void policy_read(
    struct arena *a, const struct yaml *root, struct policy *out, struct report *r);
void task_rules_read(const struct yaml *y, struct policy *p, struct report *r);
void tier_read_all(
    struct arena *a, const struct yaml *y, struct policy *out, struct report *r);
/* y NULL: what no file needs to state. */
const struct report_rules *
report_rules_read(struct arena *a, const struct yaml *y, struct report *r);
void calendar_read(struct arena *a, const char *name, const struct yaml *root,
    struct calendar *out, struct report *r);
struct lifecycle *lifecycle_read(
    struct arena *a, const struct yaml *root, struct report *r);
void presence_read(const struct yaml *y, struct presence_rule *out, struct report *r);
struct offers *offers_read(struct arena *a, const struct yaml *root, struct report *r);
struct config *config_read(struct arena *a, const struct yaml *root, struct report *r);
void stores_read(
    struct arena *a, const struct yaml *root, struct shops *out, struct report *r);
/* What stores name must be there: providers. */
void stores_check(const struct shops *all, const struct config *cfg, struct report *r);
/* Where it is, once its service is known: see region.c. */
void region_check(struct account *acc, enum region service, const struct config *cfg,
    struct report *r);
void account_read(
    struct arena *a, const struct yaml *y, struct account *out, struct report *r);
/* What a provider's answers mean, and how an unclear one is settled. */
void
answer_read(struct arena *a, const struct yaml *y, struct account *out, struct report *r);

/* An address to call: https, or with internal a loopback or private one. */
void url_check(const char *url, bool internal, struct pos at, struct report *r);
bool url_is_loopback(const char *host);

/* Refuses a value that looks like a secret written out; name "" for a body. */
void secret_check(const char *name, const struct yaml *value, struct report *r);

/* Collects what accounts name, then reads each from $CREDENTIALS_DIRECTORY or the
 * configured directory, which is relative to that of reachd.yaml. dry: that there
 * is no directory at all is only a warning; systemd makes it for the service. */
void credential_collect(struct arena *a, struct config *cfg);
void credential_load(struct arena *a, struct config *cfg, bool dry, struct report *r);
/* Mistakes of an account's secrets that its provider knows. */
void account_secrets(const struct account *acc, struct report *r);

/* name: below its channel's folder. Whole text, at least to the end of the front
 * matter, is read; NULL when there is none. */
struct template *template_read(struct arena *a, const char *file, const char *name,
    int channel, const char *text, size_t len, struct report *r);

void template_read_front(
    struct arena *a, const struct yaml *root, struct template *t, struct report *r);

/* `providers:` of a template: its registered texts. */
void registered_read_all(
    struct arena *a, const struct yaml *y, struct template *t, struct report *r);

/* How the call of a phone script may end. */
void outcome_read_all(
    struct arena *a, const struct yaml *root, struct template *t, struct report *r);

/* Liquid inside a YAML value; NULL with a diag. */
struct liquid *text_read(struct arena *a, const struct yaml *y, struct report *r);

#endif
