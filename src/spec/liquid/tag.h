/* tag.h - the tags: one line each in a table. */
#ifndef SPEC_LIQUID_TAG_H
#define SPEC_LIQUID_TAG_H

#include <glib.h>

struct parser;
struct block;

struct tag {
	const char *name;
	/* Called with the lexer after the name; adds its nodes to the block. Mistakes
	 * are reported; it goes on as well as it can. */
	void (*parse)(struct parser *p, struct block *into);
	const char *use;
	const char *about;
};

/* Each tag's parser, named for its file. */
void tag_if(struct parser *, struct block *);
void tag_unless(struct parser *, struct block *);
void tag_case(struct parser *, struct block *);
void tag_for(struct parser *, struct block *);
void tag_break(struct parser *, struct block *);
void tag_continue(struct parser *, struct block *);
void tag_tablerow(struct parser *, struct block *);
void tag_cycle(struct parser *, struct block *);
void tag_assign(struct parser *, struct block *);
void tag_capture(struct parser *, struct block *);
void tag_increment(struct parser *, struct block *);
void tag_decrement(struct parser *, struct block *);
void tag_comment(struct parser *, struct block *);
void tag_doc(struct parser *, struct block *);
void tag_inline_comment(struct parser *, struct block *);
void tag_raw(struct parser *, struct block *);
void tag_echo(struct parser *, struct block *);
void tag_liquid(struct parser *, struct block *);
void tag_render(struct parser *, struct block *);
void tag_include(struct parser *, struct block *);

const struct tag *tag_find(const char *name, size_t len); /* NULL: none */
const char *tag_nearest(const char *name, size_t len);    /* "did you mean", or NULL */
void tag_help(GString *out);

#endif
