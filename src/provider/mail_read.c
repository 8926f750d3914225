/* mail_read.c - mails that come back: bounces, complaints, refusals, answers; over GMime. */
#include "provider/mail.h"

#include <string.h>

#include "core/phone.h"
#include "core/plain_text.h"
#include "mail_part.h"
#include "provider/wire.h"

/* Which of ours it is about ---------------------------------------------------- */

/* A field of header lines kept as text, to the end of its line; "" when absent. */
static const char *
line_of(struct arena *a, const char *lines, const char *name)
{
	size_t n = strlen(name);

	for (const char *p = lines; p != NULL && *p != '\0';) {
		if (g_ascii_strncasecmp(p, name, n) == 0 && p[n] == ':') {
			const char *v = p + n + 1 + strspn(p + n + 1, " \t");

			return g_strchomp(arena_strndup(a, v, strcspn(v, "\n")));
		}
		p = strchr(p, '\n');
		if (p != NULL)
			p++;
	}
	return "";
}

/* The same with the lines it goes on in. */
static const char *
folded(struct arena *a, const char *lines, const char *name)
{
	const char *first = line_of(a, lines, name), *p = strstr(lines, first), *end;

	if (*first == '\0' || p == NULL)
		return "";
	for (end = p + strcspn(p, "\n");
	     end[0] == '\n' && (end[1] == ' ' || end[1] == '\t');)
		end += 1 + strcspn(end + 1, "\n");
	return arena_strndup(a, p, (size_t)(end - p));
}

/* References are lower-case letters and digits. */
static size_t
word(const char *s)
{
	return strspn(s, "abcdefghijklmnopqrstuvwxyz0123456789");
}

/* REF out of <REF@DOMAIN>, of our own domain, wherever it stands in a list of ids. */
static const char *
ref_of_ids(const struct account *acc, struct arena *a, const char *ids)
{
	const char *from = provider_setting(acc, "from"), *at = strchr(from, '@');
	size_t n = at == NULL ? 0 : strlen(at);

	for (const char *p = ids; n > 0 && (p = strchr(p, '<')) != NULL; p++) {
		size_t len = word(p + 1);

		if (len > 0 && g_ascii_strncasecmp(p + 1 + len, at, n) == 0 &&
		    p[1 + len + n] == '>')
			return arena_strndup(a, p + 1, len);
	}
	return "";
}

/* REF out of bounce+REF@DOMAIN. */
static const char *
ref_of_address(struct arena *a, const char *address)
{
	const char *p = strchr(address, '+');
	size_t len = p == NULL ? 0 : word(p + 1);

	return len > 0 && p[1 + len] == '@' ? arena_strndup(a, p + 1, len) : "";
}

static const char *
first_ref(const struct account *acc, struct arena *a, const char *own, const char *id)
{
	return *own != '\0' && own[word(own)] == '\0' ? arena_strdup(a, own)
						      : ref_of_ids(acc, a, id);
}

/* What was sent back of the mail that a report is about: its own header lines. */
static const char *
sent_back(struct arena *a, GMimeObject *root, const char *name)
{
	GMimeObject *whole = mail_find(root, "message", "rfc822", 0),
		    *head = mail_find(root, "text", "rfc822-headers", 0);
	GMimeMessage *mail =
	    GMIME_IS_MESSAGE_PART(whole)
		? g_mime_message_part_get_message(GMIME_MESSAGE_PART(whole))
		: NULL;

	if (mail != NULL && *mail_header(GMIME_OBJECT(mail), name) != '\0')
		return arena_strdup(a, mail_header(GMIME_OBJECT(mail), name));
	return head == NULL ? "" : line_of(a, mail_content(a, head), name);
}

/* By what was sent back of our mail, else by the address the report came to. */
static const char *
reported_ref(const struct account *acc, struct arena *a, GMimeMessage *msg)
{
	static const char *const to[] = { "X-Original-To", "Delivered-To", "Envelope-To",
		"To" };
	GMimeObject *root = g_mime_message_get_mime_part(msg);
	const char *ref = first_ref(
	    acc, a, sent_back(a, root, "X-Reach-Id"), sent_back(a, root, "Message-ID"));

	for (size_t i = 0; *ref == '\0' && i < G_N_ELEMENTS(to); i++)
		ref = ref_of_address(a, mail_header(GMIME_OBJECT(msg), to[i]));
	return ref;
}

