/* crowd.c - plans of people, an entry on the agenda at a time. */
#include "sim/crowd.h"

#include <string.h>

#include "crowd_post.h"
#include "provider/quote.h"
#include "sim/habits.h"

#define CHINA 480 /* minutes east of UTC */

struct memory {
	double recent; /* messages, each fading over 30 days */
	ms_t last;
	uint64_t count;
};

/* One message on its way through one person's days. */
struct outing {
	struct crowd *crowd;
	const char *account;
	int channel;
	char *to, *ref, *id, *customer, *pixel;
	GPtrArray *codes; /* of links in it */
	ms_t received;
	struct habits plan;
	int next; /* -1: the receipt, then plan.acts */
};

struct crowd {
	struct crowd_options o;
	struct crowd_faults faults;
	struct rng rng;
	GHashTable *memories;
	struct crowd_desk *desk;
	GHashTable *outings; /* a set, for the end */
	uint64_t said;
};

static void
outing_free(gpointer p)
{
	struct outing *o = p;

	g_free(o->to);
	g_free(o->ref);
	g_free(o->id);
	g_free(o->customer);
	g_free(o->pixel);
	g_ptr_array_unref(o->codes);
	g_free(o);
}

struct crowd *
crowd_new(const struct crowd_options *o)
{
	struct crowd *c = g_new0(struct crowd, 1);

	c->o = *o;
	rng_seed(&c->rng, o->seed, "people");
	c->memories = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, g_free);
	c->outings = g_hash_table_new_full(NULL, NULL, outing_free, NULL);
	c->desk = crowd_post_new(&c->o);
	return c;
}

void
crowd_free(struct crowd *c)
{
	if (c == NULL)
		return;
	crowd_post_free(c->desk);
	g_hash_table_unref(c->outings);
	g_hash_table_unref(c->memories);
	g_free(c);
}

struct crowd_faults *
crowd_faults(struct crowd *c)
{
	return &c->faults;
}

int
crowd_waiting(const struct crowd *c)
{
	return crowd_post_waiting(c->desk);
}

/* ---- what a gateway tells ---- */

static struct crowd_letter *
event_of(
    const struct outing *o, const char *type, ms_t at, const char *text, const char *code)
{
	char *key =
	    g_strdup_printf("%s.%d", *o->ref != '\0' ? o->ref : o->id, o->next + 1);
	char when[CLOCK_TEXT];
	GString *s = g_string_new("{\"events\":[{\"id\":");
	struct crowd_letter *l;

	quote_json(s, key);
	quote_json_member(s, "type", type);
	quote_json_member(s, "ref", o->ref);
	quote_json_member(s, "id_provider", o->id);
	quote_json_member(s, "from", o->to);
	quote_json_member(s, "channel", channel_name(o->channel));
	quote_json_member(s, "text", text);
	quote_json_member(s, "code", code);
	quote_json_member(s, "at", clock_format(at, CHINA, when));
	g_string_append(s, "}]}");
	l = crowd_post_letter(CROWD_RECEIPT, o->account, key, o->to, o->channel, text);
	l->body = g_string_free(s, FALSE);
	g_free(key);
	return l;
}

/* Sends it, with what the way does to it. */
static void
send(struct crowd *c, struct crowd_letter *l, bool may_lose)
{
	ms_t wait = 0;

	if (may_lose && c->faults.lost > 0 && rng_chance(&c->rng, c->faults.lost)) {
		crowd_post_drop(l);
		return;
	}
	if (c->faults.doubled > 0 && rng_chance(&c->rng, c->faults.doubled))
		crowd_post_send(c->desk, crowd_post_copy(l),
		    rng_chance(&c->rng, 0.5) ? 0 : rng_between(&c->rng, 0, MS_DAY));
	if (c->faults.late > 0 && rng_chance(&c->rng, c->faults.late))
		wait = rng_about(&c->rng, 3 * MS_HOUR);
	crowd_post_send(c->desk, l, wait);
}

static void
tell(struct outing *o, enum crowd_kind kind, const char *type, const char *text,
    const char *code)
{
	struct crowd_letter *l = event_of(o, type, sim_true(o->crowd->o.sim), text, code);

	l->kind = kind;
	l->complaint = strcmp(type, "complaint") == 0;
	send(o->crowd, l, kind == CROWD_RECEIPT);
}

/* ---- what people do ---- */

static void
fetch(struct outing *o, const char *code, bool scanner)
{
	struct crowd_letter *l =
	    crowd_post_letter(CROWD_HIT, o->account, "", o->to, o->channel, "");

	l->code = g_strdup(code);
	l->ref = g_strdup(code == NULL ? o->pixel : NULL);
	l->scanner = scanner;
	crowd_post_send(o->crowd->desk, l, 0);
}

static void
unsubscribe(struct outing *o)
{
	struct crowd_letter *l;

	if (o->channel != CHANNEL_EMAIL) {
		tell(o, CROWD_STOP, "unsubscribe", "", "");
		return;
	}
	l = crowd_post_letter(CROWD_STOP, o->account, "", o->to, o->channel, "");
	l->ref = g_strdup(o->ref);
	crowd_post_send(o->crowd->desk, l, 0);
}

void
crowd_event(struct crowd *c, const char *id, const char *customer, const char *type,
    ms_t at, const char *data)
{
	struct crowd_letter *l = crowd_post_letter(CROWD_EVENT, "", id, customer, -1, "");
	GString *s = g_string_new("{\"id\":");
	char when[CLOCK_TEXT];

	quote_json(s, id);
	quote_json_member(s, "customer", customer);
	quote_json_member(s, "type", type);
	quote_json_member(s, "at", clock_format(at, CHINA, when));
	g_string_append_printf(s, ",\"data\":%s}", data);
	l->body = g_string_free(s, FALSE);
	if (c->faults.doubled > 0 && rng_chance(&c->rng, c->faults.doubled))
		crowd_post_send(
		    c->desk, crowd_post_copy(l), rng_between(&c->rng, 0, MS_HOUR));
	crowd_post_send(c->desk, l, 0);
}

