#include "proof.h"

#include <string.h>

#include "base/log.h"
#include "core/bulk.h"
#include "hand.h"
#include "provider/mail_dns.h"
#include "store/event.h"
#include "store/mailing.h"

#define KIND "domain"
#define DAY 40

/* What an account's mails of today meet. */
struct proof {
	struct mail_sender s;
	struct mail_proof seen; /* missing "": nothing, or nobody looked */
	int64_t today;          /* of its primary domain, all accounts together */
	ms_t tomorrow;
};

/* Who counts is Gmail, by the sender's day; ours is the house's. */
static int
today_of(struct work *w, const char *primary, ms_t since, int64_t *out, struct err *e)
{
	const struct config *cfg = w->cat->config;
	struct mail_sender s;
	int64_t n;

	*out = 0;
	for (int i = 0; i < cfg->n_accounts; i++) {
		if (!mail_sender_of(&cfg->accounts[i], w->arena, &s) ||
		    strcmp(bulk_domain(s.domain), primary) != 0)
			continue;
		if (mailing_since(w->store, cfg->accounts[i].name, since, &n, e) != 0)
			return -1;
		*out += n;
	}
	return 0;
}

static int
count_today(struct work *w, struct proof *p, struct err *e)
{
	const struct zone *house = w->cat->config->entity.zone;
	struct local l;

	zone_local(house, w->now, &l);
	p->tomorrow = zone_instant(house, l.day + 1, 0);
	return today_of(
	    w, bulk_domain(p->s.domain), zone_instant(house, l.day, 0), &p->today, e);
}

/* 1 with what was seen of it, 0 nothing; -1. A look at another domain says nothing. */
static int
seen(struct work *w, const struct account *acc, struct proof *p, struct err *e)
{
	int rc;

	*p = (struct proof){ .seen = { .missing = "" } };
	if (!mail_sender_of(acc, w->arena, &p->s))
		return 0;
	rc = mail_proof_get(w->store, acc->name, &p->seen, e);
	if (rc == 1 && strcmp(p->seen.domain, p->s.domain) == 0)
		return 1;
	p->seen = (struct mail_proof){ .missing = "" };
	return rc < 0 ? -1 : 0;
}

/* Is it held? 1, 0, -1. */
static int
held(struct work *w, const struct account *acc, struct proof *p, struct err *e)
{
	int rc = seen(w, acc, p, e);

	if (rc != 1 || *p->seen.missing == '\0')
		return rc < 0 ? -1 : 0;
	return count_today(w, p, e) != 0 ? -1 : p->today >= BULK_A_DAY;
}

static const char *
day_of(struct work *w, ms_t at, char buf[DAY])
{
	struct local l;

	zone_local(w->cat->config->entity.zone, at, &l);
	g_snprintf(buf, DAY, "%04d-%02d-%02d", l.date.year, l.date.month, l.date.day);
	return buf;
}

/* What cannot be read stands still, too. */
bool
proof_halts(struct work *w, const struct account *acc, const struct template *t,
    struct verdict *v)
{
	struct proof p = { 0 };
	struct err e = { 0 };
	char day[DAY];
	int rc;

	if (t->channel != CHANNEL_EMAIL || t->category != CATEGORY_MARKETING ||
	    (rc = held(w, acc, &p, &e)) == 0)
		return false;
	if (rc < 0)
		log_error("proof_unread", "error=\"%s\"", e.text);
	v->rule = "domain_proof";
	v->at = acc->at;
	v->next = rc < 0 ? w->now + MS_HOUR : p.tomorrow;
	if (rc > 0)
		g_snprintf(v->detail, sizeof(v->detail),
		    "%s lacked %s on %s; %" G_GINT64_FORMAT
		    " mails of %s today, at most %d",
		    p.s.domain, p.seen.missing, day_of(w, p.seen.at, day), p.today,
		    bulk_domain(p.s.domain), BULK_A_DAY);
	return true;
}

/* ---- who is told ---- */

static int64_t
key_of(struct work *w, const char *account)
{
	return crypt_hmac64(
	    store_crypt(w->store), "alarm.domain", account, strlen(account));
}

