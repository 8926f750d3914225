/* referee.c - what the gateways see: request by request. */
#include <stdarg.h>
#include <string.h>

#include "referee_impl.h"

/* A transaction that began under the old set may leave so much later. */
#define OVERLAP MS_MINUTE
/* The clock is looked at every second. */
#define CLOCK_LOOK (MS_SECOND + 200)

static void
resident_free(gpointer p)
{
	g_free(((struct resident *)p)->tier);
	g_free(p);
}

static void
names_free(gpointer p)
{
	g_ptr_array_unref(p);
}

struct referee *
referee_new(void)
{
	struct referee *r = g_new0(struct referee, 1);

	r->residents =
	    g_hash_table_new_full(g_str_hash, g_str_equal, g_free, resident_free);
	r->living = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, names_free);
	r->stops = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	r->starts = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	r->greetings = g_array_new(FALSE, FALSE, sizeof(int64_t));
	r->taken = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
	r->acks = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	r->events = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	r->rules = g_array_new(FALSE, FALSE, sizeof(struct rules));
	referee_hands_init(r);
	return r;
}

void
referee_free(struct referee *r)
{
	g_hash_table_unref(r->residents);
	g_hash_table_unref(r->living);
	g_hash_table_unref(r->stops);
	g_hash_table_unref(r->starts);
	g_array_unref(r->greetings);
	g_hash_table_unref(r->taken);
	g_hash_table_unref(r->acks);
	g_hash_table_unref(r->events);
	for (guint i = 0; i < r->rules->len; i++)
		catalog_unref(g_array_index(r->rules, struct rules, i).cat);
	g_array_unref(r->rules);
	referee_hands_free(r);
	g_free(r);
}

const char *
referee_verdict(const struct referee *r)
{
	return r->foul[0] == '\0' ? NULL : r->foul;
}

void
referee_foul(struct referee *r, const char *fmt, ...)
{
	va_list ap;

	if (r->foul[0] != '\0')
		return;
	va_start(ap, fmt);
	g_vsnprintf(r->foul, sizeof(r->foul), fmt, ap);
	va_end(ap);
}

/* ---- what it is told ---- */

void
referee_customer(struct referee *r, const struct customer *c)
{
	struct resident *who = g_new0(struct resident, 1);

	who->tier = g_strdup(c->tier);
	who->zone = *c->tz != '\0' ? zone_get(c->tz) : NULL;
	g_hash_table_insert(r->residents, g_strdup(c->ext), who);
	for (int i = 0; i < CHANNELS; i++) {
		GPtrArray *names;

		if (*c->address[i] == '\0')
			continue;
		names = g_hash_table_lookup(r->living, c->address[i]);
		if (names == NULL) {
			names = g_ptr_array_new_with_free_func(g_free);
			g_hash_table_insert(r->living, g_strdup(c->address[i]), names);
		}
		g_ptr_array_add(names, g_strdup(c->ext));
	}
}

void
referee_rules(struct referee *r, ms_t now, struct catalog *cat)
{
	struct rules in_force = { now, catalog_ref(cat) };

	g_array_append_val(r->rules, in_force);
}

void
referee_rules_at(const struct referee *r, ms_t at, const struct catalog **now,
    const struct catalog **before)
{
	guint i = r->rules->len - 1;

	while (i > 0 && g_array_index(r->rules, struct rules, i).from > at)
		i--;
	*now = g_array_index(r->rules, struct rules, i).cat;
	*before = i > 0 && at - g_array_index(r->rules, struct rules, i).from < OVERLAP
		      ? g_array_index(r->rules, struct rules, i - 1).cat
		      : NULL;
}

void
referee_clock(struct referee *r, ms_t now, bool wrong)
{
	r->wrong_since = wrong ? now : 0;
}

static char *
place(int channel, const char *address)
{
	return g_strdup_printf("%d %s", channel, address);
}

void
referee_start_word(struct referee *r, int channel, const char *from, ms_t now)
{
	char *key = place(channel, from);

	g_hash_table_remove(r->stops, key);
	g_hash_table_insert(r->starts, key, g_memdup2(&now, sizeof(now)));
}

static void
block(struct referee *r, const char *address, ms_t said, ms_t now)
{
	GPtrArray *names = g_hash_table_lookup(r->living, address);

	for (guint i = 0; names != NULL && i < names->len; i++) {
		struct resident *who = g_hash_table_lookup(r->residents, names->pdata[i]);

		/* Which of the two came first, if they crossed, only the engine knows. */
		if (who->blocked == 0 && (who->settles == 0 || said > who->settles) &&
		    referee_lives_at(r, address, names->pdata[i]))
			who->blocked = now;
	}
}

void
referee_settles(struct referee *r, const char *ext, ms_t now)
{
	struct resident *who = g_hash_table_lookup(r->residents, ext);

	if (who == NULL)
		return;
	who->blocked = 0;
	who->settles = now;
}

