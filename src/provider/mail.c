/* mail.c - the parts of a mail, from the account's settings and one parcel. */
#include "provider/mail.h"

#include <string.h>

#include "core/phone.h"

static const char *
address_of(struct arena *a, const char *written)
{
	char out[320];

	return email_normalise(written, out, sizeof out) == 0 ? arena_strdup(a, out)
							      : NULL;
}

/* Settings --------------------------------------------------------------------- */

static bool
has_control(const char *s)
{
	for (; *s != '\0'; s++)
		if ((unsigned char)*s < 0x20 || *s == 0x7f)
			return true;
	return false;
}

static struct pos
place_of(const struct account *acc, const char *name)
{
	for (int i = 0; i < acc->n_settings; i++)
		if (strcmp(acc->settings[i].name, name) == 0)
			return acc->settings[i].at;
	return acc->at;
}

static void
check_address(const struct account *acc, const char *name, struct report *r)
{
	const char *written = provider_setting(acc, name);
	char out[320];

	if (*written != '\0' && email_normalise(written, out, sizeof out) != 0)
		report_add(r, SEV_ERROR, place_of(acc, name), "email",
		    "write one address, as news@dealer.example; the name goes to "
		    "from_name",
		    "%s is not an email address", name);
}

void
mail_check(const struct account *acc, struct report *r)
{
	check_address(acc, "from", r);
	check_address(acc, "reply_to", r);
	check_address(acc, "unsubscribe_mailbox", r);
	if (has_control(provider_setting(acc, "from_name")))
		report_add(r, SEV_ERROR, place_of(acc, "from_name"), "email",
		    "write it in one line", "from_name holds a line break");
}

/* A mailbox to refuse by mail is of use only where it can be read. */
void
mail_lint(const struct account *acc, const struct template *t, const char *text,
    struct report *r)
{
	const char *box = provider_setting(acc, "unsubscribe_mailbox");
	char *hint;

	if (t->category != CATEGORY_MARKETING || *box == '\0' ||
	    strstr(text, box) != NULL)
		return;
	hint = g_strdup_printf("name %s in its footer", box);
	report_add(r, SEV_WARNING, t->at, "unsubscribe-mailbox", hint,
	    "a marketing mail by \"%s\" does not say at which address one can refuse "
	    "more",
	    acc->name);
	g_free(hint);
}

/* One mail ----------------------------------------------------------------------- */

static void
add(struct mail *m, const char *name, const char *value)
{
	m->fields[m->n_fields++] = (struct mail_field){ name, value };
}

/* RFC 8058: one https address that takes a POST without asking, and the word for it. */
static void
add_way_out(struct mail *m, const struct parcel *p, const char *mailbox, struct arena *a)
{
	const char *by_mail =
	    *mailbox == '\0' ? ""
			     : arena_printf(a, ", <mailto:%s?subject=unsubscribe%%20%s>",
				   mailbox, p->ref);

	add(m, "List-Unsubscribe", arena_printf(a, "<%s>%s", p->unsubscribe, by_mail));
	add(m, "List-Unsubscribe-Post", "List-Unsubscribe=One-Click");
}

static int
check_lines(const struct mail *m, const struct parcel *p, struct err *e)
{
	const struct {
		const char *what, *text;
	} all[] = {
		{ "subject", m->subject },
		{ "from_name", m->from_name },
		{ "reference", p->ref },
		{ "unsubscribe address", p->unsubscribe },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(all); i++) {
		if (has_control(all[i].text))
			return err_set(e, ERR_INPUT,
			    "the %s of a mail holds a line break or another control "
			    "character",
			    all[i].what);
		if (!g_utf8_validate(all[i].text, -1, NULL))
			return err_set(
			    e, ERR_INPUT, "the %s of a mail is not UTF-8", all[i].what);
	}
	return 0;
}

/* The four addresses; box: of unsubscribe_mailbox. */
static int
read_addresses(const struct account *acc, const struct parcel *p, struct arena *a,
    struct mail *m, const char **box, struct err *e)
{
	const char *reply = provider_setting(acc, "reply_to");

	*box = provider_setting(acc, "unsubscribe_mailbox");
	m->from = address_of(a, provider_setting(acc, "from"));
	m->to = address_of(a, p->to);
	m->reply_to = *reply == '\0' ? "" : address_of(a, reply);
	*box = **box == '\0' ? "" : address_of(a, *box);
	if (m->from == NULL || m->reply_to == NULL || *box == NULL)
		return err_set(e, ERR_INPUT,
		    "an address among the settings of provider \"%s\" is none",
		    acc->name);
	if (m->to == NULL)
		return err_set(e, ERR_INPUT, "the customer's email address is none");
	m->domain = strchr(m->from, '@') + 1;
	return 0;
}

int
mail_make(const struct account *acc, const struct parcel *p, ms_t date, struct arena *a,
    struct mail *out, struct err *e)
{
	const char *box;

	*out = (struct mail){ .from_name = provider_setting(acc, "from_name"),
		.subject = p->subject,
		.text = p->text,
		.html = p->html,
		.ref = p->ref,
		.date = date };
	if (read_addresses(acc, p, a, out, &box, e) != 0 || check_lines(out, p, e) != 0)
		return -1;
	out->message_id = arena_printf(a, "%s@%s", p->ref, out->domain);
	add(out, "X-Reach-Id", p->ref);
	if (p->category == CATEGORY_MARKETING && *p->unsubscribe != '\0')
		add_way_out(out, p, box, a);
	return 0;
}

const char *
mail_refuses(
    const struct account *acc, const struct parcel *p, size_t max, struct arena *a)
{
	size_t n = strlen(p->subject) + strlen(p->text) + strlen(p->html);
	struct err e = { 0 };
	struct mail m;

	if (mail_make(acc, p, 0, a, &m, &e) != 0)
		return arena_strdup(a, e.text);
	if (n > max)
		return arena_printf(
		    a, "a mail of %zu bytes; %s takes %zu", n, acc->name, max);
	return NULL;
}
