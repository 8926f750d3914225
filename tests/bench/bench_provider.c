/* bench_provider.c - what each service's code costs a recipient, pure: the request made, its
 * signature, the answer read; beside HMAC-SHA256 and snprintf() of the same bytes. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "../../src/provider/acs3.h"
#include "../../src/provider/sigv4.h"
#include "../../src/provider/tc3.h"
#include "bench.h"
#include "spec/liquid.h"

#define RECIPIENTS 20000
#define MOST 100
#define AT INT64_C(1773118800000) /* 2026-03-10 13:00 in China */

struct pair {
	const char *name, *value;
};

/* One that says yes: of a call of one, and of several. @to, @ref, @n stand in a row. */
struct yes {
	int status;
	const char *one, *head, *row, *tail;
};

struct service {
	const char *type;
	enum channel channel;
	struct pair settings[8];
	struct yes yes;
	/* The signature of a call with this body alone; NULL: it signs nothing. */
	void (*sign)(const struct account *acc, const struct provider_request *made,
	    struct arena *a);
};

/* ---- the signatures ---- */

static void
acs3(const struct account *acc, const struct provider_request *made, struct arena *a)
{
	const char *const fields[] = { "OutId", "call0000000000000000aaaa",
		"TemplateCode", "SMS_000001", NULL };
	const struct acs3 r = { acc, "SendBatchSms", "2017-05-25", "nonce", AT, fields,
		made->body };
	struct provider_request out = { .headers = g_ptr_array_new() };

	acs3_sign(&r, a, &out);
	g_ptr_array_unref(out.headers);
}

/* It prints the JSON, too: here a string of the same length, which costs less. */
static void
tc3(const struct account *acc, const struct provider_request *made, struct arena *a)
{
	const struct tc3 r = { acc, "sms", "SendSms", "2021-01-11", AT };
	struct provider_request out = { .headers = g_ptr_array_new() };

	tc3_sign(&r, json_pack("[s#]", made->body, (int)made->body_len), a, &out);
	g_ptr_array_unref(out.headers);
}

static void
sigv4(const struct account *acc, const struct provider_request *made, struct arena *a)
{
	const struct sigv4 r = { .key_id = "AKIAEXAMPLE",
		.secret = provider_setting(acc, "secret_access_key"),
		.token = "",
		.region = "ap-southeast-1",
		.service = "ses",
		.host = "email.ap-southeast-1.amazonaws.com",
		.path = "/v2/email/outbound-emails",
		.body = made->body,
		.body_len = made->body_len,
		.date = sigv4_date(a, AT) };

	sigv4_authorization(&r, a);
}

/* ---- the services ---- */

#define SENDER                              \
	{ "from", "news@dealer.example" },  \
	{                                   \
		"from_name", "示例汽车" \
	}
#define JSON_ID(id)                                                          \
	{                                                                    \
		200, "{\"" id "\":\"600000000000000001\"}", NULL, NULL, NULL \
	}

