/* A text sent to one's own people, through the real gateway: past the gate of customers, in no
 * quiet window unless told, and never counted as a touch. Loop thread, and the jobs it starts. */
#include <string.h>

#include <jansson.h>

#include "base/log.h"
#include "base/text.h"
#include "compose.h"
#include "core/region.h"
#include "core/phone.h"
#include "core/quiet.h"
#include "engine_impl.h"
#include "hand.h"
#include "launch.h"
#include "limits.h"
#include "outlet.h"
#include "pocket.h"
#include "store/event.h"
#include "store/launch.h"
#include "store/subject.h"

#define MARK "【测试】"
/* From the commit to the first byte. */
#define GUARD_SPAN (5 * MS_SECOND)
/* Nobody waits longer for room at a number. */
#define PATIENCE (2 * MS_MINUTE)

struct trying {
	struct http_call http;
	struct engine *en;
	struct catalog *cat;
	engine_answer *cb;
	void *arg;
	json_t *in, *out;
	int status;
	bool ready;          /* there is something to send */
	struct arena *arena; /* owns what is sent */
	const struct account *account;
	struct provider_request request;
	struct parcel parcel;
	struct answer answer;
	int64_t id;
	ms_t begun; /* boot */
};

static void
trying_free(struct trying *t)
{
	catalog_unref(t->cat);
	g_ptr_array_unref(t->request.headers);
	arena_free(t->arena);
	json_decref(t->in);
	json_decref(t->out);
	g_free(t);
}

static void
say(struct trying *t)
{
	char *text = json_dumps(t->out, JSON_COMPACT);

	t->cb(t->arg, t->status, text);
	free(text);
	trying_free(t);
}

/* ---- what and to whom ---- */

/* The texts of a playbook, for whoever asks to go on with one each. */
static int
texts_of(struct hand *h, const struct playbook *pb)
{
	json_t *list = json_array();
	GHashTable *seen = g_hash_table_new(g_str_hash, g_str_equal);

	const struct step *s;

	for (int i = 0; (s = playbook_sender(pb, i)) != NULL; i++)
		for (int k = 0; k < s->n_sends; k++) {
			const struct template *t = s->templates[k];

			if (t->channel != CHANNEL_PHONE &&
			    g_hash_table_add(seen, (char *)t->name))
				json_array_append_new(list, json_string(t->name));
		}
	g_hash_table_unref(seen);
	json_object_set_new(h->out, "texts", list);
	return 0;
}

/* An address of the channel, or the one of a member of staff; "" refused. */
static int
recipient(struct hand *h, int channel, const char **to, struct err *e)
{
	const char *word = hand_text(h, "to"), *found = "";
	struct staff f;
	char phone[20], mail[256];
	int rc = *word == '\0' ? 0 : staff_find(h->w->store, word, "", &f, e);

	if (rc < 0)
		return -1;
	if (rc == 1)
		found = channel == CHANNEL_SMS     ? f.phone
			: channel == CHANNEL_WECOM ? f.wecom
						   : "";
	else if (channel == CHANNEL_SMS && phone_normalise(word, phone) == PHONE_MOBILE)
		found = phone;
	else if (channel == CHANNEL_EMAIL &&
		 email_normalise(word, mail, sizeof(mail)) == 0)
		found = mail;
	else if (channel == CHANNEL_WECOM || channel == CHANNEL_PUSH)
		found = word;
	*to = arena_strdup(h->w->arena, found);
	return 0;
}

/* Somebody to fill in; without --as nobody of the house's. */
static int
reader(struct hand *h, struct person *p, struct err *e)
{
	struct customer_row nobody = { .c = CUSTOMER_UNKNOWN };

	if (json_object_get(h->in, "customer") != NULL)
		return hand_customer(h, p, e);
	nobody.c.ext = "test";
	nobody.c.name = "测试";
	person_of_row(h->w, &nobody, p);
	return 1;
}

static const struct account *
account_of(const struct config *cfg, int channel)
{
	for (int i = 0; i < cfg->n_accounts; i++)
		if (cfg->accounts[i].channels & BIT(channel))
			return &cfg->accounts[i];
	return NULL;
}

