/* sandbox.c - `reachd sandbox`: stands in for gateways and the people behind them. */
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>

#include <uv.h>

#include "base/check.h"
#include "base/log.h"
#include "base/report.h"
#include "sandbox_desk.h"
#include "sandbox_options.h"
#include "sandbox_smtp.h"
#include "spec/single.h"

int cmd_sandbox(int argc, char **argv);

struct sandbox {
	struct sandbox_options options;
	struct sandbox_faults faults;
	uv_loop_t loop;
	uv_prepare_t before; /* the loop waits */
	uv_check_t after;
	uv_signal_t term, interrupt;
	struct sandbox_book *book;
	struct sandbox_post *post;
	struct sandbox_outbox *outbox;
	struct sandbox_people *people;
	struct sandbox_desk *desk;
	struct sandbox_http *http;
	struct sandbox_smtp *smtp; /* NULL: no mail */
	struct arena *arena; /* the accounts of --config */
	const struct config *config;
	struct err err;
};

/* Once before and once after the loop waits: what came in this turn becomes
 * durable together, then is answered together. */
static void
turn(struct sandbox *s)
{
	if (sandbox_desk_commit(s->desk, &s->err) != 0)
		uv_stop(&s->loop);
	else if (s->smtp != NULL)
		sandbox_smtp_commit(s->smtp);
	sandbox_outbox_flush(s->outbox);
}

static void
on_before(uv_prepare_t *h)
{
	turn(h->data);
}

static void
on_after(uv_check_t *h)
{
	turn(h->data);
}

static void
on_signal(uv_signal_t *h, int signum)
{
	(void)signum;
	uv_stop(h->loop);
}

static int
open_config(struct sandbox *s, struct err *e)
{
	struct report *r = report_new();
	int rc = 0;
	s->arena = arena_new();
	s->config = single_config_secrets(s->arena, s->options.config, r);
	if (s->config == NULL) {
		report_print(r, stderr);
		rc = err_set(e, ERR_INPUT, "--config %s is not usable", s->options.config);
	}
	report_free(r);
	return rc;
}

static int
open_store(struct sandbox *s, struct err *e)
{
	const struct sandbox_options *o = &s->options;
	if (o->config != NULL && open_config(s, e) != 0)
		return -1;
	if (sandbox_faults_load(&s->faults, o->faults, o->seed, e) != 0)
		return -1;
	s->book = sandbox_book_open(
	    o->ledger, o->key_ttl, sandbox_clock_real(), sandbox_clock_boot(), e);
	return s->book != NULL ? 0 : -1;
}

static int
open_people(struct sandbox *s, struct err *e)
{
	const struct sandbox_options *o = &s->options;
	s->post = sandbox_post_open(&s->loop, e);
	if (s->post == NULL)
		return -1;
	s->outbox = sandbox_outbox_new(s->post);
	struct sandbox_people_options p = { &s->loop, &s->options.clock, &s->faults,
		s->post, s->outbox, o->seed, o->api, o->token };
	if (o->people)
		s->people = sandbox_people_new(&p);
	return 0;
}

static int
open_counter(struct sandbox *s, struct err *e)
{
	const struct sandbox_options *o = &s->options;
	struct sandbox_desk_options d = { &s->loop, &s->options.clock, s->book,
		&s->faults, s->people, s->post, s->outbox, o->callback, s->config,
		o->window };
	s->desk = sandbox_desk_new(&d);
	s->http = sandbox_http_open(&s->loop, o->listen, sandbox_desk_handle, s->desk, e);
	if (s->http == NULL)
		return -1;
	if (o->smtp != NULL && (s->smtp = sandbox_smtp_open(&d, o->smtp, e)) == NULL)
		return -1;
	return 0;
}

