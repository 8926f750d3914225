#include "begin.h"

#include <string.h>

#include "base/check.h"
#include "base/log.h"
#include "compose.h"
#include "core/gate.h"
#include "intake.h"
#include "plan.h"
#include "ref.h"
#include "slots.h"
#include "store/event.h"
#include "store/msg.h"
#include "store/run.h"

/* From intent to the end of its exchange, on the boot clock: G + H + 10 s. */
#define DEADLINE (30 * MS_SECOND)

/* One message on its way through T2. */
struct going {
	struct work *w;
	struct message *m;
	const struct version *v;
	struct step step; /* a copy: a fallback narrows its candidates */
	struct person p;
	struct run run;
	struct standing standing;
	struct budget *budgets;
	struct composed text;
	const struct account *account;
};

/* Messages gathered for one call: one account, one channel, no address twice. */
struct parcel_list {
	const struct account *account;
	int channel, n, max;
	int64_t token;
	struct message *m[PARCELS_MAX];
	struct composed *text[PARCELS_MAX];
	int64_t stop[PARCELS_MAX];
	const char *customer[PARCELS_MAX];
	ms_t open_until;
};

void
intent_free(struct intent *it)
{
	if (it == NULL)
		return;
	if (it->request.headers != NULL)
		g_ptr_array_unref(it->request.headers);
	arena_free(it->arena);
}

/* ---- the gate's questions ---- */

static const struct account *
pick_account(void *arg, enum channel channel, bool *tokens)
{
	struct going *g = arg;
	const struct config *cfg = g->w->cat->config;
	const struct account *first = NULL;

	for (int i = 0; i < cfg->n_accounts; i++) {
		const struct account *a = &cfg->accounts[i];

		if (!(a->channels & BIT(channel)))
			continue;
		if (first == NULL)
			first = a;
		if (g->budgets[i].usable && g->budgets[i].left > 0) {
			*tokens = true;
			return a;
		}
	}
	*tokens = false;
	return first;
}

static int
render(void *arg, const struct template *t, const struct account *acc, const char **detail,
    struct pos *at)
{
	struct going *g = arg;

	return compose(g->w, &g->p, g->v, g->m, t, acc, &g->text, detail, at);
}

static int
load(struct going *g, struct err *e)
{
	const struct step *s;
	struct event *ev;

	if (desk_version(g->w, g->m->version, &g->v, e) != 0 ||
	    person_load(g->w, g->m->customer, &g->p, e) != 1 ||
	    customer_open(g->w->store, &g->p.row, e) != 0 ||
	    run_get(g->w->store, g->m->run, &g->run, e) != 1)
		return -1;
	if (g->run.event != 0) {
		ev = arena_new_of(g->w->arena, struct event);
		if (event_get(g->w->store, g->run.event, ev, e) != 1)
			return -1;
		person_event(&g->p, ev);
	}
	s = playbook_step(g->v->playbook, g->m->step);
	CHECK(s != NULL);
	g->step = *s;
	return begin_standing(g->w, &g->p, g->v->playbook, s, g->m, &g->standing, e);
}

static void
ask(struct going *g, struct verdict *v)
{
	enum playbook_status status = desk_live(g->w->desk, g->m->playbook)->status;
	const struct gate gate = {
		.now = g->w->now,
		.policy = g->w->cat->policy,
		.config = g->w->cat->config,
		.playbook = g->v->playbook,
		.step = &g->step,
		.zone = g->p.zone,
		.house = g->p.house,
		.customer = &g->p.row.c,
		.standing = &g->standing,
		.scope = person_scope(&g->p),
		.paused = status == PLAYBOOK_PAUSED || status == PLAYBOOK_DRAFT,
		.run_left = g->run.state == RUN_LEFT,
		.goal_met = g->run.goal_at != 0,
		.control = g->run.control,
		.due_at = g->m->due_at,
		.planned_at = g->m->planned_at,
		.expires_at = g->m->expires_at,
		.account = pick_account,
		.render = render,
		.arg = g,
	};

	gate_ask(&gate, v);
}

/* ---- what a no means ---- */

