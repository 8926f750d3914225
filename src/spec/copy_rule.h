/* copy_rule.h - rules of copy: what the house's texts must not say, and what they must.
 *
 * Two kinds: words (listed in copy.yaml) and shapes (functions of copy_shape.c whose level
 * copy.yaml sets). A template is excused from a rule by `allow: { RULE: REASON }` in its
 * front matter. Without a copy.yaml nothing is asked. */
#ifndef SPEC_COPY_RULE_H
#define SPEC_COPY_RULE_H

#include <glib.h>

#include "base/arena.h"
#include "base/report.h"
#include "core/template.h"
#include "spec/yaml.h"

struct copy_made;
struct fold;
struct set;
struct set_partial;

enum copy_level { COPY_OFF, COPY_WARNING, COPY_ERROR };

struct copy_rule {
	const char *id;
	struct pos at;
	enum copy_level level;
	const char **words; /* NULL-terminated; NULL: built in */
	const char **folded; /* the same as they are compared, "" where one comes again; NULL:
				they are written so */
	const char **allow; /* phrases in which a word is fine, NULL-terminated or NULL */
	const char *why, *instead;
	unsigned channels, categories;
	const struct copy_shape *shape; /* NULL: the rule is a list of words */
	/* Of lexicon.yaml: the services, by type or name of the account, NULL-terminated; NULL:
	 * whichever. */
	const char **providers;
	struct pos providers_at;
	const char *source;
};

struct copy_rules {
	const char *file; /* NULL: there are none */
	struct copy_rule *items;
	int n;
};

/* A text, or a mail's own text part, as the shapes see it. */
struct copy_text {
	const struct template *t;
	const char *plain;  /* rendered with nothing known, as it would be sent */
	const char *source; /* as written, with what its partials say */
};

/* A built-in rule. Without breaks and find it looks at the plans that send the texts
 * (copy_plan.c). */
struct copy_shape {
	const char *id, *help;
	enum copy_level level; /* unless copy.yaml says otherwise */
	unsigned categories;
	bool (*breaks)(const struct copy_text *); /* the text as a whole */
	/* The next place; handed: see struct copy_piece. */
	size_t (*find)(
	    const struct fold *f, const char *handed, size_t from, size_t *end);
	bool asks_handed; /* what a partial is handed makes a difference */
	bool takes_allow; /* copy.yaml may name phrases that are fine */
	const char *why, *instead;
};
extern const struct copy_shape copy_shapes[];              /* ends with id NULL */
const struct copy_shape *copy_shape_named(const char *id); /* NULL: none */

/* ---- copy_claim.c: places in a text; SIZE_MAX: no more ---- */

size_t copy_superlative(
    const struct fold *f, const char *handed, size_t from, size_t *end);
size_t copy_rank(
    const struct fold *f, const char *handed, size_t from, size_t *end);

/* ---- copy_count.c: days and hours that are counted from the day it is read ---- */

size_t copy_counted(
    const struct fold *f, const char *handed, size_t from, size_t *end);
/* Is what is written so in a text (a path, a name of its own) worked out when it is made? */
bool copy_made_now(const struct fold *f, const char *written);

/* How much two texts have in common: 0 nothing, 1 all. By pairs of characters, without
 * spaces and marks (Dice's coefficient). */
double copy_alike(const char *a, const char *b);

/* A piece of what is said, and where it is written. */
struct copy_piece {
	const char *text;
	struct pos at; /* of its first character */
	const char
	    *users; /* of a partial: the texts that say it; "": it is a text's own */
	/* Of a partial: the name under which they hand it what was written down before;
	 * only what comes of that is told. NULL: nothing is known of what they hand. */
	const char *handed;
	const char *file; /* the file's text, where the piece is a value in it; NULL */
	struct copy_made *made; /* what is read in the end, not what is written; NULL */
};
#define COPY_HANDED_ANY "*" /* whatever it is handed was written down */

/* Places of what a rule looks for in a piece; who: does not take it, NULL: the house
 * itself. */
void copy_places(const struct set *s, const struct copy_piece *piece,
    const struct copy_rule *rule, const char *who);
/* The same of what a text says itself, with its subject and text part. */
void copy_places_own(const struct set *s, const struct template *t,
    const struct copy_rule *rule, const char *who);
/* The same of every partial that some text uses for which holds() is true: told once, with
 * the texts that use it. */
typedef bool
copy_holds_fn(void *arg, const struct copy_rule *rule, const struct template *t);
void copy_places_shared(const struct set *s, const struct copy_rule *rule,
    copy_holds_fn *holds, void *arg, const char *who);
/* ---- copy_mask.c: what nobody reads ---- */

/* The text without comments and conditions, blanks in their place; owned. */
char *copy_mask(const char *text);

/* ---- copy_made.c: what is read in the end, however it was put together ---- */

struct copy_made *copy_made_new(
    const struct set *s, const struct template *t, struct arena *a);
void copy_made_free(struct copy_made *m);
/* What is read in it and stands nowhere as it is read. */
void copy_made_places(const struct set *s, struct copy_made *m,
    const struct copy_rule *rule, const char *who);
/* Is what was found to be told? Once, and only if it stands nowhere. */
bool copy_made_is_news(
    struct copy_made *m, const struct copy_rule *rule, const char *folded, size_t len);

/* ---- copy_handed.c: what texts hand to the partials they use ---- */

/* The same of a partial, for what comes of what the texts hand it. */
void copy_places_handed(const struct set *s, const struct set_partial *one,
    const GPtrArray *users, const struct copy_rule *rule, const char *who);

/* Something to tell of a text, with what to do and where it is excused: "", or " in each". */
void copy_tell(const struct set *s, const struct copy_rule *rule, struct pos at,
    const char *what, const char *where);
const struct copy_rule *copy_rule_named(const struct set *s, const char *id);
bool copy_excused(const struct template *t, const char *rule);
/* Does it look for places, not at a text as a whole? */
bool copy_has_places(const struct copy_rule *rule);
bool copy_applies(const struct copy_rule *rule, const struct template *t);

/* ---- lexicon.c, lexicon_read.c: what services do not take (config/lexicon.yaml) ---- */

void lexicon_read(
    struct arena *a, const struct yaml *root, struct copy_rules *out, struct report *r);
void lexicon_check(
    const struct set *s, const struct template *t, struct copy_made *made);
void lexicon_check_shared(const struct set *s);
/* Services that nobody knows. */
void lexicon_check_names(const struct set *s);

/* Fills folded. */
void copy_fold_words(struct arena *a, struct copy_rule *rule);
void copy_read(
    struct arena *a, const struct yaml *root, struct copy_rules *out, struct report *r);
/* One text: words and shapes. plain is borrowed; part: that of its own text part, NULL: it
 * has none. */
void copy_check(const struct set *s, const struct template *t, const char *plain,
    const char *part, struct copy_made *made);
/* What the texts take from partials. */
void copy_check_shared(const struct set *s);
/* ---- copy_plan.c: texts as the playbooks send them ---- */

void copy_check_plans(const struct set *s);

#endif
