/* errand_test.c - calls of an account for itself: what a death finds of them. */
#include <sys/stat.h>

#include "stage.h"

#define START "2026-11-23T14:00:00+08:00"
#define ACCOUNTS                                                                           \
	"entity: { name: 示例, tz: Asia/Shanghai }\npublic_url: http://127.0.0.1:8080\n" \
	"credentials: secrets\nproviders:\n"                                               \
	"  - { name: t, type: twilio, channels: [sms], account_sid: ACx, "                 \
	"auth_token: { credential: t }, from: \"+15005550006\" }\n"

static struct job *lost[64];
static int n_lost;

static void
lose(struct world *w, struct job *job)
{
	(void)w;
	assert_in_range(n_lost, 0, 63);
	lost[n_lost++] = job;
}

/* Of what is asked of the database from now on nothing comes back. */
static void
at_the_start(void *arg, enum log_level level, const char *line)
{
	const struct stage *s = arg;

	(void)level;
	if (g_str_has_prefix(line, "started "))
		engine_world(s->engine)->job_start = lose;
}

/* Where its list had been read to was not known yet. */
static void
a_death_before_the_first_call(void **state)
{
	struct stage *s = stage_new(
	    START, "config/reachd.yaml", ACCOUNTS, "config/secrets/t", "s3cret", NULL);

	(void)state;
	stage_fall(s, false);
	log_sink(at_the_start, s);
	stage_rise(s);
	stage_run(s, MS_SECOND);
	log_sink(stage_line, NULL);
	assert_true(n_lost > 0);
	g_log_set_always_fatal(G_LOG_LEVEL_CRITICAL);
	stage_free(s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_death_before_the_first_call),
	};

	umask(077);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
