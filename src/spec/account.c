/* account.c - one provider account of reachd.yaml. */
#include <math.h>
#include <string.h>

#include "read.h"
#include "spec/schema.h"

#define CONNECTIONS_DEFAULT 16
#define RATE_MAX 100000.0
#define PER_NUMBER_MAX 500

/* 200/s, 60/min, 500/h */
static void
rate_read(const struct yaml *y, struct account *acc, struct report *r)
{
	const char *text;
	double n, seconds;
	char *end;

	if (!yaml_str(y, &text, r))
		return;
	n = g_ascii_strtod(text, &end);
	seconds = strcmp(end, "/s") == 0     ? 1
		  : strcmp(end, "/min") == 0 ? 60
		  : strcmp(end, "/h") == 0   ? 3600
					     : 0;
	if (!g_ascii_isdigit(text[0]) || seconds == 0 || !isfinite(n) || n <= 0 ||
	    n > RATE_MAX)
		report_add(r, SEV_ERROR, y->at, "type", "write 200/s, 60/min or 500/h",
		    "\"%.80s\" is not a rate", text);
	else
		acc->rate = n / seconds;
}

static void
hours_read(const struct yaml *y, struct account *acc, struct report *r)
{
	const struct yaml *from = yaml_get(y, "from"), *to = yaml_get(y, "to");
	int open, close;

	if (y == NULL || !schema_check(y, &schema_hours, r))
		return;
	if (from == NULL || to == NULL) {
		schema_missing(y, from == NULL ? "from" : "to",
		    "write { from: \"08:00\", to: \"20:00\" }", r);
		return;
	}
	if (!yaml_time(from, &open, r) || !yaml_time(to, &close, r))
		return;
	if (open >= close) {
		report_add(r, SEV_ERROR, from->at, "window", "",
		    "the hours of a provider begin before they end");
		return;
	}
	acc->quiet_from = open;
	acc->quiet_to = close;
}

/* 4/1h */
static bool
number_limit_read(const struct yaml *y, struct number_limit *out, struct report *r)
{
	const char *text, *slash;
	gint64 n;
	char *number;
	bool fine;

	if (!yaml_str(y, &text, r))
		return false;
	slash = strchr(text, '/');
	number = g_strndup(text, slash == NULL ? 0 : (gsize)(slash - text));
	fine = slash != NULL &&
	       g_ascii_string_to_signed(number, 10, 1, PER_NUMBER_MAX, &n, NULL) &&
	       clock_duration(slash + 1, &out->window) == 0 && out->window >= MS_SECOND &&
	       out->window <= 31 * MS_DAY;
	g_free(number);
	if (!fine) {
		report_add(r, SEV_ERROR, y->at, "type",
		    "write N/WINDOW, as in 4/1h or 20/24h: 1 to 500 in at most 31d",
		    "\"%.80s\" is no limit of messages to one number", text);
		return false;
	}
	out->max = (int)n;
	out->at = y->at;
	return true;
}

static void
per_number_read(
    struct arena *a, const struct yaml *y, struct account *acc, struct report *r)
{
	bool list = y != NULL && y->kind == YAML_LIST;
	int n = list ? y->n : y != NULL;

	acc->per_number = arena_array(a, struct number_limit, n + 1);
	for (int i = 0; i < n; i++)
		if (number_limit_read(
			list ? y->items[i] : y, &acc->per_number[acc->n_per_number], r))
			acc->n_per_number++;
}

static void
hook_read(const struct yaml *y, struct account *acc, struct report *r)
{
	const struct yaml *name;

	if (y == NULL)
		return;
	if (y->kind == YAML_SCALAR) {
		report_add(r, SEV_ERROR, y->at, "secret",
		    "write hook_secret: { credential: NAME } and keep it in a file of "
		    "that name",
		    "a secret is written into this file");
		return;
	}
	if (!schema_check(y, &schema_secret, r))
		return;
	name = yaml_get(y, "credential");
	if (name == NULL)
		schema_missing(y, "credential", "write the name of the file", r);
	else
		word_read(name, "a credential", false, &acc->hook_credential, r);
}

static void
request_path(void *arg, const char *dotted, struct pos at, bool has_default)
{
	(void)has_default;
	path_check(dotted, at, PATH_REQUEST, arg);
}

/* Liquid of a request, without a literal secret and with known names. */
static const struct liquid *
request_text(struct arena *a, const char *name, const struct yaml *y, struct report *r)
{
	struct liquid *t = text_read(a, y, r);

	if (t == NULL)
		return NULL;
	secret_check(name, y, r);
	liquid_paths(t, request_path, r);
	return t;
}