static bool
may_now(struct hand *h, const struct template *t, const struct account *acc)
{
	const struct zone *house = h->w->cat->config->entity.zone;
	struct quiet_query q = { .policy = h->w->cat->policy,
		.zone = house,
		.channel = t->channel,
		.category = t->category };
	struct quiet_answer a;
	char at[CLOCK_TEXT];

	if (hand_flag(h, "now"))
		return true;
	account_hours(acc, t->category, &q.open_from, &q.open_to);
	quiet_ask(&q, h->w->now, account_span(acc) + quiet_lead(t->channel), &a);
	if (a.quiet)
		hand_no(h, 409, "it is quiet (%s) until %s; --now sends it all the same",
		    a.rule,
		    a.next == MS_NEVER
			? "further notice"
			: clock_format(a.next, zone_offset(house, a.next) / 60, at));
	return !a.quiet;
}

/* A service counts what it sends, to whomever. Who has patience is told how long. */
static bool
has_room(struct hand *h, const struct account *acc, int channel, const char *to)
{
	const struct zone *house = h->w->cat->config->entity.zone;
	const struct handed_query number = { .channel = channel,
		.address = customer_hash(h->w->store, channel, to) };
	struct verdict v = { 0 };
	char at[CLOCK_TEXT];

	if (!limits_number(h->w, acc, &number, &v))
		return true;
	hand_no(h, 429, "%s; there is room again at %s", v.detail,
	    clock_format(v.next, zone_offset(house, v.next) / 60, at));
	if (hand_flag(h, "patient") && v.next - h->w->now <= PATIENCE) {
		h->status = 202;
		json_object_set_new(h->out, "wait_ms", json_integer(v.next - h->w->now));
	}
	return false;
}

/* ---- the message ---- */

/* Nobody takes it for the real one. */
static void
mark(struct arena *a, int channel, struct composed *c)
{
	const char *end = channel == CHANNEL_SMS ? strstr(c->text, "】") : NULL;
	size_t head = end == NULL ? 0 : (size_t)(end - c->text) + strlen("】");

	c->text = arena_printf(a, "%.*s%s%s", (int)head, c->text, MARK, c->text + head);
	if (*c->subject != '\0')
		c->subject = arena_printf(a, MARK "%s", c->subject);
	if (*c->html != '\0')
		c->html = arena_printf(a, MARK "%s", c->html);
}

static int
keep(struct trying *t, struct hand *h, const struct template *tp,
    const struct composed *c, struct err *e)
{
	struct store *s = h->w->store;
	char hash[65], masked[128];
	struct testsend row = { .id = t->id,
		.template_ = tp->name,
		.hash = hash,
		.account = t->account->name,
		.recipient = text_mask(c->to, masked, sizeof(masked)),
		.author = hand_text(h, "by"),
		.outcome = "sending",
		.perr = "",
		.at = h->w->now,
		.channel = (int)tp->channel,
		.category = (int)tp->category,
		.address = customer_hash(s, (int)tp->channel, c->to) };

	launch_text_hash(tp, hash);
	for (int i = 0; i < c->n_links; i++)
		if (link_add(s, c->links[i].code, t->id, 1, c->links[i].target, h->w->now,
			e) != 0)
			return -1;
	json_object_set_new(h->out, "template", json_string(tp->name));
	json_object_set_new(h->out, "to", json_string(masked));
	json_object_set_new(h->out, "account", json_string(t->account->name));
	json_object_set_new(h->out, "text", json_string(c->text));
	json_object_set_new(h->out, "segments", json_integer(c->segments));
	return testsend_add(s, &row, e);
}

static int
pack(
    struct trying *t, struct hand *h, const struct template *tp, const struct composed *c)
{
	struct arena *a = t->arena;
	struct err own = { 0 };

	struct message m = { .id = t->id, .channel = (int)tp->channel,
		.category = (int)tp->category, .begun_at = h->w->now,
		.expires_at = h->w->now + MS_HOUR };

	intent_parcel(a, &m, c, &t->parcel);
	t->parcel.customer = "";
	if (provider_find(t->account->type)
		->request(t->account, h->w->cat->config, &t->parcel, 1, h->w->now, a,
		    &t->request, &own) != 0)
		return hand_no(h, 422, "no request can be made for %s: %s",
		    t->account->name, own.text);
	t->ready = true;
	return 0;
}