/* What it says ------------------------------------------------------------------- */

static bool
nobody_there(const char *status)
{
	static const char *const codes[] = { "5.1.1", "5.1.2", "5.1.3", "5.1.6",
		"5.1.10" };

	for (size_t i = 0; i < G_N_ELEMENTS(codes); i++)
		if (strcmp(status, codes[i]) == 0)
			return true;
	return false;
}

/* RFC 3464. "delayed" and "expanded" change nothing. */
static bool
bounce(struct arena *a, GMimeObject *root, struct receipt *r)
{
	GMimeObject *part = mail_find(root, "message", "delivery-status", 0);
	const char *lines = part == NULL ? "" : mail_content(a, part),
		   *action = line_of(a, lines, "Action"),
		   *status = line_of(a, lines, "Status");
	size_t len = strspn(status, "0123456789.");

	r->perr = arena_strndup(a, status, MIN(len, 40));
	if (g_ascii_strncasecmp(action, "failed", 6) == 0) {
		r->kind = RECEIPT_FAILED;
		r->bad_address = nobody_there(r->perr);
		mail_failed_by(r, status);
		mail_failed_by(r, folded(a, lines, "Diagnostic-Code"));
	} else if (g_ascii_strncasecmp(action, "delivered", 9) == 0) {
		r->kind = RECEIPT_DELIVERED;
	} else if (g_ascii_strncasecmp(action, "relayed", 7) == 0) {
		r->kind = RECEIPT_SENT;
	} else {
		return false;
	}
	return true;
}

/* RFC 5965. */
static bool
complaint(struct arena *a, GMimeObject *root, struct receipt *r)
{
	GMimeObject *part = mail_find(root, "message", "feedback-report", 0);
	const char *type =
	    part == NULL ? "" : line_of(a, mail_content(a, part), "Feedback-Type");

	r->perr = arena_strndup(a, type, MIN(strlen(type), 40));
	r->kind = g_ascii_strcasecmp(type, "opt-out") == 0 ? RECEIPT_UNSUBSCRIBE
							   : RECEIPT_COMPLAINT;
	return *type != '\0' && g_ascii_strcasecmp(type, "not-spam") != 0;
}

/* Where what he wrote ends and what we wrote begins. Our own footer, quoted, speaks of
 * refusing: it must not be taken for his word. */
static bool
is_quote(const char *line, size_t len)
{
	static const char *const marks[] = { ">", "-----", "_____", "发件人",
		"From:", "________________________________" };
	static const char *const ends[] = { "写道：", "写道:", "wrote:" };

	for (size_t i = 0; i < G_N_ELEMENTS(marks); i++)
		if (strncmp(line, marks[i], strlen(marks[i])) == 0)
			return true;
	for (size_t i = 0; i < G_N_ELEMENTS(ends); i++) {
		size_t n = strlen(ends[i]);

		if (len >= n && strncmp(line + len - n, ends[i], n) == 0)
			return true;
	}
	return false;
}

static const char *
own_words(struct arena *a, const char *text)
{
	const char *p = text;

	while (*p != '\0') {
		size_t len = strcspn(p, "\n"), tail = len;
		const char *from = p;

		while (from < p + len && g_ascii_isspace(*from))
			from++;
		while (tail > 0 && g_ascii_isspace(p[tail - 1]))
			tail--;
		if (p + tail > from && is_quote(from, (size_t)(p + tail - from)))
			break;
		p += len + (p[len] == '\n');
	}
	return g_strstrip(arena_strndup(a, text, (size_t)(p - text)));
}

static const char *
answer_text(struct arena *a, GMimeObject *root)
{
	GMimeObject *part = mail_find(root, "text", "plain", 0);
	const char *html, *quote;

	if (part != NULL)
		return own_words(a, mail_text(a, part));
	html = mail_text(a, mail_find(root, "text", "html", 0));
	quote = strstr(html, "<blockquote");
	if (quote != NULL)
		html = arena_strndup(a, html, (size_t)(quote - html));
	return own_words(a, plain_text_of(a, html));
}

static bool
is_automatic(GMimeMessage *msg)
{
	const char *as = mail_header(GMIME_OBJECT(msg), "Auto-Submitted"),
		   *precedence = mail_header(GMIME_OBJECT(msg), "Precedence");

	return (*as != '\0' && g_ascii_strcasecmp(as, "no") != 0) ||
	       g_ascii_strcasecmp(precedence, "auto_reply") == 0 ||
	       g_ascii_strcasecmp(precedence, "bulk") == 0 ||
	       *mail_header(GMIME_OBJECT(msg), "X-Autoreply") != '\0';
}

