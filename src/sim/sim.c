/* sim.c - clocks, timers, chance, lives. */
#include "sim_impl.h"

#include <string.h>


/* So many events at one instant are a loop. */
#define STILL_MAX 2000000

static struct sim *
of(struct world *w)
{
	return (struct sim *)w;
}

static ms_t
wall_now(struct world *w)
{
	return agenda_now(of(w)->agenda) + of(w)->wall_off;
}

static ms_t
boot_now(struct world *w)
{
	return agenda_now(of(w)->agenda) - of(w)->boot_base;
}

static uint64_t
chance(struct world *w)
{
	return rng_next(&of(w)->code);
}

static void
secret(struct world *w, void *buf, size_t len)
{
	uint8_t *p = buf;

	while (len-- > 0)
		*p++ = (uint8_t)(rng_next(&of(w)->code) >> 56);
}

/* Somebody on the net knows what time it is. */
static bool
vouched(struct world *w)
{
	return sim_clock_true(of(w));
}

/* ---- timers: impl is the entry of the agenda while one is set ---- */

static void
timer_fires(void *arg)
{
	struct timer *t = arg;

	t->impl = NULL;
	t->fire(t);
}

static void
timer_put(struct sim *s, struct timer *t, ms_t at, bool wall)
{
	if (t->impl == NULL)
		t->impl = agenda_at(s->agenda, at, s->life, timer_fires, t);
	else
		agenda_move(s->agenda, t->impl, at);
	agenda_tie(t->impl, wall);
}

static void
timer_set(struct world *w, struct timer *t, ms_t at)
{
	timer_put(of(w), t, at == MS_NEVER ? MS_NEVER / 2 : at - of(w)->wall_off, true);
}

static void
timer_set_boot(struct world *w, struct timer *t, ms_t at)
{
	timer_put(of(w), t, at == MS_NEVER ? MS_NEVER / 2 : at + of(w)->boot_base, false);
}

static void
timer_cancel(struct world *w, struct timer *t)
{
	if (t->impl != NULL)
		agenda_cancel(of(w)->agenda, t->impl);
	t->impl = NULL;
}

/* ---- the world as a whole ---- */

void
sim_bury(void *remains)
{
	static GPtrArray *grave;

	if (grave == NULL)
		grave = g_ptr_array_new();
	g_ptr_array_add(grave, remains);
}

static void
new_boot(struct sim *s)
{
	s->boots++;
	g_snprintf(s->w.boot_id, sizeof(s->w.boot_id), "00000000-0000-4000-8000-%012d",
	    s->boots);
	s->boot_base = agenda_now(s->agenda) - rng_between(&s->world, 5, 60) * MS_SECOND;
}

struct sim *
sim_new(const struct sim_options *o)
{
	struct sim *s = g_new0(struct sim, 1);

	s->o = *o;
	s->agenda = agenda_new();
	rng_seed(&s->world, o->seed, "world");
	rng_seed(&s->code, o->seed, "code");
	s->wall_off = s->true_off = o->start;
	s->life = 1;
	s->trace = o->seed;
	s->w.now = wall_now;
	s->w.boot = boot_now;
	s->w.random = chance;
	s->w.secret = secret;
	s->w.timer_set = timer_set;
	s->w.timer_set_boot = timer_set_boot;
	s->w.timer_cancel = timer_cancel;
	s->w.clock_vouched = vouched;
	s->w.speed = 1;
	new_boot(s);
	sim_jobs_init(s);
	sim_http_init(s);
	sim_files_init(s);
	return s;
}

void
sim_free(struct sim *s)
{
	if (s == NULL)
		return;
	sim_jobs_kill(s);
	sim_http_free(s);
	agenda_free(s->agenda);
	sim_files_free(s);
	g_free(s);
}

struct world *
sim_world(struct sim *s)
{
	return &s->w;
}

struct sim_faults *
sim_faults(struct sim *s)
{
	return &s->faults;
}

ms_t
sim_true(const struct sim *s)
{
	return agenda_now(s->agenda) + s->true_off;
}

void
sim_at(struct sim *s, ms_t true_time, agenda_fn *fn, void *arg)
{
	agenda_at(s->agenda, true_time - s->true_off, 0, fn, arg);
}

int
sim_run(struct sim *s, ms_t until, struct err *e)
{
	ms_t end = until - s->true_off, last = agenda_now(s->agenda);
	int still = 0;

	while (agenda_next(s->agenda) < end) {
		agenda_step(s->agenda);
		still = agenda_now(s->agenda) == last ? still + 1 : 0;
		last = agenda_now(s->agenda);
		if (still > STILL_MAX)
			return err_set(e, ERR_INTERNAL,
			    "time stands still: something asks again "
			    "and again at one instant");
	}
	agenda_wait(s->agenda, end);
	return 0;
}

void
sim_store(struct sim *s, struct store *store)
{
	s->store = store;
}

void
sim_kill(struct sim *s, bool power)
{
	sim_jobs_kill(s);
	sim_http_kill(s);
	agenda_drop(s->agenda, s->life);
	s->life++;
	s->dying = false;
	s->store = NULL;
	if (power) {
		sim_files_lost(s);
		new_boot(s);
	}
	sim_note(s, power ? 0xdead : 0xd1ed);
}

void
sim_step_clock(struct sim *s, ms_t by)
{
	ms_t to = by == 0 ? s->true_off : s->wall_off + by;

	/* A later wall clock brings what is tied to it nearer. */
	agenda_shift(s->agenda, s->wall_off - to);
	s->wall_off = to;
	sim_note(s, (uint64_t)by);
}

bool
sim_clock_true(const struct sim *s)
{
	return s->wall_off == s->true_off;
}

void
sim_note(struct sim *s, uint64_t what)
{
	uint64_t h = s->trace ^ what ^ (uint64_t)agenda_now(s->agenda) << 20;

	h = (h ^ h >> 32) * UINT64_C(0xd6e8feb86659fd93);
	s->trace = h ^ h >> 29;
}

uint64_t
sim_trace(const struct sim *s)
{
	return s->trace;
}