static int
write_it(struct trying *t, struct hand *h, struct person *p, const struct template *tp,
    struct err *e)
{
	struct work *w = h->w;
	char *bundle = catalog_alone(w->cat, "test",
	    arena_printf(w->arena,
		"playbook: test\ncategory: %s\nstart: { on: test }\nsteps: [{ id: a, "
		"send: %s }]\n",
		category_name((int)tp->category), tp->name),
	    tp);
	struct version *v = version_load(bundle, strlen(bundle), e);
	struct message m = { .id = t->id, .channel = (int)tp->channel };
	const char *detail = "";
	struct composed c;
	struct pos at = tp->at;
	int rc = -1;

	if (v != NULL) {
		rc = compose(w, p, v, &m, v->playbook->steps[0].templates[0], t->account,
		    &c, &detail, &at);
		if (rc != 0)
			rc = hand_no(h, 422, "%s:%d: %s%s",
			    at.file == NULL ? "" : at.file, at.line, detail,
			    json_object_get(h->in, "customer") == NULL
				? "; --as CUSTOMER fills it in for somebody"
				: "");
		else {
			mark(w->arena, (int)tp->channel, &c);
			rc = keep(t, h, tp, &c, e) != 0 ? -1 : pack(t, h, tp, &c);
		}
	}
	version_free(v);
	g_free(bundle);
	return rc;
}

static int
prepare(struct trying *t, struct hand *h, struct err *e)
{
	const char *what = hand_text(h, "what"), *to;
	const struct template *tp = g_hash_table_lookup(h->w->cat->templates, what);
	const struct version *v = catalog_playbook(h->w->cat, what);
	struct person p;
	int rc;

	if (tp == NULL && v != NULL)
		return texts_of(h, v->playbook);
	if (tp == NULL || tp->channel == CHANNEL_PHONE)
		return hand_no(
		    h, 404, "there is no template or playbook \"%.64s\" to send", what);
	if ((t->account = account_of(h->w->cat->config, (int)tp->channel)) == NULL)
		return hand_no(
		    h, 422, "no provider serves %s", channel_name((int)tp->channel));
	if (!may_now(h, tp, t->account))
		return 0;
	if (recipient(h, (int)tp->channel, &to, e) != 0)
		return -1;
	if (*to == '\0')
		return hand_no(h, 422,
		    "\"%.64s\" is nobody of the staff with an address for %s, and no "
		    "such address",
		    hand_text(h, "to"), channel_name((int)tp->channel));
	if (!has_room(h, t->account, (int)tp->channel, to))
		return 0;
	if ((rc = reader(h, &p, e)) != 1)
		return rc;
	p.row.c.address[tp->channel] = to;
	if (region_forbids(t->account, &p.row.c, p.zone))
		return hand_no(h, 422,
		    "%s is outside China: write export_basis: and what was filed for data "
		    "that goes there",
		    t->account->name);
	t->id = store_next_id(h->w->store, h->w->now);
	return write_it(t, h, &p, tp, e);
}

/* ---- the call ---- */

static bool
guard(struct http_call *http)
{
	struct trying *t = (struct trying *)http;

	return t->en->world->boot(t->en->world) - t->begun <= GUARD_SPAN &&
	       !engine_is_frozen(t->en);
}

static const char *
outcome_word(const struct trying *t)
{
	enum outcome o = t->answer.outcome;

	return o == OUTCOME_ACCEPTED	  ? "accepted"
	       : o == OUTCOME_UNKNOWN     ? "unknown"
	       : o == OUTCOME_NOT_WRITTEN ? "not sent"
					  : "refused";
}

static int
record_run(struct task *task, struct work *w, struct err *e)
{
	struct trying *t = task->data;

	return testsend_outcome(w->store, t->id, outcome_word(t), t->answer.perr, e);
}

/* What waited for this text is looked at again. */
static int
publish_run(struct task *task, struct work *w, struct err *e)
{
	(void)task;
	return desk_publish(w, e);
}

