/* sandbox_people.c - a heap of things people are going to do. */
#include "sandbox_people.h"

#include <stdio.h>
#include <string.h>

#include <glib.h>

#include "dialect.h"
#include "provider/quote.h"
#include "sandbox_links.h"
#include "sim/habits.h"

#define CHINA 480   /* minutes east of UTC: where the people live */
#define A_TURN 2000 /* acts at most before the loop goes round */

/* One message on its way through one person's days. */
struct outing {
	enum channel channel;
	char *to, *ref, *id, *unsubscribe, *customer, *pixel;
	const struct account *acc;
	const struct dialect *dialect; /* NULL: events in the form of hook.h */
	const char *callback, *origin; /* interned */
	const char *base;              /* interned: the daemon's public_url */
	GPtrArray *links;
	ms_t received;
	struct habits plan;
	int next; /* -1: the receipt, then plan.acts */
};

struct due {
	ms_t at;
	uint64_t seq;          /* equal times keep their order */
	struct outing *outing; /* or: */
	char *event;           /* a webhook event put off */
	const char *callback;
	struct errand *errand; /* or one in a dialect */
};

struct memory {
	double recent; /* messages, each fading over 30 days */
	ms_t last;
	uint64_t count;
};

struct sandbox_people {
	struct sandbox_people_options o;
	uv_timer_t timer;
	GArray *heap; /* struct due */
	uint64_t seq;
	GHashTable *memories; /* person -> struct memory * */
	bool closed;
};

static void arm(struct sandbox_people *p);

/* The heap -------------------------------------------------------------------- */

static bool
before(const struct due *a, const struct due *b)
{
	return a->at != b->at ? a->at < b->at : a->seq < b->seq;
}

static void
heap_push(struct sandbox_people *p, struct due d)
{
	d.seq = p->seq++;
	g_array_append_val(p->heap, d);
	struct due *h = (struct due *)(void *)p->heap->data;
	guint i = p->heap->len - 1;
	for (; i > 0 && before(&d, &h[(i - 1) / 2]); i = (i - 1) / 2)
		h[i] = h[(i - 1) / 2];
	h[i] = d;
}

static struct due
heap_pop(struct sandbox_people *p)
{
	struct due *h = (struct due *)(void *)p->heap->data;
	struct due top = h[0], last = h[p->heap->len - 1];
	guint n = p->heap->len - 1, i = 0;
	g_array_set_size(p->heap, n);
	for (guint c; (c = 2 * i + 1) < n; i = c) {
		if (c + 1 < n && before(&h[c + 1], &h[c]))
			c++;
		if (!before(&h[c], &last))
			break;
		h[i] = h[c];
	}
	if (n > 0)
		h[i] = last;
	return top;
}

static void
free_outing(struct outing *o)
{
	g_free(o->to);
	g_free(o->ref);
	g_free(o->id);
	g_free(o->unsubscribe);
	g_free(o->customer);
	g_free(o->pixel);
	g_ptr_array_free(o->links, TRUE);
	g_free(o);
}

/* What the gateway tells ------------------------------------------------------- */

static char *
event_json(
    const struct outing *o, const char *type, ms_t at, const char *text, const char *code)
{
	char when[CLOCK_TEXT];
	GString *s = g_string_new("{\"id\":");
	char *key =
	    g_strdup_printf("%s.%d", o->ref[0] != '\0' ? o->ref : o->id, o->next + 1);
	quote_json(s, key);
	g_free(key);
	quote_json_member(s, "type", type);
	quote_json_member(s, "ref", o->ref);
	quote_json_member(s, "id_provider", o->id);
	quote_json_member(s, "from", o->to);
	quote_json_member(s, "channel", channel_name((int)o->channel));
	quote_json_member(s, "text", text);
	quote_json_member(s, "code", code);
	quote_json_member(s, "at", clock_format(at, CHINA, when));
	g_string_append_c(s, '}');
	return g_string_free(s, FALSE);
}

