/* bench_service.c - three services end to end, the daemon against the sandbox's dialects: a
 * message from due to its outcome on disk, and webhooks that tell of a hundred. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <glib/gstdio.h>
#include <jansson.h>
#include <openssl/evp.h>

#include "bench.h"

#define EACH each() /* messages of a kind: BENCH_MESSAGES, a multiple of 100 */
#define A_CALL 100  /* events of a webhook */
#define BODY 700    /* bytes of a request */
#define SECRET "benchmarksecret000000000"
/* The sandbox's, for it has signed with it: src/cmd/dialect_sendgrid.c. */
#define EVENT_KEY                                                                        \
	"MHcCAQEEIEbktQEUlexDkMoUQ1VL81rBTAkF/ym45lAuiIGvM1uooAoGCCqGSM49AwEHoUQDQgAEg/" \
	"McuM4h2w7rfBFsKvYPrQx+QiU3cBS6h1fY141glkSkkFlgafQ1C7R/co2p8iV34t1SpI2Pns3g54/"  \
	"qLDHFUg=="

static guint
each(void)
{
	const char *n = getenv("BENCH_MESSAGES");

	return n == NULL ? 10000 : (guint)atoi(n);
}

/* ---- the house ---- */

static const char *const kinds[] = { "single", "many", "mail", "push" };

static void
write_secrets(struct bench *b)
{
	static const char *const names[] = { "aliyun-secret", "aliyun-hook",
		"sendgrid-key", "jpush-secret", "jpush-hook" };
	char *dir = g_build_filename(b->run_config, "secrets", NULL);

	g_mkdir(dir, 0700);
	for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
		char *path = g_build_filename(dir, names[i], NULL);

		if (!g_file_set_contents_full(
			path, SECRET, -1, G_FILE_SET_CONTENTS_NONE, 0600, NULL))
			bench_die("write a secret");
		g_free(path);
	}
	g_free(dir);
}

static void
write_customers(const char *path)
{
	GString *s =
	    g_string_new("id,name,phone,email,push,tier,store,last_visit,consent,tags\n");

	for (guint i = 0; i < EACH * G_N_ELEMENTS(kinds); i++)
		g_string_append_printf(s,
		    "B%06u,王女士,154%08u,c%06u@customer.example,device%06u,%s,滨江店,"
		    "2025-%02u-%02u,marketing,%s%s\n",
		    i, i, i, i,
		    i % 3 == 0   ? "high"
		    : i % 3 == 1 ? "mid"
				 : "low",
		    i % 12 + 1, i % 28 + 1, kinds[i / EACH], i % 2 == 0 ? "" : ";odd");
	if (!g_file_set_contents(path, s->str, -1, NULL))
		bench_die("write the customers");
	g_string_free(s, TRUE);
}

/* The policy and the empty house; returns the CPU of a start. */
static int64_t
move_in(struct bench *b, const char *policy)
{
	char *file = g_build_filename(b->dir, "customers.csv", NULL);
	const char *import[] = { b->reachd, "import", "customers", file, "--socket",
		b->socket, NULL };
	const char *copy[] = { "cp", policy, b->run_config, NULL };
	struct bench_life life;

	bench_tool(b, copy, "cp.out");
	write_secrets(b);
	write_customers(file);
	bench_sandbox(b);
	bench_start(b, "09:00", &life);
	bench_tool(b, import, "import.out");
	bench_stop(&life);
	g_free(file);
	return life.cpu;
}

/* ---- webhooks ---- */

/* One that was taken, as its receipt names it. */
struct taken {
	char *to, *ref, *call_id;
};

static void
taken_clear(gpointer p)
{
	struct taken *t = p;

	g_free(t->to);
	g_free(t->ref);
	g_free(t->call_id);
}

static const char *
text_of(const json_t *j, const char *name)
{
	const char *s = json_string_value(json_object_get(j, name));

	return s == NULL ? "" : s;
}

