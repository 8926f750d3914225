/* folding.h - one event on its way into a profile. Private to core/. */
#ifndef CORE_FOLDING_H
#define CORE_FOLDING_H

#include "core/lifecycle.h"
#include "core/profile.h"

struct folding {
	struct profile *p;
	const struct lifecycle *lc;
	const struct presence_rule *rule;
	const struct happening *h;
};

/* Data of the event: false when it is not told. */
bool folding_given(const struct folding *f, const char *name, struct value *out);
double folding_number(const struct folding *f, const char *name, double none);
bool folding_true(const struct folding *f, const char *name);
int64_t folding_fen(double yuan);
/* He was with us. */
void folding_meet(struct folding *f);

/* folding_visit.c */
void folding_visit(struct folding *f);
void folding_order(struct folding *f);
void folding_drop_order(struct folding *f);

#endif