static const char *
sender(struct arena *a, GMimeMessage *msg)
{
	InternetAddressList *from = g_mime_message_get_from(msg);
	InternetAddress *one = from != NULL && internet_address_list_length(from) > 0
				   ? internet_address_list_get_address(from, 0)
				   : NULL;
	char out[320];

	return INTERNET_ADDRESS_IS_MAILBOX(one) &&
		       email_normalise(internet_address_mailbox_get_addr(
					   INTERNET_ADDRESS_MAILBOX(one)),
			   out, sizeof out) == 0
		   ? arena_strdup(a, out)
		   : "";
}

/* ID of "<ID@...DOMAIN>"; "" of another domain's. */
static const char *
id_at(struct arena *a, const char *text, const char *domain)
{
	const char *from = text + strspn(text, " <"), *at = strchr(from, '@');
	size_t n = at == NULL ? 0 : strcspn(at, "> "), want = strlen(domain);

	return n > want && memcmp(at + n - want, domain, want) == 0 &&
		       strchr("@.", at[n - want - 1]) != NULL
		   ? arena_strndup(a, from, (size_t)(at - from))
		   : "";
}

/* Refused by mail ("unsubscribe REF", as List-Unsubscribe offers it), or an answer. */
static bool
from_person(const struct account *acc, struct arena *a, GMimeMessage *msg,
    const char *domain, struct receipt *r)
{
	const char *subject = g_mime_message_get_subject(msg);

	if (is_automatic(msg))
		return false;
	if (subject != NULL && g_ascii_strncasecmp(subject, "unsubscribe ", 12) == 0 &&
	    word(subject + 12) > 0) {
		r->kind = RECEIPT_UNSUBSCRIBE;
		r->ref = arena_strndup(a, subject + 12, word(subject + 12));
		return true;
	}
	r->kind = RECEIPT_REPLY;
	r->ref = ref_of_ids(acc, a, mail_header(GMIME_OBJECT(msg), "In-Reply-To"));
	if (*r->ref == '\0')
		r->ref = ref_of_ids(acc, a, mail_header(GMIME_OBJECT(msg), "References"));
	if (*r->ref == '\0' && domain != NULL)
		r->provider_id =
		    id_at(a, mail_header(GMIME_OBJECT(msg), "In-Reply-To"), domain);
	r->from = sender(a, msg);
	r->text = answer_text(a, g_mime_message_get_mime_part(msg));
	return *r->ref != '\0' || *r->provider_id != '\0';
}

/* "rfc822; li@a.example", "李 <li@a.example>"; "" when it is none. */
static const char *
bare_address(struct arena *a, const char *said)
{
	const char *from = strrchr(said, '<'), *semi = strchr(said, ';');
	char out[320];

	from = from != NULL ? from + 1 : semi != NULL ? semi + 1 : said;
	from = g_strstrip(arena_strndup(a, from, strcspn(from, ">")));
	return email_normalise(from, out, sizeof out) == 0 ? arena_strdup(a, out) : "";
}

/* To whom the mail went that a report is about; "" when not told. */
static const char *
recipient(struct arena *a, GMimeObject *root)
{
	static const struct {
		const char *subtype, *field;
	} all[] = { { "delivery-status", "Original-Recipient" },
		{ "delivery-status", "Final-Recipient" },
		{ "feedback-report", "Original-Rcpt-To" } };

	for (size_t i = 0; i < G_N_ELEMENTS(all); i++) {
		GMimeObject *part = mail_find(root, "message", all[i].subtype, 0);
		const char *to =
		    part == NULL ? ""
				 : bare_address(a,
				       line_of(a, mail_content(a, part), all[i].field));

		if (*to != '\0')
			return to;
	}
	return bare_address(a, sent_back(a, root, "To"));
}

/* A report without a reference of ours: is it about a mail of our house all the same? */
static bool
of_ours(const struct account *acc, struct arena *a, GMimeObject *root)
{
	const char *from = bare_address(a, sent_back(a, root, "From"));

	return *from != '\0' &&
	       strcmp(from, bare_address(a, provider_setting(acc, "from"))) == 0;
}

