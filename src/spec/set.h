/* set.h - all files of a set, read: what catalog and check are made from.
 *
 * Everything lives in the set's arena, which the catalog takes over. */
#ifndef SPEC_SET_H
#define SPEC_SET_H

#include <glib.h>

#include "copy_rule.h"
#include "core/audience.h"
#include "core/config.h"
#include "core/lifecycle.h"
#include "core/offer.h"
#include "core/playbook.h"
#include "core/policy.h"
#include "core/template.h"
#include "spec/liquid.h"
#include "tree.h"

/* A playbook as written. */
struct set_written {
	const struct yaml *root;
	const char *file, *text;
	bool part; /* of this set */
};

/* A playbook with the text it was read from. */
struct set_playbook {
	struct playbook *playbook;
	const char *file, *text;
	const struct set_written *common; /* what it is a store's form of; NULL: of nothing */
};

struct set_partial {
	const char *name, *file, *text;
	struct liquid *liquid; /* NULL: broken, already reported */
};

struct catalog;
struct json_t;
struct yaml;

struct set {
	struct arena *arena;
	struct report *report;
	bool whole; /* a configuration directory: nothing may be missing */
	int n_files;
	struct config *config; /* NULL: not in the set */
	struct policy *policy; /* likewise */
	const char *stores_file; /* NULL: there is none */
	struct shops stores;
	struct copy_rules copy, lexicon;
	struct lifecycle *lifecycle; /* likewise */
	uint64_t rules_sum; /* of the texts of both */
	struct offers *offers; /* likewise */
	GArray *calendars;     /* struct calendar */
	struct audience *audiences; /* named segments */
	int n_audiences;
	const char *audiences_file; /* NULL: none */
	GPtrArray *playbooks;  /* struct set_playbook *, by name */
	GPtrArray *written;    /* struct set_written *, in the order of the files */
	GHashTable *templates; /* name -> struct template * */
	GHashTable *partials;  /* name -> struct set_partial * */
	GHashTable *users;     /* struct set_partial * -> GPtrArray of struct template * */
	bool sure; /* all templates are here: one that is missing is a mistake */
	const char *const *partakers; /* names of playbooks; NULL: every one */
	const struct json_t *lists; /* playbook -> ids, in place of files beside them; NULL */
	GPtrArray *texts; /* struct set_text *: what the set's content is made of */
};

struct set_text {
	const char *path; /* config/…, templates/… */
	const char *disk; /* NULL: on none */
	const char *text;
	size_t len;
};

/* playbooks: as in struct catalog_change. */
/* ---- set_kind.c: what a file is ---- */

enum set_kind {
	KIND_CONFIG,
	KIND_POLICY,
	KIND_CALENDAR,
	KIND_STORES,
	KIND_COPY,
	KIND_LEXICON,
	KIND_PLAYBOOK,
	KIND_SEGMENTS,
	KIND_OFFERS,
	KIND_LIFECYCLE
};
enum set_kind set_kind_of(const char *path, const struct yaml *root);

/* ---- set_playbook.c ---- */

/* Forms of stores wait until what they are forms of has been found: playbooks_close(). */
void playbook_found(struct set *s, const struct yaml *root, const char *text, bool part);
/* Sorts them. A form that is a draft, or has ended, takes nobody from the common one. */
void playbooks_close(struct set *s);

struct set *set_read(struct arena *a, const struct tree *tree,
    const char *const *playbooks, const struct json_t *lists, struct report *r);
void set_free(struct set *s); /* not the arena */

/* ---- bundle.c: a playbook with all it names, as stored ---- */

/* Owned JSON text. */
char *bundle_write(const struct set *s, const struct set_playbook *one);
/* ---- content.c: the set as one text that can be agreed to and kept ---- */

void content_write(struct catalog *c, const struct set *s);

/* SHA-256 of the content, without the places of its files. */
void bundle_hash(const struct json_t *bundle, char hash[65]);

/* ---- link.c: names made into pointers ---- */

/* Resolves what the steps send; complete: a name that is not there is a mistake. */
void
link_playbook(struct playbook *p, GHashTable *templates, bool complete, struct report *r);
/* Paths and partials of every template of the set. */
void link_templates(const struct set *s);

/* ---- partial_use.c: which texts say what a partial says ---- */

/* Fills users, each list by name; a partial that no text uses has none. */
void partials_used(struct set *s);
/* ` (used by "care/one" and 2 others)`, "" for NULL; owned. */
char *partial_users_say(const GPtrArray *users);

