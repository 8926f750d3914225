/* reply.h - what a customer's answer means. Pure.
 *
 * Normalised by NFKC, both scripts to simplified, case folded, spaces and
 * punctuation trimmed. Words of one or two Latin letters and 取消 count only as
 * the whole message; a phrase anywhere else counts too and asks for a person to
 * look (`doubtful`). A negated opt-out phrase (我没有退订) stops all the same;
 * 不要停 does not. When in doubt the answer is stop. */
#ifndef CORE_REPLY_H
#define CORE_REPLY_H

#include <stdbool.h>

#include "base/arena.h"
#include "core/playbook.h"
#include "core/policy.h"

struct reply_meaning {
	bool opt_out, opt_in, complaint, wrong_person;
	bool doubtful; /* matched inside a longer text: a person should look */
	const char *word; /* the keyword that matched; NULL: none */
};

char *reply_normalise(struct arena *a, const char *text);
void reply_classify(struct arena *a, const struct policy *p, const char *text,
    struct reply_meaning *out);
/* The first reply rule of a playbook that matches, or NULL. */
const struct reply_rule *reply_match(struct arena *a, const struct playbook *p, const char *text);

#endif
