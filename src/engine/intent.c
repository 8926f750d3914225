#include "intent.h"

#include "base/check.h"
#include "base/log.h"
#include "core/gate.h"
#include "intake.h"
#include "outcome.h"
#include "ref.h"
#include "store/msg.h"

void
intent_free(struct intent *it)
{
	if (it == NULL)
		return;
	if (it->request.headers != NULL)
		g_ptr_array_unref(it->request.headers);
	arena_free(it->arena);
}

static void
free_one(gpointer it)
{
	intent_free(it);
}

GPtrArray *
intent_list(void)
{
	return g_ptr_array_new_with_free_func(free_one);
}

static struct intent *
new_intent(const struct account *acc, int64_t token, int n)
{
	struct arena *a = arena_new();
	struct intent *it = arena_new_of(a, struct intent);

	it->arena = a;
	it->account = acc;
	it->provider = provider_find(acc->type);
	it->n = n;
	it->token = token;
	it->open_until = MS_NEVER;
	it->parcels = arena_array(a, struct parcel, n);
	it->stop_keys = arena_array(a, int64_t, n);
	it->playbooks = arena_array(a, int, n);
	it->request.headers = g_ptr_array_new();
	return it;
}

static const struct coded *
copy_coded(struct arena *a, const struct coded *c)
{
	struct coded *own = arena_new_of(a, struct coded);
	const char **names = arena_array(a, const char *, c->n + 1),
		   **values = arena_array(a, const char *, c->n + 1);

	for (int i = 0; i < c->n; i++) {
		names[i] = arena_strdup(a, c->names[i]);
		values[i] = arena_strdup(a, c->values[i]);
	}
	*own = (struct coded){ arena_strdup(a, c->code), names, values, c->n };
	return own;
}

static const char *const *
copy_devices(struct arena *a, const char *const *d)
{
	guint n = g_strv_length((char **)(uintptr_t)d);
	const char **own = arena_array(a, const char *, n + 1);

	for (guint i = 0; i < n; i++)
		own[i] = arena_strdup(a, d[i]);
	return own;
}

void
intent_parcel(struct arena *a, const struct message *m, const struct composed *c,
    struct parcel *p)
{
	*p = compose_parcel(m, c);
	p->to = arena_strdup(a, c->to);
	p->devices = c->devices == NULL ? NULL : copy_devices(a, c->devices);
	p->ref = arena_strdup(a, c->ref);
	p->subject = arena_strdup(a, c->subject);
	p->text = arena_strdup(a, c->text);
	p->html = arena_strdup(a, c->html);
	p->unsubscribe = arena_strdup(a, c->unsubscribe);
	p->customer = arena_strdup(a, c->customer);
	p->signature = arena_strdup(a, c->signature);
	p->sender = arena_strdup(a, c->sender);
	p->key = c->key == NULL ? NULL : arena_strdup(a, c->key);
	p->coded = c->coded == NULL ? NULL : copy_coded(a, c->coded);
}

static struct message
copy_message(struct arena *a, const struct message *m)
{
	struct message own = *m;

	own.step = arena_strdup(a, m->step);
	own.account = arena_strdup(a, m->account);
	own.variant = arena_strdup(a, m->variant);
	own.template_ = arena_strdup(a, m->template_);
	own.provider_id = arena_strdup(a, m->provider_id);
	own.perr = arena_strdup(a, m->perr);
	return own;
}

static struct intent *
make(struct work *w, const struct batch *b, ms_t sig_ts, struct err *e)
{
	struct intent *it = new_intent(b->account, b->token, b->n);
	struct arena *a = it->arena;

	it->open_until = b->open_until;
	gate_period(CAP_MONTH, w->cat->config->entity.zone, w->now, &it->month_start,
	    &it->month_end);
	for (int i = 0; i < b->n; i++) {
		const struct batch_item *item = &b->items[i];

		it->stop_keys[i] = item->stop;
		it->playbooks[i] = item->m->playbook;
		intent_parcel(a, item->m, item->text, &it->parcels[i]);
		it->parcels[i].call = arena_strdup(a, b->call);
	}
	if (it->provider->request(b->account, w->cat->config, it->parcels, it->n, sig_ts,
		a, &it->request, e) != 0) {
		intent_free(it);
		return NULL;
	}
	return it;
}

/* ---- gathering ---- */

/* Does the service take both in one call? */
static bool
go_together(const struct batch *b, const struct message *m, const struct composed *next)
{
	const struct provider *p = provider_find(b->account->type);
	const struct parcel one = compose_parcel(b->items[0].m, b->items[0].text),
			    two = compose_parcel(m, next);

	return p->together == NULL || p->together(&one, &two);
}

bool
intent_alone(const struct message *m)
{
	return g_str_has_prefix(m->perr, INTENT_ALONE);
}

bool
intent_fits(const struct batch *b, const struct message *m, const struct composed *text,
    int64_t stop)
{
	if (b->n == 0)
		return true;
	/* One of a call that was refused for one of them: see answer.alone. */
	if (intent_alone(m))
		return false;
	if (b->n >= b->max || b->channel != m->channel || !go_together(b, m, text))
		return false;
	/* Never two messages to one number in one request. */
	for (int i = 0; i < b->n; i++)
		if (b->items[i].stop == stop)
			return false;
	return true;
}

void
intent_open(struct work *w, struct batch *b, const struct account *acc, int channel,
    int64_t token)
{
	char name[REF_TEXT];

	struct capabilities caps = { 0 };

	CHECK(b->n == 0);
	provider_find(acc->type)->capabilities(acc, &caps);
	b->account = acc;
	b->channel = channel;
	b->max = CLAMP(caps.batch, 1, PARCELS_MAX);
	b->open_until = MS_NEVER;
	b->token = token;
	b->call = arena_strdup(w->arena, ref_make(store_crypt(w->store), token, 0, name));
}

