/* mail_look.h - what the parts of a look at a domain share. Private to provider/. */
#ifndef PROVIDER_MAIL_LOOK_H
#define PROVIDER_MAIL_LOOK_H

#include "provider/mail_dns.h"

struct mail_look {
	const struct mail_dns *dns;
	const struct mail_sender *s;
	json_t *rows;
	bool silent; /* nobody answered: nobody is asked again */
};

/* What was found, and the record to add; texts from the arena. next NULL: nothing to do. */
struct mail_found {
	const char *check, *result, *en, *zh, *next_en, *next_zh;
};
void mail_note(struct mail_look *l, const struct mail_found *f);
/* The records of that name which begin with `mark`; -1: nobody answers, which is noted. */
int mail_texts(struct mail_look *l, const char *check, const char *name, const char *mark,
    const char *const **out);
#define MAIL_SAY(l, ...) arena_printf((l)->dns->arena, __VA_ARGS__)
/* The value of a tag in "v=DMARC1; p=none"; NULL: it is not there. */
const char *mail_tag(struct mail_look *l, const char *record, const char *name);

void mail_look_spf(struct mail_look *l);
void mail_look_dkim(struct mail_look *l);

#endif
