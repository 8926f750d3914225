/* intent.h - one call to a provider to come: messages gathered into it, its bytes, what guards it. Store thread.
 *
 * A batch is filled inside T2 with messages already SENDING under its token; closing
 * it makes the intent, which the loop sends once the transaction has committed. */
#ifndef ENGINE_INTENT_H
#define ENGINE_INTENT_H

#include "compose.h"
#include "provider/provider.h"

#define PARCELS_MAX 200

struct intent {
	struct arena *arena; /* owns everything below, and the intent itself */
	const struct account *account;
	const struct provider *provider;
	struct provider_request request;
	struct parcel *parcels;
	int64_t *stop_keys;  /* one a parcel */
	int *playbooks;      /* likewise */
	struct message *begun; /* likewise, as T2 wrote them; NULL: this call is no first one */
	int n;
	int64_t token;
	ms_t open_until;     /* wall: the first byte must leave before */
	ms_t month_start, month_end;
	bool settling;       /* the same call again, not a new attempt */
	bool query;          /* only asks */
	struct search *search; /* a step of one (search.h); NULL: none */
};
void intent_free(struct intent *it); /* NULL is fine */
GPtrArray *intent_list(void);        /* frees what is still in it */

/* One account, one channel, no address twice. */
struct batch {
	const struct account *account;
	int channel, n, max;
	int64_t token;
	const char *call;
	ms_t open_until;
	struct batch_item {
		struct message *m;
		const struct composed *text;
		int64_t stop;
	} items[PARCELS_MAX];
};

/* May this message travel in the batch as it stands? An empty batch takes anything. */
bool intent_fits(const struct batch *b, const struct message *m, const struct composed *text,
    int64_t stop);
void intent_open(struct work *w, struct batch *b, const struct account *acc, int channel,
    int64_t token);
/* Refused before because another in its call was at fault: it goes alone. Its perr says so:
 * INTENT_ALONE, then the code. */
#define INTENT_ALONE "alone "
bool intent_alone(const struct message *m);
void intent_add(struct batch *b, const struct batch_item *item, ms_t open_until);
/* Makes the call and empties the batch; nothing to do for an empty one. Messages of
 * which no request can be made end as rejected. */
int intent_close(struct work *w, struct batch *b, GPtrArray *out, struct err *e);

/* One recipient's share, its strings in an arena that outlives the transaction. */
void intent_parcel(struct arena *a, const struct message *m, const struct composed *c,
    struct parcel *p);

/* Messages already UNKNOWN under their key again, the same bytes: one in a call of its own, or
 * where the key is the call's (capabilities.call_key) all of the call, in their order. NULL
 * without an error: a call that takes `over` could end after the instant until which they may be kept. */
struct intent *intent_again(struct work *w, const struct message *members, int n,
    const struct account *acc, ms_t over, struct err *e);
/* A question to the provider by our reference. */
struct intent *intent_query(struct work *w, const struct message *m, const struct account *acc,
    enum wish wish, struct err *e);
/* The same before its request is made. */
struct intent *intent_question(struct work *w, const struct message *m, const struct account *acc,
    enum wish wish, struct err *e);

#endif