void
intent_add(struct batch *b, const struct batch_item *item, ms_t open_until)
{
	CHECK(b->n < b->max);
	b->items[b->n++] = *item;
	b->open_until = MIN(b->open_until, open_until);
}

/* Who was in the call: its answers may have to be told apart after a crash. */
static int
note_members(struct work *w, const struct batch *b, struct err *e)
{
	int64_t ids[PARCELS_MAX];

	for (int i = 0; i < b->n; i++)
		ids[i] = b->items[i].m->id;
	return request_add(w->store, b->token, w->now, ids, b->n, e);
}

/* A provider whose request cannot be made is a mistake in its settings: the messages
 * end with an alarm each, the others go on. */
static int
reject_all(struct work *w, const struct batch *b, const char *why, struct err *e)
{
	struct answer a = { .outcome = OUTCOME_REJECTED };

	log_error("request_failed", "account=%s error=\"%s\"", b->account->name, why);
	g_strlcpy(a.perr, "no request", sizeof(a.perr));
	for (int i = 0; i < b->n; i++)
		if (outcome_apply(w, b->items[i].m->id, b->token, &a, false, e) != 0)
			return -1;
	return 0;
}

int
intent_close(struct work *w, struct batch *b, GPtrArray *out, struct err *e)
{
	struct err own = { 0 };
	struct intent *it;
	int rc = 0;

	if (b->n == 0)
		return 0;
	if (b->n > 1 && note_members(w, b, e) != 0)
		return -1;
	it = make(w, b, w->now, &own);
	if (it != NULL) {
		it->begun = arena_array(it->arena, struct message, it->n);
		for (int i = 0; i < it->n; i++)
			it->begun[i] = copy_message(it->arena, b->items[i].m);
		g_ptr_array_add(out, it);
	}
	else
		rc = reject_all(w, b, own.text, e);
	b->n = 0;
	return rc;
}

/* ---- settling ---- */

/* One member of the call as it was sent: the same words under the same reference. */
static int
add_again(struct work *w, struct batch *b, const struct message *m, struct err *e)
{
	struct message *copy = arena_new_of(w->arena, struct message);
	struct composed *c = arena_new_of(w->arena, struct composed);
	char *body, ref[REF_TEXT];
	size_t len;

	if (msg_body(w->store, m->id, &body, &len, e) != 1)
		return -1;
	if (compose_thaw(w->arena, body, len, c) != 0)
		return err_set(e, ERR_INTERNAL, "a frozen body cannot be read");
	c->ref =
	    arena_strdup(w->arena, ref_make(store_crypt(w->store), m->id, m->n, ref));
	*copy = *m;
	intent_add(b,
	    &(struct batch_item){ copy, c, intake_stop_key(m->address, m->channel) },
	    MS_NEVER); /* no closing hour: the settler has looked */
	return 0;
}

/* Where each message has a key of its own it goes alone, whoever else was in the call:
 * by now the others may have been refused, begun again, or opted out. */
struct intent *
intent_again(struct work *w, const struct message *members, int n, const struct account *acc,
    ms_t over, struct err *e)
{
	struct batch *b = arena_new_of(w->arena, struct batch);
	struct intent *it;

	intent_open(w, b, acc, members[0].channel, members[0].token);
	for (int i = 0; i < n; i++)
		if (add_again(w, b, &members[i], e) != 0)
			return NULL;
	for (int i = 0; i < n; i++)
		if (b->items[i].text->valid_until != 0 &&
		    w->now + over >= b->items[i].text->valid_until)
			return NULL;
	it = make(w, b, members[0].key_at, e);
	if (it == NULL)
		return NULL;
	it->settling = true;
	for (int i = 0; i < it->n; i++)
		it->parcels[i].again = true;
	return it;
}

struct intent *
intent_question(
    struct work *w, const struct message *m, const struct account *acc, enum wish wish, struct err *e)
{
	struct intent *it = new_intent(acc, m->token, 1);
	struct composed c = { 0 };
	char *body, ref[REF_TEXT];
	size_t len;
	int rc;

	it->query = it->settling = true;
	rc = msg_body(w->store, m->id, &body, &len, e);
	/* Of one that was erased the service's own name is left, enough to withdraw it. */
	if (rc == 1 && compose_thaw(w->arena, body, len, &c) != 0)
		rc = err_set(e, ERR_INTERNAL, "a frozen body cannot be read");
	if (rc < 0 || (rc == 0 && *m->provider_id == '\0')) {
		intent_free(it);
		return NULL;
	}
	c.ref = ref_make(store_crypt(w->store), m->id, m->n, ref);
	intent_parcel(it->arena, m, &c, &it->parcels[0]);
	it->parcels[0].call =
	    arena_strdup(it->arena, ref_make(store_crypt(w->store), m->token, 0, ref));
	it->parcels[0].provider_id = arena_strdup(it->arena, m->provider_id);
	it->parcels[0].wish = wish;
	/* Of one without a receipt the second look is the one some hours later. */
	it->parcels[0].asked = m->state == MSG_UNKNOWN ? m->settle_n
	    : w->now - m->begun_at >= 2 * MS_HOUR && w->now - m->begun_at < 12 * MS_HOUR;
	return it;
}

struct intent *
intent_query(
    struct work *w, const struct message *m, const struct account *acc, enum wish wish, struct err *e)
{
	struct intent *it = intent_question(w, m, acc, wish, e);

	if (it == NULL)
		return NULL;
	if (it->provider->query(acc, w->cat->config, &it->parcels[0], w->now, it->arena,
		&it->request, e) != 0) {
		intent_free(it);
		return NULL;
	}
	return it;
}
