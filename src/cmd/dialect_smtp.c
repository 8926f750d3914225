/* dialect_smtp.c - mail at the sandbox: taken by sandbox_smtp.c; bounces, complaints and answers
 * posted as the mails that a mail server would hand over. */
#include <string.h>

#include "core/config.h"
#include "dialects.h"
#include "provider/mail.h"
#include "provider/provider.h"

static bool
secret_fits(const struct account *acc, const char *user, const char *password)
{
	return strcmp(provider_setting(acc, "user"), user) == 0 &&
	       strcmp(provider_setting(acc, "password"), password) == 0;
}

const struct account *
dialect_smtp_account(const struct config *cfg, const char *user, const char *password)
{
	for (int i = 0; cfg != NULL && i < cfg->n_accounts; i++)
		if (strcmp(cfg->accounts[i].type, "smtp") == 0 &&
		    secret_fits(&cfg->accounts[i], user, password))
			return &cfg->accounts[i];
	return NULL;
}

void
dialect_smtp_take(struct dialect_call *c, const char *to, const char *raw, size_t len,
    struct sandbox_take *out)
{
	struct mail_read m;
	struct dialect_message d = { .channel = CHANNEL_EMAIL, .to = to };

	c->dialect = &dialect_smtp;
	if (mail_read(c->arena, raw, len, &m) != 0) {
		*out = (struct sandbox_take){ .what = TAKE_REFUSED, .code = "content" };
		return;
	}
	d.category = m.marketing ? CATEGORY_MARKETING : CATEGORY_SERVICE;
	d.ref = m.ref;
	d.text = m.text;
	d.subject = m.subject;
	d.html = m.html;
	d.unsubscribe = m.unsubscribe;
	dialect_take(c, &d, out);
}

/* Nobody sends mail by HTTP. */
static void
handle(struct dialect_call *c)
{
	c->status = 404;
	g_string_assign(c->body, "{\"error\":\"mail is taken by SMTP: sandbox --smtp\"}");
}

/* Events --------------------------------------------------------------------------- */

static const char *
our_head(const struct account *acc, const struct dialect_event *ev)
{
	const char *from = provider_setting(acc, "from");
	static char text[600];

	g_snprintf(text, sizeof text,
	    "From: <%s>\r\nTo: <%s>\r\nMessage-ID: <%s%s>\r\nX-Reach-Id: %s\r\n", from,
	    ev->to, ev->ref, strchr(from, '@') != NULL ? strchr(from, '@') : "", ev->ref);
	return text;
}

static char *
head(const struct account *acc, const struct dialect_event *ev, const char *from,
    const char *more)
{
	GDateTime *at = g_date_time_new_from_unix_utc(ev->at / 1000);
	char *date = g_date_time_format(at, "%a, %d %b %Y %H:%M:%S +0000");
	char *s = g_strdup_printf("From: %s\r\nTo: <%s>\r\nDate: %s\r\nMessage-ID: "
				  "<%s@mx.example>\r\nMIME-Version: 1.0\r\n%s",
	    from, provider_setting(acc, "from"), date, ev->key, more);

	g_free(date);
	g_date_time_unref(at);
	return s;
}

static char *
bounce(const struct account *acc, const struct dialect_event *ev)
{
	const char *code = *ev->code != '\0' ? ev->code : "5.1.1";
	char *top = head(acc, ev, "MAILER-DAEMON <mailer-daemon@mx.example>",
	    "Subject: Undelivered Mail Returned to Sender\r\nAuto-Submitted: "
	    "auto-replied\r\n"
	    "Content-Type: multipart/report; report-type=delivery-status; "
	    "boundary=\"b\"\r\n");
	char *s = g_strdup_printf(
	    "%s\r\n--b\r\nContent-Type: text/plain\r\n\r\nIt could not be delivered.\r\n"
	    "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; "
	    "mx.example\r\n"
	    "\r\nFinal-Recipient: rfc822; %s\r\nAction: failed\r\nStatus: %s\r\n\r\n"
	    "--b\r\nContent-Type: text/rfc822-headers\r\n\r\n%s\r\n--b--\r\n",
	    top, ev->to, g_ascii_isdigit(code[0]) ? code : "5.1.1", our_head(acc, ev));

	g_free(top);
	return s;
}

static char *
complaint(const struct account *acc, const struct dialect_event *ev)
{
	char *top = head(acc, ev, "<fbl@mx.example>",
	    "Subject: FW: complaint\r\nContent-Type: multipart/report; "
	    "report-type=feedback-report; boundary=\"b\"\r\n");
	char *s = g_strdup_printf(
	    "%s\r\n--b\r\nContent-Type: text/plain\r\n\r\nA report of abuse.\r\n"
	    "--b\r\nContent-Type: message/feedback-report\r\n\r\nFeedback-Type: abuse\r\n"
	    "User-Agent: sandbox\r\nVersion: 1\r\n\r\n"
	    "--b\r\nContent-Type: message/rfc822\r\n\r\n%s\r\n\r\n--b--\r\n",
	    top, our_head(acc, ev));

	g_free(top);
	return s;
}

static char *
answer(const struct account *acc, const struct dialect_event *ev)
{
	const char *from = provider_setting(acc, "from"), *at = strchr(from, '@');
	char *who = g_strdup_printf("<%s>", ev->to);
	char *top = head(acc, ev, who,
	    "Subject: Re:\r\nContent-Type: text/plain; "
	    "charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n");
	char *s =
	    g_strdup_printf("%sIn-Reply-To: <%s%s>\r\n\r\n%s\r\n\r\n> 拒收请点击退订\r\n",
		top, ev->ref, at != NULL ? at : "", ev->text);

	g_free(top);
	g_free(who);
	return s;
}

static bool
event(const struct account *acc, const char *url, const struct dialect_event *ev,
    ms_t real, struct dialect_post *out)
{
	(void)url;
	(void)real;
	if (strcmp(ev->kind, "failed") == 0)
		out->body = bounce(acc, ev);
	else if (strcmp(ev->kind, "complaint") == 0)
		out->body = complaint(acc, ev);
	else if (strcmp(ev->kind, "reply") == 0)
		out->body = answer(acc, ev);
	else
		return false;
	out->type = g_strdup("message/rfc822");
	return true;
}

const struct dialect dialect_smtp = { "smtp", handle, event };
