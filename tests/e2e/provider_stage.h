/* provider_stage.h - the real daemon, an account of a real service, and the sandbox that speaks
 * its dialect: one customer, one visit, one message.
 *
 * Include after daemon.h. */
#ifndef TESTS_E2E_PROVIDER_STAGE_H
#define TESTS_E2E_PROVIDER_STAGE_H

#include "core/message.h"

struct service {
	const char *type, *channel;
	const char *settings; /* YAML of the account beside name, type, channels, url */
	const char *const *secrets; /* name, value, ... NULL */
	const char *front;          /* lines of the template's front matter */
	const char *text;
	const char *secret; /* the one that a wrong value of makes it refuse */
	/* How fast the clocks go; NULL: 600. Slower where signatures live for minutes. */
	const char *speed;
	bool alone;   /* nobody reacts, only who is told to */
	bool submits; /* by SMTP */
};

#define STAGE_CLOCK_AT(speed) "--epoch", "2026-03-10T10:00:00+08:00", "--speed", speed
#define STAGE_CLOCK STAGE_CLOCK_AT("600")
#define SERVICE_CLOCK(s) STAGE_CLOCK_AT((s)->speed != NULL ? (s)->speed : "600")

static inline void
service_secret(const struct daemon *d, const char *name, const char *value)
{
	char *file = g_strconcat("config/secrets/", name, NULL),
	     *path = g_build_filename(d->dir, file, NULL);

	daemon_file(d, file, value);
	assert_int_equal(g_chmod(path, 0600), 0);
	g_free(path);
	g_free(file);
}

/* The sandbox reads the same file; what it is to believe may be told otherwise with
 * service_secret() before service_start(). */
static inline struct daemon *
service_new(const struct service *s)
{
	struct daemon *d = daemon_new(NULL);
	char *url = s->submits ? g_strdup_printf("smtp://127.0.0.1:%d", d->smtp_port)
			       : g_strdup_printf("http://127.0.0.1:%d/%s/main",
				     d->gateway_port, s->type);
	char *text = g_strdup_printf(
	    "entity: { name: 示例汽车服务, tz: Asia/Shanghai, export_basis: test }\nstate: %s\n"
	    "listen: { public: \"127.0.0.1:%d\", staff: \"127.0.0.1:%d\" }\n"
	    "public_url: http://127.0.0.1:%d\ncredentials: secrets\n"
	    "providers:\n  - name: main\n    type: %s\n    channels: [%s]\n"
	    "    url: %s\n    internal: true\n%s",
	    d->state, d->public_port, d->staff_port, d->public_port, s->type, s->channel,
	    url, s->settings);
	char *file =
	    g_strdup_printf("config/templates/%s/hello/thanks.liquid", s->channel);
	char *template_ = g_strdup_printf(
	    "---\ntitle: thanks\ncategory: service\n%s---\n%s\n", s->front, s->text);

	daemon_file(d, "config/reachd.yaml", text);
	daemon_file(d, "config/templates/sms/hello/thanks.liquid",
	    "---\ntitle: x\n"
	    "category: service\n---\nx\n");
	for (const char *gone[] = { "sms/hello/thanks", "email/hello/letter", NULL },
			**g = gone;
	     *g != NULL; g++) {
		char *path = g_strdup_printf("%s/templates/%s.liquid", d->config, *g);

		g_unlink(path);
		g_free(path);
	}
	daemon_file(d, file, template_);
	daemon_file(d, "config/playbooks/hello.yaml",
	    "playbook: hello\ntitle: 到店\ncategory: service\nstatus: live\n"
	    "start: { on: visit }\n"
	    "steps: [{ id: thanks, after: 1m, send: hello/thanks, expires: 3d }]\n");
	for (const char *const *k = s->secrets; *k != NULL; k += 2)
		service_secret(d, k[0], k[1]);
	g_free(template_);
	g_free(file);
	g_free(text);
	g_free(url);
	return d;
}

/* The sandbox, on the daemon's clock. faults: JSON of `reachd sandbox --help`; NULL: none. */
static inline void
service_gateway(const struct service *s, struct daemon *d, const char *faults)
{
	char *file = g_build_filename(d->dir, "faults.json", NULL);
	char *listen = g_strdup_printf("127.0.0.1:%d", d->gateway_port);
	char *smtp = g_strdup_printf("127.0.0.1:%d", d->smtp_port);
	char *callback = g_strdup_printf("http://127.0.0.1:%d", d->public_port);
	char *config = g_build_filename(d->config, "reachd.yaml", NULL);
	char *log = g_build_filename(d->dir, "gateway.log", NULL);
	const char *argv[] = { daemon_binary, "sandbox", "--listen", listen, "--ledger",
		d->ledger, "--config", config, "--callback", callback, SERVICE_CLOCK(s),
		"--faults", file, "--people", s->alone ? "none" : "some",
		s->submits ? "--smtp" : NULL, smtp, NULL };

	daemon_file(d, "faults.json", faults != NULL ? faults : "{}");
	d->gateway = daemon_spawn(argv, log, log);
	UNTIL(daemon_open(s->submits ? d->smtp_port : d->gateway_port));
	g_free(file);
	g_free(log);
	g_free(config);
	g_free(callback);
	g_free(smtp);
	g_free(listen);
}

