/* launch.h - how far published versions have been let out, who waits, test sends, corrections. */
#ifndef STORE_LAUNCH_H
#define STORE_LAUNCH_H

#include "core/launch.h"
#include "store/store.h"

struct launch {
	int64_t version;
	int playbook;
	int state; /* enum launch_state */
	int stage;
	int64_t entered;
	ms_t begun_at; /* the first stage began; 0: not yet */
	ms_t stage_at, since, next_at;
	const char *why;
};
int launch_get(
    struct store *s, int64_t version, struct launch *out, struct err *e); /* 1/0/-1 */
int launch_of_hash(struct store *s, const char *hash, struct launch *out, struct err *e);
int launch_save(struct store *s, const struct launch *l, struct err *e);
/* The newest other version of the playbook that was let out at all: 1/0/-1. */
int launch_before(
    struct store *s, int playbook, int64_t version, struct launch *out, struct err *e);
/* Any version of the playbook that is held or stopped; release: none is any more. */
int launch_standing(struct store *s, int playbook, struct launch *out, struct err *e);
int launch_release(struct store *s, int playbook, struct err *e);
int launch_entered(struct store *s, int64_t version, struct err *e);
/* What became of messages of the version begun since `since`; those of its stage since
 * `stage_at`. */
int launch_count(struct store *s, const struct launch *l, ms_t now,
    struct ramp_count *out, struct err *e);

/* Who waits for his stage. */
struct not_yet {
	int playbook;
	int64_t customer, event;
	const char *subject, *entry;
	ms_t at;
};
int not_yet_add(struct store *s, const struct not_yet *n, struct err *e);
int not_yet_drop(struct store *s, const struct not_yet *n, struct err *e);
/* Those written down before an instant, oldest first, at most max; returns how many. */
int not_yet_some(struct store *s, int playbook, ms_t before, struct not_yet *out, int max,
    struct err *e);
int not_yet_anybody(struct store *s, struct err *e); /* for whatever playbook: 1/0/-1 */
int not_yet_count(struct store *s, int playbook, int64_t *n, struct err *e);
int
not_yet_has(struct store *s, int playbook, int64_t customer, struct err *e); /* 1/0/-1 */

struct testsend {
	int64_t id;
	const char *template_, *hash, *account, *recipient, *author, *outcome, *perr;
	ms_t at;
	int channel, category;
	int64_t address; /* keyed hash */
};
int testsend_add(struct store *s, const struct testsend *t, struct err *e);
int testsend_outcome(
    struct store *s, int64_t id, const char *outcome, const char *perr, struct err *e);
int testsend_known(struct store *s, int64_t id, struct err *e); /* 1/0/-1 */
/* As msg_handed(), of what was sent to one's own people; ask->person says nothing. */
struct handed;
struct handed_query;
int testsend_handed(struct store *s, const struct handed_query *ask, struct handed *out,
    int max, struct err *e);
/* Was this very text accepted once? 1/0/-1. */
int testsend_done(struct store *s, const char *hash, struct err *e);

struct correction {
	int playbook, of;
	int64_t version;
	const char *template_, *author, *reason;
	ms_t at;
	const char *asked; /* by whose hand */
	const char *step;  /* to those who got it since; "" any step */
	ms_t since;
	const char *agreed; /* who else agreed; "" nobody has */
	bool waits;         /* for somebody else's yes or no */
};
/* Those that wait, the oldest first, at most max; how many or -1. */
int correction_waiting(
    struct store *s, int64_t after, struct correction *out, int max, struct err *e);
/* Customers who got what it corrects and do not get it yet. */
int correction_reach(
    struct store *s, const struct correction *c, int64_t *n, struct err *e);
/* Asked for anew: when, who, why, to whom, who agreed, whether it waits. */
int correction_set(struct store *s, const struct correction *c, struct err *e);
int correction_add(struct store *s, const struct correction *c, struct err *e);
int correction_get(struct store *s, int playbook, struct correction *out, struct err *e);
int correction_find(struct store *s, int of, const char *template_,
    struct correction *out, struct err *e);

/* Due before an instant, or held by a pause. */
int msg_count_soon(struct store *s, int playbook, ms_t before, int64_t *n, struct err *e);
/* Ids of messages of a playbook above *cursor, at most max: of the step if one is named,
 * due or begun since an instant. Returns how many; *cursor moves. */
int msg_ids_of_playbook(struct store *s, int playbook, const char *step, ms_t since,
    int64_t *cursor, int64_t *ids, int max, struct err *e);

#endif
