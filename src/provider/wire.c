/* wire.c - over GLib and jansson. */
#include "provider/wire.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/check.h"
#include "base/crypt.h"
#include "base/json.h"
#include "provider/quote.h"

/* Encodings -------------------------------------------------------------------- */

static bool
is_plain(char c)
{
	return g_ascii_isalnum(c) || c == '-' || c == '_' || c == '.' || c == '~';
}

static void
percent(GString *out, const char *s)
{
	static const char digits[] = "0123456789ABCDEF";
	while (*s != '\0') {
		const char *from = s;
		while (is_plain(*s))
			s++;
		g_string_append_len(out, from, s - from);
		for (; *s != '\0' && !is_plain(*s); s++) {
			unsigned char c = (unsigned char)*s;
			g_string_append_c(out, '%');
			g_string_append_c(out, digits[c >> 4]);
			g_string_append_c(out, digits[c & 15]);
		}
	}
}

void
wire_field(GString *out, const char *name, const char *value)
{
	if (out->len > 0)
		g_string_append_c(out, '&');
	percent(out, name);
	g_string_append_c(out, '=');
	percent(out, value);
}

/* NULL: a broken escape, or a NUL among them. */
static const char *
decode(struct arena *a, const char *s, size_t len)
{
	char *plain = g_strndup(s, len);
	for (char *p = plain; *p != '\0'; p++)
		if (*p == '+')
			*p = ' ';
	char *out = g_uri_unescape_string(plain, NULL);
	const char *kept = out == NULL ? NULL : arena_strdup(a, out);
	g_free(out);
	g_free(plain);
	return kept;
}

int
wire_fields(struct arena *a, const char *form, const char ***names, const char ***values)
{
	int max = 1, n = 0;
	for (const char *p = form; *p != '\0'; p++)
		max += *p == '&';
	*names = arena_array(a, const char *, max);
	*values = arena_array(a, const char *, max);
	for (const char *p = form; *p != '\0';) {
		size_t len = strcspn(p, "&"), name = strcspn(p, "=&");
		size_t from = name < len ? name + 1 : len;
		if (len > 0) {
			(*names)[n] = decode(a, p, name);
			(*values)[n] = decode(a, p + from, len - from);
			if ((*names)[n] == NULL || (*values)[n] == NULL)
				return -1;
			n++;
		}
		p += len + (p[len] == '&');
	}
	return n;
}

const char *
wire_field_of(struct arena *a, const char *form, const char *name)
{
	const char **names, **values;
	int n = wire_fields(a, form, &names, &values);
	for (int i = 0; i < n; i++)
		if (strcmp(names[i], name) == 0)
			return values[i];
	return NULL;
}

const char *
wire_hex(struct arena *a, const uint8_t *in, size_t len)
{
	return crypt_hex(in, len, arena_alloc(a, 2 * len + 1));
}

const char *
wire_base64(struct arena *a, const void *in, size_t len)
{
	char *text = g_base64_encode(in, len);
	const char *kept = arena_strdup(a, text);
	g_free(text);
	return kept;
}

uint8_t *
wire_unbase64(struct arena *a, const char *s, size_t *len)
{
	size_t n = strlen(s), body = strcspn(s, "=");
	if (n == 0 || n % 4 != 0 || n - body > 2 || strspn(s + body, "=") != n - body)
		return NULL;
	for (size_t i = 0; i < body; i++)
		if (!g_ascii_isalnum(s[i]) && s[i] != '+' && s[i] != '/')
			return NULL;
	guchar *raw = g_base64_decode(s, len);
	uint8_t *kept = arena_alloc(a, *len + 1);
	memcpy(kept, raw, *len);
	kept[*len] = 0;
	g_free(raw);
	return kept;
}

/* Hashes ------------------------------------------------------------------------- */

size_t
wire_hmac(enum wire_hash h, const void *key, size_t key_len, const void *in, size_t len,
    uint8_t out[32])
{
	return crypt_sign(h == WIRE_SHA1, key, key_len, in, len, out);
}

const char *
wire_sha256(struct arena *a, const void *in, size_t len)
{
	uint8_t sum[32];
	crypt_sha256(in, len, sum);
	return wire_hex(a, sum, sizeof sum);
}

