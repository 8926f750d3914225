/* envelope.h - what SMTP submission needs beside the mail's bytes: who, to whom, as whom.
 *
 * With it a call's url is smtp://HOST:PORT/HELLO (STARTTLS, or nothing is said) or
 * smtps://HOST:PORT/HELLO; HELLO is the name given with EHLO. Strings borrowed. */
#ifndef BASE_ENVELOPE_H
#define BASE_ENVELOPE_H

#include <stdbool.h>

struct envelope {
	const char *from, *to;       /* ASCII addresses; one recipient. Both "": no mail, only the
	                              * greeting, NOOP and QUIT */
	const char *user, *password; /* "": no AUTH */
	bool plain;                  /* no TLS; only where the call is internal */
};

#endif