/* Daemon and sandbox with one clock, and so many customers. */
static inline void
service_begin(
    const struct service *s, struct daemon *d, int customers, const char *faults)
{
	service_gateway(s, d, faults);
	daemon_start(d, (const char *[]){ SERVICE_CLOCK(s), NULL });
	assert_int_equal(daemon_import(d, customers), 0);
}

static inline void
service_start(const struct service *s, struct daemon *d)
{
	service_begin(s, d, 1, NULL);
}

/* Customer c0, c1, ... */
static inline void
service_visit_of(struct daemon *d, const char *id, int customer)
{
	char *body =
	    g_strdup_printf("{\"id\":\"%s\",\"customer\":\"c%d\",\"type\":\"visit\","
			    "\"at\":\"2026-03-10T09:00:00+08:00\"}",
		id, customer);
	struct answer a;

	assert_in_range(daemon_event(d, id, body, &a), 200, 201);
	answer_free(&a);
	g_free(body);
}

static inline void
service_visit(struct daemon *d, const char *id)
{
	service_visit_of(d, id, 0);
}

static inline int64_t
service_count(struct daemon *d, int state)
{
	char *sql = g_strdup_printf("SELECT count(*) FROM msg WHERE state = %d", state);
	int64_t n = daemon_count(d, sql);

	g_free(sql);
	return n;
}

/* It goes, is taken once, and its receipt comes back. */
static inline void
service_delivers(const struct service *s)
{
	struct daemon *d = service_new(s);

	service_start(s, d);
	service_visit(d, "v1");
	UNTIL(daemon_says(d->ledger, "\"via\":"));
	UNTIL(
	    daemon_count(d, "SELECT count(*) FROM inbox WHERE verdict = 'applied'") > 0);
	UNTIL(service_count(d, MSG_DELIVERED) + service_count(d, MSG_UNDELIVERED) == 1);
	assert_int_equal(daemon_end(d, SIGTERM), 0);
	daemon_free(d);
}

/* The sandbox alone, on the machine's clock. */
static inline void
service_counter(struct daemon *d)
{
	char *listen = g_strdup_printf("127.0.0.1:%d", d->gateway_port);
	char *config = g_build_filename(d->config, "reachd.yaml", NULL);
	const char *argv[] = { daemon_binary, "sandbox", "--listen", listen, "--ledger",
		d->ledger, "--config", config, "--people", "none", NULL };

	d->gateway = daemon_spawn(argv, NULL, NULL);
	UNTIL(daemon_open(d->gateway_port));
	g_free(config);
	g_free(listen);
}

/* The check of that name has this result; no secret is shown anywhere. */
static inline void
probe_is(const struct service *s, const char *text, const char *check, const char *result)
{
	char *row = g_strdup_printf("\"check\":\"%s\",\"result\":\"%s\"", check, result);

	if (strstr(text, row) == NULL)
		fail_msg("%s: no %s in %s", s->type, row, text);
	for (const char *const *k = s->secrets; *k != NULL; k += 2)
		assert_null(strstr(text, k[1]));
	assert_null(strstr(text, "another-key"));
	g_free(row);
}

static inline char *
service_probe(const struct daemon *d, int code)
{
	char *text = NULL;
	int got = daemon_tool(d, &text,
	    (const char *[]){
		"provider", "probe", "main", "--json", "--config", d->config, NULL });

	if (got != code)
		fail_msg("%d: %s", got, text);
	return text;
}

/* Good; then a wrong key, which alone is named; no key; and nobody there. Nothing is sent. */
static inline void
service_probes(const struct service *s)
{
	struct daemon *d = service_new(s);
	char *file = g_build_filename(d->config, "secrets", s->secret, NULL);
	char *named = g_strdup_printf("(credential %s)", s->secret), *text = NULL;

	service_counter(d);
	text = service_probe(d, 0);
	probe_is(s, text, "credentials", "ok");
	probe_is(s, text, "address", "ok");
	probe_is(s, text, "key", "ok");
	probe_is(s, text, "clock", "ok");
	g_free(text);
	service_secret(d, s->secret, "another-key");
	text = service_probe(d, 1);
	probe_is(s, text, "key", "failed");
	probe_is(s, text, "address", "ok");
	assert_true(strstr(text, named) != NULL);
	assert_true(strstr(text, "not accepted: ") != NULL);
	g_free(text);
	g_unlink(file);
	text = service_probe(d, 1);
	probe_is(s, text, "credentials", "failed");
	probe_is(s, text, "address", "ok");
	g_free(text);
	service_secret(d, s->secret, "another-key");
	kill(d->gateway, SIGKILL);
	daemon_wait(d->gateway);
	d->gateway = 0;
	text = service_probe(d, 1);
	probe_is(s, text, "address", "failed");
	probe_is(s, text, "key", "skipped");
	assert_false(daemon_says(d->ledger, "\"via\":"));
	g_free(text);
	g_free(file);
	g_free(named);
	daemon_free(d);
}

/* With a key the service does not know the account stops, and nothing is burnt. */
static inline void
service_freezes(const struct service *s)
{
	struct daemon *d = service_new(s);

	service_start(s, d);
	assert_int_equal(daemon_end(d, SIGTERM), 0);
	service_secret(d, s->secret, "another-key");
	daemon_start(d, (const char *[]){ SERVICE_CLOCK(s), NULL });
	service_visit(d, "v1");
	UNTIL(daemon_says(d->log, "account_frozen"));
	assert_false(daemon_says(d->ledger, "\"via\":"));
	UNTIL(service_count(d, MSG_DUE) == 1);
	daemon_free(d);
}

#endif
