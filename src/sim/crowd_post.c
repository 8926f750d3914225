#include "crowd_post.h"

#include <string.h>

#include "provider/provider.h"

struct crowd_desk {
	const struct crowd_options *o;
	GHashTable *letters; /* a set; owned */
};

static void
letter_free(gpointer p)
{
	struct crowd_letter *l = p;

	g_free(l->key);
	g_free(l->to);
	g_free(l->text);
	g_free(l->body);
	g_free(l->code);
	g_free(l->ref);
	g_free(l);
}

struct crowd_desk *
crowd_post_new(const struct crowd_options *o)
{
	struct crowd_desk *d = g_new0(struct crowd_desk, 1);

	d->o = o;
	d->letters = g_hash_table_new_full(NULL, NULL, letter_free, NULL);
	return d;
}

void
crowd_post_free(struct crowd_desk *d)
{
	g_hash_table_unref(d->letters);
	g_free(d);
}

struct crowd_letter *
crowd_post_letter(enum crowd_kind kind, const char *account, const char *key,
    const char *to, int channel, const char *text)
{
	struct crowd_letter *l = g_new0(struct crowd_letter, 1);

	l->kind = kind;
	l->account = g_intern_string(account);
	l->key = g_strdup(key);
	l->to = g_strdup(to);
	l->channel = channel;
	l->text = g_strdup(text);
	return l;
}

struct crowd_letter *
crowd_post_copy(const struct crowd_letter *l)
{
	struct crowd_letter *c =
	    crowd_post_letter(l->kind, l->account, l->key, l->to, l->channel, l->text);

	c->complaint = l->complaint;
	c->said = l->said;
	c->body = g_strdup(l->body);
	return c;
}

void
crowd_post_drop(struct crowd_letter *l)
{
	letter_free(l);
}

int
crowd_post_waiting(const struct crowd_desk *d)
{
	GHashTableIter it;
	gpointer p;
	int n = 0;

	g_hash_table_iter_init(&it, d->letters);
	while (g_hash_table_iter_next(&it, &p, NULL))
		n += !((struct crowd_letter *)p)->acked;
	return n;
}

/* ---- handing over ---- */

static void attempt(void *arg);

static void
again(struct crowd_letter *l)
{
	static const ms_t waits[] = { 5 * MS_SECOND, 30 * MS_SECOND, 2 * MS_MINUTE,
		10 * MS_MINUTE };

	sim_at(l->desk->o->sim,
	    sim_true(l->desk->o->sim) +
		waits[MIN(l->tries, (int)G_N_ELEMENTS(waits)) - 1],
	    attempt, l);
	l->open++;
}

static void
maybe_free(struct crowd_letter *l)
{
	if (l->acked && l->open == 0)
		g_hash_table_remove(l->desk->letters, l);
}

static void
answered(void *arg, int status, const char *json)
{
	struct crowd_letter *l = arg;
	const struct crowd_options *o = l->desk->o;

	(void)json;
	l->open--;
	/* 404: what it speaks of is not there, and will not be */
	if (!l->acked && status < 500 && status != 409) {
		const struct crowd_ack a = { .kind = l->kind,
			.account = l->account,
			.key = l->key,
			.to = l->to,
			.channel = l->channel,
			.text = l->text,
			.complaint = l->complaint,
			.said = l->said };

		l->acked = true;
		if (o->acked != NULL && status < 400)
			o->acked(o->arg, &a);
	} else if (!l->acked && o->instant)
		again(l);
	maybe_free(l);
}

static const char *
no_header(const struct hook_request *r, const char *name)
{
	(void)r;
	(void)name;
	return "";
}

static void
webhook(struct crowd_letter *l, struct engine *en)
{
	const struct catalog *cat = engine_catalog(en);
	const struct account *acc = config_account(cat->config, l->account);
	struct arena *a = arena_new();
	struct hook_reply reply = { .status = 200 };
	struct hook_request q = { .method = "POST",
		.path = "",
		.body = l->body,
		.body_len = strlen(l->body),
		.header = no_header,
		.now = sim_true(l->desk->o->sim) };
	struct receipt *r;
	int n;

	if (acc == NULL ||
	    provider_find(acc->type)->hook(acc, cat->config, &q, a, &r, &n, &reply) != 0)
		answered(l, reply.status == 200 ? 503 : reply.status, "");
	else
		engine_receipts(en, acc, r, n, answered, l);
	arena_free(a);
}

static void
hand_over(struct crowd_letter *l, struct engine *en)
{
	static const char phone[] =
	    "Mozilla/5.0 (Linux; Android 14; PGT-AN10) AppleWebKit/537.36 "
	    "(KHTML, like Gecko) Chrome/124.0 Mobile Safari/537.36";
	static const char scanner[] = "Mozilla/5.0 (compatible; MailScanner/2.1; bot)";

	l->open++;
	if (l->kind == CROWD_HIT) {
		const struct engine_hit hit = { .code = l->code,
			.ref = l->ref,
			.agent = l->scanner ? scanner : phone };

		engine_hit(en, &hit, answered, l);
	} else if (l->kind == CROWD_EVENT)
		engine_event(en, l->key, l->body, strlen(l->body), answered, l);
	else if (l->ref != NULL)
		engine_unsubscribe(en, l->ref, answered, l);
	else
		webhook(l, en);
}

static void
attempt(void *arg)
{
	struct crowd_letter *l = arg;
	const struct crowd_options *o = l->desk->o;
	struct engine *en;

	l->open--;
	if (l->acked) {
		maybe_free(l);
		return;
	}
	l->tries++;
	en = o->engine(o->arg);
	/* A watch over a call that a crash swallows; rehearsals have none. */
	if (!o->instant)
		again(l);
	else if (en == NULL)
		again(l);
	if (en != NULL)
		hand_over(l, en);
}

void
crowd_post_send(struct crowd_desk *d, struct crowd_letter *l, ms_t wait)
{
	l->desk = d;
	l->open = 1;
	if (l->said == 0)
		l->said = sim_true(d->o->sim);
	g_hash_table_add(d->letters, l);
	if (wait == 0)
		attempt(l);
	else
		sim_at(d->o->sim, sim_true(d->o->sim) + wait, attempt, l);
}