void
referee_acked(struct referee *r, const struct crowd_ack *a, ms_t now)
{
	enum referee_word word = a->kind == CROWD_REPLY  ? referee_word(a->text)
				 : a->kind != CROWD_STOP ? WORD_NONE
				 : a->complaint          ? WORD_COMPLAINT
							 : WORD_STOP;
	GHashTable *heard = a->kind == CROWD_EVENT ? r->events : r->acks;
	bool anew = *a->key == '\0';
	ms_t *started;
	char *key;

	/* What is told a second time happened once, before it was settled. */
	if (a->kind == CROWD_EVENT)
		anew = g_hash_table_insert(heard, g_strdup(a->key), g_strdup(a->to));
	else if (*a->key != '\0')
		anew = g_hash_table_insert(
		    heard, g_strconcat(a->account, " ", a->key, NULL), g_strdup(a->to));
	if (word == WORD_NONE)
		return;
	if (word == WORD_COMPLAINT && anew)
		block(r, a->to, a->said, now);
	if (word != WORD_STOP)
		return;
	key = place(a->channel, a->to);
	started = g_hash_table_lookup(r->starts, key);
	if (started != NULL && *started >= a->said)
		g_free(key);
	else
		g_hash_table_insert(r->stops, key, g_memdup2(&now, sizeof(now)));
}

/* ---- requests ---- */

static const char *
quiet_under(const struct catalog *cat, const struct resident *who,
    const struct vendor_letter *l, bool greeting)
{
	return referee_quiet(cat->policy, config_account(cat->config, l->account),
	    who->zone != NULL ? who->zone : cat->config->entity.zone, l->channel,
	    l->category, false, greeting, l->at);
}

static void
judge_time(struct referee *r, const struct resident *who, const struct vendor_letter *l)
{
	const struct catalog *now, *before;
	struct vendor_letter wire = *l;
	const char *rule;
	char at[CLOCK_TEXT];

	referee_rules_at(r, l->left, &now, &before);
	/* What the net holds up longer than an exchange may take is not our doing. */
	wire.at = MIN(l->at, l->left + 15 * MS_SECOND);
	l = &wire;
	rule = quiet_under(now, who, l, false);
	if (rule != NULL && before != NULL)
		rule = quiet_under(before, who, l, false);
	if (rule != NULL && (quiet_under(now, who, l, true) == NULL ||
				(before != NULL && quiet_under(before, who, l, true) == NULL)))
		g_array_append_val(r->greetings, l->msg); /* is it one? The books tell */
	else if (rule != NULL)
		referee_foul(r,
		    "quiet: a %s request began at %s, inside or too near to %s",
		    channel_name(l->channel), clock_format(l->at, 480, at), rule);
	if (l->left >= l->expires)
		referee_foul(r,
		    "expired: a request began %" G_GINT64_FORMAT
		    " s after its message's last use",
		    (l->left - l->expires) / 1000);
	if (r->wrong_since != 0 && l->left > r->wrong_since + CLOCK_LOOK)
		referee_foul(r,
		    "clock: a request began %" G_GINT64_FORMAT
		    " ms after the clock had jumped",
		    l->left - r->wrong_since);
}

void
referee_came(struct referee *r, const struct vendor_letter *l)
{
	struct resident *who = g_hash_table_lookup(r->residents, l->customer);
	GPtrArray *names = g_hash_table_lookup(r->living, l->to);
	ms_t *since;
	char *key;

	if (l->msg == 0 || who == NULL || names == NULL) {
		referee_foul(r, "wire: a request for nobody we know");
		return;
	}
	if (!g_ptr_array_find_with_equal_func(names, l->customer, g_str_equal, NULL))
		referee_foul(r, "wire: a message went to another customer's address");
	judge_time(r, who, l);
	referee_hands_came(r, l);
	if (who->blocked != 0 && l->left > who->blocked)
		referee_foul(
		    r, "complaint: a request began after a complaint was acknowledged");
	key = place(l->channel, l->to);
	since = g_hash_table_lookup(r->stops, key);
	if (l->category == CATEGORY_MARKETING && since != NULL && l->left > *since)
		referee_foul(r,
		    "opt-out: a %s request began %" G_GINT64_FORMAT
		    " ms after an opt-out was acknowledged",
		    channel_name(l->channel), l->left - *since);
	g_free(key);
}

void
referee_took(struct referee *r, const struct vendor_letter *l, ms_t now)
{
	(void)now;
	referee_hands_took(r, l);
	if (!g_hash_table_add(r->taken, g_memdup2(&l->msg, sizeof(l->msg))))
		referee_foul(
		    r, "twice: a message was taken a second time (attempt %d)", l->n);
}