/* The last EACH of the ledger; a call's id is that of its first. */
static GArray *
read_taken(struct bench *b)
{
	GArray *all = g_array_new(FALSE, TRUE, sizeof(struct taken));
	GHashTable *calls = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, NULL);
	FILE *f = fopen(b->ledger, "r");
	char line[16384];

	g_array_set_clear_func(all, taken_clear);
	while (f != NULL && fgets(line, sizeof(line), f) != NULL) {
		json_t *j = json_loads(line, 0, NULL);
		struct taken t = { g_strdup(text_of(j, "to")),
			g_strdup(text_of(j, "ref")), g_strdup(text_of(j, "id")) };
		const char *first = g_hash_table_lookup(calls, t.ref);

		if (first == NULL)
			g_hash_table_insert(calls, g_strdup(t.ref), g_strdup(t.call_id));
		else
			g_free(t.call_id), t.call_id = g_strdup(first);
		g_array_append_val(all, t);
		json_decref(j);
	}
	if (f == NULL || all->len < EACH)
		bench_die("the ledger does not hold every message");
	fclose(f);
	g_hash_table_unref(calls);
	g_array_remove_range(all, 0, all->len - EACH);
	return all;
}

struct posts {
	const GArray *taken;
	EVP_PKEY *key;
	ms_t at;
};

static void
report(GString *body, const struct taken *t)
{
	g_string_append_printf(body,
	    "{\"phone_number\":\"%s\",\"send_time\":\"2026-03-10 15:00:00\","
	    "\"report_time\":\"2026-03-10 15:00:02\",\"success\":true,\"err_code\":"
	    "\"DELIVERED\",\"err_msg\":\"用户接收成功\",\"sms_size\":\"1\",\"biz_id\":\"%"
	    "s\","
	    "\"out_id\":\"%s\"}",
	    t->to + 3, t->call_id, t->ref);
}

static void
make_reports(void *arg, int64_t i, GString *out)
{
	const struct posts *p = arg;
	GString *body = g_string_new("[");

	for (int64_t k = i * A_CALL; k < (i + 1) * A_CALL; k++) {
		g_string_append(body, body->len > 1 ? "," : "");
		report(body, &g_array_index(p->taken, struct taken, k));
	}
	g_string_append_c(body, ']');
	g_string_printf(out,
	    "POST /hooks/aliyun/sms/" SECRET " HTTP/1.1\r\nHost: localhost\r\n"
	    "Content-Type: application/json\r\nContent-Length: %zu\r\n\r\n%s",
	    body->len, body->str);
	g_string_free(body, TRUE);
}

/* ECDSA over stamp and body, in base64. g_free. */
static char *
sign(EVP_PKEY *key, const char *stamp, const GString *body)
{
	char *text = g_strconcat(stamp, body->str, NULL), *out;
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	unsigned char sig[128];
	size_t n = sizeof(sig);

	if (EVP_DigestSignInit(ctx, NULL, EVP_sha256(), NULL, key) != 1 ||
	    EVP_DigestSign(ctx, sig, &n, (const unsigned char *)text, strlen(text)) != 1)
		bench_die("sign a webhook");
	out = g_base64_encode(sig, n);
	EVP_MD_CTX_free(ctx);
	g_free(text);
	return out;
}

static void
make_events(void *arg, int64_t i, GString *out)
{
	const struct posts *p = arg;
	GString *body = g_string_new("[");
	char stamp[24], *signature;

	g_snprintf(stamp, sizeof(stamp), "%" G_GINT64_FORMAT, p->at / 1000);
	for (int64_t k = i * A_CALL; k < (i + 1) * A_CALL; k++) {
		const struct taken *t = &g_array_index(p->taken, struct taken, k);

		g_string_append_printf(body,
		    "%s{\"email\":\"%s\",\"timestamp\":%s,\"event\":\"delivered\","
		    "\"smtp-id\":\"<%s@dealer.example>\",\"response\":\"250 OK\","
		    "\"sg_event_id\":\"ZGVsaXZlcmVk%08d\",\"sg_message_id\":\"%s\","
		    "\"reach_id\":\"%s\"}",
		    body->len > 1 ? "," : "", t->to, stamp, t->ref, (int)k, t->call_id,
		    t->ref);
	}
	g_string_append(body, "]\r\n");
	signature = sign(p->key, stamp, body);
	g_string_printf(out,
	    "POST /hooks/sendgrid/mail HTTP/1.1\r\nHost: localhost\r\n"
	    "Content-Type: application/json\r\n"
	    "X-Twilio-Email-Event-Webhook-Timestamp: %s\r\n"
	    "X-Twilio-Email-Event-Webhook-Signature: %s\r\n"
	    "Content-Length: %zu\r\n\r\n%s",
	    stamp, signature, body->len, body->str);
	g_free(signature);
	g_string_free(body, TRUE);
}

