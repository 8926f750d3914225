/* version.h - published playbooks: what runs are pinned to. */
#ifndef STORE_VERSION_H
#define STORE_VERSION_H

#include "store/store.h"

/* The store's number of a playbook name, made if new. */
int playbook_number(struct store *s, const char *name, int *number, struct err *e);
int playbook_name(
    struct store *s, int number, char *name, size_t size, struct err *e); /* 1/0/-1 */
int playbook_each(struct store *s, void (*each)(void *arg, int number, const char *name),
    void *arg, struct err *e);
/* A store's form of a playbook is of its family, also when it is no longer in force; family: the
 * number of the common one, its own: of none. */
int playbook_family_put(struct store *s, int number, int family, struct err *e);
int playbook_families(struct store *s, void (*each)(void *arg, int number, int family),
    void *arg, struct err *e);

/* Something of it waits for the end of a pause or a freeze: msg_let_go(), run_let_go(). */
int playbook_hold(struct store *s, int number, struct err *e);
int playbook_let_go(struct store *s, int number, struct err *e); /* 1 something waited, 0, -1 */

/* What runs of a version must be told of. */
#define VERSION_NEWS 1u  /* of their messages: delivered, clicked */
#define VERSION_DATES 2u /* of the customer's dates that move */

/* The id of this content; written as the next number of its playbook if new. */
int version_put(struct store *s, int playbook, const char *hash, const char *bundle,
    unsigned needs, ms_t now, int64_t *id, bool *created, struct err *e);
int version_get(struct store *s, int64_t id, int *playbook, int *number, char **bundle,
    struct err *e); /* 1/0/-1 */

int version_hash(struct store *s, int64_t id, char hash[65], struct err *e); /* 1/0/-1 */

/* What runs of any version need. */
int version_needs(struct store *s, unsigned *needs, struct err *e);

/* Ids of a playbook's versions, the newest first; at most max, returns how many or -1. */
int version_of_playbook(struct store *s, int playbook, int64_t *ids, int max, struct err *e);

/* A version by its content: 1/0/-1. */
int version_find(struct store *s, const char *hash, int64_t *id, int *playbook, struct err *e);

/* When a playbook was paused, and until when; 0: it still is. */
struct pause {
	int playbook;
	ms_t at, until;
};
int pause_begin(struct store *s, int playbook, ms_t at, struct err *e);
int pause_end(struct store *s, int playbook, ms_t at, struct err *e);
int pause_each(struct store *s, void (*each)(void *arg, const struct pause *p), void *arg,
    struct err *e);

#endif