static const char *
told(struct work *w, const char *account, const struct proof *p)
{
	char day[DAY];

	return arena_printf(w->arena,
	    "marketing mail by %s waits until tomorrow: %s lacked %s when it was looked "
	    "at "
	    "on %s, and %" G_GINT64_FORMAT " mails of %s went today; from %d a day on "
	    "mailboxes refuse them. Set it right and look again: reachd check-dns",
	    account, p->s.domain, p->seen.missing, day_of(w, p->seen.at, day), p->today,
	    bulk_domain(p->s.domain), BULK_A_DAY);
}

int
proof_clock(struct work *w, struct err *e)
{
	const struct config *cfg = w->cat->config;

	for (int i = 0; i < cfg->n_accounts; i++) {
		const struct account *acc = &cfg->accounts[i];
		struct proof p;
		int rc;

		if ((acc->channels & BIT(CHANNEL_EMAIL)) == 0)
			continue;
		rc = held(w, acc, &p, e);
		if (rc < 0 || alarm_drop(w->store, KIND, key_of(w, acc->name), e) != 0 ||
		    (rc == 1 && alarm_add(w->store, w->now, KIND, key_of(w, acc->name), 0,
				    told(w, acc->name, &p), e) != 0))
			return -1;
	}
	return 0;
}

static void
find(struct work *w, json_t *doctor, const char *account, const struct proof *p)
{
	char day[DAY];
	const char *level = p->today >= BULK_A_DAY ? "error" : "warning";

	day_of(w, p->seen.at, day);
	json_array_append_new(json_object_get(doctor, "findings"),
	    json_pack("{ss ss so so}", "level", level, "about", account, "text",
		json_sprintf("%s lacked %s when it was looked at on %s (reachd "
			     "check-dns): from %d mails of %s a day on its marketing "
			     "waits",
		    p->s.domain, p->seen.missing, day, BULK_A_DAY,
		    bulk_domain(p->s.domain)),
		"text_zh",
		json_sprintf("%s 在 %s 检查时缺 %s（reachd check-dns）：%s "
			     "当天满 %d 封后，营销邮件要等到第二天",
		    p->s.domain, day, p->seen.missing, bulk_domain(p->s.domain),
		    BULK_A_DAY)));
}

int
proof_tell(struct work *w, json_t *doctor, struct err *e)
{
	const struct config *cfg = w->cat->config;
	json_t *days = json_object();

	json_object_set_new(doctor, "mails_today", days);
	for (int i = 0; i < cfg->n_accounts; i++) {
		struct proof p;
		int rc = seen(w, &cfg->accounts[i], &p, e);

		if (rc < 0)
			return -1;
		if (p.s.domain == NULL || *p.s.domain == '\0')
			continue;
		if (count_today(w, &p, e) != 0)
			return -1;
		json_object_set_new(days, bulk_domain(p.s.domain), json_integer(p.today));
		if (rc == 1 && *p.seen.missing != '\0')
			find(w, doctor, cfg->accounts[i].name, &p);
	}
	return 0;
}

/* ---- what a look at the DNS has found ---- */

static const char *
member(const json_t *one, const char *name)
{
	const char *s = json_string_value(json_object_get(one, name));

	return s == NULL ? "" : s;
}

static bool
is_whole(const json_t *one)
{
	return *member(one, "account") != '\0' && *member(one, "domain") != '\0' &&
	       strlen(member(one, "domain")) < 256 &&
	       json_is_string(json_object_get(one, "missing")) &&
	       strlen(member(one, "missing")) < 64;
}

static int
keep(struct work *w, const json_t *one, struct err *e)
{
	const struct mail_proof p = { member(one, "domain"), member(one, "missing"),
		w->now };

	/* The files that were looked at may be newer than those in force. */
	if (config_account(w->cat->config, member(one, "account")) == NULL)
		return 0;
	log_info(
	    "mail_dns", "account=%s missing=\"%s\"", member(one, "account"), p.missing);
	return mail_proof_set(w->store, member(one, "account"), &p, e);
}

int
hand_mail_dns(struct hand *h, struct err *e)
{
	const json_t *one, *all = json_object_get(h->in, "accounts");
	size_t i;

	if (!json_is_array(all))
		return hand_no(h, 422, "say which accounts were looked at");
	json_array_foreach(all, i, one) if (!is_whole(one)) return hand_no(
	    h, 422, "an account that was looked at has its domain and what is missing");
	json_array_foreach(all, i, one) if (keep(h->w, one, e) != 0) return -1;
	return proof_clock(h->w, e);
}