static int
hold(struct going *g, const struct verdict *v, ms_t until, struct err *e)
{
	struct message *m = g->m;
	bool told = m->reason == (int)v->reason;
	struct decision d = { .msg = m->id, .at = g->w->now, .reason = (int)v->reason,
		.rule = v->rule, .file = v->at.file == NULL ? "" : v->at.file, .line = v->at.line,
		.detail = v->detail, .next = until };

	m->due_at = until;
	m->reason = (int)v->reason;
	desk_due(g->w->desk, m->playbook, m->channel, until);
	if (msg_save(g->w->store, m, e) != 0)
		return -1;
	if (told || v->reason == REASON_RATE_LIMITED)
		return 0;
	plan_tell(g->w, m, v->rule, v->at, v->detail, until);
	return decision_add(g->w->store, &d, e);
}

static int
end(struct going *g, const struct verdict *v, struct err *e)
{
	if (plan_suppress(g->w, g->m, (int)v->reason, v->rule, v->at, v->detail, e) != 0)
		return -1;
	if (reason_fate(v->reason) == FATE_ALARM &&
	    alarm_add(g->w->store, g->w->now, reason_name(v->reason), g->m->id, g->m->customer,
		v->detail, e) != 0)
		return -1;
	return plan_settled(g->w, g->m, e);
}

static int
capped(struct going *g, const struct verdict *v, struct err *e)
{
	ms_t until = v->next;

	switch (g->step.on_cap) {
	case CAP_RETRY:
		if (until == MS_NEVER || until <= g->w->now)
			until = g->w->now + MS_DAY;
		if (until < g->m->expires_at)
			return hold(g, v, until, e);
		break;
	case CAP_EXIT:
		if (plan_suppress(g->w, g->m, (int)v->reason, v->rule, v->at, v->detail, e) != 0)
			return -1;
		return plan_exit(g->w, g->m, "capped", e);
	case CAP_SKIP:
	case CAP_FALLBACK: /* already tried */
		break;
	}
	return end(g, v, e);
}

/* Leaves only the fallback's candidate; false: there is none. */
static bool
narrow(struct going *g)
{
	for (int i = 0; i < g->step.n_sends; i++)
		if (g->step.templates[i]->channel == g->step.fallback) {
			g->step.templates += i;
			g->step.sends += i;
			g->step.n_sends = 1;
			return true;
		}
	return false;
}

static int
refuse(struct going *g, const struct verdict *v, struct err *e)
{
	switch (reason_fate(v->reason)) {
	case FATE_HOLD:
		return hold(g, v, g->w->now + 10 * MS_MINUTE, e);
	case FATE_UNTIL:
		if (v->reason == REASON_QUIET && g->step.on_quiet == QUIET_DROP)
			return end(g, v, e);
		return hold(g, v,
		    v->reason == REASON_QUIET ? plan_spread(v->next, g->m->id, g->m->expires_at) :
						v->next,
		    e);
	case FATE_CAP:
		return capped(g, v, e);
	default:
		return end(g, v, e);
	}
}

/* ---- the yes ---- */

static int
save_links(struct going *g, struct err *e)
{
	for (int i = 0; i < g->text.n_links; i++)
		if (link_add(g->w->store, g->text.links[i].code, g->m->id, g->m->n,
			g->text.links[i].target, g->w->now, e) != 0)
			return -1;
	return 0;
}

/* 1 begun, 0 a slot was gone after all, -1. */
static int
begin(struct going *g, const struct verdict *v, struct err *e)
{
	const struct template *t = g->step.templates[v->candidate];
	const struct tier *tier = gate_tier(g->w->cat->policy, &g->p.row.c);
	struct message *m = g->m;
	const char *frozen;
	int rc;

	if (m->n > 0 && attempt_add(g->w->store, m, "again", e) != 0)
		return -1;
	m->category = (int)t->category;
	m->begun_at = g->w->now;
	rc = slots_take(g->w, m, tier, g->v->playbook->cap, g->p.house, e);
	if (rc != 1)
		return rc;
	m->state = fsm_move(&message_fsm, m->state, MSG_SENDING);
	m->reason = REASON_NONE;
	m->n++;
	m->epoch = g->w->desk->epoch;
	m->account = v->account->name;
	m->key_at = g->w->now;
	m->settle_n = 0;
	m->settle_at = desk_after(g->w, DEADLINE);
	m->template_ = t->name;
	m->segments = g->text.segments;
	m->cost = g->text.cost;
	m->provider_id = m->perr = "";
	frozen = compose_freeze(g->w->arena, &g->text);
	if (save_links(g, e) != 0 || msg_save(g->w->store, m, e) != 0 ||
	    msg_set_body(g->w->store, m->id, frozen, strlen(frozen), e) != 0)
		return -1;
	return 1;
}

