#include "spam.h"

#include <string.h>

#include "access.h"
#include "base/log.h"
#include "core/role.h"
#include "core/spam.h"
#include "hand.h"
#include "store/event.h"
#include "store/mailing.h"

#define KIND "spam"
#define LOOK_AGAIN MS_HOUR

/* Alarms are kept by kind and number. */
static int64_t
key_of(struct work *w, const char *account)
{
	return crypt_hmac64(
	    store_crypt(w->store), "alarm.spam", account, strlen(account));
}

static const char *
told(struct work *w, const char *account, const struct mailing *m)
{
	double share = 100.0 * (double)m->complaints / (double)MAX(m->sent, 1);

	if (m->state == SPAM_PAUSED)
		return arena_printf(w->arena,
		    "marketing mail by %s is paused: %" G_GINT64_FORMAT
		    " of %" G_GINT64_FORMAT
		    " mails in 7 days were called spam (%.2f%%; mailboxes turn against a "
		    "sender from 0.10%% on). It goes on by itself when the rate has "
		    "fallen; "
		    "until then see whom it went to, and whether they agreed",
		    account, m->complaints, m->sent, share);
	return arena_printf(w->arena,
	    "marketing mail by %s has stopped: %" G_GINT64_FORMAT " of %" G_GINT64_FORMAT
	    " mails in 7 days were called spam (%.2f%%; from 0.30%% on mailboxes refuse "
	    "a "
	    "sender). Find the campaign and hold it (reachd hold), then let the rest go "
	    "on: "
	    "reachd provider go %s --by NAME --reason TEXT",
	    account, m->complaints, m->sent, share, account);
}

static void
tell_loop(struct work *w, const char *account, const struct mailing *m)
{
	const struct account_news n = { .account = g_intern_string(account),
		.sent = m->sent,
		.complaints = m->complaints,
		.spam = m->state };

	if (w->news != NULL)
		g_array_append_val(w->news, n);
}

static int
look(struct work *w, const char *account, struct err *e)
{
	struct mailing m;
	int before;

	if (mailing_get(w->store, account, w->now, &m, e) != 0)
		return -1;
	before = m.state;
	m.state = (int)spam_judge(m.sent, m.complaints, (enum spam_state)before);
	tell_loop(w, account, &m);
	if (m.state == before)
		return 0;
	log_warn("marketing_mail",
	    "account=%s state=\"%s\" complaints=%" G_GINT64_FORMAT
	    " mails=%" G_GINT64_FORMAT,
	    account, m.state == SPAM_FINE ? "goes" : spam_state_name(m.state),
	    m.complaints, m.sent);
	if (mailing_set(w->store, account, m.state, w->now, e) != 0 ||
	    alarm_drop(w->store, KIND, key_of(w, account), e) != 0)
		return -1;
	return m.state == SPAM_FINE ? 0
				    : alarm_add(w->store, w->now, KIND,
					  key_of(w, account), 0, told(w, account, &m), e);
}

int
spam_sent(struct work *w, const struct message *m, struct err *e)
{
	return m->channel != CHANNEL_EMAIL
		   ? 0
		   : mailing_add(w->store, m->account, w->now, 1, 0, e);
}

int
spam_complained(struct work *w, const struct message *m, struct err *e)
{
	if (m->channel != CHANNEL_EMAIL)
		return 0;
	return mailing_add(w->store, m->account, w->now, 0, 1, e) != 0
		   ? -1
		   : look(w, m->account, e);
}

int
spam_clock(struct work *w, struct err *e)
{
	const struct config *cfg = w->cat->config;

	for (int i = 0; i < cfg->n_accounts; i++)
		if ((cfg->accounts[i].channels & BIT(CHANNEL_EMAIL)) != 0 &&
		    look(w, cfg->accounts[i].name, e) != 0)
			return -1;
	return mailing_purge(w->store, w->now - 2 * SPAM_WINDOW, e);
}

/* What cannot be read stands still, too. */
bool
spam_halts(struct work *w, const struct account *acc, const struct template *t,
    struct verdict *v)
{
	struct mailing m = { 0 };
	struct err e = { 0 };
	int state = SPAM_FINE;

	if (t->channel != CHANNEL_EMAIL || t->category != CATEGORY_MARKETING)
		return false;
	if (mailing_state(w->store, acc->name, &state, &e) == 0 && state == SPAM_FINE)
		return false;
	if (e.kind != ERR_NONE || mailing_get(w->store, acc->name, w->now, &m, &e) != 0)
		log_error("mailing_unread", "error=\"%s\"", e.text);
	v->rule = "spam";
	v->at = acc->at;
	v->next = w->now + LOOK_AGAIN;
	g_snprintf(v->detail, sizeof(v->detail),
	    state == SPAM_STOPPED ? "marketing mail by %s has stopped: %" G_GINT64_FORMAT
				    " of %" G_GINT64_FORMAT " called spam in 7 days"
				  : "marketing mail by %s is paused: %" G_GINT64_FORMAT
				    " of %" G_GINT64_FORMAT " called spam in 7 days",
	    acc->name, m.complaints, m.sent);
	return true;
}

/* ---- a person lets it go on ---- */

int
hand_mail_go(struct hand *h, struct err *e)
{
	struct work *w = h->w;
	const char *account = hand_text(h, "account"), *why;
	int state;

	if (config_account(w->cat->config, account) == NULL)
		return hand_no(h, 404, "there is no account \"%.64s\"", account);
	if (mailing_state(w->store, account, &state, e) != 0)
		return -1;
	if (state == SPAM_FINE)
		return hand_no(
		    h, 409, "marketing mail by %.64s does not stand still", account);
	if ((why = hand_reason(h)) == NULL)
		return 0;
	if (access_note(w, hand_text(h, "by"), h->role, "mail-go", account,
		hand_text(h, "reason"), 0, 0, e) != 0 ||
	    mailing_go(w->store, account, w->now, e) != 0 ||
	    alarm_drop(w->store, KIND, key_of(w, account), e) != 0)
		return -1;
	json_object_set_new(h->out, "account", json_string(account));
	return look(w, account, e);
}
