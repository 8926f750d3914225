#include "sim/trial.h"

#include <inttypes.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "../store/sql.h"
#include "base/log.h"
#include "base/zone.h"
#include "sim/hands.h"
#include "sim/people_make.h"
#include "sim/weather.h"
#include "store/balance.h"
#include "store/subject.h"

/* Long enough after the last fault for everything to be settled. */
#define REST (4 * MS_DAY)

struct ground {
	const struct trial_options *o;
	struct rng rng;
	struct town *town;
	struct referee *referee;
	struct weather *weather;
	struct hands *hands;
	GPtrArray *people, *numbers;
	GHashTable *number_of; /* ext -> one of numbers */
	struct arena *arena;
	int64_t first_day;
	int next_person, set;
	bool bad, started;
	bool read_bad; /* the set read last */
	int reloads;
};

/* ---- a bug stops the process: which seed was it? ---- */

static char running[160];

static void
aborted(int sig)
{
	ssize_t n = write(STDERR_FILENO, running, strlen(running));

	(void)n;
	signal(sig, SIG_DFL);
	raise(sig);
}

/* ---- who lives here ---- */

static const char *
zone_for(struct ground *g)
{
	static const char *const zones[] = { "", "Asia/Shanghai", "Asia/Urumqi",
		"America/New_York", "Europe/London", "Australia/Lord_Howe",
		"Pacific/Auckland", "America/St_Johns" };

	return rng_chance(&g->rng, 0.75) ? "Asia/Shanghai"
					 : zones[rng_below(&g->rng, G_N_ELEMENTS(zones))];
}

/* Three who call, and stand in for each other. */
static int
hire(struct ground *g, struct err *e)
{
	static const char *const names[] = { "李明", "王芳", "张伟" };

	for (int i = 0; i < 3; i++) {
		const struct staff f = { .ext = names[i],
			.name = names[i],
			.store = "",
			.role = i == 2 ? "manager" : "advisor",
			.wecom = "",
			.phone = "",
			.deputy = names[(i + 1) % 3],
			.successor = "",
			.attrs = "{}" };

		if (staff_put(town_store(g->town), &f, e) != 0)
			return -1;
	}
	return 0;
}

static int
next_person(void *arg, struct customer *c, struct err *e)
{
	static const char *const tiers[] = { "high", "mid", "mid", "low", "at-risk",
		"weak-tie", "" };
	struct ground *g = arg;

	if (g->next_person == g->o->customers)
		return hire(g, e);
	arena_reset(g->arena);
	people_make(g->arena, g->o->seed, g->next_person++, g->first_day, c);
	c->tz = zone_for(g);
	c->tier = tiers[rng_below(&g->rng, G_N_ELEMENTS(tiers))];
	for (int i = 0; i < CHANNELS; i++)
		if (rng_chance(&g->rng, 0.7))
			c->consent[i] = CONSENT_MARKETING;
	if (*c->address[CHANNEL_SMS] != '\0') {
		if (g->numbers->len > 0 && rng_chance(&g->rng, 0.04))
			c->address[CHANNEL_SMS] = c->address[CHANNEL_PHONE] =
			    g->numbers->pdata[g->numbers->len - 1];
		g_ptr_array_add(g->numbers, g_strdup(c->address[CHANNEL_SMS]));
	}
	g_ptr_array_add(g->people, g_strdup(c->ext));
	if (*c->address[CHANNEL_SMS] != '\0')
		g_hash_table_insert(g->number_of, g->people->pdata[g->people->len - 1],
		    g->numbers->pdata[g->numbers->len - 1]);
	referee_customer(g->referee, c);
	return 1;
}

/* ---- hooks ---- */

static void
started(void *arg)
{
	struct ground *g = arg;

	if (g->weather != NULL)
		weather_started(g->weather);
	if (g->hands != NULL)
		hands_started(g->hands);
}

/* One of the messages that are SENDING, and his number. */
static const char *
victim(void *arg)
{
	struct ground *g = arg;
	struct store *s = town_store(g->town);
	struct err e = { 0 };
	const char *number = NULL;
	struct sql *q;
	int64_t n;

	if (s == NULL)
		return NULL;
	q = sql_get(s,
	    "SELECT c.ext FROM msg m JOIN customer c ON c.id = m.customer WHERE"
	    " m.settle_at IS NOT NULL AND m.state = 1 AND m.channel = 0 ORDER BY m.id");
	n = rng_between(&g->rng, 0, 5);
	while (n-- >= 0 && sql_step(q, &e) == 1)
		number = g_hash_table_lookup(g->number_of, sql_col_text(q, 0));
	sql_end(q);
	return number;
}

static void
came(void *arg, const struct vendor_letter *l)
{
	struct ground *g = arg;

	referee_came(g->referee, l);
	weather_traffic(g->weather);
}

static void
took(void *arg, const struct vendor_letter *l, const struct vendor_taken *t)
{
	struct ground *g = arg;

	(void)t;
	referee_took(g->referee, l, sim_true(town_sim(g->town)));
}