static const struct service services[] = {
	{ "aliyun", CHANNEL_SMS,
	    { { "access_key_id", "LTAI-example" },
		{ "access_key_secret", "example-secret" } },
	    { 200,
		"{\"Message\":\"OK\",\"RequestId\":\"r\",\"Code\":\"OK\",\"BizId\":"
		"\"900619746936498440^0\"}",
		"{\"Message\":\"OK\",\"RequestId\":\"r\",\"Code\":\"OK\",\"BizId\":"
		"\"900619746936498440^0\"}",
		"", "" },
	    acs3 },
	{ "tencent", CHANNEL_SMS,
	    { { "secret_id", "AKIDexample" }, { "secret_key", "example-secret" },
		{ "sdk_app_id", "1400000001" } },
	    { 200, NULL, "{\"Response\":{\"SendStatusSet\":[",
		"{\"SerialNo\":\"2640:1795319400@n\",\"PhoneNumber\":\"@to\",\"Fee\":1,"
		"\"SessionContext\":\"\",\"Code\":\"Ok\",\"Message\":\"send success\","
		"\"IsoCode\":\"CN\"}",
		"],\"RequestId\":\"r\"}}" },
	    tc3 },
	{ "twilio", CHANNEL_SMS,
	    { { "account_sid", "AC00000000000000000000000000example" },
		{ "auth_token", "example-token" }, { "from", "+15005550006" } },
	    { 201,
		"{\"sid\":\"SM00000000000000000000000000000001\",\"status\":\"queued\"}",
		NULL, NULL, NULL },
	    NULL },
	{ "http", CHANNEL_SMS, { { NULL, NULL } },
	    { 200, "{\"code\":\"0\",\"data\":{\"id\":\"600000001\"}}", NULL, NULL, NULL },
	    NULL },
	{ "sandbox", CHANNEL_SMS, { { NULL, NULL } },
	    { 200, NULL, "{\"results\":[",
		"{\"ref\":\"@ref\",\"status\":\"accepted\",\"id\":\"m@n\"}", "]}" },
	    NULL },
	{ "sendgrid", CHANNEL_EMAIL, { SENDER, { "api_key", "SG.example" } },
	    { 202, "", "", "", "" }, NULL },
	{ "mailgun", CHANNEL_EMAIL,
	    { SENDER, { "domain", "mg.dealer.example" }, { "api_key", "key-example" },
		{ "signing_key", "signing-example" } },
	    { 200, NULL,
		"{\"id\":\"<2026.1@mg.dealer.example>\",\"message\":\"Queued.\"}", "",
		"" },
	    NULL },
	{ "postmark", CHANNEL_EMAIL, { SENDER, { "server_token", "token-example" } },
	    { 200, NULL, "[",
		"{\"To\":\"@to\",\"SubmittedAt\":\"2026-03-10T05:00:00Z\",\"MessageID\":"
		"\"b7bc2f4a-e38e-4336-af7d-e6c392c2f@n\",\"ErrorCode\":0,\"Message\":"
		"\"OK\"}",
		"]" },
	    NULL },
	{ "resend", CHANNEL_EMAIL, { SENDER, { "api_key", "re_example" } },
	    { 200, "{\"id\":\"49a3999c-0ce1-4ea6-ab68-afcd6dc2e794\"}", "{\"data\":[",
		"{\"id\":\"49a3999c-0ce1-4ea6-ab68-afcd6dc2e@n\"}", "]}" },
	    NULL },
	{ "ses", CHANNEL_EMAIL,
	    { SENDER, { "region", "ap-southeast-1" }, { "access_key_id", "AKIAEXAMPLE" },
		{ "secret_access_key", "example-secret" } },
	    JSON_ID("MessageId"), sigv4 },
	{ "directmail", CHANNEL_EMAIL,
	    { SENDER, { "access_key_id", "LTAI-example" },
		{ "access_key_secret", "example-secret" } },
	    JSON_ID("EnvId"), acs3 },
	{ "smtp", CHANNEL_EMAIL, { SENDER },
	    { 250, "END 2.0.0 Ok: queued as 4F1A2C", NULL, NULL, NULL }, NULL },
	{ "jpush", CHANNEL_PUSH,
	    { { "app_key", "0123456789abcdef01234567" },
		{ "master_secret", "example-secret" } },
	    { 200, "{\"sendno\":\"0\",\"msg_id\":\"18100287008546151\"}", NULL, NULL,
		NULL },
	    NULL },
	{ "wecom", CHANNEL_WECOM,
	    { { "corp_id", "ww0000000000000001" }, { "secret", "example-secret" },
		{ "sender", "LiNa" } },
	    { 200, "{\"errcode\":0,\"errmsg\":\"ok\",\"fail_list\":[],\"msgid\":\"g1\"}",
		NULL, NULL, NULL },
	    NULL },
	{ "wecom-kf", CHANNEL_WECOM,
	    { { "corp_id", "ww0000000000000001" }, { "secret", "example-secret" },
		{ "open_kfid", "wkExample1" } },
	    { 200, NULL, "", "{\"errcode\":0,\"errmsg\":\"ok\",\"msgid\":\"@ref\"}", "" },
	    NULL },
	{ "wecom-staff", CHANNEL_PHONE,
	    { { "corp_id", "ww0000000000000001" }, { "secret", "example-secret" },
		{ "agent_id", "1000002" } },
	    { 200,
		"{\"errcode\":0,\"errmsg\":\"ok\",\"invaliduser\":\"\",\"msgid\":\"m1\"}",
		NULL, NULL, NULL },
	    NULL },
};

