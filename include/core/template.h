/* template.h - one message text: front matter, then compiled Liquid. Frozen with its version. */
#ifndef CORE_TEMPLATE_H
#define CORE_TEMPLATE_H

#include "base/err.h"
#include "core/words.h"

struct liquid; /* spec/liquid.h */

/* How a call may end, as the script names it. (core/call.h) */
struct call_outcome {
	const char *name;
	const char *title; /* words for the button; the name when none are given */
	const char *cause; /* why the customer stays away; "": not told */
	const char *tag;   /* given to the customer; "": none */
	struct pos at;
};

/* The text as a gateway has it on its books: sent by code and parameters. */
struct registered {
	const char *to;   /* a type of provider, or the name of an account */
	const char *code;
	struct registered_param {
		const char *name; /* "": by position */
		const struct liquid *value;
		const char *written; /* between the braces */
		struct pos at;
	} *params;
	int n_params;
	struct pos at;
};

struct template {
	const char *name;    /* "dormant/hello" */
	const char *title;
	const char *file;
	struct pos at;
	enum channel channel;
	enum category category;
	bool urgent;         /* transactional only: ignores quiet hours */
	bool greeting;       /* expires with its day; passes closures that allow greetings */
	const char *subject_text;
	struct pos subject_at;
	const struct liquid *subject; /* email; NULL: none */
	const struct liquid *body;
	const char *offer;   /* it promises; NULL: none */
	struct pos offer_at;
	const char *layout;  /* email: partial wrapped round the body; NULL: none */
	struct pos layout_at;
	const struct liquid *text; /* email: own text part; NULL: derived */
	const char *text_source;   /* of it; NULL: derived */
	struct pos text_at;
	const struct call_outcome *outcomes; /* phone */
	int n_outcomes;
	const char *source;  /* the whole file, for the stored version */
	const char *body_source; /* the text below the front matter, and where it begins */
	struct pos body_at;
	struct template_allow {  /* rules of copy it is excused from, with the reason */
		const char *rule, *reason;
		struct pos at;
	} *allows;
	int n_allows;
	struct registered *registered;
	int n_registered;
};

/* Its registered text for an account: by the account's name, else by the type; NULL: none. */
const struct registered *template_registered(
    const struct template *t, const char *account, const char *type);

#endif