static void
misused(void *arg, const struct vendor_letter *l)
{
	(void)l;
	referee_foul(((struct ground *)arg)->referee, "key: one key with two contents");
}

static void
settles(void *arg, const char *customer)
{
	struct ground *g = arg;

	referee_settles(g->referee, customer, sim_true(town_sim(g->town)));
}

static void
acked(void *arg, const struct crowd_ack *a)
{
	struct ground *g = arg;

	referee_acked(g->referee, a, sim_true(town_sim(g->town)));
}

static void
rose(void *arg, struct store *s)
{
	struct ground *g = arg;

	if (g->started)
		weather_rose(g->weather);
	referee_rose(g->referee, s, g->started);
	g->started = true;
}

static struct catalog *
load(void *arg, struct report *r)
{
	struct ground *g = arg;

	g->read_bad = g->bad;
	if (g->bad) {
		report_add(
		    r, SEV_ERROR, (struct pos){ 0 }, "drawn", "", "a mistake was drawn");
		return NULL;
	}
	return catalog_ref(g->o->sets[g->set]);
}

static void
reloaded(void *arg, int status, const char *json)
{
	struct ground *g = arg;

	/* 409: another one was being published; a good set may plan more calls than this
	 * town's staff have hours for. */
	if (status == 422 && !g->read_bad && strstr(json, " h of calls on ") != NULL)
		return;
	if (status != 409 && (status == 200) == g->read_bad)
		referee_foul(g->referee, "reload: a %s set was answered with %d",
		    g->read_bad ? "bad" : "good", status);
}

static void
reload(void *arg, enum weather_set which)
{
	struct ground *g = arg;

	g->bad = which == SET_BAD;
	g->reloads++;
	g->set = which == SET_FIRST ? 0 : (int)rng_below(&g->rng, (uint64_t)g->o->n_sets);
	/* It may take effect at any instant from now on. */
	if (!g->bad)
		referee_rules(
		    g->referee, sim_true(town_sim(g->town)), g->o->sets[g->set]);
	engine_reload(town_engine(g->town), reloaded, g);
}

/* Words of the log that tell of a bug, not of the weather. */
static bool
tells_of_a_bug(const char *line)
{
	static const char *const words[] = { "undone ", "message_failed ", "run_failed ",
		"query_failed " };

	for (size_t i = 0; i < G_N_ELEMENTS(words); i++)
		if (g_str_has_prefix(line, words[i]))
			return true;
	return false;
}

/* Nothing a person could be found by stands in a log. */
static void
listen_in(void *arg, enum log_level level, const char *line)
{
	struct ground *g = arg;

	(void)level;
	if (g->o->log != NULL)
		fprintf(g->o->log, "%s\n", line);
	if (tells_of_a_bug(line))
		referee_foul(g->referee, "log: %s", line);
	if (strstr(line, "+861") != NULL || strstr(line, "@example") != NULL)
		referee_foul(g->referee, "log: an address stands in a line of the log");
}

/* ---- setting up ---- */

/* The referee counts by the tiers people were given: nothing else rules them here. */
static void
plain_tiers(struct ground *g)
{
	for (int i = 0; i < g->o->n_sets; i++) {
		struct lifecycle *lc = g->o->sets[i]->lifecycle;

		lc->n_tiers = 0;
		lc->at_risk.tier = lc->weak_tie.tier = NULL;
	}
}

static void
draw_classes(struct ground *g)
{
	static const enum settle classes[] = { SETTLE_NONE, SETTLE_RECEIPT, SETTLE_QUERY,
		SETTLE_KEY };

	for (int a = 0; a < g->o->sets[0]->config->n_accounts; a++) {
		enum settle c = classes[rng_below(&g->rng, G_N_ELEMENTS(classes))];

		/* Long enough for what is stuck in the net to be taken after all. */
		for (int i = 0; i < g->o->n_sets; i++)
			if (a < g->o->sets[i]->config->n_accounts) {
				g->o->sets[i]->config->accounts[a].settle = c;
				g->o->sets[i]->config->accounts[a].window =
				    10 * MS_MINUTE;
			}
	}
}

static const char *
sms_account(const struct catalog *cat)
{
	for (int i = 0; i < cat->config->n_accounts; i++)
		if (cat->config->accounts[i].channels >> CHANNEL_SMS & 1)
			return cat->config->accounts[i].name;
	return NULL;
}

static int
set_up(struct ground *g, ms_t start, ms_t heal, struct err *e)
{
	draw_classes(g);
	plain_tiers(g);
	referee_rules(g->referee, start, g->o->sets[0]);
	g->town = town_new(&(struct town_options){ .seed = g->o->seed,
			       .start = start,
			       .catalog = catalog_ref(g->o->sets[0]),
			       .load = load,
			       .load_arg = g,
			       .started = started,
			       .came = came,
			       .took = took,
			       .misused = misused,
			       .acked = acked,
			       .settles = settles,
			       .rose = rose,
			       .arg = g },
	    e);
	if (g->town == NULL || town_settle(g->town, next_person, g, e) != 0)
		return -1;
	g->weather = weather_new(&(struct weather_options){ .seed = g->o->seed,
	    .town = g->town,
	    .referee = g->referee,
	    .start = start,
	    .heal = heal,
	    .faults = g->o->faults,
	    .people = g->people,
	    .numbers = g->numbers,
	    .sms = sms_account(g->o->sets[0]),
	    .reload = reload,
	    .victim = victim,
	    .arg = g });
	g->hands = hands_new(&(struct hands_options){ .seed = g->o->seed,
	    .town = g->town,
	    .referee = g->referee,
	    .start = start,
	    .heal = heal,
	    .people = g->people });
	return town_start(g->town, e);
}