/* ---- one under measurement ---- */

struct bench_service {
	const struct service *s;
	const struct provider *provider;
	struct account acc;
	struct config cfg;
	struct parcel parcels[MOST];
	struct arena *keep, *work;
};

static void
settings_of(struct bench_service *b)
{
	b->acc.settings = arena_array(b->keep, struct setting, 8);
	for (const struct pair *p = b->s->settings; p->name != NULL; p++)
		b->acc.settings[b->acc.n_settings++] =
		    (struct setting){ .name = p->name, .value = p->value };
}

/* What reachd.yaml describes for `type: http`. */
static void
describe(struct bench_service *b)
{
	static const char body[] =
	    "{\"to\":\"{{ message.to }}\",\"text\":{{ message.text | json }},"
	    "\"ref\":\"{{ message.ref }}\"}";
	struct report *r = report_new();

	b->acc.method = "POST";
	b->acc.body =
	    liquid_parse(b->keep, body, strlen(body), (struct pos){ "body", 1, 1 }, r);
	b->acc.success =
	    (struct answer_rule){ .field = "code", .equals = "0", .id = "data.id" };
	report_free(r);
}

static struct parcel
parcel(struct bench_service *b, int i)
{
	static const char *const names[] = { "name", "store" },
				 *const values[] = { "王女士", "滨江店" },
				 *const keys[] = { "reached", "none" },
				 *const words[] = { "接通", "没人接" };
	static const struct coded coded = { "100001", names, values, 2 };
	static const struct ask ask = { "reachd-77", "致电：问候", names, values, 2,
		"12345", keys, words, 2, NULL, NULL, NULL };
	struct arena *a = b->keep;
	bool mail = b->s->channel == CHANNEL_EMAIL, sms = b->s->channel == CHANNEL_SMS;

	return (struct parcel){ .msg = i + 1,
		.to = mail  ? arena_printf(a, "c%05d@customer.example", i)
		      : sms ? arena_printf(a, "+8615400%06d", i)
			    : arena_printf(a, "wm13065ffa4e00%05d", i),
		.ref = arena_printf(a, "ref0000000000000000%05d", i),
		.call = "call0000000000000000aaaa",
		.channel = b->s->channel,
		.category = CATEGORY_MARKETING,
		.subject = mail ? "广告：给您的车留了一次免费检查" : "",
		.text =
		    "王女士您好，2月3日以后还没见过您的车。免费检查一次，大约二十分钟，"
		    "查完把照片给您；滨江店等您。拒收请回复R",
		.html =
		    mail
			? "<p>王女士您好：</p><p>2月3日以后还没见过您的车。免费检查一次，"
			  "大约二十分钟，查完把照片给您。</p>"
			: "",
		.unsubscribe =
		    mail ? arena_printf(a, "https://reach.example.com/u/%d", i) : "",
		.customer = "",
		.signature = sms ? "示例汽车服务" : "",
		.coded = sms ? &coded : NULL,
		.ask = b->s->channel == CHANNEL_PHONE ? &ask : NULL,
		.provider_id = "",
		.begun_at = AT,
		.expires_at = AT + 3 * MS_DAY };
}

static void
request(struct bench_service *b, int n, struct provider_request *out)
{
	struct err e = { 0 };

	*out = (struct provider_request){ .headers = g_ptr_array_new() };
	if (b->provider->request(&b->acc, &b->cfg, b->parcels, n, AT, b->work, out, &e) !=
	    0)
		bench_die(e.text);
}

static void
request_free(struct bench_service *b, struct provider_request *r)
{
	g_ptr_array_unref(r->headers);
	arena_reset(b->work);
}

/* As the service would say it. g_string_free. */
static GString *
answer_to(const struct bench_service *b, int n)
{
	const struct yes *y = &b->s->yes;
	GString *s = g_string_new("");

	if (n == 1 && y->one != NULL)
		return g_string_assign(s, y->one);
	for (int i = 0; i < n; i++) {
		GString *row = g_string_new(y->row);
		char number[8];

		g_snprintf(number, sizeof(number), "%03d", i);
		g_string_replace(row, "@to", b->parcels[i].to, 0);
		g_string_replace(row, "@ref", b->parcels[i].ref, 0);
		g_string_replace(row, "@n", number, 0);
		g_string_append(s, i == 0 ? y->head : *y->row != '\0' ? "," : "");
		g_string_append(s, row->str);
		g_string_free(row, TRUE);
	}
	return g_string_append(s, y->tail);
}