static void
free_errand(struct errand *e)
{
	if (e == NULL)
		return;
	g_free(e->url);
	g_free(e->body);
	g_free(e->own_type);
	g_strfreev(e->headers);
	g_free(e);
}

/* In the words of the service it came through; NULL: it does not tell that. */
static struct errand *
dialect_errand(const struct outing *o, const char *type, ms_t at, const char *text,
    const char *code)
{
	/* The id may be the call's, and everybody's in it. */
	char *key = g_strdup_printf("%s.%08x.%d", o->id, g_str_hash(o->to), o->next + 1);
	const struct dialect_event ev = { .kind = type, .key = key, .ref = o->ref,
		.id = o->id, .to = o->to, .text = text, .code = code, .at = at };
	struct dialect_post post = { .headers = g_ptr_array_new() };
	struct errand *e = NULL;
	if (o->dialect->event != NULL &&
	    o->dialect->event(o->acc, o->callback, &ev, sandbox_clock_real(), &post)) {
		e = g_new0(struct errand, 1);
		g_ptr_array_add(post.headers, NULL);
		*e = (struct errand){ .method = post.method != NULL ? g_intern_string(post.method) : "POST",
			.url = post.url != NULL ? post.url : g_strdup(o->callback),
			.body = post.body,
			.type = "application/json",
			.own_type = post.type,
			.headers = (char **)g_ptr_array_free(post.headers, FALSE),
			.agent = "reachd-sandbox",
			.must_arrive = true };
		g_free(post.method);
	} else {
		g_ptr_array_free(post.headers, TRUE);
	}
	g_free(key);
	return e;
}

static void
tell_dialect(struct sandbox_people *p, const struct outing *o, const char *type, ms_t at,
    const char *text, const char *code, bool may_lose)
{
	struct sandbox_fate fate = sandbox_faults_event(p->o.faults, may_lose);
	for (int i = 0; i < fate.copies; i++) {
		struct errand *e = dialect_errand(o, type, at, text, code);
		ms_t delay = fate.delay + (i > 0 ? MS_MINUTE : 0);
		if (e == NULL)
			return;
		if (delay == 0) {
			sandbox_post_send(p->o.post, e);
			g_free(e);
		} else {
			heap_push(p, (struct due){ .at = at + delay, .errand = e });
		}
	}
}

static void
tell(struct sandbox_people *p, const struct outing *o, const char *type, ms_t at,
    const char *text, const char *code, bool may_lose)
{
	if (o->dialect != NULL) {
		tell_dialect(p, o, type, at, text, code, may_lose);
		return;
	}
	struct sandbox_fate fate = sandbox_faults_event(p->o.faults, may_lose);
	for (int i = 0; i < fate.copies; i++) {
		char *event = event_json(o, type, at, text, code);
		ms_t delay = fate.delay + (i > 0 ? MS_MINUTE : 0);
		if (delay == 0)
			sandbox_outbox_add(p->o.outbox, o->callback, event);
		else
			heap_push(p, (struct due){ .at = at + delay,
					 .event = event,
					 .callback = o->callback });
	}
}

/* What people do ----------------------------------------------------------------- */

static const char phone_agent[] =
    "Mozilla/5.0 (Linux; Android 14; PGT-AN10) "
    "AppleWebKit/537.36 (KHTML, like Gecko) Chrome/124.0 Mobile Safari/537.36";
static const char scanner_agent[] = "Mozilla/5.0 (compatible; MailScanner/2.1; bot)";

static void
fetch(struct sandbox_people *p, const char *url, const char *agent)
{
	struct errand get = { .method = "GET", .url = g_strdup(url), .agent = agent };
	sandbox_post_send(p->o.post, &get);
}

static void
unsubscribe(struct sandbox_people *p, const struct outing *o, ms_t at)
{
	if (o->unsubscribe[0] == '\0') {
		tell(p, o, "unsubscribe", at, "", "", false);
		return;
	}
	struct errand post = { .method = "POST",
		.url = g_strdup(o->unsubscribe),
		.body = g_strdup("List-Unsubscribe=One-Click"),
		.type = "application/x-www-form-urlencoded",
		.agent = phone_agent,
		.must_arrive = true };
	sandbox_post_send(p->o.post, &post);
}