static int
play(struct ground *g, ms_t start, ms_t heal, struct err *e)
{
	ms_t end = start + g->o->days * MS_DAY;
	int day = 0;

	for (ms_t at = start; at < end;) {
		ms_t look = at + rng_between(&g->rng, 20, 28) * MS_HOUR;
		ms_t next = MIN(look, at < heal ? heal : end);

		if (town_run(g->town, next, e) != 0)
			return -1;
		if (next == heal) {
			weather_heal(g->weather);
			hands_heal(g->hands);
		}
		at = next;
		/* Looking costs as much as a large town's day. */
		if (town_store(g->town) != NULL &&
		    (g->o->customers <= 500 || at == end || day++ % 4 == 0))
			referee_books(g->referee, town_store(g->town), at);
		if (referee_verdict(g->referee) != NULL)
			return 0;
	}
	if (town_store(g->town) == NULL)
		return err_set(e, ERR_INTERNAL, "the daemon did not rise again");
	referee_end(g->referee, town_store(g->town), town_vendor(g->town), end);
	if (crowd_waiting(town_crowd(g->town)) > 100)
		referee_foul(g->referee, "end: posts wait to be acknowledged");
	return 0;
}

static void
sum_up(struct ground *g, struct trial *out)
{
	struct balance b = { 0 };
	struct err e = { 0 };

	if (town_store(g->town) != NULL)
		balance_get(town_store(g->town), 0, sim_true(town_sim(g->town)), &b, &e);
	out->touches = b.touches;
	out->sent = b.columns[COLUMN_SENT];
	out->unknown = b.columns[COLUMN_UNKNOWN];
	out->runs = b.runs;
	out->goals = b.goals;
	out->trace = sim_trace(town_sim(g->town));
	out->taken = (int)vendor_count(town_vendor(g->town));
	out->deaths = town_deaths(g->town);
	out->reloads = g->reloads;
	out->orders = hands_done(g->hands);
	g_strlcpy(out->weather, weather_text(g->weather), sizeof(out->weather));
}

int
trial_run(const struct trial_options *o, struct trial *out)
{
	struct ground g = { .o = o,
		.people = g_ptr_array_new_with_free_func(g_free),
		.numbers = g_ptr_array_new_with_free_func(g_free) };
	struct err e = { 0 };
	ms_t start, heal;

	memset(out, 0, sizeof(*out));
	g_snprintf(running, sizeof(running),
	    "stopped in: reachd sim --seed %" PRIu64
	    " --customers %d --days %d --faults %s\n",
	    o->seed, o->customers, o->days, o->faults ? "on" : "off");
	signal(SIGABRT, aborted);
	rng_seed(&g.rng, o->seed, "trial");
	g.arena = arena_new();
	g.number_of = g_hash_table_new(g_str_hash, g_str_equal);
	g.referee = referee_new();
	g.first_day =
	    date_days((struct date){ 2026, 1, 1 }) + rng_between(&g.rng, 0, 600);
	start = zone_instant(o->sets[0]->config->entity.zone, g.first_day,
	    (int)rng_between(&g.rng, 0, 1439));
	heal = start + MAX(o->days * MS_DAY - REST, o->days * MS_DAY / 2);
	log_sink(listen_in, &g);
	if (set_up(&g, start, heal, &e) != 0 || play(&g, start, heal, &e) != 0)
		referee_foul(g.referee, "failed: %s", e.text);
	if (referee_verdict(g.referee) != NULL)
		g_strlcpy(out->foul, referee_verdict(g.referee), sizeof(out->foul));
	if (g.weather != NULL)
		sum_up(&g, out);
	town_free(g.town);
	log_sink(NULL, NULL);
	weather_free(g.weather);
	hands_free(g.hands);
	referee_free(g.referee);
	g_hash_table_unref(g.number_of);
	g_ptr_array_unref(g.people);
	g_ptr_array_unref(g.numbers);
	arena_free(g.arena);
	signal(SIGABRT, SIG_DFL);
	return out->foul[0] != '\0';
}

void
trial_print(const struct trial_options *o, const struct trial *t, FILE *out)
{
	fprintf(
	    out, "seed %" PRIu64 ": %s [weather: %s]\n", o->seed, t->foul, t->weather);
	fprintf(out,
	    "  again: %s sim --seed %" PRIu64 " --customers %d --days %d --faults %s\n",
	    o->program, o->seed, o->customers, o->days, o->faults ? "on" : "off");
}