/* ---- link_subject.c: texts about what the playbook is not about ---- */

void link_subjects(const struct set *s);
void link_policy(const struct set *s); /* the templates it names */
/* Every path of a text, of what it renders and of its layout. */
typedef void liquid_path_fn(void *arg, const char *dotted, struct pos at, bool has_default);
void link_paths(
    const struct set *s, const struct template *t, liquid_path_fn *each, void *arg);

/* ---- link_answer.c: texts and branches about an answer nobody gave ---- */

void link_answers(const struct set *s);

/* ---- link_report.c: playbooks that reports are told of ---- */

void link_reports(const struct set *s);

/* ---- fit.c: does it fit the policy and the configuration? ---- */

void fit_check(const struct set *s);
/* answering.c: of one step. */
void
answering_check(const struct set *s, const struct playbook *p, const struct step *step);

/* ---- signature.c: are the stores' signatures approved there? (B-CN3) ---- */

void signature_check(const struct set *s, const struct account *acc, bool approves);

/* ---- hours.c: calls planned, and the hours there are for them ---- */

void hours_check(const struct set *s);

/* ---- rivals.c: playbooks that compete for the same people ---- */

void rivals_check(const struct set *s);

/* ---- lifecycle_read.c: does it fit the policy? ---- */

void lifecycle_check(const struct set *s);
/* ---- names.c: offers and playbooks that steps and actions name ---- */

/* Every list of actions of a playbook; step NULL: of its goal, exits, replies. */
void actions_each(const struct playbook *p,
    void (*each)(void *arg, const struct actions *list, const struct step *s), void *arg);
void offer_check(const struct set *s, const char *name, struct pos at);
void names_check(const struct set *s);

/* ---- reply_overlap.c: replies nobody comes to ---- */

void replies_check(const struct set *s, const struct playbook *p);

/* ---- cond_column.c: tiers that the policy does not have ---- */

void tiers_in_rules(const struct set *s, const struct playbook *p);
void tiers_in_segments(const struct set *s);

/* ---- promise.c: templates that promise an offer ---- */

void promise_check(const struct set *s);

/* ---- enters.c: playbooks that enter each other ---- */

/* Or a form of it. */
bool enters(const struct playbook *p, const struct playbook *to);
void enters_check(const struct set *s);

/* ---- longest.c: the longest that comes for a variable ---- */

struct value_map;
struct value_map *longest_values(
    const struct set *s, const struct template *t, struct arena *a);

/* ---- lint.c: the texts themselves ---- */

void lint_check(const struct set *s);

enum sample {
	SAMPLE_BARE,     /* every variable empty or at its default */
	SAMPLE_BRANCHES, /* the same by its longest branches */
	SAMPLE_LONGEST,  /* by its longest branches, with the longest that comes */
	/* The first two, a new line where a value would stand: words do not grow together. */
	SAMPLE_READ,
	SAMPLE_READ_BRANCHES
};
/* What a text, or a parameter of one, says then; owned. */
char *lint_sample(const struct set *s, const struct template *t, const struct liquid *l,
    enum sample kind, struct arena *a);
/* What the law wants of a marketing mail: advert.c. */
void advert_check(const struct set *s, const struct template *t);

/* ---- href.c: links whose target a field could choose ---- */

void href_check(const struct set *s);

/* ---- link_host.c: where links lead ---- */

void link_hosts_check(const struct set *s);
bool link_is_of_house(const struct config *c, const char *host);

/* ---- link_made.c: where links lead that a text puts together ---- */

void links_made_check(const struct set *s);

/* ---- audiences.c: named segments ---- */

void audiences_read(struct set *s, const struct yaml *root);
/* Every segment a playbook names is there. */
void audiences_check(const struct set *s, const struct playbook *p);

/* ---- audience.c: lists of customers beside a playbook ---- */

void audience_read(const struct set *s, struct playbook *p);

/* Is there such a type of account? Also when nobody said which there are. */
bool catalog_has_type(const char *type);
/* What an account's service wants of a text. */
void catalog_lint(const struct account *acc, const struct template *t, const char *text,
    struct report *r);
/* Does it put no 【signature】 before an SMS? */
bool catalog_bare(const struct account *acc);
/* Why its service would not take it, NULL: it would. */
const char *catalog_refuses(const struct account *acc, const struct template *t,
    const char *text, const char *const *values, struct arena *a);

#endif
