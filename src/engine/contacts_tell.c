/* Contacts as people see them: how many are matched, those that are not, and a person's word. */
#include <string.h>

#include "access.h"
#include "answer.h"
#include "contacts.h"
#include "contacts_likely.h"
#include "contacts_match.h"
#include "core/sheet.h"
#include "page.h"
#include "provider/provider.h"
#include "store/customer.h"

#define USUAL 50 /* at a time: who each might be is work */

/* ---- how far the accounts are ---- */

static int
account_status(
    struct work *w, const struct account *acc, ms_t due, json_t *out, struct err *e)
{
	const struct zone *z = w->cat->config->entity.zone;
	int64_t contacts = 0, matched = 0;
	int members, read, failed;
	char at[CLOCK_TEXT];
	ms_t oldest;
	json_t *j;

	if (roster_each(w->store, acc->name, due, desk_today(w), &members, &read, &failed,
		&oldest, e) != 0 ||
	    contact_count(w->store, acc->name, &contacts, &matched, e) != 0)
		return -1;
	j = json_pack("{ss sI sI si si si}", "name", acc->name, "contacts",
	    (json_int_t)contacts, "matched", (json_int_t)matched, "members", members,
	    "read", read, "failed", failed);
	if (oldest > 0)
		json_object_set_new(j, "at",
		    json_string(clock_format(oldest, zone_offset(z, oldest) / 60, at)));
	json_array_append_new(out, j);
	return 0;
}

int
contacts_status(struct work *w, ms_t due, json_t *out, struct err *e)
{
	const struct config *cfg = w->cat->config;

	for (int i = 0; i < cfg->n_accounts; i++) {
		const struct provider *p = provider_find(cfg->accounts[i].type);

		if (p != NULL && p->contacts != NULL &&
		    account_status(w, &cfg->accounts[i], due, out, e) != 0)
			return -1;
	}
	return 0;
}

/* ---- how many are matched ---- */

static struct sheet *
new_sheet(void)
{
	struct sheet *s = sheet_new("contacts", "Contacts matched", "企业微信客户匹配率");

	sheet_column(s, "store", "store", "门店", SHEET_TEXT);
	sheet_column(s, "member", "member", "成员", SHEET_TEXT);
	sheet_column(s, "contacts", "contacts", "客户数", SHEET_INTEGER);
	sheet_column(s, "matched", "matched", "已匹配", SHEET_INTEGER);
	sheet_column(s, "share", "match rate", "匹配率", SHEET_SHARE);
	sheet_column(s, "state", "by code", "活码", SHEET_INTEGER);
	sheet_column(s, "mobile", "by number", "备注手机", SHEET_INTEGER);
	sheet_column(s, "unionid", "by unionid", "unionid", SHEET_INTEGER);
	sheet_column(s, "file", "by file", "导入", SHEET_INTEGER);
	sheet_column(s, "hand", "by hand", "人工", SHEET_INTEGER);
	return s;
}

struct rates {
	struct sheet *sheet;
	struct contact_rate shop; /* the sum of the store at hand; name "": none yet */
	int members;
};

static void
row(struct sheet *s, const struct contact_rate *r, const char *member, bool all)
{
	sheet_row(s);
	sheet_text(s, "store", *r->store != '\0' ? r->store : "-");
	if (all)
		sheet_words(s, "member", "all of the store", "全店");
	else
		sheet_text(s, "member", member);
	sheet_int(s, "contacts", r->contacts);
	sheet_int(s, "matched", r->matched);
	sheet_share(s, "share", r->matched, r->contacts);
	for (int way = CONTACT_BY_HAND; way < CONTACT_WAYS; way++)
		sheet_int(s, contact_way_name(way), r->by[way]);
}

static void
close_shop(struct rates *r)
{
	if (r->members > 1)
		row(r->sheet, &r->shop, "", true);
	r->members = 0;
}

static void
note(void *arg, const struct contact_rate *one)
{
	struct rates *r = arg;

	if (r->members > 0 && strcmp(r->shop.store, one->store) != 0)
		close_shop(r);
	if (r->members++ == 0)
		r->shop = (struct contact_rate){ .store = one->store };
	r->shop.contacts += one->contacts;
	r->shop.matched += one->matched;
	for (int way = 0; way < CONTACT_WAYS; way++)
		r->shop.by[way] += one->by[way];
	row(r->sheet, one, *one->name != '\0' ? one->name : one->member, false);
}

/* ---- the list ---- */

struct showing {
	engine_answer *cb;
	void *arg;
	struct page page;
	int64_t after;
	json_t *json;
};

static void
showing_free(gpointer p)
{
	struct showing *g = p;

	json_decref(g->json);
	g_free(g);
}

static int
queue(struct work *w, struct showing *g, struct err *e)
{
	int max = g->page.limit + 1;
	struct contact_row *c = arena_array(w->arena, struct contact_row, max);
	int n = contact_unmatched(w->store, g->after, c, max, e);
	struct likely *l = likely_new();
	json_t *list = json_array();
	int rc = n < 0 ? -1 : 0;

	json_object_set_new(g->json, "unmatched", list);
	for (int i = 0; rc == 0 && i < n; i++)
		rc = likely_json(w, l, &c[i], list, e);
	page_end(g->json, list, &g->page, "id");
	likely_free(l);
	return rc;
}

