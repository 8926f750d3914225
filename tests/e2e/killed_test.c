/* killed_test.c - a daemon that is killed again and again, by each way of settling, with a real
 * service's dialect: nobody has a message twice, whoever is promised one has it, and every
 * message ends where its class may leave it.
 *
 *	KILLS=100 ONLY=resend killed_test
 *
 * All rows at the same time, each with a daemon and a gateway of its own. A third of the
 * answers is faulty until faults end; then everything settles. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/clock.h"
#include "daemon.h"

#include "services.h"

#include "killed.h"

#define EPOCH INT64_C(1773108000000) /* 2026-03-10 10:00 in China */
#define SPEED 60
#define KILLS 6
#define SLICE 6 /* customers between two kills */
#define PEOPLE_MAX 6000

static const char storm[] =
    "{\"error_before\":0.04,\"error_after\":0.06,\"timeout_before\":0.02,"
    "\"timeout_after\":0.03,\"drop_before\":0.03,\"drop_after\":0.06,\"cut\":0.05,"
    "\"garbage\":0.05,\"slow\":0.3,\"timeout_ms\":300,\"slow_ms\":80,"
    "\"only_first\":%d}";
/* A mail server's "not now" is kept for minutes. */
static const char mail_storm[] =
    "{\"timeout_before\":0.02,\"timeout_after\":0.03,\"drop_before\":0.03,"
    "\"drop_after\":0.05,\"cut\":0.04,\"garbage\":0.04,\"slow\":0.3,\"timeout_ms\":300,"
    "\"slow_ms\":80,\"only_first\":%d}";

struct row {
	const char *name;
	const struct class_ *class_;
	const struct service *service;
	const char *settings; /* more of them; NULL: none */
	const char *front;    /* of a marketing text; %d: the step */
	const char *text;
	bool service_text; /* no marketing, of which a telephone gets few */
	bool answers;      /* only: everybody has written in before */
	bool deaf; /* no receipts: they would settle it before it is asked again */
};

#define LETTER                                                   \
	.front = "subject: '广告：{{ customer.id }} 99447%d'\n", \
	.text = "<p>您好</p><p><a href=\"{{ message.unsubscribe }}\">退订</a>"
#define SHORT .front = "", .text = "{{ customer.id }} 99447%d 拒收请回复R"
#define REPLY .front = "", .text = "{{ customer.id }} 99447%d（回复TD退订）"
#define REGISTERED .text = "{{ customer.id }} 您好，拒收请回复R"
#define SMS_ALIYUN                                                                      \
	REGISTERED, .front =                                                            \
			"providers: { aliyun: { template_code: SMS_99447%d, params: { " \
			"name: customer.id } } }\n"
#define SMS_TENCENT                                                                  \
	REGISTERED, .front =                                                         \
			"providers: { tencent: { template_id: \"99447%d\", params: " \
			"[customer.id] } }\n"
#define SUFFIX "    optout_suffix: 拒收请回复R\n    signature: 示例汽车服务\n"

static const struct row rows[] = {
	{ "resend", &by_key, &resend, NULL, LETTER, .deaf = true },
	{ "resend with receipts", &by_key, &resend, NULL, LETTER },
	{ "aliyun", &by_query, &aliyun, SUFFIX, SMS_ALIYUN, .deaf = true },
	{ "aliyun with receipts", &by_query, &aliyun, SUFFIX, SMS_ALIYUN },
	{ "postmark", &by_finding, &postmark, NULL, LETTER },
	{ "sendgrid", &by_receipt, &sendgrid, NULL, LETTER },
	{ "ses", &by_receipt, &ses, NULL, LETTER },
	{ "mailgun", &by_finding, &mailgun, NULL, LETTER },
	{ "directmail", &by_receipt, &directmail, NULL, LETTER },
	{ "twilio", &by_finding, &twilio, SUFFIX, SHORT },
	{ "tencent", &by_id, &tencent, SUFFIX, SMS_TENCENT },
	{ "jpush", &by_given, &jpush_service, NULL, REPLY, .service_text = true },
	{ "smtp", &by_nothing, &smtp, NULL, LETTER },
	{ "wecom", &by_search, &wecom, "    rule: month_days\n", REPLY },
	{ "wecom-kf", &by_key, &wecom_kf, NULL, REPLY, .answers = true },
};

