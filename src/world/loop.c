/* loop.c - the loop itself: clocks, dice, signals, heartbeat, start and end. */
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/timex.h>
#include <time.h>
#include <unistd.h>

#include <glib.h>

#include "loop_impl.h"

#include "base/check.h"
#include "base/log.h"
#include "world/notify.h"

#define SLOW_NS 2000000u
#define STUCK (10 * MS_SECOND)

static const int signal_numbers[] = { SIGTERM, SIGINT, SIGHUP };

static ms_t
clock_ms(clockid_t id)
{
	struct timespec ts;

	CHECK(clock_gettime(id, &ts) == 0);
	return (ms_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

ms_t
loop_boot(void)
{
	return clock_ms(CLOCK_BOOTTIME);
}

static ms_t
world_boot(struct world *w)
{
	(void)w;
	return loop_boot();
}

static ms_t
world_now(struct world *w)
{
	struct loop *l = loop_of(w);

	if (w->speed == 1)
		return clock_ms(CLOCK_REALTIME);
	return l->options.epoch +
	       (ms_t)(w->speed * (double)(loop_boot() - l->boot_start));
}

/* The kernel knows whether somebody steers its clock; where asking it is not
 * allowed, systemd-timesyncd leaves a file. */
static bool
world_vouched(struct world *w)
{
	struct timex t = { .modes = 0 };

	(void)w;
	return (adjtimex(&t) >= 0 && (t.status & STA_UNSYNC) == 0) ||
	       access("/run/systemd/timesync/synchronized", F_OK) == 0;
}

static void
world_secret(struct world *w, void *buf, size_t len)
{
	char *p = buf;

	(void)w;
	while (len > 0) {
		ssize_t n = getrandom(p, MIN(len, (size_t)256), 0);

		CHECK(n > 0);
		p += n;
		len -= (size_t)n;
	}
}

static uint64_t
world_random(struct world *w)
{
	struct loop *l = loop_of(w);

	if (l->dice_left == 0) {
		world_secret(w, l->dice, sizeof l->dice);
		l->dice_left = (int)G_N_ELEMENTS(l->dice);
	}
	return l->dice[--l->dice_left];
}

static void
world_job(struct world *w, struct job *job)
{
	lane_add(&loop_of(w)->writer, job);
}

static void
world_read(struct world *w, struct job *job)
{
	lane_add(job->slow ? &loop_of(w)->counter : &loop_of(w)->reader, job);
}

static void
world_work(struct world *w, struct job *job)
{
	lane_add(&loop_of(w)->worker, job);
}

void
loop_measure(struct loop *l, const char *what, uint64_t start)
{
	uint64_t took = uv_hrtime() - start;
	ms_t now;

	if (took < SLOW_NS)
		return;
	now = loop_boot();
	l->slow_count++;
	if (now - l->slow_logged < MS_SECOND)
		return;
	log_warn("slow_callback", "what=%s us=%llu count=%d", what,
	    (unsigned long long)(took / 1000), l->slow_count);
	l->slow_logged = now;
	l->slow_count = 0;
}

static void
on_jobs_done(uv_async_t *a)
{
	lane_deliver(a->data);
}

static void
on_turn(uv_prepare_t *p)
{
	struct loop *l = p->data;

	l->progress = loop_boot();
}

struct loop_progress
loop_progress(struct world *w)
{
	struct loop *l = loop_of(w);
	struct loop_progress p = { .loop = l->progress };

	uv_mutex_lock(&l->jobs);
	p.store = l->writer.busy_since;
	uv_mutex_unlock(&l->jobs);
	if (p.store == 0)
		p.store = loop_boot();
	return p;
}

/* Feeds the service manager's watchdog as long as both threads get on. */
static void
on_heartbeat(uv_timer_t *t)
{
	struct loop *l = t->data;
	struct loop_progress p = loop_progress(&l->world);
	ms_t now = loop_boot(), every = notify_watchdog_interval();

	if (now - p.store > STUCK || now - p.loop > STUCK) {
		log_warn("thread_stuck", "store_ms=%lld loop_ms=%lld",
		    (long long)(now - p.store), (long long)(now - p.loop));
		return;
	}
	if (every > 0 && now - l->fed >= every) {
		l->fed = now;
		notify_watchdog();
	}
}

static void
on_signal(uv_signal_t *s, int signum)
{
	struct loop *l = s->data;

	l->options.signalled(l->options.signal_arg, signum);
}

/* What libcurl and OpenSSL would read from it is configuration nobody wrote. */
static void
clear_environment(void)
{
	static const char *const names[] = { "http_proxy", "HTTP_PROXY", "https_proxy",
		"HTTPS_PROXY", "all_proxy", "ALL_PROXY", "no_proxy", "NO_PROXY",
		"SSLKEYLOGFILE" };

	for (size_t i = 0; i < G_N_ELEMENTS(names); i++)
		unsetenv(names[i]);
}

static void
read_boot_id(struct world *w)
{
	char *text = NULL;

	if (g_file_get_contents("/proc/sys/kernel/random/boot_id", &text, NULL, NULL))
		g_strlcpy(w->boot_id, g_strstrip(text), sizeof w->boot_id);
	g_free(text);
}

static void
init_world(struct loop *l)
{
	l->world = (struct world){
		.now = world_now,
		.boot = world_boot,
		.random = world_random,
		.secret = world_secret,
		.timer_set = timers_set_wall,
		.timer_set_boot = timers_set_boot,
		.timer_cancel = timers_cancel,
		.http_start = calls_start,
		.http_cancel = calls_cancel,
		.job_start = world_job,
		.read_start = world_read,
		.work_start = world_work,
		.disk_room = files_room,
		.clock_vouched = world_vouched,
		.files = &files_real,
		.speed = l->options.speed > 0 ? l->options.speed : 1,
	};
	read_boot_id(&l->world);
}

static void
init_uv(struct loop *l)
{
	CHECK(uv_loop_init(&l->uv) == 0);
	CHECK(uv_mutex_init(&l->jobs) == 0 && uv_cond_init(&l->opened) == 0);
	CHECK(uv_async_init(&l->uv, &l->jobs_done, on_jobs_done) == 0);
	CHECK(uv_prepare_init(&l->uv, &l->turn) == 0);
	CHECK(uv_timer_init(&l->uv, &l->heartbeat) == 0);
	l->jobs_done.data = l->turn.data = l->heartbeat.data = l;
	uv_prepare_start(&l->turn, on_turn);
	uv_timer_start(&l->heartbeat, on_heartbeat, 1000, 1000);
	for (size_t i = 0; i < G_N_ELEMENTS(signal_numbers); i++) {
		CHECK(uv_signal_init(&l->uv, &l->signals[i]) == 0);
		l->signals[i].data = l;
		if (l->options.signalled != NULL)
			uv_signal_start(&l->signals[i], on_signal, signal_numbers[i]);
	}
	timers_init(l);
}

struct world *
loop_new(const struct loop_options *o, struct err *e)
{
	struct loop *l = g_new0(struct loop, 1);

	clear_environment();
	signal(SIGPIPE, SIG_IGN);
	l->options = *o;
	l->state_dir = g_strdup(o->state_dir != NULL ? o->state_dir : ".");
	l->ca_file = g_strdup(o->ca_file);
	l->options.state_dir = l->state_dir;
	l->options.ca_file = l->ca_file;
	l->boot_start = l->progress = loop_boot();
	lane_list_init(&l->done);
	init_world(l);
	init_uv(l);
	mailer_init(l);
	lane_init_bare(&l->worker, l);
	if (calls_init(l, e) == 0 && lane_start(&l->writer, l, false, e) == 0 &&
	    lane_start(&l->reader, l, true, e) == 0 &&
	    lane_start(&l->counter, l, true, e) == 0)
		return &l->world;
	loop_free(&l->world);
	return NULL;
}

void
loop_run(struct world *w)
{
	uv_run(&loop_of(w)->uv, UV_RUN_DEFAULT);
}

void
loop_stop(struct world *w)
{
	uv_stop(&loop_of(w)->uv);
}

static void
close_handles(struct loop *l)
{
	for (size_t i = 0; i < G_N_ELEMENTS(l->signals); i++)
		uv_close((uv_handle_t *)&l->signals[i], NULL);
	uv_close((uv_handle_t *)&l->turn, NULL);
	uv_close((uv_handle_t *)&l->heartbeat, NULL);
	uv_close((uv_handle_t *)&l->jobs_done, NULL);
	timers_fini(l);
	loop_watch_close(l);
	mailer_fini(l);
	calls_fini(l);
}

void
loop_free(struct world *w)
{
	struct loop *l = loop_of(w);

	l->closing = true;
	calls_abandon(l);
	mailer_abandon(l);
	lane_stop(&l->worker);
	lane_stop(&l->writer);
	lane_stop(&l->reader);
	lane_stop(&l->counter);
	/* A done() may start more, which comes back at once. */
	while (calls_deliver(l) || mailer_deliver(l) || lane_deliver(l))
		;
	close_handles(l);
	while (
	    uv_run(&l->uv, UV_RUN_DEFAULT) != 0) /* a done() above may have stopped it */
		;
	CHECK(uv_loop_close(&l->uv) == 0);
	uv_cond_destroy(&l->opened);
	uv_mutex_destroy(&l->jobs);
	g_free(l->state_dir);
	g_free(l->ca_file);
	g_free(l);
}