/* HMAC-SHA256 and snprintf() of so many bytes, of each of n recipients. */
static double
reference(size_t bytes, int n)
{
	char *in = g_strnfill(bytes, 'x'), *out = g_malloc(bytes + 1);
	int64_t start = bench_cpu();
	uint8_t mac[32];
	int calls = RECIPIENTS / n;

	for (int i = 0; i < calls; i++) {
		snprintf(out, bytes + 1, "%s", in);
		HMAC(
		    EVP_sha256(), "example-secret", 14, (uint8_t *)out, bytes, mac, NULL);
	}
	g_free(in);
	g_free(out);
	return (double)(bench_cpu() - start) / (double)(calls * n);
}

static void
line(const struct bench_service *b, const char *what, int n, int64_t start, size_t bytes)
{
	int64_t cpu = bench_cpu() - start;
	char name[64];

	g_snprintf(name, sizeof(name), "%s_%s_of_%d", b->s->type, what, n);
	bench_line(name, RECIPIENTS / n * n, cpu, cpu, "hmac", reference(bytes, n));
}

static void
answers(struct bench_service *b, int n)
{
	GString *s = answer_to(b, n);
	struct provider_reply reply = { b->s->yes.status, s->str, s->len, NULL };
	struct answer a[MOST];
	int64_t start = bench_cpu();

	for (int i = 0; i < RECIPIENTS / n; i++) {
		memset(a, 0, sizeof(*a) * (size_t)n);
		b->provider->answer(&b->acc, b->parcels, n, &reply, a);
	}
	line(b, "answer", n, start, s->len);
	for (int i = 0; i < n; i++)
		if (a[i].outcome != OUTCOME_ACCEPTED)
			bench_die(b->s->type);
	g_string_free(s, TRUE);
}

static void
calls(struct bench_service *b, int n)
{
	struct provider_request r, made;
	size_t bytes;
	int64_t start;

	request(b, n, &made);
	bytes = made.body_len + strlen(made.url);
	made.body = g_strndup(made.body, made.body_len);
	request_free(b, &made);
	start = bench_cpu();
	for (int i = 0; i < RECIPIENTS / n; i++) {
		request(b, n, &r);
		request_free(b, &r);
	}
	line(b, "request", n, start, bytes);
	start = bench_cpu();
	for (int i = 0; b->s->sign != NULL && i < RECIPIENTS / n; i++) {
		b->s->sign(&b->acc, &made, b->work);
		arena_reset(b->work);
	}
	if (b->s->sign != NULL)
		line(b, "signature", n, start, bytes);
	answers(b, n);
	g_free((char *)(uintptr_t)made.body);
}

static void
measure(const struct service *s)
{
	struct bench_service b = { .s = s,
		.provider = provider_find(s->type),
		.keep = arena_new(),
		.work = arena_new() };
	struct capabilities caps = { 0 };

	b.cfg.public_url = "https://reach.example.com";
	b.cfg.entity.name = "示例汽车服务";
	b.acc = (struct account){ .name = "main",
		.type = s->type,
		.channels = 1U << s->channel,
		.url = b.provider->url != NULL ? NULL
		       : b.provider->submits   ? "smtp://mail.dealer.example"
					       : "https://sms.example.com/send" };
	settings_of(&b);
	if (strcmp(s->type, "http") == 0)
		describe(&b);
	for (int i = 0; i < MOST; i++)
		b.parcels[i] = parcel(&b, i);
	b.provider->capabilities(&b.acc, &caps);
	for (int n = 1; n <= MIN(caps.batch, MOST); n *= 10)
		calls(&b, n);
	arena_free(b.work);
	arena_free(b.keep);
}

static const struct service *
find(const char *type)
{
	for (size_t i = 0; i < G_N_ELEMENTS(services); i++)
		if (strcmp(services[i].type, type) == 0)
			return &services[i];
	fprintf(stderr, "bench: add %s to bench_provider.c\n", type);
	exit(1);
}

void
bench_provider(void)
{
	for (const struct provider *const *p = provider_all(); *p != NULL; p++)
		measure(find((*p)->name));
}