bool
wire_stops(const struct receipt *r)
{
	return *r->from != '\0' &&
	       (r->kind == RECEIPT_COMPLAINT || r->kind == RECEIPT_UNSUBSCRIBE ||
		   (r->kind == RECEIPT_FAILED && (r->bad_address || r->opted_out)));
}

const char *
wire_key(struct arena *a, const char *s)
{
	return wire_sha256(a, s, strlen(s));
}

/* Requests ----------------------------------------------------------------------- */

void
wire_header(
    struct provider_request *out, struct arena *a, const char *name, const char *value)
{
	g_ptr_array_add(out->headers, arena_printf(a, "%s: %s", name, value));
}

void
wire_basic(
    struct provider_request *out, struct arena *a, const char *user, const char *password)
{
	const char *both = arena_printf(a, "%s:%s", user, password);
	wire_header(out, a, "Authorization",
	    arena_printf(a, "Basic %s", wire_base64(a, both, strlen(both))));
}

static void
post(struct provider_request *out, struct arena *a, const char *url, const char *type,
    const char *body)
{
	out->method = "POST";
	out->url = url;
	out->body = body;
	out->body_len = strlen(body);
	wire_header(out, a, "Content-Type", type);
}

static void print(GString *out, const json_t *j);

static void
print_object(GString *out, json_t *j)
{
	const char *name;
	json_t *value;
	char mark = '{';
	json_object_foreach(j, name, value)
	{
		g_string_append_c(out, mark);
		quote_json(out, name);
		g_string_append_c(out, ':');
		print(out, value);
		mark = ',';
	}
	g_string_append(out, mark == '{' ? "{}" : "}");
}

/* As JSON_COMPACT does. A mail is texts above all, and jansson goes through them a
 * character a call: that was more than half of what a mail cost. */
static void
print(GString *out, const json_t *j)
{
	char *text;
	switch (json_typeof(j)) {
	case JSON_STRING:
		quote_json(out, json_string_value(j));
		break;
	case JSON_OBJECT:
		print_object(out, (json_t *)(uintptr_t)j);
		break;
	case JSON_ARRAY:
		g_string_append_c(out, '[');
		for (size_t i = 0; i < json_array_size(j); i++) {
			if (i > 0)
				g_string_append_c(out, ',');
			print(out, json_array_get(j, i));
		}
		g_string_append_c(out, ']');
		break;
	default:
		text = json_dumps(j, JSON_COMPACT | JSON_ENCODE_ANY);
		g_string_append(out, text);
		free(text);
	}
}

const char *
wire_print(struct arena *a, json_t *j)
{
	GString *s = g_string_sized_new(1024);
	CHECK(j != NULL);
	print(s, j);
	const char *kept = arena_strndup(a, s->str, s->len);
	g_string_free(s, TRUE);
	json_decref(j);
	return kept;
}

void
wire_json(struct provider_request *out, struct arena *a, const char *url, json_t *j)
{
	post(out, a, url, "application/json", wire_print(a, j));
}

void
wire_form(
    struct provider_request *out, struct arena *a, const char *url, const char *form)
{
	post(out, a, url, "application/x-www-form-urlencoded", arena_strdup(a, form));
}

void
wire_get(struct provider_request *out, const char *url)
{
	out->method = "GET";
	out->url = url;
	out->body = "";
	out->body_len = 0;
}

/* Answers and webhooks -------------------------------------------------------------- */

const char *
wire_text(struct arena *a, const json_t *j, const char *name)
{
	const json_t *v = json_object_get(j, name);
	if (json_is_string(v))
		return arena_strdup(a, json_string_value(v));
	if (json_is_integer(v))
		return arena_printf(a, "%" JSON_INTEGER_FORMAT, json_integer_value(v));
	if (json_is_real(v))
		return arena_printf(a, "%.17g", json_real_value(v));
	return "";
}

const char *
wire_raw(struct arena *a, const json_t *j)
{
	char *raw = json_dumps(j, JSON_COMPACT | JSON_ENCODE_ANY);
	const char *kept = arena_strdup(a, raw != NULL ? raw : "");
	free(raw);
	return kept;
}

const char *
wire_code(struct arena *a, const char *s)
{
	return arena_strndup(a, s, strnlen(s, ANSWER_CODE - 1));
}

json_t *
wire_load(const char *body, size_t len)
{
	json_t *root = json_read(body, len);
	if (root == NULL && !g_utf8_validate(body, (gssize)len, NULL)) {
		char *valid = g_utf8_make_valid(body, (gssize)len);
		root = json_read_text(valid);
		g_free(valid);
	}
	return root;
}