static void
visit(struct sandbox_people *p, const struct outing *o, ms_t at, int yuan)
{
	if (o->customer[0] == '\0')
		return;
	char when[CLOCK_TEXT];
	char *id = g_strdup_printf("visit-%s", o->ref[0] != '\0' ? o->ref : o->id);
	GString *s = g_string_new("{\"id\":");
	quote_json(s, id);
	quote_json_member(s, "customer", o->customer);
	quote_json_member(s, "type", "visit");
	quote_json_member(s, "at", clock_format(at, CHINA, when));
	g_string_append_printf(s, ",\"data\":{\"amount\":%d.00}}", yuan);
	struct errand post = { .method = "POST",
		.url = g_strconcat(
		    p->o.api != NULL ? p->o.api : o->base, "/v1/events", NULL),
		.body = g_string_free(s, FALSE),
		.type = "application/json",
		.agent = "reachd-sandbox",
		.key = id,
		.bearer = p->o.token,
		.must_arrive = true };
	sandbox_post_send(p->o.post, &post);
}

static void
receipt(struct sandbox_people *p, const struct outing *o, ms_t at)
{
	const struct habits *h = &o->plan;
	tell(p, o, h->delivered ? "delivered" : "failed", at, "", h->perr, true);
}

static void
act(struct sandbox_people *p, const struct outing *o, ms_t at)
{
	const struct habit_act *a = &o->plan.acts[o->next];
	switch (a->kind) {
	case HABIT_SCAN:
		fetch(p, o->links->pdata[a->link], scanner_agent);
		break;
	case HABIT_OPEN:
		if (o->pixel != NULL)
			fetch(p, o->pixel, phone_agent);
		else
			tell(p, o, "open", at, "", "", true);
		break;
	case HABIT_CLICK:
		fetch(p, o->links->pdata[a->link], phone_agent);
		break;
	case HABIT_REPLY:
		tell(p, o, "reply", at, a->text, "", false);
		break;
	case HABIT_UNSUBSCRIBE:
		unsubscribe(p, o, at);
		break;
	case HABIT_COMPLAINT:
		tell(p, o, "complaint", at, "", "", false);
		break;
	case HABIT_VISIT:
		visit(p, o, at, a->yuan);
		break;
	}
}

/* Plays one thing and puts the outing back for its next one. */
static void
play(struct sandbox_people *p, struct due d)
{
	if (d.errand != NULL) {
		sandbox_post_send(p->o.post, d.errand);
		g_free(d.errand);
		return;
	}
	if (d.outing == NULL) {
		sandbox_outbox_add(p->o.outbox, d.callback, d.event);
		return;
	}
	struct outing *o = d.outing;
	if (o->next < 0)
		receipt(p, o, d.at);
	else
		act(p, o, d.at);
	if (++o->next >= o->plan.n) {
		free_outing(o);
		return;
	}
	heap_push(p,
	    (struct due){ .at = o->received + o->plan.acts[o->next].after, .outing = o });
}

static void
on_timer(uv_timer_t *t)
{
	struct sandbox_people *p = t->data;
	ms_t now = sandbox_clock_now(p->o.clock);
	for (int i = 0; i < A_TURN && p->heap->len > 0; i++) {
		if (g_array_index(p->heap, struct due, 0).at > now)
			break;
		play(p, heap_pop(p));
	}
	arm(p);
}

static void
arm(struct sandbox_people *p)
{
	if (p->closed || p->heap->len == 0)
		return;
	ms_t at = g_array_index(p->heap, struct due, 0).at;
	uv_timer_start(&p->timer, on_timer, sandbox_clock_wait(p->o.clock, at), 0);
}

/* A message comes -------------------------------------------------------------- */