/* A bounce or a complaint. Of a mail that names itself; of one that is ours, by whom it went
 * to; of nobody knows which: that one was told of is all it says. false: neither, or another's. */
static bool
report(const struct account *acc, struct arena *a, GMimeMessage *msg, const char *domain,
    struct receipt *r)
{
	GMimeObject *root = g_mime_message_get_mime_part(msg);

	if (!bounce(a, root, r) && !complaint(a, root, r))
		return false;
	r->ref = reported_ref(acc, a, msg);
	if (*r->ref == '\0' && domain != NULL)
		r->provider_id = id_at(a, sent_back(a, root, "Message-ID"), domain);
	if (*r->ref != '\0' || *r->provider_id != '\0') {
		if (r->distrusted)
			r->from = recipient(a, root);
		return true;
	}
	if (*sent_back(a, root, "From") == '\0') {
		r->kind = r->kind == RECEIPT_DELIVERED ? RECEIPT_SENT : RECEIPT_FAILED;
		r->bad_address = r->distrusted = false;
		return r->kind == RECEIPT_FAILED;
	}
	r->our_mail = of_ours(acc, a, root);
	r->from = recipient(a, root);
	return r->our_mail && *r->from != '\0';
}

static bool
read_one(const struct account *acc, struct arena *a, GMimeMessage *msg,
    const char *domain, struct receipt *r)
{
	GMimeObject *root = g_mime_message_get_mime_part(msg);

	if (!mail_is(root, "multipart", "report"))
		return from_person(acc, a, msg, domain, r);
	return report(acc, a, msg, domain, r);
}

int
mail_receipts(const struct account *acc, const char *raw, size_t len, struct arena *a,
    struct receipt **out)
{
	return mail_receipts_to(acc, raw, len, NULL, a, out);
}

int
mail_receipts_to(const struct account *acc, const char *raw, size_t len,
    const char *domain, struct arena *a, struct receipt **out)
{
	struct receipt *r = arena_new_of(a, struct receipt);
	GMimeMessage *msg = mail_parse(raw, len);
	int n = 0;

	*r = (struct receipt){ .ref = "",
		.provider_id = "",
		.from = "",
		.channel = CHANNEL_EMAIL,
		.text = "",
		.perr = "",
		.raw = arena_strndup(a, raw, len) };
	if (msg != NULL && read_one(acc, a, msg, domain, r)) {
		GDateTime *date = g_mime_message_get_date(msg);

		r->at = date == NULL ? 0 : g_date_time_to_unix(date) * 1000;
		r->key = wire_key(a, arena_printf(a, "%s%s %d %s %s%s", r->ref,
					 r->provider_id, (int)r->kind, r->perr,
					 mail_header(GMIME_OBJECT(msg), "Message-ID"),
					 r->our_mail ? r->from : ""));
		n = 1;
	}
	if (msg != NULL)
		g_object_unref(msg);
	*out = r;
	return n;
}

/* Our own ----------------------------------------------------------------------- */

static const char *
web_address(struct arena *a, const char *list)
{
	const char *p = strstr(list, "<http");

	return p == NULL ? "" : arena_strndup(a, p + 1, strcspn(p + 1, ">"));
}

int
mail_read(struct arena *a, const char *raw, size_t len, struct mail_read *out)
{
	GMimeMessage *msg = mail_parse(raw, len);
	GMimeObject *root = msg == NULL ? NULL : g_mime_message_get_mime_part(msg);
	const char *subject = msg == NULL ? NULL : g_mime_message_get_subject(msg);

	if (msg == NULL)
		return -1;
	*out = (struct mail_read){
		.to = arena_strdup(a, mail_header(GMIME_OBJECT(msg), "To")),
		.from = sender(a, msg),
		.subject = subject == NULL ? "" : arena_strdup(a, subject),
		.text = mail_text(a, mail_find(root, "text", "plain", 0)),
		.html = mail_text(a, mail_find(root, "text", "html", 0)),
		.ref = arena_strdup(a, mail_header(GMIME_OBJECT(msg), "X-Reach-Id")),
		.unsubscribe =
		    web_address(a, mail_header(GMIME_OBJECT(msg), "List-Unsubscribe")),
		.marketing =
		    *mail_header(GMIME_OBJECT(msg), "List-Unsubscribe-Post") != '\0',
	};
	g_object_unref(msg);
	return 0;
}
