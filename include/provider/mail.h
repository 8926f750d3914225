/* mail.h - what every email needs, whichever service carries it. Pure; MIME is GMime's.
 *
 * Three uses: a service that takes JSON reads the members of struct mail; one that
 * takes the whole message (SMTP, SES raw) wants mail_bytes(); webhooks that hand a
 * mail over (a bounce, a complaint, an answer) are read by mail_receipts().
 *
 * Nothing here is random and no clock is read: boundary, Message-ID and Date follow
 * from the parcel and the instant the call was decided, so the same call again is the
 * same bytes. GMime rather than libcurl's MIME API: that one draws its boundaries
 * from a random source and only renders while it sends. */
#ifndef PROVIDER_MAIL_H
#define PROVIDER_MAIL_H

#include "provider/provider.h"

/* Keys of an account that every mail service knows, for its table of settings. */
#define MAIL_SETTINGS                                                                    \
	{ "from", "the address it comes from, as news@dealer.example", SETTING_NEEDED }, \
	    { "from_name", "the name beside it, as 示例汽车", 0 },                       \
	    { "reply_to", "the address that answers go to", 0 },                         \
	    { "dkim_selector",                                                           \
		    "names the key mails are signed by: `reachd check-dns` looks for "   \
		    "it",                                                                \
		    0 },                                                                 \
	{                                                                                \
		"unsubscribe_mailbox",                                                   \
		    "an address at which one can refuse more by mail", 0                 \
	}

#define MAIL_FIELDS 4

struct mail_field {
	const char *name, *value; /* ASCII, one line */
};

/* Addresses are ASCII, their domains as punycode; names and texts are UTF-8. */
struct mail {
	const char *from, *from_name; /* from_name: "" when none is set */
	const char *domain;           /* of from */
	const char *to;
	const char *reply_to; /* "" when none is set */
	const char *subject, *text, *html;
	const char *ref;
	const char *message_id; /* REF@DOMAIN, without <> */
	/* X-Reach-Id always; marketing: List-Unsubscribe and List-Unsubscribe-Post. */
	struct mail_field fields[MAIL_FIELDS];
	int n_fields;
	ms_t date;
};

/* Mistakes of the shared settings, for a service's `check`. */
void mail_check(const struct account *acc, struct report *r);
/* What is wrong with a text whichever service carries it, for a service's `lint`. */
void mail_lint(const struct account *acc, const struct template *t, const char *text,
    struct report *r);

/* -1: a line break or another control character in what becomes a header (nobody may
 * write headers through a name or a subject), or no address. date: sig_ts. */
int mail_make(const struct account *acc, const struct parcel *p, ms_t date,
    struct arena *a, struct mail *out, struct err *e);
/* For a service's `refuses`: what mail_make() would say, or that subject, text and html
 * together are longer than max bytes; NULL: nothing. */
const char *mail_refuses(
    const struct account *acc, const struct parcel *p, size_t max, struct arena *a);

/* `"Name" <a@b.example>` as a header has it: ASCII, RFC 2047. Without a name: the address. */
const char *mail_mailbox(struct arena *a, const char *name, const char *address);
/* The whole message, RFC 5322 and MIME: CRLF, no line over 998 octets. */
const char *mail_bytes(const struct mail *m, struct arena *a, size_t *len);

/* A mail that came in: a bounce (RFC 3464), a complaint (RFC 5965), or an answer to
 * one of ours. Returns how many receipts; 0: it is none of these. Automatic answers
 * and what is about others' mails are passed over. A report with which nothing came back
 * that says which mail it is of makes a receipt that names nothing. */
int mail_receipts(const struct account *acc, const char *raw, size_t len, struct arena *a,
    struct receipt **out);
/* The same where mails go under ids of the service's own, <ID@...domain>: an answer names
 * that, and its receipt has it as provider_id. */
int mail_receipts_to(const struct account *acc, const char *raw, size_t len,
    const char *domain, struct arena *a, struct receipt **out);

/* The code in a mailbox's words by which it refuses our domain, not him: what proves it (SPF,
 * DKIM, DMARC) is missing (B-EM5); NULL: none of these. */
const char *mail_distrust(const char *text);
/* A failure is looked at for that: then it says nothing about his address. */
void mail_failed_by(struct receipt *r, const char *text);

/* What was taken out of one of our own mails, for whoever stands in for a service. */
struct mail_read {
	const char *to, *from, *subject, *text, *html, *ref, *unsubscribe;
	bool marketing; /* it offers one-click refusal */
};
int mail_read(struct arena *a, const char *raw, size_t len, struct mail_read *out);

#endif