static EVP_PKEY *
event_key(void)
{
	gsize len;
	guchar *raw = g_base64_decode(EVENT_KEY, &len);
	const unsigned char *der = raw;
	EVP_PKEY *key = d2i_PrivateKey(EVP_PKEY_EC, NULL, &der, (long)len);

	g_free(raw);
	return key;
}

/* All EACH receipts of the last kind, a hundred a post: CPU of one post until its 200. */
static void
webhooks(struct bench *b, struct bench_life *life, const char *name,
    void (*make)(void *, int64_t, GString *), ms_t at, int64_t delivered)
{
	GArray *taken = read_taken(b);
	struct posts p = { taken, event_key(), at };
	int64_t before = bench_cpu_of(life->pid), start = bench_now(), took, cpu;

	bench_load(b->public_port, 8, EACH / A_CALL, make, &p);
	took = bench_now() - start;
	cpu = bench_cpu_of(life->pid) - before;
	bench_line(name, EACH / A_CALL, cpu, took, "goal_1500us", 1500);
	bench_await(b, "SELECT count(*) FROM msg WHERE state = 3", delivered);
	EVP_PKEY_free(p.key);
	g_array_unref(taken);
}

/* ---- messages ---- */

struct kind {
	const char *name, *tag, *wall; /* the bench's line; when all are due */
	bool batches;                  /* a hundred go in a call */
	const char *webhook;
	void (*make)(void *, int64_t, GString *);
	ms_t at; /* what its webhooks say */
};

static const struct kind all[] = {
	{ "aliyun_message", "single", "15:00", false, "aliyun_webhook_of_100_singles",
	    make_reports, 0 },
	{ "aliyun_message_of_100", "many", "17:00", true, "aliyun_webhook_of_100",
	    make_reports, 0 },
	{ "sendgrid_message_of_100", "mail", "19:00", true, "sendgrid_webhook_of_100",
	    make_events, INT64_C(1773140460000) },
	{ "jpush_message", "push", "21:00", false, NULL, NULL, 0 },
};

/* The last EACH went in calls that were nearly full: of 1,024 a look, 24 are left over. */
static void
check_calls(struct bench *b)
{
	bench_await(b,
	    "SELECT count(*) * 70 < (SELECT count(*) FROM msg WHERE state = 2) FROM "
	    "request"
	    " WHERE token IN (SELECT token FROM msg WHERE state = 2)",
	    1);
}

/* One life that sends all of a kind: CPU from ready to the last outcome on disk. */
static void
send(struct bench *b, const struct kind *k, guint done, double curl)
{
	struct bench_life life;
	int64_t cpu, took;

	bench_start(b, k->wall, &life);
	bench_await(b, "SELECT count(*) FROM msg WHERE state = 2", EACH);
	took = bench_now() - life.since;
	/* What a start costs in a full house is not the messages'. */
	cpu = bench_cpu_of(life.pid) - life.cpu;
	bench_line(k->name, EACH, cpu, took, "libcurl", curl);
	if (k->batches)
		check_calls(b);
	if (k->webhook != NULL)
		webhooks(b, &life, k->webhook, k->make, k->at, (done + 1) * EACH);
	bench_stop(&life);
}

void
bench_providers(struct bench *b)
{
	char *policy = g_build_filename(b->config, "..", "config", "policy.yaml", NULL);
	int64_t start_up, cpu, took;
	struct bench_life life;
	double curl;

	bench_provider();
	b->dialects = true;
	start_up = move_in(b, policy);
	curl = bench_curl_floor(b->sandbox_port, 64, EACH, BODY);
	bench_start(b, "10:12", &life);
	bench_await(b, "SELECT count(*) FROM msg", EACH * G_N_ELEMENTS(kinds));
	took = bench_now() - life.since;
	cpu = bench_cpu_of(life.pid) - start_up;
	bench_line(
	    "providers_plan", EACH * G_N_ELEMENTS(kinds), cpu, took, "libcurl", curl);
	bench_stop(&life);
	for (guint i = 0; i < G_N_ELEMENTS(all); i++)
		send(b, &all[i], i, curl);
	bench_sandbox_stop(b);
	b->dialects = false;
	g_free(policy);
}