/* ---- calls ---- */

static struct intent *
make_intent(struct work *w, const struct parcel_list *b, int64_t token, ms_t sig_ts, struct err *e)
{
	struct arena *a = arena_new();
	struct intent *it = arena_new_of(a, struct intent);
	const struct zone *house = w->cat->config->entity.zone;

	it->arena = a;
	it->account = b->account;
	it->provider = provider_find(b->account->type);
	it->n = b->n;
	it->token = token;
	it->open_until = b->open_until;
	it->parcels = arena_array(a, struct parcel, b->n);
	it->stop_keys = arena_array(a, int64_t, b->n);
	it->request.headers = g_ptr_array_new();
	gate_period(CAP_MONTH, house, w->now, &it->month_start, &it->month_end);
	for (int i = 0; i < b->n; i++) {
		const struct composed *c = b->text[i];

		it->stop_keys[i] = b->stop[i];
		it->parcels[i] = (struct parcel){
			.msg = b->m[i]->id,
			.to = arena_strdup(a, c->to),
			.ref = arena_strdup(a, c->ref),
			.channel = (enum channel)b->m[i]->channel,
			.category = (enum category)b->m[i]->category,
			.subject = arena_strdup(a, c->subject),
			.text = arena_strdup(a, c->text),
			.html = arena_strdup(a, c->html),
			.unsubscribe = arena_strdup(a, c->unsubscribe),
			.customer = arena_strdup(a, b->customer[i]),
			.expires_at = b->m[i]->expires_at,
		};
	}
	if (it->provider->request(b->account, w->cat->config, it->parcels, it->n, sig_ts, a,
		&it->request, e) != 0) {
		intent_free(it);
		return NULL;
	}
	return it;
}

/* Who was in the call: it may have to be repeated, or its answers told apart after a
 * crash. */
static int
note_members(struct work *w, const struct parcel_list *b, struct err *e)
{
	int64_t ids[PARCELS_MAX];

	for (int i = 0; i < b->n; i++)
		ids[i] = b->m[i]->id;
	return request_add(w->store, b->token, w->now, ids, b->n, e);
}

static int
close_batch(struct work *w, struct parcel_list *b, GPtrArray *out, struct err *e)
{
	struct intent *it;

	if (b->n == 0)
		return 0;
	if (b->n > 1 && note_members(w, b, e) != 0)
		return -1;
	it = make_intent(w, b, b->token, w->now, e);
	if (it == NULL)
		return err_wrap(e, "provider %s", b->account->name);
	g_ptr_array_add(out, it);
	b->n = 0;
	return 0;
}

static bool
fits(const struct parcel_list *b, const struct message *m, int64_t stop)
{
	if (b->n == 0)
		return true;
	if (b->n >= b->max || b->channel != m->channel)
		return false;
	/* Never two messages to one number in one request. */
	for (int i = 0; i < b->n; i++)
		if (b->stop[i] == stop)
			return false;
	return true;
}

/* The call this message travels in; a full one is closed first. */
static struct parcel_list *
board(struct going *g, struct parcel_list *lists, int64_t stop, GPtrArray *out, struct err *e)
{
	struct parcel_list *b = &lists[g->account->index];
	struct capabilities caps = { 0 };

	if (!fits(b, g->m, stop) && close_batch(g->w, b, out, e) != 0)
		return NULL;
	if (b->n == 0) {
		provider_find(g->account->type)->capabilities(g->account, &caps);
		b->account = g->account;
		b->channel = g->m->channel;
		b->max = CLAMP(caps.batch, 1, PARCELS_MAX);
		b->open_until = MS_NEVER;
		b->token = store_next_id(g->w->store, g->w->now);
	}
	return b;
}