void
crowd_say(
    struct crowd *c, const char *account, int channel, const char *from, const char *text)
{
	struct outing o = {
		.crowd = c, .account = account, .channel = channel, .next = -1
	};
	char id[32];

	g_snprintf(id, sizeof(id), "said-%" G_GUINT64_FORMAT, c->said++);
	o.to = (char *)(uintptr_t)from;
	o.ref = (char *)(uintptr_t) "";
	o.id = id;
	tell(&o, CROWD_REPLY, "reply", text, "");
}

static void
visit(struct outing *o, int yuan)
{
	char *id = g_strdup_printf("visit-%s", o->ref), data[48];

	g_snprintf(data, sizeof(data), "{\"amount\":%d.00}", yuan);
	if (*o->customer != '\0')
		crowd_event(
		    o->crowd, id, o->customer, "visit", sim_true(o->crowd->o.sim), data);
	g_free(id);
}

static void
act(struct outing *o)
{
	const struct habit_act *a = &o->plan.acts[o->next];

	switch (a->kind) {
	case HABIT_SCAN:
	case HABIT_CLICK:
		fetch(o, o->codes->pdata[a->link], a->kind == HABIT_SCAN);
		break;
	case HABIT_OPEN:
		if (o->pixel != NULL)
			fetch(o, NULL, false);
		else
			tell(o, CROWD_RECEIPT, "open", "", "");
		break;
	case HABIT_REPLY:
		tell(o, CROWD_REPLY, "reply", a->text, "");
		break;
	case HABIT_UNSUBSCRIBE:
		unsubscribe(o);
		break;
	case HABIT_COMPLAINT:
		tell(o, CROWD_STOP, "complaint", "", "");
		break;
	case HABIT_VISIT:
		visit(o, a->yuan);
		break;
	}
}

/* ---- a message comes ---- */

static void
goes_on(void *arg)
{
	struct outing *o = arg;
	struct crowd *c = o->crowd;
	const struct habits *h = &o->plan;

	if (o->next < 0)
		tell(
		    o, CROWD_RECEIPT, h->delivered ? "delivered" : "failed", "", h->perr);
	else
		act(o);
	if (++o->next < h->n)
		sim_at(c->o.sim, o->received + h->acts[o->next].after, goes_on, o);
	else
		g_hash_table_remove(c->outings, o);
}

static struct memory *
remember(struct crowd *c, uint64_t person, ms_t now)
{
	gint64 key = (gint64)person;
	struct memory *m = g_hash_table_lookup(c->memories, &key);
	double faded;

	if (m == NULL) {
		m = g_new0(struct memory, 1);
		m->last = now;
		g_hash_table_insert(c->memories, g_memdup2(&key, sizeof(key)), m);
	}
	faded = (double)(now - m->last) / (double)(30 * MS_DAY);
	m->recent = faded >= 1 ? 0 : m->recent * (1 - MAX(faded, 0));
	m->last = now;
	return m;
}

/* Short links by their path: /l/ and ten characters. */
static void
find_links(struct outing *o, const char *text)
{
	for (const char *p = text; (p = strstr(p, "/l/")) != NULL; p += 3)
		if (strspn(p + 3, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqr"
				  "stuvwxyz") >= 10)
			g_ptr_array_add(o->codes, g_strndup(p + 3, 10));
}

static void
find_pixel(struct outing *o, const char *html)
{
	const char *p = strstr(html, "/o/");

	if (p != NULL && strlen(p + 3) >= 24 + 4 && memcmp(p + 3 + 24, ".gif", 4) == 0)
		o->pixel = g_strndup(p + 3, 24);
}

void
crowd_receive(
    struct crowd *c, const struct vendor_letter *l, const struct vendor_taken *t)
{
	ms_t now = sim_true(c->o.sim);
	uint64_t person = habits_person(l->to, strlen(l->to));
	struct memory *m;
	struct outing *o;

	if (c->o.silent)
		return;
	m = remember(c, person, now);
	o = g_new0(struct outing, 1);
	o->crowd = c;
	o->account = l->account;
	o->channel = l->channel;
	o->to = g_strdup(l->to);
	o->ref = g_strdup(l->ref);
	o->id = g_strdup(t->id);
	o->customer = g_strdup(l->customer);
	o->codes = g_ptr_array_new_with_free_func(g_free);
	o->received = now;
	o->next = -1;
	find_links(o, *l->html != '\0' ? l->html : l->text);
	find_pixel(o, l->html);
	habits_draw(c->o.seed,
	    &(struct habits_message){ .person = person,
		.nth = m->count++,
		.channel = (enum channel)l->channel,
		.category = (enum category)l->category,
		.text = l->text,
		.links = (int)o->codes->len,
		.recent = (int)m->recent,
		.at = now,
		.offset = CHINA,
		.rates = c->o.rates == NULL
			     ? NULL
			     : c->o.rates(c->o.arg, l->msg, l->channel) },
	    &o->plan);
	m->recent += 1;
	g_hash_table_add(c->outings, o);
	if (c->faults.early > 0 && rng_chance(&c->rng, c->faults.early))
		o->plan.receipt_after = 0;
	sim_at(c->o.sim, now + o->plan.receipt_after, goes_on, o);
}