static int
show_run(struct task *t, struct work *w, struct err *e)
{
	struct showing *g = t->data;
	struct rates r = { .sheet = new_sheet() };
	int64_t contacts = 0, matched = 0;
	int rc = contact_rates(w->store, note, &r, e);

	close_shop(&r);
	json_decref(g->json);
	g->json = json_pack("{so}", "rates", sheet_to_json(r.sheet));
	sheet_free(r.sheet);
	if (rc != 0 || contact_count(w->store, "", &contacts, &matched, e) != 0)
		return -1;
	json_object_set_new(g->json, "contacts", json_integer(contacts));
	json_object_set_new(g->json, "matched", json_integer(matched));
	return queue(w, g, e);
}

static void
show_done(struct task *t, const struct err *e)
{
	struct showing *g = t->data;

	if (e != NULL)
		answer_failed(g->cb, g->arg);
	else
		answer_json(g->cb, g->arg, 200, g->json);
}

void
engine_contacts(
    struct engine *en, const struct engine_page *page, engine_answer *cb, void *arg)
{
	struct showing *g = g_new0(struct showing, 1);

	g->cb = cb;
	g->arg = arg;
	g->page = page_of(page, USUAL);
	if (page_number(&g->page, &g->after)) {
		task_start_slow(task_new(en, show_run, show_done, g, showing_free));
		return;
	}
	page_refuse(cb, arg);
	showing_free(g);
}

/* ---- a person's word ---- */

struct saying {
	engine_answer *cb;
	void *arg;
	int64_t id;
	char *customer, *by; /* customer "": it is nobody's of whom it was */
	int role, status;
	const char *error;
};

static void
saying_free(gpointer p)
{
	struct saying *s = p;

	g_free(s->customer);
	g_free(s->by);
	g_free(s);
}

static int
refuse(struct saying *s, int status, const char *error)
{
	s->status = status;
	s->error = error;
	return 0;
}

/* Kept for good: nobody's name, and no id of the dealer's. */
static int
record(struct work *w, const struct saying *s, const char *act, const char *ext,
    struct err *e)
{
	return access_note(w, s->by, s->role, act,
	    arena_printf(w->arena, "contact:%" G_GINT64_FORMAT, s->id),
	    arena_printf(w->arena, "customer:%016" G_GINT64_MODIFIER "x",
		crypt_hmac64(store_crypt(w->store), "audit", ext, strlen(ext))),
	    0, 0, e);
}

static int
match(struct work *w, struct saying *s, struct contact_row *c, struct err *e)
{
	struct person p;
	int64_t id;
	int rc = customer_find(w->store, s->customer, &id, e);

	if (rc == 0)
		return refuse(s, 404, "there is no customer of this id");
	if (rc < 0 || person_load(w, id, &p, e) != 1)
		return -1;
	if (p.row.erased_at != 0)
		return refuse(s, 409, "this customer's data was erased");
	c->not_him = 0;
	c->way =
	    CONTACT_BY_NOTHING; /* what a person says is written even when it is so */
	return contacts_assign(w, c, p.row.c.id, CONTACT_BY_HAND, true, e) != 0
		   ? -1
		   : record(w, s, "contact-match", p.row.c.ext, e);
}

static int
unmatch(struct work *w, struct saying *s, struct contact_row *c, struct err *e)
{
	struct customer_row row;

	if (c->customer == 0)
		return refuse(s, 409, "this contact is matched to nobody");
	if (customer_get(w->store, c->customer, &row, e) != 1)
		return -1;
	c->not_him = c->customer;
	return contacts_assign(w, c, 0, CONTACT_BY_NOTHING, false, e) != 0
		   ? -1
		   : record(w, s, "contact-unmatch", row.c.ext, e);
}

static int
say_run(struct task *t, struct work *w, struct err *e)
{
	struct saying *s = t->data;
	struct contact_row c;
	int rc = contact_get(w->store, s->id, &c, e);

	s->status = 200;
	if (rc == 0)
		return refuse(s, 404, "there is no contact of this number");
	if (rc < 0)
		return -1;
	return *s->customer == '\0' ? unmatch(w, s, &c, e) : match(w, s, &c, e);
}

static void
say_done(struct task *t, const struct err *e)
{
	struct saying *s = t->data;
	json_t *j = json_object();

	if (e != NULL)
		answer_failed(s->cb, s->arg);
	else if (s->status != 200)
		answer_error(s->cb, s->arg, s->status, s->error);
	else
		answer_json(s->cb, s->arg, 200, j);
	json_decref(j);
}

void
engine_contact_match(struct engine *en, const struct engine_who *who, int64_t id,
    const char *customer, engine_answer *cb, void *arg)
{
	struct saying *s = g_new0(struct saying, 1);

	s->cb = cb;
	s->arg = arg;
	s->id = id;
	s->customer = g_strdup(customer);
	s->by = g_strdup(who->name);
	s->role = who->role;
	task_start(task_new(en, say_run, say_done, s, saying_free));
}
