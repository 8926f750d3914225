/* words.h - what a verb tells people, in the reader's language.
 *
 * printf(SAY("%d rows", "%d 行"), n): the compiler checks both against the arguments. Words
 * that come as data (states, kinds) stand in tables of twins, one a file. */
#ifndef CMD_WORDS_H
#define CMD_WORDS_H

#include <stdbool.h>

#include <glib.h>

/* As --lang says, else as setlocale(3) looks: LC_ALL, LC_MESSAGES, LANG. 0, or 2 after the
 * usage was printed: the word is neither en nor zh. */
int words_language(const char *verb, const char *lang);
bool words_chinese(void);

#define SAY(en, zh) (words_chinese() ? (zh) : (en))

struct words_twin {
	const char *word, *en, *zh;
};
/* The twin of a word in a table that ends with NULL; a word that has none is itself. */
const char *words_say(const struct words_twin *table, const char *word);
/* As show_text(): a member, or its twin of the name with _zh behind it. */
struct json_t;
const char *words_text(const struct json_t *j, const char *key, GStringChunk *keep);

/* A sentence of the daemon's as core/twin.h has it; and lines of them, printed. */
const char *words_line(const char *line, GStringChunk *keep);
void words_print(const char *text);

/* "webhook+query": how an account hears, as doctor.h has it. */
const char *words_ways(const char *name, GStringChunk *keep);

/* For the test: every table. */
extern const struct words_twin words_columns[]; /* of the balance */
extern const struct words_twin words_runs[];    /* states of runs, and why they ended */
extern const struct words_twin words_channels[];
extern const struct words_twin words_launches[];
extern const struct words_twin words_books[]; /* states of playbooks */
extern const struct words_twin words_tasks[]; /* kinds and states */
extern const struct words_twin words_lives[]; /* tiers, stages and the like */
extern const struct words_twin words_signs[]; /* and conversations */
extern const struct words_twin words_fates[]; /* of touches: why.c */
extern const struct words_twin words_by_hand[];
extern const struct words_twin words_facts[]; /* of a customer: task.c */
extern const struct words_twin words_contacts[]; /* why they are matched to nobody */
extern const struct words_twin words_likely[];
extern const struct words_twin words_files[]; /* what is imported: import_lists.c */
extern const struct words_twin *const words_all[];

#endif