static void
headers_read(struct arena *a, const struct yaml *y, struct account *acc, struct report *r)
{
	int i;

	if (y == NULL)
		return;
	if (y->kind != YAML_MAP) {
		report_add(r, SEV_ERROR, y->at, "type", "write headers: { NAME: VALUE }",
		    "\"headers\" is a mapping");
		return;
	}
	acc->headers = arena_array(a, struct http_header, y->n);
	for (i = 0; i < y->n; i++) {
		struct http_header *h = &acc->headers[acc->n_headers];

		y->read[i] = true;
		h->name = y->keys[i]->text;
		if (h->name[strspn(h->name,
			"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
			"0123456789-_")] != '\0') {
			report_add(r, SEV_ERROR, y->keys[i]->at, "name", "",
			    "\"%.80s\" is not the name of a header", h->name);
			continue;
		}
		h->value = request_text(a, h->name, y->items[i], r);
		if (h->value != NULL)
			acc->n_headers++;
	}
}

static void
request_read(struct arena *a, const struct yaml *y, struct account *acc, struct report *r)
{
	static const char *const methods[] = { "POST", "PUT", "GET", NULL };
	const struct yaml *v;
	int word;

	acc->method = methods[0];
	if (yaml_enum(yaml_get(y, "method"), methods, &word, r))
		acc->method = methods[word];
	headers_read(a, yaml_get(y, "headers"), acc, r);
	if ((v = yaml_get(y, "body")) != NULL)
		acc->body = request_text(a, "", v, r);
	if ((v = yaml_get(y, "idempotency_key")) != NULL)
		acc->idempotency_key = request_text(a, "", v, r);
	yaml_str(yaml_get(y, "idempotency_header"), &acc->idempotency_header, r);
	yaml_duration(yaml_get(y, "key_ttl"), &acc->key_ttl, r);
	if ((v = yaml_get(yaml_get(y, "query"), "url")) != NULL)
		acc->query.url = request_text(a, "", v, r);
}

/* { credential: NAME }, or a word as it stands. */
static bool
setting_value(const struct yaml *v, struct setting *s, struct report *r)
{
	const struct yaml *name;

	if (v->kind == YAML_SCALAR)
		return yaml_str(v, &s->value, r);
	if (!schema_check(v, &schema_secret, r))
		return false;
	name = yaml_get(v, "credential");
	if (name == NULL)
		schema_missing(v, "credential", "write the name of the file", r);
	return word_read(name, "a credential", false, &s->credential, r);
}

/* What is no key of every account is its service's: whether it knows it, the table of
 * services tells later. */
static void
settings_read(
    struct arena *a, const struct yaml *y, struct account *acc, struct report *r)
{
	acc->settings = arena_array(a, struct setting, y->n);
	for (int i = 0; i < y->n; i++) {
		struct setting *s = &acc->settings[acc->n_settings];

		if (schema_has(&schema_provider, y->keys[i]->text))
			continue;
		y->read[i] = true;
		*s = (struct setting){ .name = y->keys[i]->text, .at = y->keys[i]->at };
		if (setting_value(y->items[i], s, r))
			acc->n_settings++;
	}
}

void
account_read(struct arena *a, const struct yaml *y, struct account *acc, struct report *r)
{
	static const char *const regions[] = { "cn", "outside", NULL };
	const struct yaml *v;
	int64_t n;
	int word;

	acc->name = acc->type = acc->url = "";
	acc->at = y->at;
	acc->connections = CONNECTIONS_DEFAULT;
	acc->quiet_from = acc->quiet_to = acc->selling_from = acc->selling_to = -1;
	if (!schema_check_open(y, &schema_provider, r))
		return;
	if ((v = yaml_get(y, "name")) == NULL)
		schema_missing(y, "name", "write name: NAME", r);
	else
		word_read(v, "a provider", false, &acc->name, r);
	if (yaml_get(y, "type") == NULL)
		schema_missing(
		    y, "type", "write type: one of `reachd help providers`", r);
	yaml_str(yaml_get(y, "type"), &acc->type, r);
	if (yaml_get(y, "channels") == NULL)
		schema_missing(y, "channels", "write channels: [sms]", r);
	word_set(yaml_get(y, "channels"), channel_names, &acc->channels, r);
	yaml_bool(yaml_get(y, "internal"), &acc->internal, r);
	if (yaml_enum(yaml_get(y, "location"), regions, &word, r))
		acc->region = word == 0 ? REGION_CN : REGION_OUTSIDE;
	yaml_str(yaml_get(y, "export_basis"), &acc->export_basis, r);
	v = yaml_get(y, "url");
	if (yaml_str(v, &acc->url, r)) {
		url_check(acc->url, acc->internal, v->at, r);
		secret_check("", v, r);
	}
	rate_read(yaml_get(y, "rate"), acc, r);
	if (yaml_int(yaml_get(y, "connections"), 1, 256, &n, r))
		acc->connections = (int)n;
	hours_read(yaml_get(y, "hours"), acc, r);
	per_number_read(a, yaml_get(y, "per_number"), acc, r);
	signature_read(a, y, acc, r);
	yaml_str(yaml_get(y, "optout_suffix"), &acc->optout_suffix, r);
	hook_read(yaml_get(y, "hook_secret"), acc, r);
	settings_read(a, y, acc, r);
	request_read(a, y, acc, r);
	answer_read(a, y, acc, r);
}
