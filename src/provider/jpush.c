/* jpush.c - `type: jpush`: app push of Aurora (极光推送, Push API v3).
 *
 * One message a call, to all devices of its one customer: registration_id takes a list.
 * The service knows repeats by a cid, one of those it gave out beforehand: a lost answer,
 * and its own "system error", are repeated with it while the cid is good. A message that went
 * without one, because none could be had, is never repeated: the service cannot be asked
 * about a message without its id.
 *
 * Callbacks: the path holds a secret; the service may send the account's Basic
 * authorization besides, and a wrong one is refused. Their layout is agreed upon with
 * the service's support, so the names of its fields and what its numbers mean are
 * settings; the defaults are those of its sister product. */
#include "jpush.h"

#include <stdlib.h>
#include <string.h>

#include "base/crypt.h"
#include "base/json.h"
#include "services.h"

#define TEXT_MAX 2000    /* bytes an iOS notification may have; Android takes 4,000 */
#define ROOM 300         /* of them for names of fields, and the title */
#define LIVES_MAX 864000 /* seconds: ten days */
#define CID_LIFE MS_DAY
#define AT_WORK \
	(5 * MS_SECOND)   /* a call whose connection was lost; not of their documents */
#define CROWDED MS_MINUTE /* the span of its limits, where no header tells */

static const struct provider_setting settings[] = {
	{ "app_key", "AppKey of the app", SETTING_NEEDED },
	{ "master_secret", "Master Secret of the app", SETTING_NEEDED | SETTING_SECRET },
	{ "class",
	    "what the vendors granted: marketing, all goes as marketing; service, only "
	    "marketing texts do",
	    SETTING_NEEDED },
	{ "channel_id_service", "channel_id of service pushes on Android", 0 },
	{ "channel_id_marketing", "of marketing ones", 0 },
	{ "title", "title of notifications; without it the app's name stands there", 0 },
	{ "apns_production", "no: to iOS builds under development", 0 },
	{ "callback_kind", "field of a callback that says what happened (type)", 0 },
	{ "callback_id", "its field with the message's id (msgid)", 0 },
	{ "callback_device", "its field with the registration id (userid)", 0 },
	{ "callback_delivered", "what callback_kind says of a delivery (4)", 0 },
	{ "callback_failed", "of a failure, several with commas (3,5)", 0 },
	{ "callback_gone", "of a device that is no longer there (1)", 0 },
	{ "callback_clicked", "of a click (6)", 0 },
	{ "callback_ignored", "of what counts for nothing (0,2,7,8)", 0 },
	{ NULL, NULL, 0 },
};

static const char *
setting_or(const struct account *acc, const char *name, const char *otherwise)
{
	const char *s = provider_setting(acc, name);

	return *s == '\0' ? otherwise : s;
}

static bool
is_no(const char *s)
{
	return strcmp(s, "no") == 0 || strcmp(s, "false") == 0;
}

/* A text that sells is never handed over as service; others are where that was granted. */
static bool
is_service(const struct account *acc, enum category category)
{
	return category != CATEGORY_MARKETING &&
	       strcmp(provider_setting(acc, "class"), "service") == 0;
}

static void
jpush_check(const struct account *acc, struct report *r)
{
	const char *s = provider_setting(acc, "apns_production");

	if (*s != '\0' && !is_no(s) && strcmp(s, "yes") != 0 && strcmp(s, "true") != 0)
		report_add(r, SEV_ERROR, acc->at, "provider", "write yes or no",
		    "apns_production is \"%s\"", s);
	s = provider_setting(acc, "class");
	if (*s != '\0' && strcmp(s, "service") != 0 && strcmp(s, "marketing") != 0)
		report_add(r, SEV_ERROR, acc->at, "provider",
		    "write class: marketing, or class: service once the vendors have "
		    "granted it",
		    "class is \"%.40s\"", s);
}