static void
add_parcel(struct going *g, const struct verdict *v, struct parcel_list *b, int64_t stop)
{
	b->m[b->n] = g->m;
	b->text[b->n] = arena_new_of(g->w->arena, struct composed);
	*b->text[b->n] = g->text;
	b->customer[b->n] = g->p.row.c.ext;
	b->stop[b->n] = stop;
	b->open_until = MIN(b->open_until, v->open_until);
	b->n++;
}

/* 1 under way, 0 a slot was gone after all, -1. */
static int
send(struct going *g, const struct verdict *v, struct parcel_list *lists, GPtrArray *out,
    struct err *e)
{
	struct message *m = g->m;
	struct parcel_list *b;
	int64_t stop;
	int rc;

	g->account = v->account;
	m->channel = (int)g->step.templates[v->candidate]->channel;
	m->address = customer_hash(g->w->store, m->channel, g->text.to);
	stop = intake_stop_key(m->address, m->channel);
	b = board(g, lists, stop, out, e);
	if (b == NULL)
		return -1;
	m->token = b->token;
	rc = begin(g, v, e);
	if (rc == 1)
		add_parcel(g, v, b, stop);
	return rc;
}

static int
try_one(struct work *w, struct message *m, struct budget *budgets, struct parcel_list *lists,
    GPtrArray *out, struct err *e)
{
	struct going g = { .w = w, .m = m, .budgets = budgets };
	struct verdict v;
	int rc;

	if (load(&g, e) != 0)
		return -1;
	ask(&g, &v);
	if (reason_fate(v.reason) == FATE_CAP && g.step.on_cap == CAP_FALLBACK && narrow(&g))
		ask(&g, &v);
	if (v.reason != REASON_NONE)
		return refuse(&g, &v, e);
	rc = send(&g, &v, lists, out, e);
	if (rc == 0)
		return err_set(e, ERR_INTERNAL, "the gate and the slots disagree about a cap");
	if (rc < 0)
		return -1;
	budgets[g.account->index].left--;
	return 0;
}

/* A message that cannot be handled at all must not stand before all others. */
static int
give_up(struct work *w, int64_t id, const char *why, struct err *e)
{
	struct message m;

	log_error("message_failed", "msg=%" G_GINT64_FORMAT " error=\"%s\"", id, why);
	if (msg_get(w->store, id, &m, e) != 1 ||
	    plan_suppress(w, &m, REASON_TEMPLATE_ERROR, "internal", (struct pos){ 0 }, why, e) != 0)
		return -1;
	return alarm_add(w->store, w->now, "template_error", m.id, m.customer, why, e);
}

static int
one(struct work *w, struct message *m, struct budget *budgets, struct parcel_list *lists,
    GPtrArray *out, struct err *e)
{
	struct err own = { 0 };

	if (store_mark(w->store, e) != 0)
		return -1;
	if (try_one(w, m, budgets, lists, out, &own) == 0)
		return store_unmark(w->store, e);
	store_back(w->store);
	if (own.kind == ERR_IO || own.kind == ERR_FULL || own.kind == ERR_BUSY) {
		*e = own;
		return -1;
	}
	return give_up(w, m->id, own.text, e);
}

/* ---- repeating a call ---- */

static int
gather_again(struct work *w, const int64_t *ids, int n, struct parcel_list *b, struct err *e)
{
	for (int i = 0; i < n; i++) {
		struct customer_row row;
		struct message *one_m = arena_new_of(w->arena, struct message);
		struct composed *c = arena_new_of(w->arena, struct composed);
		char *body, ref[REF_TEXT];
		size_t len;

		if (msg_get(w->store, ids[i], one_m, e) != 1 ||
		    msg_body(w->store, ids[i], &body, &len, e) != 1 ||
		    customer_get(w->store, one_m->customer, &row, e) != 1)
			return -1;
		if (compose_thaw(w->arena, body, len, c) != 0)
			return err_set(e, ERR_INTERNAL, "a frozen body cannot be read");
		c->ref = arena_strdup(w->arena,
		    ref_make(store_crypt(w->store), one_m->id, one_m->n, ref));
		b->m[i] = one_m;
		b->text[i] = c;
		b->customer[i] = row.c.ext;
		b->stop[i] = intake_stop_key(one_m->address, one_m->channel);
	}
	b->n = n;
	return 0;
}