/* ---- the stage ---- */

struct stage {
	const struct row *row;
	struct service service;
	struct killed k;
	char *settings;
	int64_t boot; /* when the wall stood at EPOCH */
	int kills;
	GRand *dice;
};

static void
write_texts(struct stage *s)
{
	const char *category = s->row->service_text ? "service" : "marketing";
	char *playbook;

	for (int step = 1; step <= KILLED_STEPS; step++) {
		char *front = g_strdup_printf(s->row->front, step),
		     *text = g_strdup_printf(s->row->text, step),
		     *all = g_strdup_printf("---\ntitle: t\ncategory: %s\n%s---\n%s\n",
			 category, front, text),
		     *name = g_strdup_printf("config/templates/%s/hello/t%d.liquid",
			 s->service.channel, step);

		daemon_file(s->k.d, name, all);
		g_free(name);
		g_free(all);
		g_free(text);
		g_free(front);
	}
	playbook =
	    g_strdup_printf("playbook: hello\ntitle: 到店\ncategory: %s\nstatus: live\n"
			    "start: { on: visit }\nsteps:\n"
			    "  - { id: a, after: 1m, send: hello/t1, expires: 3d }\n"
			    "  - { id: b, after: 1m, send: hello/t2, expires: 3d }\n",
		category);
	daemon_file(s->k.d, "config/playbooks/hello.yaml", playbook);
	g_free(playbook);
}

static void
write_rules(const struct daemon *d)
{
	daemon_file(d, "config/policy.yaml",
	    "quiet: [{ id: night, from: \"02:00\", to: \"03:00\" }]\n"
	    "tiers: { high: { cap: 12, channels: [sms, wecom, push, email] },\n"
	    "  low: { cap: 12, channels: [sms, wecom, push, email] } }\n"
	    "limits: [{ window: 1m, max: 1000, category: marketing }]\n"
	    "min_gap: none\nlookahead: 1m\nservice: { per_day: 50, per_month: 500 }\n"
	    "launch: { countdown: off, ramp: off, confirm: off }\n");
}

static void
write_people(const struct stage *s)
{
	GString *csv = g_string_new("id,name,phone,email,wecom,push,consent\n");

	for (int i = 0; i < s->k.people; i++)
		g_string_append_printf(csv,
		    "K%05d,李静,+861551%07d,c%d@example.com,wm%d,device-%d,marketing\n",
		    i, i, i, i, i);
	daemon_file(s->k.d, "c.csv", csv->str);
	g_string_free(csv, TRUE);
}

/* Wall clocks go on where they stood, also over a restart. */
static void
begin(struct stage *s)
{
	char epoch[CLOCK_TEXT];

	clock_format(EPOCH + SPEED * (daemon_boot() - s->boot), 480, epoch);
	daemon_begin(s->k.d,
	    (const char *[]){ "--epoch", epoch, "--speed", s->service.speed, NULL });
}

static void
start(struct stage *s)
{
	begin(s);
	UNTIL(daemon_up(s->k.d));
}

static void
import(const struct stage *s, const char *what, const char *file)
{
	char *path = g_build_filename(s->k.d->dir, file, NULL), *text = NULL;

	if (daemon_tool(s->k.d, &text,
		(const char *[]){
		    "import", what, path, "--socket", s->k.d->socket, NULL }) != 0)
		fail_msg("%s", text);
	g_free(text);
	g_free(path);
}

static void
stage_open(
    struct stage *s, const struct row *row, const struct service *service, int kills)
{
	s->row = row;
	s->kills = kills;
	s->dice = g_rand_new_with_seed(g_str_hash(service->type));
	s->settings = g_strconcat(service->settings,
	    row != NULL && row->settings != NULL ? row->settings : "", NULL);
	s->service = *service;
	s->service.settings = s->settings;
	s->service.speed = G_STRINGIFY(SPEED);
	s->service.alone = row != NULL && row->deaf;
	s->k.people = MIN(kills * SLICE, PEOPLE_MAX);
	s->k.touches = g_new0(struct touch, s->k.people * KILLED_STEPS);
}