static void
jpush_capabilities(const struct account *acc, struct capabilities *out)
{
	bool heard = acc->hook_secret != NULL;

	*out = (struct capabilities){ .region = REGION_CN,
		.channels = 1U << CHANNEL_PUSH,
		.batch = 1,
		.settle = SETTLE_KEY,
		.given = true,
		.key_ttl = CID_LIFE - jpush_keys.fresh,
		.lag = AT_WORK,
		.tells = true,
		.keeps = true,
		.match = MATCH_ID,
		.advertises = !is_service(acc, CATEGORY_SERVICE),
		.receipts = true, /* by callback, else by query */
		.clicks = heard };
}

static const char *
jpush_refuses(const struct account *acc, const struct parcel *p, struct arena *a)
{
	size_t n = strlen(p->text);

	return n + ROOM <= TEXT_MAX
		   ? NULL
		   : arena_printf(a, "%s takes %d bytes of text, not %zu", acc->name,
			 TEXT_MAX - ROOM, n);
}

/* Message -> request --------------------------------------------------------------- */

static json_t *
audience(const struct parcel *p)
{
	json_t *ids = json_array();

	for (const char *const *d = p->devices; d != NULL && *d != NULL; d++)
		json_array_append_new(ids, json_string(*d));
	if (p->devices == NULL)
		json_array_append_new(ids, json_string(p->to));
	return json_pack("{so}", "registration_id", ids);
}

static json_t *
notification(const struct account *acc, const struct parcel *p)
{
	const char *title = provider_setting(acc, "title"), *text = p->text;
	const char *channel = provider_setting(acc,
	    is_service(acc, p->category) ? "channel_id_service" : "channel_id_marketing");
	json_t *android = json_pack("{ss}", "alert", text);

	if (*channel != '\0')
		json_object_set_new(android, "channel_id", json_string(channel));

	if (*title == '\0')
		return json_pack("{ss so s{ss}}", "alert", text, "android", android,
		    "ios", "alert", text);
	json_object_set_new(android, "title", json_string(title));
	return json_pack("{ss so s{s{ss ss}}}", "alert", text, "android", android, "ios",
	    "alert", "title", title, "body", text);
}

/* classification: 0 operation (marketing), 1 system; vivo limits by it, the others by channel;
 * JPush counts Xiaomi's quota by it, too (its "厂商消息分类使用指南", 2025-04-07).
 * It is kept for a telephone that is off until the message expires. */
static json_t *
options(const struct account *acc, const struct parcel *p, ms_t now)
{
	json_t *o = json_pack("{sb si}", "apns_production",
	    !is_no(provider_setting(acc, "apns_production")), "classification",
	    is_service(acc, p->category));
	ms_t left = (p->expires_at - now) / MS_SECOND;

	if (p->expires_at > 0 && p->expires_at != MS_NEVER)
		json_object_set_new(
		    o, "time_to_live", json_integer(CLAMP(left, 1, LIVES_MAX)));
	return o;
}

static int
jpush_request(const struct account *acc, const struct config *cfg, const struct parcel *p,
    int n, ms_t sig_ts, struct arena *a, struct provider_request *out, struct err *e)
{
	json_t *j = json_pack("{ss so so so}", "platform", "all", "audience", audience(p),
	    "notification", notification(acc, p), "options", options(acc, p, sig_ts));

	(void)cfg;
	(void)n;
	(void)e;
	if (p->key != NULL)
		json_object_set_new(j, "cid", json_string(p->key));
	wire_basic(out, a, provider_setting(acc, "app_key"),
	    provider_setting(acc, "master_secret"));
	wire_json(out, a, provider_url(acc, a, "/v3/push"), j);
	return 0;
}

/* Answer -> outcome ------------------------------------------------------------------ */

enum verdict { CANNOT_TELL, LATER, NOBODY, CONTENT, STOP };