static void
watch(struct sandbox *s)
{
	s->before.data = s->after.data = s;
	uv_prepare_init(&s->loop, &s->before);
	uv_prepare_start(&s->before, on_before);
	uv_check_init(&s->loop, &s->after);
	uv_check_start(&s->after, on_after);
	uv_signal_init(&s->loop, &s->term);
	uv_signal_start(&s->term, on_signal, SIGTERM);
	uv_signal_init(&s->loop, &s->interrupt);
	uv_signal_start(&s->interrupt, on_signal, SIGINT);
}

static void
unwatch(struct sandbox *s)
{
	uv_close((uv_handle_t *)&s->before, NULL);
	uv_close((uv_handle_t *)&s->after, NULL);
	uv_close((uv_handle_t *)&s->term, NULL);
	uv_close((uv_handle_t *)&s->interrupt, NULL);
}

static void
close_all(struct sandbox *s)
{
	if (s->desk != NULL)
		sandbox_desk_close(s->desk);
	if (s->http != NULL)
		sandbox_http_close(s->http);
	if (s->smtp != NULL)
		sandbox_smtp_close(s->smtp);
	if (s->people != NULL)
		sandbox_people_close(s->people);
	if (s->post != NULL)
		sandbox_post_close(s->post);
	uv_run(&s->loop, UV_RUN_DEFAULT);
	CHECK(uv_loop_close(&s->loop) == 0);
	if (s->http != NULL)
		sandbox_http_free(s->http);
	if (s->smtp != NULL)
		sandbox_smtp_free(s->smtp);
	if (s->desk != NULL)
		sandbox_desk_free(s->desk);
	if (s->people != NULL)
		sandbox_people_free(s->people);
	if (s->outbox != NULL)
		sandbox_outbox_free(s->outbox);
	if (s->post != NULL)
		sandbox_post_free(s->post);
	if (s->book != NULL)
		sandbox_book_close(s->book);
	if (s->arena != NULL)
		arena_free(s->arena);
}

static void
serve(struct sandbox *s)
{
	watch(s);
	printf("sandbox listening on %s, ", sandbox_http_address(s->http));
	if (s->smtp != NULL)
		printf("mail on %s, ", sandbox_smtp_address(s->smtp));
	printf("ledger %s, taken before %" PRIu64 ", seed %" PRIu64 "\n", s->options.ledger,
	    sandbox_book_count(s->book), s->options.seed);
	fflush(stdout);
	uv_run(&s->loop, UV_RUN_DEFAULT);
	struct sandbox_post_counts c = sandbox_post_counts(s->post);
	log_info("sandbox-stopped",
	    "taken=%" PRIu64 " posted=%" PRIu64 " given_up=%" PRIu64,
	    sandbox_book_count(s->book), c.sent, c.given_up);
	unwatch(s);
}

static int
run(struct sandbox *s, struct err *e)
{
	signal(SIGPIPE, SIG_IGN);
	uv_loop_init(&s->loop);
	int rc = open_store(s, e);
	if (rc == 0)
		rc = open_people(s, e);
	if (rc == 0)
		rc = open_counter(s, e);
	if (rc == 0)
		serve(s);
	if (rc == 0 && s->err.kind != ERR_NONE) {
		*e = s->err;
		rc = -1;
	}
	close_all(s);
	return rc;
}

int
cmd_sandbox(int argc, char **argv)
{
	struct sandbox s = { 0 };
	struct err e = { 0 };
	int rc = sandbox_options_read(&s.options, argc, argv, &e);
	if (rc == 0 && s.options.help)
		printf("%s%s", sandbox_options_help, sandbox_faults_help);
	else if (rc == 0)
		rc = run(&s, &e);
	sandbox_options_clear(&s.options);
	if (rc == 0)
		return 0;
	if (e.at.file != NULL)
		fprintf(stderr, "%s:%d:%d: %s\n", e.at.file, e.at.line, e.at.col, e.text);
	else
		fprintf(stderr, "reachd sandbox: %s\n", e.text);
	if (e.kind == ERR_USAGE)
		fputs("try: reachd sandbox --help\n", stderr);
	return err_exit_code(&e);
}
