/* stage.h - where a customer stands, decided by the rules of the lifecycle.
 *
 * The first rule that holds decides. A stage set by a person or a playbook stands until
 * newer evidence says otherwise: rules that already held when it was set are silent
 * until they have ceased to hold once, until their own event comes, or until a new sign
 * of their stage is raised. Pure; works on the view's profile. */
#ifndef CORE_STAGE_H
#define CORE_STAGE_H

#include "core/signal.h"

#define EVIDENCE_MAX 12

/* An event came (type): raises and clears signs, opens and closes conversations.
 * event: its scope, for `where`. True: the profile changed. */
bool stage_note(struct view *v, const char *type);

/* A rule or a warning waits for this event. */
bool stage_listens(const struct lifecycle *lc, const char *type);

struct stage_change {
	enum life_stage to;
	const struct stage_rule *rule;
	const char *evidence[EVIDENCE_MAX]; /* names of signs, or the rule's own */
	int n_evidence;
};
/* type: the event that just came, "" at the sweep. True: *out is another stage than the
 * customer's. The profile is told only by stage_set(). */
bool stage_judge(struct view *v, const char *type, struct stage_change *out);
/* The customer's stage is now `to`. By rule, hand or import. */
void stage_set(struct view *v, enum life_stage to, enum stage_by by);

/* The warnings that begin to hold now and were not given yet; marks them as given. */
int stage_warnings(struct view *v, const char *type, const struct warning **out, int max);

/* The first day on which signs, warnings or rules may say something else. */
int stage_next(struct view *v);

/* A reason to give a customer up is on his file: an attribute or tag of the list. */
bool stage_may_give_up(const struct lifecycle *lc, const struct scope *s);

#endif
