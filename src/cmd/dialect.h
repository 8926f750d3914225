/* dialect.h - how a service speaks at the sandbox's counter, below /TYPE/ACCOUNT of its address.
 *
 * A dialect reads the service's own request, hands each message over with
 * dialect_take(), writes the service's own answer, and says what people did with
 * a message in the service's own webhook. It checks what the real service checks:
 * signatures and keys of the account as --config has it, and refuses like it. One
 * file a service, one line in the table in dialect.c. Loop thread; no I/O. */
#ifndef CMD_DIALECT_H
#define CMD_DIALECT_H

#include "base/arena.h"
#include "sandbox_take.h"

struct dialect_call {
	const struct exchange *x;  /* its body ends with a NUL */
	const char *path; /* below /TYPE/ACCOUNT: "" or "/..." */
	const struct account
	    *acc;            /* as --config has it; NULL: there is none of that name */
	struct arena *arena; /* until the answer has left */
	ms_t now, real;      /* the people's clock; the machine's */
	struct sandbox_desk_options *desk; /* dialect_take()'s */
	const struct dialect *dialect;
	/* The answer: */
	int status;              /* 200 when left alone */
	const char *type;        /* application/json */
	GString *body, *headers; /* headers: "Name: value\r\n" each */
};

/* Answers with this JSON, which is freed. */
void dialect_json(struct dialect_call *c, int status, json_t *j);
/* A header of the request; "" when absent. */
const char *dialect_header(const struct dialect_call *c, const char *name);

struct dialect_message {
	enum channel channel;
	enum category category;
	const char *to, *ref, *text; /* ref: what a receipt will carry of ours */
	const char *subject, *html, *unsubscribe; /* email; NULL is "" */
	const char *call_id; /* the id receipts carry; NULL: that of dialect_take() */
	const char *key;     /* with a message that may come again; NULL: none */
};
/* Takes, or refuses; out->id is what the service calls it. */
void dialect_take(
    struct dialect_call *c, const struct dialect_message *m, struct sandbox_take *out);
/* Was a message of that reference taken? Its id, or NULL. */
const char *dialect_find(struct dialect_call *c, const char *ref);
/* Is it what a message that was taken is called? */
bool dialect_knows(struct dialect_call *c, const char *id);

/* What became of a message, or what its reader did. */
struct dialect_event {
	const char
	    *kind; /* sent delivered failed open click reply complaint unsubscribe */
	const char *key; /* of this event */
	const char *ref, *id, *to, *text, *code;
	ms_t at;
};
/* The webhook that tells it. Its strings are g_malloc'd and taken. */
struct dialect_post {
	char *method;       /* NULL: POST */
	char *url;          /* NULL: CALLBACK/hooks/TYPE/ACCOUNT[/SECRET] */
	char *type, *body;  /* type NULL: application/json */
	GPtrArray *headers; /* char *, "Name: value"; made and freed by the caller */
};

struct dialect {
	const char *name; /* the provider's type */
	/* Writes the answer; called once a request that meets no fault. */
	void (*handle)(struct dialect_call *c);
	/* false: the service posts nothing of the kind. url is where it will be posted,
	 * for signatures. NULL: it posts nothing at all. */
	bool (*event)(const struct account *acc, const char *url,
	    const struct dialect_event *ev, ms_t real, struct dialect_post *out);
};

const struct dialect *dialect_find_type(const char *type, size_t len); /* NULL: none */

/* /TYPE/ACCOUNT/...: false when the path is no dialect's. */
bool dialect_route(struct sandbox_desk_options *desk, const struct exchange *x,
    const struct dialect **dialect, const struct account **acc, const char **below);
/* Where webhooks of the account go; NULL: the sandbox was not told. g_free. */
char *
dialect_callback(const struct sandbox_desk_options *desk, const struct account *acc);

#endif
