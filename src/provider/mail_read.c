/* mail_read.c - mails that come back: bounces, complaints, refusals, answers; over GMime. */
#include "provider/mail.h"

#include <string.h>

#include "core/phone.h"
#include "core/plain_text.h"
#include "gmime.h"
#include "provider/wire.h"

static GMimeMessage *
parse(const char *raw, size_t len)
{
	GMimeStream *stream;
	GMimeParser *parser;
	GMimeMessage *msg;

	gmime_ready();
	stream = g_mime_stream_mem_new_with_buffer(raw, len);
	parser = g_mime_parser_new_with_stream(stream);
	msg = g_mime_parser_construct_message(parser, NULL);
	g_object_unref(parser);
	g_object_unref(stream);
	return msg;
}

static const char *
header(GMimeObject *o, const char *name)
{
	const char *v = o == NULL ? NULL : g_mime_object_get_header(o, name);

	return v == NULL ? "" : v;
}

/* Content of a part, decoded; "" when it has none. */
static const char *
content(struct arena *a, GMimeObject *o)
{
	GMimeDataWrapper *w =
	    GMIME_IS_PART(o) ? g_mime_part_get_content(GMIME_PART(o)) : NULL;
	GMimeStream *out;
	GByteArray *bytes;
	const char *kept;

	if (w == NULL)
		return "";
	out = g_mime_stream_mem_new();
	g_mime_data_wrapper_write_to_stream(w, out);
	bytes = g_mime_stream_mem_get_byte_array(GMIME_STREAM_MEM(out));
	kept = bytes->len == 0 ? ""
			       : arena_strndup(a, (const char *)bytes->data, bytes->len);
	g_object_unref(out);
	return kept;
}

/* A text part as UTF-8, line breaks as \n. */
static const char *
text_of(struct arena *a, GMimeObject *o)
{
	char *text =
	    GMIME_IS_TEXT_PART(o) ? g_mime_text_part_get_text(GMIME_TEXT_PART(o)) : NULL;
	char *valid = text == NULL ? NULL : g_utf8_make_valid(text, -1), *w = valid;
	const char *kept = "";

	if (valid != NULL) {
		for (const char *r = valid; *r != '\0'; r++)
			if (*r != '\r')
				*w++ = *r;
		*w = '\0';
		kept = arena_strdup(a, valid);
	}
	g_free(valid);
	g_free(text);
	return kept;
}

static bool
is(GMimeObject *o, const char *type, const char *subtype)
{
	return o != NULL && g_mime_content_type_is_type(
				g_mime_object_get_content_type(o), type, subtype);
}

/* The first part of that type, at any depth, but not inside a mail that is enclosed. */
static GMimeObject *
find(GMimeObject *o, const char *type, const char *subtype, int depth)
{
	GMimeObject *found = NULL;

	if (is(o, type, subtype))
		return o;
	if (!GMIME_IS_MULTIPART(o) || depth > 8)
		return NULL;
	for (int i = 0;
	     found == NULL && i < g_mime_multipart_get_count(GMIME_MULTIPART(o)); i++)
		found = find(g_mime_multipart_get_part(GMIME_MULTIPART(o), i), type,
		    subtype, depth + 1);
	return found;
}

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