#define ROWS_MAX 5000

json_t *
wire_rows(const struct hook_request *req, bool one, struct hook_reply *reply)
{
	if (strcmp(req->method, "POST") != 0) {
		wire_refuse(reply, 405, "{\"error\":\"use POST\"}");
		return NULL;
	}
	json_t *rows = wire_load(req->body, req->body_len);
	if (one && json_is_object(rows))
		rows = json_pack("[o]", rows);
	if (json_is_array(rows) && json_array_size(rows) <= ROWS_MAX)
		return rows;
	if (json_is_array(rows))
		wire_refuse(reply, 413, "{\"error\":\"at most 5000 events a call\"}");
	else
		wire_refuse(reply, 400, "{\"error\":\"send a list of events\"}");
	json_decref(rows);
	return NULL;
}

int
wire_taken(struct hook_reply *reply, const char *json)
{
	*reply = (struct hook_reply){
		.status = 200, .type = "application/json", .body = json
	};
	return 0;
}

bool
wire_is_fresh(const char *stamp, ms_t now, ms_t life, ms_t ahead)
{
	char *end;
	gint64 at = g_ascii_strtoll(stamp, &end, 10);

	return end != stamp && *end == '\0' && at > 0 && at < G_MAXINT64 / 1000 &&
	       now - at * 1000 <= life && at * 1000 - now <= ahead;
}

const char *
wire_utc(struct arena *a, ms_t at, const char *format)
{
	GDateTime *t = g_date_time_new_from_unix_utc(at / 1000);
	char *text = g_date_time_format(t, format);
	const char *kept = arena_strdup(a, text);
	g_free(text);
	g_date_time_unref(t);
	return kept;
}

int
wire_refuse(struct hook_reply *reply, int status, const char *json)
{
	*reply = (struct hook_reply){
		.status = status, .type = "application/json", .body = json
	};
	return -1;
}

/* Pace ------------------------------------------------------------------------------ */

/* Whatever a header says, the service is asked again after so long. */
#define PACE_MAX MS_HOUR

ms_t
wire_date(const char *text)
{
	static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	int day, year, h, m, s;
	const char *at;
	GDateTime *t;
	char month[4];
	ms_t ms;

	if (sscanf(text, "%*3s, %2d %3s %4d %2d:%2d:%2d GMT", &day, month, &year, &h, &m,
		&s) != 6 ||
	    strlen(month) != 3 || (at = strstr(months, month)) == NULL ||
	    (at - months) % 3 != 0)
		return 0;
	t = g_date_time_new_utc(year, (int)(at - months) / 3 + 1, day, h, m, s);
	if (t == NULL)
		return 0;
	ms = g_date_time_to_unix(t) * 1000;
	g_date_time_unref(t);
	return ms;
}

/* A number of a header; -1: it is none. */
static double
number_of(const struct provider_reply *reply, const char *name)
{
	const char *text = name != NULL ? header_of(reply->head, name) : "";
	char *end;
	double v = g_ascii_strtod(text, &end);

	return end == text || *end != '\0' || !(v >= 0 && v < 1e15) ? -1 : v;
}

/* Seconds, or an instant in seconds or milliseconds: then by the service's own clock. */
static ms_t
wait_of(const struct provider_reply *reply, const char *name)
{
	double v = number_of(reply, name),
	       now = (double)wire_date(header_of(reply->head, "Date"));

	if (v <= 0)
		return 0;
	if (v < 1e8)
		v *= 1000;
	else if (now <= 0)
		return 0;
	else
		v = MAX(v < 1e11 ? v * 1000 - now : v - now, 1000);
	return (ms_t)MIN(v, (double)PACE_MAX);
}

void
wire_pace(const struct provider_reply *reply, const char *left, const char *again,
    struct answer *out, int n)
{
	ms_t wait = wait_of(reply, again), asked = wait_of(reply, "Retry-After");

	for (int i = 0; i < n; i++)
		if (out[i].outcome == OUTCOME_REFUSED_RETRY && !out[i].number &&
		    !out[i].alone && out[i].retry_after == 0)
			out[i].retry_after = asked > 0 ? asked : wait;
	if (number_of(reply, left) == 0)
		out[0].pause = wait;
}