static void
stage_begin(struct stage *s)
{
	/* Calls of many, asked again after minutes: faults end before patience does. */
	int first = s->row == NULL         ? s->k.people / 2
		    : s->row->class_->once ? s->kills * 4
					   : s->k.people;
	char *faults = s->service.submits ? g_strdup_printf(mail_storm, first)
					  : g_strdup_printf(storm, first);

	write_people(s);
	s->boot = daemon_boot();
	service_gateway(&s->service, s->k.d, faults);
	start(s);
	import(s, "customers", "c.csv");
	g_free(faults);
}

static void
stage_end(struct stage *s)
{
	assert_int_equal(daemon_end(s->k.d, SIGTERM), 0);
	print_message("           kills %d, %d s\n", s->kills,
	    (int)((daemon_boot() - s->boot) / 1000));
	daemon_free(s->k.d);
	g_rand_free(s->dice);
	g_free(s->k.touches);
	g_free(s->settings);
}

/* ---- kills ---- */

/* The gateway's faults are for this, too: he writes until he is heard. */
static void
write_in(const struct stage *s, int i)
{
	char *body = g_strdup_printf("{\"from\":\"wm%d\",\"text\":\"3\"}", i), rest[512];
	int fd = daemon_send(
	    s->k.d->gateway_port, "POST", "/wecom-kf/main/say", "", body, strlen(body));

	while (recv(fd, rest, sizeof(rest), 0) > 0)
		;
	close(fd);
	g_free(body);
}

static bool
all_are_heard(const struct stage *s)
{
	static const char turns[] = "SELECT count(*) FROM turn";

	for (int i = 0; i < s->k.people; i++)
		write_in(s, i);
	for (int i = 0; i < 30 && daemon_count(s->k.d, turns) < s->k.people; i++)
		g_usleep(100000);
	return daemon_count(s->k.d, turns) == s->k.people;
}

static void
visits(struct stage *s, int from, int to)
{
	for (int i = from; i < to; i++) {
		char *id = g_strdup_printf("v%d", i),
		     *body = g_strdup_printf(
			 "{\"id\":\"%s\",\"customer\":\"K%05d\",\"type\":"
			 "\"visit\",\"at\":\"2026-03-10T09:00:00+08:00\"}",
			 id, i);
		struct answer a;

		assert_in_range(daemon_event(s->k.d, id, body, &a), 200, 201);
		answer_free(&a);
		g_free(body);
		g_free(id);
	}
}

static void
nap(struct stage *s, int from, int to)
{
	g_usleep((gulong)g_rand_int_range(s->dice, from, to) * 1000);
}

static void
kill_it(struct stage *s)
{
	assert_int_equal(daemon_end(s->k.d, SIGKILL), 128 + SIGKILL);
}

/* under_way: SQL that grows as calls begin. One of four lives ends before it works. */
static void
kill_all(struct stage *s, const char *under_way)
{
	int slice = s->k.people / s->kills;

	for (int n = 0; n < s->kills; n++) {
		int64_t had = daemon_count(s->k.d, under_way);

		visits(s, n * slice, n + 1 == s->kills ? s->k.people : (n + 1) * slice);
		UNTIL(daemon_count(s->k.d, under_way) > had);
		nap(s, 0, 120);
		kill_it(s);
		if (g_rand_int_range(s->dice, 0, 4) == 0) {
			begin(s);
			nap(s, 4, 120);
			kill_it(s);
		}
		start(s);
	}
}

static void
killed(void **state)
{
	struct stage s = { .row = *state };
	const char *kills = getenv("KILLS");

	stage_open(&s, *state, s.row->service, kills != NULL ? atoi(kills) : KILLS);
	s.k.class_ = s.row->class_;
	s.k.d = service_new(&s.service);
	write_rules(s.k.d);
	write_texts(&s);
	stage_begin(&s);
	if (s.row->answers)
		UNTIL(all_are_heard(&s));
	kill_all(&s, "SELECT count(*) FROM msg WHERE state <> 0");
	UNTIL(killed_is_quiet(&s.k));
	killed_judge(&s.k);
	stage_end(&s);
}

/* ---- cards to staff, class D ---- */

/* With what replaces their buttons fewer than a member may be told a minute. */
#define CARDS 10

static int64_t
cards(const struct stage *s, const char *where)
{
	char *sql = g_strdup_printf("SELECT count(*) FROM card WHERE %s", where);
	int64_t n = daemon_count(s->k.d, sql);

	g_free(sql);
	return n;
}