static struct memory *
remember(struct sandbox_people *p, uint64_t person, ms_t now)
{
	gint64 key = (gint64)person;
	struct memory *m = g_hash_table_lookup(p->memories, &key);
	if (m == NULL) {
		gint64 *copy = g_new(gint64, 1);
		*copy = key;
		m = g_new0(struct memory, 1);
		m->last = now;
		g_hash_table_insert(p->memories, copy, m);
	}
	double faded = (double)(now - m->last) / (double)(30 * MS_DAY);
	m->recent = faded >= 1 ? 0 : m->recent * (1 - (faded > 0 ? faded : 0));
	m->last = now;
	return m;
}

static void
find_links(struct outing *o, const struct letter *l)
{
	bool html = l->html[0] != '\0';
	sandbox_links_find(html ? l->html : l->text, o->origin, o->links);
	for (guint i = 0; i < o->links->len; i++)
		if (strcmp(o->links->pdata[i], l->unsubscribe) == 0)
			g_ptr_array_remove_index(o->links, i--);
	o->pixel = html ? sandbox_links_pixel(l->html, o->origin) : NULL;
}

static struct outing *
new_outing(const struct letter *l, const char *origin, ms_t now)
{
	struct outing *o = g_new0(struct outing, 1);
	o->channel = l->channel;
	o->to = g_strdup(l->to);
	o->ref = g_strdup(l->ref);
	o->id = g_strdup(l->id);
	o->customer = g_strdup(l->customer);
	o->acc = l->acc;
	o->dialect = l->dialect;
	o->callback = g_intern_string(l->callback);
	o->origin = g_intern_string(origin);
	const char *hooks = strstr(l->callback, "/hooks/");
	char *base = hooks != NULL ? g_strndup(l->callback, (gsize)(hooks - l->callback))
				   : g_strdup(origin);
	o->base = g_intern_string(base);
	g_free(base);
	o->links = g_ptr_array_new_with_free_func(g_free);
	o->received = now;
	o->next = -1;
	bool ours = g_str_has_prefix(l->unsubscribe, origin) &&
		    l->unsubscribe[strlen(origin)] == '/';
	o->unsubscribe = g_strdup(ours ? l->unsubscribe : "");
	find_links(o, l);
	return o;
}

void
sandbox_people_receive(struct sandbox_people *p, const struct letter *l, ms_t now)
{
	char *origin = sandbox_links_origin(l->callback);
	if (origin == NULL)
		return;
	struct outing *o = new_outing(l, origin, now);
	g_free(origin);
	uint64_t person = habits_person(l->to, strlen(l->to));
	struct memory *m = remember(p, person, now);
	struct habits_message hm = {
		.person = person,
		.nth = m->count++,
		.channel = l->channel,
		.category = l->category,
		.text = l->text,
		.links = (int)o->links->len,
		.recent = (int)m->recent,
		.at = now,
		.offset = CHINA,
	};
	m->recent += 1;
	habits_draw(p->o.seed, &hm, &o->plan);
	bool first = p->heap->len == 0 || g_array_index(p->heap, struct due, 0).at >
					      now + o->plan.receipt_after;
	heap_push(p, (struct due){ .at = now + o->plan.receipt_after, .outing = o });
	if (first)
		arm(p);
}

unsigned
sandbox_people_waiting(const struct sandbox_people *p)
{
	return p->heap->len;
}

struct sandbox_people *
sandbox_people_new(const struct sandbox_people_options *options)
{
	struct sandbox_people *p = g_new0(struct sandbox_people, 1);
	p->o = *options;
	p->timer.data = p;
	uv_timer_init(p->o.loop, &p->timer);
	p->heap = g_array_new(FALSE, FALSE, sizeof(struct due));
	p->memories = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, g_free);
	return p;
}

void
sandbox_people_close(struct sandbox_people *p)
{
	p->closed = true;
	uv_close((uv_handle_t *)&p->timer, NULL);
}

void
sandbox_people_free(struct sandbox_people *p)
{
	while (p->heap->len > 0) {
		struct due d = heap_pop(p);
		g_free(d.event);
		free_errand(d.errand);
		if (d.outing != NULL)
			free_outing(d.outing);
	}
	g_array_free(p->heap, TRUE);
	g_hash_table_destroy(p->memories);
	g_free(p);
}
