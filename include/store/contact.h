/* contact.h - contacts in WeCom: who they are, and which members of staff have them.
 *
 * 1 found, 0 not, -1 err, or how many. Strings live in the scratch arena. */
#ifndef STORE_CONTACT_H
#define STORE_CONTACT_H

#include "core/contact.h"
#include "store/store.h"

#define FOLLOWS_MAX 32 /* members who have one contact; the service has up to 500 */

struct contact_row {
	int64_t id, h, union_h;
	int64_t customer; /* 0: not matched */
	int way;          /* enum contact_way */
	ms_t matched_at;
	int64_t not_him;
	const char *external, *name; /* his id there; how he calls himself */
};

enum follow_end { FOLLOW_IS, FOLLOW_LEFT, FOLLOW_DROPPED, FOLLOW_UNSEEN };
struct follow {
	int64_t contact;
	const char *member;  /* his userid there; knows no case */
	const char *account; /* by which it was told */
	ms_t since, ended_at, told_at;
	int ended; /* enum follow_end */
	bool ask;
	const char *remark, *state;
	const char *mobiles; /* of the remark, each followed by a newline */
};

int contact_get(struct store *s, int64_t id, struct contact_row *out, struct err *e);
int contact_find(struct store *s, int64_t h, struct contact_row *out, struct err *e);
/* Inserts (id 0: it is filled) or updates what was told: union_h, external, name. */
int contact_put(struct store *s, struct contact_row *c, ms_t now, struct err *e);
/* customer, way, matched_at, not_him as given. */
int contact_save_match(struct store *s, const struct contact_row *c, struct err *e);
/* Customers other contacts of a unionid are matched to, each once. */
int contact_of_union(struct store *s, int64_t union_h, int64_t not_of, int64_t *customers,
    int max, struct err *e);
int contact_of_customer(
    struct store *s, int64_t customer, struct contact_row *out, int max, struct err *e);
/* Those matched to nobody whom somebody has, by id after `after`. */
int contact_unmatched(
    struct store *s, int64_t after, struct contact_row *out, int max, struct err *e);

int follow_get(struct store *s, int64_t contact, const char *member, struct follow *out,
    struct err *e);
int follow_put(struct store *s, const struct follow *f, struct err *e);
/* Those of a contact, the newest first; ended ones only if `all`. */
int follow_of(struct store *s, int64_t contact, bool all, struct follow *out, int max,
    struct err *e);
/* Contacts of a member that were told of last before `before`, still his: their ids. */
int follow_unseen(struct store *s, const char *account, const char *member, ms_t before,
    int64_t *contacts, int max, struct err *e);
/* One the service is to be asked about: its contact. */
int follow_asked(struct store *s, const char *account, int64_t *contact, struct err *e);
int follow_answered(struct store *s, int64_t contact, struct err *e);

struct roster {
	const char *account, *member, *cursor, *perr;
	ms_t begun_at, read_at;
};
/* The member whose turn it is: one whose round is under way, else the one read longest ago,
 * before `due`. Members are those of the staff who have not gone by `day`. */
int roster_next(struct store *s, const char *account, ms_t due, int64_t day,
    struct roster *out, struct err *e);
int roster_put(struct store *s, const struct roster *r, struct err *e);
int roster_each(struct store *s, const char *account, ms_t due, int64_t day, int *members,
    int *read, int *failed, ms_t *oldest, struct err *e);

/* One member: his contacts, and how many of them are matched, by each way. */
struct contact_rate {
	const char *member, *name,
	    *store; /* name, store: as on the staff; "" he is not on it */
	int64_t contacts, matched, by[CONTACT_WAYS];
};
int contact_rates(struct store *s, void (*each)(void *arg, const struct contact_rate *r),
    void *arg, struct err *e);
/* All that somebody has, each once, and how many of them are matched; account "": by any. */
int contact_count(struct store *s, const char *account, int64_t *contacts, int64_t *matched,
    struct err *e);

/* Customers whose advisor is called so, by name or id. */
int contact_advised(struct store *s, const char *name, const char *ext,
    void (*each)(void *arg, const char *ext, const char *name), void *arg, struct err *e);

/* The keyed hash of a unionid; 0 of "". */
int64_t contact_union_hash(struct store *s, const char *unionid);
/* A file tells whose it is. */
int unionid_add(struct store *s, int64_t h, int64_t customer, struct err *e);
int unionid_of(struct store *s, int64_t h, int64_t *customers, int max, struct err *e);
/* Those of a customer, as files told. */
int unionid_list(struct store *s, int64_t customer, int64_t *hs, int max, struct err *e);
int unionid_clear(struct store *s, int64_t customer, struct err *e);
/* A customer was erased who had this address: since when nothing of it is to be kept. 0: not. */
int contact_erased_at(struct store *s, int64_t h, ms_t *at, struct err *e);

#endif