static void
published(struct task *task, const struct err *e)
{
	(void)e;
	task->en->next_sweep = 0;
}

static void
recorded(struct task *task, const struct err *e)
{
	struct trying *t = task->data;
	struct engine *en = t->en;
	bool fine = t->answer.outcome == OUTCOME_ACCEPTED && e == NULL;

	log_info(
	    "test_send", "account=%s outcome=\"%s\"", t->account->name, outcome_word(t));
	json_object_set_new(t->out, "outcome", json_string(outcome_word(t)));
	json_object_set_new(t->out, "code", json_string(t->answer.perr));
	if (!fine)
		json_object_set_new(t->out, "error",
		    json_string(e != NULL
				    ? "it went out, but the database cannot take that now"
				: *t->answer.perr != '\0' ? t->answer.perr
							  : outcome_word(t)));
	t->status = fine ? 200 : e != NULL ? 503 : 422;
	if (fine && en->publishing)
		en->publish_again = true;
	else if (fine && !en->stopping)
		task_start(task_new(en, publish_run, published, NULL, NULL));
	say(t);
	dispatch_call_over(en);
}

static void
answered(struct http_call *http)
{
	struct trying *t = (struct trying *)http;
	const struct provider_reply r = { http->status, http->body, http->body_len, http->head };

	if (http->end == HTTP_ANSWERED)
		provider_find(t->account->type)
		    ->answer(t->account, &t->parcel, 1, &r, &t->answer);
	else {
		t->answer.outcome =
		    http->end == HTTP_BROKEN ? OUTCOME_UNKNOWN : OUTCOME_NOT_WRITTEN;
		g_strlcpy(t->answer.perr, http->end == HTTP_BROKEN ? "broken" : "connect",
		    sizeof(t->answer.perr));
	}
	task_start(task_new(t->en, record_run, recorded, t, NULL));
}

static void
start_call(struct trying *t)
{
	struct engine *en = t->en;

	g_ptr_array_add(t->request.headers, NULL);
	t->begun = en->world->boot(en->world);
	t->http.req = (struct http_req){ .method = t->request.method,
		.url = pocket_url(en, t->account, t->arena, t->request.url),
		.headers = (const char *const *)t->request.headers->pdata,
		.body = t->request.body,
		.body_len = t->request.body_len,
		.timeout = account_span(t->account),
		.internal = t->account->internal,
		.envelope = t->request.envelope };
	t->http.guard = guard;
	t->http.done = answered;
	en->in_flight++;
	en->world->http_start(en->world, &t->http);
}

static int
prepare_run(struct task *task, struct work *w, struct err *e)
{
	struct trying *t = task->data;
	struct hand h = { .w = w, .in = t->in, .out = t->out, .status = 200 };
	int rc = prepare(t, &h, e);

	t->status = h.status;
	return rc;
}

static void
prepared(struct task *task, const struct err *e)
{
	struct trying *t = task->data;
	struct engine *en = t->en;
	const char *no = NULL;

	if (e != NULL)
		no = "the database cannot take this now: try again";
	else if (t->ready &&
		 (engine_is_frozen(en) || en->stopping || !outlet_may(en, t->account)))
		no = "the provider's account cannot be used now: see `reachd status`";
	if (no != NULL) {
		json_object_clear(t->out);
		json_object_set_new(t->out, "error", json_string(no));
		t->status = 503;
		say(t);
	} else if (t->ready) {
		start_call(t);
	} else {
		say(t);
	}
}

void
engine_testsend(
    struct engine *en, const char *body, size_t len, engine_answer *cb, void *arg)
{
	json_t *in = json_loadb(body, len, JSON_REJECT_DUPLICATES, NULL);
	struct trying *t;

	if (!json_is_object(in)) {
		json_decref(in);
		cb(arg, 400, "{\"error\":\"send a JSON object\"}");
		return;
	}
	t = g_new0(struct trying, 1);
	t->en = en;
	t->cat = catalog_ref(en->catalog);
	t->cb = cb;
	t->arg = arg;
	t->in = in;
	t->out = json_object();
	t->arena = arena_new();
	t->request.headers = g_ptr_array_new();
	task_start(task_new(en, prepare_run, prepared, t, NULL));
}