/* How often the card of that id was delivered. */
static int
delivered(const char *ledger, const char *id)
{
	char *ref = g_strdup_printf("\"ref\":\"%s\"", id);
	int n = 0;

	for (const char *p = ledger; (p = strstr(p, ref)) != NULL; p++)
		n++;
	g_free(ref);
	return n;
}

static void
judge_cards(struct stage *s)
{
	sqlite3 *db = killed_open(&s->k);
	sqlite3_stmt *q = killed_ask(db, "SELECT 'reachd-' || id, state FROM card");
	char *ledger = NULL;
	int n = 0;

	assert_true(g_file_get_contents(s->k.d->ledger, &ledger, NULL, NULL));
	while (sqlite3_step(q) == SQLITE_ROW) {
		const char *id = (const char *)sqlite3_column_text(q, 0);
		int times = delivered(ledger, id);

		n++;
		if (times != 1 || sqlite3_column_int(q, 1) != 3)
			SAYS(&s->k, "card %s was delivered %d times, state %d\n", id,
			    times, sqlite3_column_int(q, 1));
	}
	sqlite3_finalize(q);
	sqlite3_close(db);
	g_free(ledger);
	print_message("           cards %d\n", n);
	assert_int_equal(n, s->k.people);
	assert_int_equal(s->k.wrong, 0);
}

/* Each call is told once: an answer that was lost is asked for with the same bytes, which
 * the service does not deliver again. */
static void
killed_with_cards(void **state)
{
	struct stage s = { 0 };
	const char *kills = getenv("KILLS");

	(void)state;
	stage_open(
	    &s, NULL, &wecom_staff, MIN(kills != NULL ? atoi(kills) : KILLS, CARDS));
	s.k.people = CARDS;
	s.k.d = staff_new();
	s.service.secrets = wecom_staff.secrets;
	stage_begin(&s);
	import(&s, "staff", "staff.csv");
	kill_all(&s, "SELECT count(*) FROM card");
	UNTIL(cards(&s, "next_at IS NULL") == CARDS);
	UNTIL(daemon_count(
		  s.k.d, "SELECT count(*) FROM task WHERE outcome = 'reached'") == CARDS);
	judge_cards(&s);
	killed_slots(&s.k);
	killed_balance(&s.k);
	assert_int_equal(s.k.wrong, 0);
	stage_end(&s);
}

/* ---- all of them at once ---- */

struct part {
	struct CMUnitTest test;
	FILE *out;
	pid_t pid;
};

static void
part_start(struct part *p)
{
	p->out = tmpfile();
	p->pid = fork();
	if (p->pid != 0)
		return;
	dup2(fileno(p->out), 1);
	dup2(fileno(p->out), 2);
	_exit(_cmocka_run_group_tests(p->test.name, &p->test, 1, NULL, NULL));
}

static int
part_end(struct part *p)
{
	char buf[4096];
	size_t n;
	int status = -1;

	waitpid(p->pid, &status, 0);
	rewind(p->out);
	while ((n = fread(buf, 1, sizeof(buf), p->out)) > 0)
		fwrite(buf, 1, n, stdout);
	fclose(p->out);
	return status != 0;
}

static void
add(GArray *parts, const char *name, CMUnitTestFunction run, const struct row *row)
{
	const char *only = getenv("ONLY");
	struct part p = { .test = { name, run, NULL, NULL, (void *)(uintptr_t)row } };

	if (only == NULL || *only == '\0' || strcmp(only, name) == 0)
		g_array_append_val(parts, p);
}

int
main(int argc, char **argv)
{
	GArray *parts = g_array_new(FALSE, FALSE, sizeof(struct part));
	int failed = 0;

	(void)argc;
	daemon_find(argv[0]);
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++)
		add(parts, rows[i].name, killed, &rows[i]);
	add(parts, "wecom-staff", killed_with_cards, NULL);
	for (guint i = 0; i < parts->len; i++)
		part_start(&g_array_index(parts, struct part, i));
	for (guint i = 0; i < parts->len; i++)
		failed += part_end(&g_array_index(parts, struct part, i));
	failed += parts->len == 0;
	g_array_free(parts, TRUE);
	return failed != 0;
}
