/* catalog.h - everything people wrote, loaded as one set: checked whole, frozen, swapped in whole.
 *
 * A set is config/ (reachd.yaml, policy.yaml, offers.yaml, calendars, playbooks …) plus the
 * templates beside it: templates/CHANNEL/NAME.liquid, NAME with its folders, and the
 * partials they render, templates/partials/NAME.liquid. An email's layout is a partial that
 * is given the body as `content`. Files are known by their names and folders; one that lies
 * elsewhere by its keys. A set with an error is refused whole with every mistake in the
 * report. Counted references; the last catalog_unref frees the arena. */
#ifndef SPEC_CATALOG_H
#define SPEC_CATALOG_H

#include <glib.h>

#include "base/report.h"
#include "core/audience.h"
#include "core/config.h"
#include "core/lifecycle.h"
#include "core/offer.h"
#include "core/playbook.h"
#include "core/policy.h"
#include "core/template.h"

/* A playbook with the templates and partials it names: what runs are pinned to.
 * bundle is JSON: {"playbook": {"file","text"}, "templates": [{"name","channel",
 * "file","text"}], "partials": [{"name","file","text"}], "list": [ids]}, sorted by
 * name; hash is the SHA-256 in hex of the same without the places of the files, so
 * that it is the content's, wherever the set lies. */
struct version {
	const struct playbook *playbook;
	char hash[65];
	const char *bundle;
	size_t bundle_len;
	struct arena *arena; /* owned */
	GHashTable *partials; /* name -> struct liquid * */
};

struct catalog {
	int refs; /* loop thread only */
	struct arena *arena;
	struct config *config;
	struct policy *policy;
	struct audience *audiences; /* named segments */
	int n_audiences;
	struct lifecycle *lifecycle; /* never NULL: without a file nobody is judged */
	uint64_t rules_sum; /* of the texts of policy and lifecycle: by what people were judged */
	struct offers *offers; /* none: empty */
	struct version **versions; /* one a playbook, sorted by name */
	int n_versions;
	GHashTable *templates; /* name -> struct template * */
	GHashTable *partials;  /* name -> struct liquid * */
	const char *const *inviting; /* playbooks that ask for an answer, NULL-terminated */
	const struct expected *expected; /* of playbooks that say it; the last has no name */
	GHashTable *partial_texts; /* name -> their text */
	/* All that people agree to, everything but reachd.yaml, which is the machine's:
	 * {"files": [{"path","text"}], "lists": {playbook: [ids]}}, and its SHA-256. */
	const char *content;
	size_t content_len;
	char hash[65];
	const struct catalog_source *sources; /* whose files they are, as on disk */
	int n_sources;
};

struct catalog_source {
	const char *path; /* as in the content */
	const char *owner; /* the user of this machine; "" when the file is on no disk */
};

/* paths: directories and files given together, as on the command line of check.
 * "config templates", or a config directory alone (templates are then looked for
 * in its sibling `templates`). Returns NULL when the report holds an error. */
struct catalog *catalog_load(const char *const *paths, struct report *r);
/* The same for a set that will call nobody (a rehearsal): that there is no directory of
 * credentials is only a warning, and their values are NULL. */
struct catalog *catalog_load_dry(const char *const *paths, struct report *r);

/* A file in place of one of the set, or beside them. path is what its name and folder
 * would be: config/..., templates/...; shown is what mistakes are told of. */
struct catalog_file {
	const char *path, *shown, *text;
	size_t len;
	bool keys; /* only its keys take the places of those on disk; not for playbooks */
};
struct catalog_change {
	const struct catalog_file *files;
	int n_files;
	/* Playbooks of the set that take part, drafts too; those of `files` always do.
	 * NULL: every one as it stands. */
	const char *const *playbooks;
	bool alone; /* nothing else of the disk than reachd.yaml */
	const struct json_t *lists; /* with alone: playbook -> ids; NULL */
};
/* The same as catalog_load_dry() with changes that are on no disk. */
struct catalog *catalog_load_changed(
    const char *const *paths, const struct catalog_change *change, struct report *r);

/* The set of a content that was kept, with the reachd.yaml that is among the paths now.
 * playbooks false: without them, for a house that has agreed to none yet. */
struct catalog *catalog_revive(const char *const *paths, const char *content, size_t len,
    bool playbooks, struct report *r);

/* Only reports, dry: what is not among the paths is not missed, unless a whole
 * configuration directory is. Returns the number of files read. */
int catalog_check(const char *const *paths, struct report *r);
/* The same on a day: warns of a year that no calendar covers. */
int catalog_check_on(const char *const *paths, struct date today, struct report *r);

/* The types of provider there are (NULL-terminated), what each wants of its settings and
 * of a text that may go through it (`text` is it with its variables empty), told once at
 * start by whoever links the providers in; without it any type is taken as it is. */
struct account_rules {
	const char *const *types;
	void (*check)(const struct account *acc, struct report *r);
	void (*secrets)(const struct account *acc, struct report *r); /* as read; may be NULL */
	ms_t (*longest)(const struct account *acc); /* of its exchanges; 0: not told; may be NULL */
	void (*lint)(const struct account *acc, const struct template *t, const char *text,
	    struct report *r); /* may be NULL */
	/* Why its service would not take this text with these values for the parameters of
	 * its registered text; NULL: it would. In the arena. May be NULL. */
	const char *(*refuses)(const struct account *acc, const struct template *t,
	    const char *text, const char *const *values, struct arena *a);
	/* It only answers whoever has written so long ago; 0: anybody. May be NULL. */
	ms_t (*answers)(const struct account *acc);
	enum region (*region)(const struct account *acc); /* of its service; may be NULL */
	/* When its service takes marketing, [from, to); false: always. May be NULL. */
	bool (*hours)(const struct account *acc, int *from, int *to);
	/* Does it send under approved signatures only? May be NULL. */
	bool (*approves)(const struct account *acc);
	/* Does it put no 【signature】 before an SMS? May be NULL. */
	bool (*bare)(const struct account *acc);
};
void catalog_set_accounts(const struct account_rules *rules);

struct catalog *catalog_ref(struct catalog *c);
void catalog_unref(struct catalog *c);

const struct version *catalog_playbook(const struct catalog *c, const char *name);

/* A version from its stored bundle, for runs pinned to a text no longer on disk.
 * NULL with err when this binary can no longer read it. */
struct version *version_load(const char *bundle, size_t len, struct err *e);
/* The bundle of a playbook that is on no disk and sends this one text; g_free. */
char *catalog_alone(const struct catalog *c, const char *name, const char *playbook,
    const struct template *t);
void version_free(struct version *v);

#endif