struct intent *
begin_again(struct work *w, const struct message *m, const struct account *acc, struct err *e)
{
	struct parcel_list *b = arena_new_of(w->arena, struct parcel_list);
	int64_t ids[PARCELS_MAX];
	struct intent *it;
	int n = request_members(w->store, m->token, ids, PARCELS_MAX, e);

	if (n < 0)
		return NULL;
	if (n == 0)
		ids[n++] = m->id;
	b->account = acc;
	b->channel = m->channel;
	b->open_until = MS_NEVER; /* the settler has looked */
	if (gather_again(w, ids, n, b, e) != 0)
		return NULL;
	it = make_intent(w, b, m->token, m->key_at, e);
	if (it != NULL)
		it->settling = true;
	return it;
}

/* ---- lanes ---- */

static int
channel_budget(const struct work *w, const struct budget *budgets, int channel)
{
	int n = 0;

	for (int i = 0; i < w->cat->config->n_accounts; i++)
		if (w->cat->config->accounts[i].channels & BIT(channel) && budgets[i].usable)
			n += budgets[i].left;
	return n;
}

static bool
open_lane(const struct work *w, const struct lane *l)
{
	return !l->paused && l->next <= w->now;
}

/* A channel nobody serves still has to tell its messages so. */
static bool
served(const struct work *w, int channel)
{
	for (int i = 0; i < w->cat->config->n_accounts; i++)
		if (w->cat->config->accounts[i].channels & BIT(channel))
			return true;
	return false;
}

static int
lane_due(struct work *w, struct lane *l, struct budget *budgets, int share,
    struct parcel_list *lists, GPtrArray *out, int *taken, struct err *e)
{
	struct message *m;
	int room = served(w, l->channel) ? channel_budget(w, budgets, l->channel) : share;
	int want = MIN(share, room), n;

	*taken = 0;
	if (want <= 0)
		return 0;
	m = arena_array(w->arena, struct message, want);
	n = msg_due(w->store, l->playbook, l->channel, w->now, m, want, e);
	if (n < 0)
		return -1;
	for (int i = 0; i < n; i++) {
		/* The run of an earlier one may have ended this one. */
		if (i > 0 && m[i].customer == m[i - 1].customer && msg_get(w->store, m[i].id, &m[i], e) != 1)
			return -1;
		if (m[i].state == MSG_DUE && one(w, &m[i], budgets, lists, out, e) != 0)
			return -1;
	}
	*taken = n;
	return n < want ? msg_next_due(w->store, l->playbook, l->channel, &l->next, e) : 0;
}

int
begin_due(struct work *w, struct budget *budgets, int max, GPtrArray *out, struct err *e)
{
	struct desk *d = w->desk;
	struct parcel_list *lists =
	    arena_array(w->arena, struct parcel_list, MAX(1, w->cat->config->n_accounts));
	int open = 0, got, before;

	for (guint i = 0; i < d->lanes->len; i++)
		open += open_lane(w, &g_array_index(d->lanes, struct lane, i));
	if (open == 0)
		return 0;
	d->turn++;
	/* Every open lane gets its share first; what is left goes round again. */
	do {
		before = max;
		for (guint k = 0; k < d->lanes->len && max > 0; k++) {
			guint i = (guint)((d->turn + k) % d->lanes->len);
			struct lane *l = &g_array_index(d->lanes, struct lane, i);

			if (!open_lane(w, l))
				continue;
			if (lane_due(w, l, budgets, MIN(max, MAX(1, before / open)), lists, out, &got,
				e) != 0)
				return -1;
			max -= got;
		}
	} while (max > 0 && max < before);
	for (int i = 0; i < w->cat->config->n_accounts; i++)
		if (close_batch(w, &lists[i], out, e) != 0)
			return -1;
	return 0;
}
