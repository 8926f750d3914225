/* mail_trust.c - mailboxes that refuse a mail because its domain does not prove itself. Pure. */
#include "provider/mail.h"

#include <string.h>

/* RFC 7372 and what Google and Outlook.com write: DKIM, SPF, the name of the machine, DMARC,
 * TLS. Any mail of the domain would meet the same. */
static const char *const codes[] = { "5.7.515", "5.7.20", "5.7.21", "5.7.22", "5.7.23",
	"5.7.24", "5.7.25", "5.7.26", "5.7.27", "5.7.29", "5.7.30" };

static bool
ends_number(char c)
{
	return c != '.' && !g_ascii_isdigit(c);
}

/* "550-5.7.26 ...": neither 15.7.26 nor 5.7.260. */
static bool
holds(const char *text, const char *code)
{
	size_t n = strlen(code);

	for (const char *p = text; (p = strstr(p, code)) != NULL; p++)
		if ((p == text || ends_number(p[-1])) &&
		    (ends_number(p[n]) || (p[n] == '.' && !g_ascii_isdigit(p[n + 1]))))
			return true;
	return false;
}

const char *
mail_distrust(const char *text)
{
	for (size_t i = 0; i < G_N_ELEMENTS(codes); i++)
		if (holds(text, codes[i]))
			return codes[i];
	return NULL;
}

void
mail_failed_by(struct receipt *r, const char *text)
{
	const char *code = r->kind == RECEIPT_FAILED ? mail_distrust(text) : NULL;

	if (code == NULL)
		return;
	r->perr = code;
	r->distrusted = true;
	r->bad_address = r->opted_out = false;
}
