/* compose.h - the words of one message: template to text, subject, segments, cost, links. Store thread. */
#ifndef ENGINE_COMPOSE_H
#define ENGINE_COMPOSE_H

#include "desk.h"
#include "provider/provider.h"

struct composed {
	const char *to, *subject, *text, *html, *unsubscribe, *ref, *signature;
	const char *customer; /* whose it is: a repeated call must be the same bytes */
	const char *const *devices; /* push, set when it is sent: see parcel */
	const char *sender; /* capabilities.member: whose contact he is; "" the account's own */
	const char *key;   /* given by the service, set when it is sent; NULL: none */
	const struct coded *coded; /* NULL: the text itself is sent */
	bool keeps;       /* its service is told how long it may be kept */
	ms_t valid_until; /* until when, set when it is sent; 0: never told */
	int segments;
	double cost;
	struct composed_link {
		char code[11];
		const char *target;
	} links[16];
	int n_links;
};

/* 0; 1: the provider would not take it (*detail), RENDER_WAITS: not for now; -1: it cannot be made (*detail, *at). */
int compose(struct work *w, struct person *p, const struct version *v, const struct message *m,
    const struct template *t, const struct account *acc, struct composed *out,
    const char **detail, struct pos *at);

/* Its short links are good from now on. */
int compose_keep(struct work *w, const struct message *m, const struct composed *c,
    struct err *e);

/* Of a message that takes data of somebody in China abroad: on what basis, as it is filed now. */
#define COMPOSE_EXPORT "export_basis"
int compose_export(struct work *w, const struct person *p, const struct message *m,
    const struct account *acc, struct err *e);
/* Its attempt certainly did not leave this machine: nothing went abroad by it. */
int compose_kept_here(struct work *w, const struct message *m, struct err *e);

/* A recipient's share of a call: what the words and the message say, borrowed. */
struct parcel compose_parcel(const struct message *m, const struct composed *c);

/* What is frozen at T2 and sent, as JSON, and back. Strings live in the arena. */
char *compose_freeze(struct arena *a, const struct composed *c);
int compose_thaw(struct arena *a, const char *json, size_t len, struct composed *c);

#endif