static const struct {
	int code;
	enum verdict verdict;
} codes[] = {
	{ 1000, CANNOT_TELL }, /* system error */
	{ 1030, CANNOT_TELL }, /* their time-out inside */
	{ 2002, LATER },       /* too many calls a minute */
	{ 1012, LATER },
	{ 1011, NOBODY }, /* no such device: the app is gone */
	{ 1003, NOBODY }, /* no registration id */
	{ 1002, CONTENT },
	{ 1005, CONTENT }, /* too long */
	{ 1009, CONTENT },
	{ 1004, STOP }, /* wrong key */
	{ 1008, STOP },
	{ 1020, STOP }, /* not by https */
	{ 2003, STOP },
	{ 2004, STOP }, /* this machine's address */
	{ 2005, STOP },
	{ 2006, STOP },
	{ 2007, STOP },
};

static enum verdict
verdict_of(json_int_t code)
{
	for (size_t i = 0; i < G_N_ELEMENTS(codes); i++)
		if (codes[i].code == code)
			return codes[i].verdict;
	return CANNOT_TELL;
}

static void
judge(json_int_t code, const struct parcel *p, struct answer *out)
{
	enum verdict v = verdict_of(code);
	bool many = p->devices != NULL;

	g_snprintf(out->perr, sizeof(out->perr), "%" JSON_INTEGER_FORMAT, code);
	out->outcome = v == CANNOT_TELL ? OUTCOME_UNKNOWN
		       : v == LATER     ? OUTCOME_REFUSED_RETRY
					: OUTCOME_REJECTED;
	out->freeze = v == STOP;
	out->bad_address = v == NOBODY;
	/* One of them is no id, and it is not said which: the first goes alone. */
	if (code == 1003 && many) {
		out->outcome = OUTCOME_REFUSED_RETRY;
		out->bad_address = false;
		out->alone = true;
	}
}

static void
jpush_answer(const struct account *acc, const struct parcel *p, int n,
    const struct provider_reply *reply, struct answer *out)
{
	json_t *j = json_read(reply->body, reply->len);
	const json_t *code = json_object_get(json_object_get(j, "error"), "code");
	struct arena *a = arena_new();
	const char *id = j != NULL ? wire_text(a, j, "msg_id") : "";

	(void)acc;
	(void)n;
	*out = (struct answer){ .outcome = OUTCOME_UNKNOWN };
	g_snprintf(out->perr, sizeof(out->perr), "http-%d", reply->status);
	if (json_is_integer(code) && reply->status != 200) {
		judge(json_integer_value(code), p, out);
	} else if (reply->status == 200 && code == NULL && *id != '\0' &&
		   strlen(id) < sizeof(out->provider_id)) {
		out->outcome = OUTCOME_ACCEPTED;
		out->perr[0] = '\0';
		g_strlcpy(out->provider_id, id, sizeof(out->provider_id));
	} else if (reply->status >= 300 && reply->status < 400) {
		out->outcome = OUTCOME_REJECTED;
		out->freeze = true;
	}
	arena_free(a);
	json_decref(j);
	wire_pace(reply, "X-Rate-Limit-Remaining", "X-Rate-Limit-Reset", out, 1);
	if (out->outcome == OUTCOME_REFUSED_RETRY && !out->alone && out->retry_after == 0)
		out->retry_after = CROWDED;
}

/* Webhooks --------------------------------------------------------------------------- */

/* Is it one of "3,5"? */
static bool
among(const char *list, const char *word)
{
	size_t n = strlen(word);

	for (const char *s = list; n > 0 && *s != '\0'; s += strcspn(s, ",")) {
		s += strspn(s, ", ");
		if (strncmp(s, word, n) == 0 &&
		    (s[n] == ',' || s[n] == '\0' || s[n] == ' '))
			return true;
	}
	return false;
}

