/* config.h - config/reachd.yaml as plain data: the entity, where state lives, listeners, providers. */
#ifndef CORE_CONFIG_H
#define CORE_CONFIG_H

#include <stdbool.h>
#include <stdint.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/zone.h"
#include "core/role.h"
#include "core/shop.h"
#include "core/words.h"

struct liquid;

/* How an unknown outcome is settled. */
enum settle { SETTLE_NONE, SETTLE_RECEIPT, SETTLE_QUERY, SETTLE_KEY, SETTLE_WINDOW };

/* Where a service keeps what it is handed: in China, elsewhere, or as its account says. */
enum region { REGION_NONE, REGION_CN, REGION_OUTSIDE };

/* `type: http`: a rule that recognises an answer. */
struct answer_rule {
	struct pos at;
	int status;         /* 0: any */
	const char *field;  /* dotted JSON path, NULL: not looked at */
	const char *equals; /* compared as text */
	const char *as;     /* refused: bad_address | balance | content | other */
	const char *id;     /* success: dotted path of the provider's id; NULL: none */
};

/* A key of an account that only its service knows: `provider_setting` of that service. */
struct setting {
	const char *name, *value; /* value of a credential: NULL until it is loaded */
	const char *credential;   /* the name it is kept under; NULL: written in the file */
	struct pos at;            /* of the key */
};

/* So many messages to one number in any window of this length. */
struct number_limit {
	int max;
	ms_t window;
	struct pos at; /* no file: the service's own figure */
};

#define ACCOUNT_HOOK_SECRET 22 /* characters at least: 128 bits in base64url */

struct account {
	const char *name, *type; /* type: a line of the provider table */
	struct pos at;
	int index;           /* in config->accounts */
	ms_t longest;        /* H: its longest exchange; 0: its service says nothing */
	ms_t
	    reply_within; /* it only answers who has written so long ago; 0: it writes first */
	unsigned channels;   /* bit set */
	const char *url;
	bool internal;
	enum region region;  /* as written; in a catalog: where it is */
	const char *export_basis; /* what customers of China may go to it by, else the entity's;
	                           * NULL: nothing */
	double rate;         /* requests a second; 0: unlimited */
	int connections;     /* at most so many at once; default 16 */
	int quiet_from, quiet_to; /* provider hours: open [from, to) minutes; -1: always */
	int selling_from, selling_to; /* the same of its service for marketing; likewise */
	struct number_limit *per_number; /* beside those of its service */
	int n_per_number;
	const char *hook_secret;  /* path token of its webhooks; NULL: none (internal only) */
	const char *hook_credential; /* the name it is kept under; NULL: none */
	const char **signatures;  /* approved there beside `signature`, NULL-terminated; NULL: none */
	struct pos signatures_at;
	const char *signature;    /* SMS signature without brackets; NULL: the entity's name */
	const char *optout_suffix; /* SMS: what a marketing text must end with; NULL: none */
	struct setting *settings;
	int n_settings;
	/* type http: */
	const char *method;
	struct http_header {
		const char *name;
		const struct liquid *value;
	} *headers;
	int n_headers;
	const struct liquid *body;
	struct answer_rule success;
	struct answer_rule *refused, *throttled;
	int n_refused, n_throttled;
	enum settle settle;
	const struct liquid *idempotency_key; /* header value when settle: idempotency_key */
	const char *idempotency_header;
	ms_t key_ttl;
	struct {            /* settle: query */
		const struct liquid *url;
		struct answer_rule found, absent;
	} query;
	ms_t window, lag;   /* oldest request still taken; lag of the query */
};

struct credential {
	const char *name, *value; /* value NULL: named but missing */
	struct pos at;            /* where it is first named */
};

/* Who does what a role is asked to do. */
struct role {
	const char *name;
	const char **people; /* NULL-terminated, at least one */
	struct pos at;
};

struct config {
	const char *file;
	struct { const char *name, *tz; const struct zone *zone; const char *phone;
		const char **link_hosts; /* NULL: any */
		const char *export_basis; /* of every account; NULL: none */ } entity;
	const char *state;
	struct { const char *public_, *staff; bool insecure; const char *const *proxies; } listen;
	const char *public_url;
	bool publish_approved;
	struct account *accounts;
	int n_accounts;
	struct credential *credentials;
	int n_credentials;
	struct role *roles;
	int n_roles;
	struct member *people; /* whom the daemon can hold to their word */
	int n_people;
	const char *credentials_dir; /* as written; NULL: none */
	struct shops stores;         /* stores.yaml; none: one house */
};

/* By name, by user of this machine; NULL: nobody is described so. */
/* Of this name; NULL: none. */
const struct account *config_account(const struct config *c, const char *name);
const struct member *config_member(const struct config *c, const char *name);
const struct member *config_user(const struct config *c, const char *user);
/* Of a person under people: or roles:; ROLE_NONE: of neither. */
enum staff_role config_role(const struct config *c, const char *name);

/* The same service, reached at the same place: what it counts, it counts together. */
bool account_alike(const struct account *a, const struct account *b);
/* Which limit is used up by what went to a number at these instants; NULL: none is. *next:
 * when all have room again, *used: how many there were in its window. */
const struct number_limit *number_full(const struct number_limit *limits, int n,
    const ms_t *at, int n_at, ms_t now, ms_t *next, int *used);

/* When it takes messages of this category: open [from, to) minutes; -1: always. */
void account_hours(const struct account *acc, enum category category, int *from, int *to);

/* H: how long a call to the account may take, and the longest of all that serve a
 * channel. What is sent before quiet hours must be over by then. */
ms_t account_span(const struct account *acc);
ms_t config_span(const struct config *cfg, enum channel channel);

#endif