/* By what was sent back of our mail, else by the address the report came to. */
static const char *
reported_ref(const struct account *acc, struct arena *a, GMimeMessage *msg)
{
	static const char *const to[] = { "X-Original-To", "Delivered-To", "Envelope-To",
		"To" };
	GMimeObject *root = g_mime_message_get_mime_part(msg),
		    *whole = find(root, "message", "rfc822", 0),
		    *head = find(root, "text", "rfc822-headers", 0);
	GMimeMessage *ours =
	    GMIME_IS_MESSAGE_PART(whole)
		? g_mime_message_part_get_message(GMIME_MESSAGE_PART(whole))
		: NULL;
	const char *ref = "", *lines;

	if (ours != NULL)
		ref = first_ref(acc, a, header(GMIME_OBJECT(ours), "X-Reach-Id"),
		    header(GMIME_OBJECT(ours), "Message-ID"));
	if (*ref == '\0' && head != NULL) {
		lines = content(a, head);
		ref = first_ref(acc, a, line_of(a, lines, "X-Reach-Id"),
		    line_of(a, lines, "Message-ID"));
	}
	for (size_t i = 0; *ref == '\0' && i < G_N_ELEMENTS(to); i++)
		ref = ref_of_address(a, header(GMIME_OBJECT(msg), to[i]));
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
	GMimeObject *part = find(root, "message", "delivery-status", 0);
	const char *lines = part == NULL ? "" : content(a, part),
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
	GMimeObject *part = find(root, "message", "feedback-report", 0);
	const char *type =
	    part == NULL ? "" : line_of(a, content(a, part), "Feedback-Type");

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
	GMimeObject *part = find(root, "text", "plain", 0);
	const char *html, *quote;

	if (part != NULL)
		return own_words(a, text_of(a, part));
	html = text_of(a, find(root, "text", "html", 0));
	quote = strstr(html, "<blockquote");
	if (quote != NULL)
		html = arena_strndup(a, html, (size_t)(quote - html));
	return own_words(a, plain_text_of(a, html));
}

static bool
is_automatic(GMimeMessage *msg)
{
	const char *as = header(GMIME_OBJECT(msg), "Auto-Submitted"),
		   *precedence = header(GMIME_OBJECT(msg), "Precedence");

	return (*as != '\0' && g_ascii_strcasecmp(as, "no") != 0) ||
	       g_ascii_strcasecmp(precedence, "auto_reply") == 0 ||
	       g_ascii_strcasecmp(precedence, "bulk") == 0 ||
	       *header(GMIME_OBJECT(msg), "X-Autoreply") != '\0';
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
	r->ref = ref_of_ids(acc, a, header(GMIME_OBJECT(msg), "In-Reply-To"));
	if (*r->ref == '\0')
		r->ref = ref_of_ids(acc, a, header(GMIME_OBJECT(msg), "References"));
	if (*r->ref == '\0' && domain != NULL)
		r->provider_id =
		    id_at(a, header(GMIME_OBJECT(msg), "In-Reply-To"), domain);
	r->from = sender(a, msg);
	r->text = answer_text(a, g_mime_message_get_mime_part(msg));
	return *r->ref != '\0' || *r->provider_id != '\0';
}

static bool
read_one(const struct account *acc, struct arena *a, GMimeMessage *msg,
    const char *domain, struct receipt *r)
{
	GMimeObject *root = g_mime_message_get_mime_part(msg);

	if (!is(root, "multipart", "report"))
		return from_person(acc, a, msg, domain, r);
	r->ref = reported_ref(acc, a, msg);
	return *r->ref != '\0' && (bounce(a, root, r) || complaint(a, root, r));
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
	GMimeMessage *msg = parse(raw, len);
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
		r->key = wire_key(a,
		    arena_printf(a, "%s%s %d %s %s", r->ref, r->provider_id, (int)r->kind,
			r->perr, header(GMIME_OBJECT(msg), "Message-ID")));
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
	GMimeMessage *msg = parse(raw, len);
	GMimeObject *root = msg == NULL ? NULL : g_mime_message_get_mime_part(msg);
	const char *subject = msg == NULL ? NULL : g_mime_message_get_subject(msg);

	if (msg == NULL)
		return -1;
	*out = (struct mail_read){
		.to = arena_strdup(a, header(GMIME_OBJECT(msg), "To")),
		.from = sender(a, msg),
		.subject = subject == NULL ? "" : arena_strdup(a, subject),
		.text = text_of(a, find(root, "text", "plain", 0)),
		.html = text_of(a, find(root, "text", "html", 0)),
		.ref = arena_strdup(a, header(GMIME_OBJECT(msg), "X-Reach-Id")),
		.unsubscribe =
		    web_address(a, header(GMIME_OBJECT(msg), "List-Unsubscribe")),
		.marketing = *header(GMIME_OBJECT(msg), "List-Unsubscribe-Post") != '\0',
	};
	g_object_unref(msg);
	return 0;
}
