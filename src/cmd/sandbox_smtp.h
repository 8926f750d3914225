/* sandbox_smtp.h - the sandbox's mail server: EHLO, AUTH PLAIN and LOGIN, MAIL, RCPT, DATA, RSET,
 * NOOP, QUIT; no TLS, one recipient a mail.
 *
 * A mail is taken before its last reply, which waits for the fsync. The faults of
 * sandbox_faults.h befall that reply. Loop thread. */
#ifndef CMD_SANDBOX_SMTP_H
#define CMD_SANDBOX_SMTP_H

#include "sandbox_desk.h"

struct sandbox_smtp;

struct sandbox_smtp *sandbox_smtp_open(
    const struct sandbox_desk_options *desk, const char *listen, struct err *e);
const char *sandbox_smtp_address(const struct sandbox_smtp *s);
/* What was taken is on disk: the replies leave. */
void sandbox_smtp_commit(struct sandbox_smtp *s);
/* The loop must run once more before sandbox_smtp_free(). */
void sandbox_smtp_close(struct sandbox_smtp *s);
void sandbox_smtp_free(struct sandbox_smtp *s);

#endif