/* False: it counts for nothing. */
static bool
read_event(
    const struct account *acc, const json_t *row, struct arena *a, struct receipt *r)
{
	const char *kind = wire_text(a, row, setting_or(acc, "callback_kind", "type"));
	bool gone = among(setting_or(acc, "callback_gone", "1"), kind);

	*r = (struct receipt){ .channel = CHANNEL_PUSH,
		.ref = "",
		.text = "",
		.perr = "",
		.provider_id = wire_text(a, row, setting_or(acc, "callback_id", "msgid")),
		.from = wire_text(a, row, setting_or(acc, "callback_device", "userid")),
		.bad_address = gone,
		.raw = "" };
	r->key = wire_key(a, arena_printf(a, "%s %s %s", r->provider_id, r->from, kind));
	if (among(setting_or(acc, "callback_ignored", "0,2,7,8"), kind))
		return false;
	if (among(setting_or(acc, "callback_delivered", "4"), kind))
		r->kind = RECEIPT_DELIVERED;
	else if (among(setting_or(acc, "callback_clicked", "6"), kind))
		r->kind = RECEIPT_CLICK;
	else if (gone || among(setting_or(acc, "callback_failed", "3,5"), kind))
		r->kind = RECEIPT_FAILED;
	else
		r->broken = true;
	r->broken |= *r->provider_id == '\0';
	if (r->kind == RECEIPT_FAILED && !r->broken)
		r->perr = arena_printf(a, "%.30s", kind);
	if (r->broken) {
		r->raw = wire_raw(a, row);
		r->key = wire_key(a, r->raw);
	}
	return true;
}

/* No authorization is fine, the path has a secret; a wrong one is not. */
static bool
forged(const struct account *acc, const struct hook_request *req, struct arena *a)
{
	struct provider_request own = { .headers = g_ptr_array_new() };
	const char *given = req->header(req, "Authorization"), *right;
	bool same;

	wire_basic(&own, a, provider_setting(acc, "app_key"),
	    provider_setting(acc, "master_secret"));
	right = strchr(own.headers->pdata[0], ' ') + 1;
	same = strlen(given) == strlen(right) && crypt_equal(given, right, strlen(right));
	g_ptr_array_unref(own.headers);
	return *given != '\0' && !same;
}

/* The test of the address: what it asks comes back. */
static int
echo(const struct hook_request *req, struct arena *a, int *n, struct hook_reply *reply)
{
	const char *s = wire_field_of(a, req->query, "echostr");

	if (s == NULL || *s == '\0' || strlen(s) > 128)
		return wire_refuse(reply, 400, "{\"error\":\"echostr is missing\"}");
	for (const char *c = s; *c != '\0'; c++)
		if (!g_ascii_isalnum(*c) && strchr("-_.=+/", *c) == NULL)
			return wire_refuse(reply, 400, "{\"error\":\"echostr is odd\"}");
	*n = 0;
	*reply = (struct hook_reply){ .status = 200, .type = "text/plain", .body = s };
	return 0;
}

static int
jpush_hook(const struct account *acc, const struct config *cfg,
    const struct hook_request *req, struct arena *a, struct receipt **out, int *n,
    struct hook_reply *reply)
{
	json_t *rows;

	(void)cfg;
	if (forged(acc, req, a))
		return wire_refuse(reply, 401, "{\"error\":\"wrong authorization\"}");
	if (strcmp(req->method, "GET") == 0)
		return echo(req, a, n, reply);
	if ((rows = wire_rows(req, true, reply)) == NULL)
		return -1;
	*n = 0;
	*out = arena_array(a, struct receipt, json_array_size(rows) + 1);
	for (size_t i = 0; i < json_array_size(rows); i++)
		*n += read_event(acc, json_array_get(rows, i), a, &(*out)[*n]);
	json_decref(rows);
	return wire_taken(reply, "{}");
}

const struct provider jpush_provider = {
	.name = "jpush",
	.summary = "app push of Aurora (极光推送): all devices of a customer in one call",
	.url = "https://api.jpush.cn",
	.settings = settings,
	.check = jpush_check,
	.probe = &jpush_probe,
	.capabilities = jpush_capabilities,
	.keys = &jpush_keys,
	.refuses = jpush_refuses,
	.request = jpush_request,
	.answer = jpush_answer,
	.query = jpush_query,
	.query_answer = jpush_query_answer,
	.hook = jpush_hook,
};
