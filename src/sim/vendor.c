#include "sim/vendor.h"

#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "base/json.h"
#include "provider/quote.h"

#define KEY_LIFE (24 * MS_HOUR)
#define WINDOW MS_MINUTE
#define LAG MS_SECOND

enum fault {
	FAULT_NONE,
	FAULT_ERROR_BEFORE,
	FAULT_ERROR_AFTER,
	FAULT_THROTTLE,
	FAULT_SILENCE_BEFORE,
	FAULT_SILENCE_AFTER,
	FAULT_CUT_BEFORE,
	FAULT_CUT_AFTER,
	FAULT_GARBAGE,
	FAULT_SLOW
};

struct vendor {
	struct vendor_options o;
	struct vendor_faults faults;
	struct rng rng;
	GPtrArray *ledger;
	GHashTable *keys, *refs; /* -> struct vendor_taken, not owned */
};

static void
taken_free(gpointer p)
{
	struct vendor_taken *t = p;

	g_free(t->ref);
	g_free(t->to);
	g_free(t->customer);
	g_free(t);
}

struct vendor *
vendor_new(const struct vendor_options *o)
{
	struct vendor *v = g_new0(struct vendor, 1);

	v->o = *o;
	rng_seed(&v->rng, o->seed, "faults");
	v->ledger = g_ptr_array_new_with_free_func(taken_free);
	v->keys = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	v->refs = g_hash_table_new(g_str_hash, g_str_equal);
	return v;
}

void
vendor_free(struct vendor *v)
{
	if (v == NULL)
		return;
	g_hash_table_unref(v->keys);
	g_hash_table_unref(v->refs);
	g_ptr_array_unref(v->ledger);
	g_free(v);
}

struct vendor_faults *
vendor_faults(struct vendor *v)
{
	return &v->faults;
}

guint
vendor_count(const struct vendor *v)
{
	return v->ledger->len;
}

const struct vendor_taken *
vendor_get(const struct vendor *v, guint i)
{
	return v->ledger->pdata[i];
}

/* ---- reading ---- */

/* The message's id and attempt stand in the first ten bytes of the reference, in
 * Crockford's base 32. Written from the paper's words, not from the code. */
static void
read_ref(struct vendor_letter *l)
{
	static const char digits[] = "0123456789abcdefghjkmnpqrstvwxyz";
	uint64_t id = 0;
	int n = 0;

	if (strlen(l->ref) != 24)
		return;
	for (int bit = 0; bit < 80; bit++) {
		const char *d = strchr(digits, l->ref[bit / 5]);

		if (d == NULL)
			return;
		int one = (int)(d - digits) >> (4 - bit % 5) & 1;
		if (bit < 64)
			id = id << 1 | (uint64_t)one;
		else
			n = n << 1 | one;
	}
	l->msg = (int64_t)id;
	l->n = n;
}

static const char *
text_of(const json_t *j, const char *name)
{
	const char *s = json_string_value(json_object_get(j, name));

	return s == NULL ? "" : s;
}

static void
read_letter(const json_t *j, struct vendor_letter *l)
{
	l->key = text_of(j, "key");
	l->ref = text_of(j, "ref");
	l->to = text_of(j, "to");
	l->text = text_of(j, "text");
	l->html = text_of(j, "html");
	l->unsubscribe = text_of(j, "unsubscribe");
	l->customer = text_of(j, "customer");
	l->channel = channel_find(text_of(j, "channel"));
	l->category = category_find(text_of(j, "category"));
	l->expires = json_integer_value(json_object_get(j, "expires"));
	l->msg = 0;
	l->n = 0;
	read_ref(l);
}

static uint64_t
content_of(const struct vendor_letter *l)
{
	const char *parts[] = { l->to, l->text, l->html, l->unsubscribe };
	uint64_t h = UINT64_C(14695981039346656037);

	for (size_t i = 0; i < G_N_ELEMENTS(parts); i++)
		for (const char *p = parts[i]; p == parts[i] || p[-1] != '\0'; p++)
			h = (h ^ (unsigned char)*p) * UINT64_C(1099511628211);
	return h;
}

/* ---- taking ---- */

static struct vendor_taken *
enter(struct vendor *v, const struct vendor_letter *l)
{
	struct vendor_taken *t = g_new0(struct vendor_taken, 1);

	t->msg = l->msg;
	t->n = l->n;
	t->channel = l->channel;
	t->category = l->category;
	t->left = l->left;
	t->at = l->at;
	t->account = l->account;
	t->ref = g_strdup(l->ref);
	t->to = g_strdup(l->to);
	t->customer = g_strdup(l->customer);
	t->content = content_of(l);
	g_snprintf(t->id, sizeof(t->id), "v-%u", v->ledger->len + 1);
	g_ptr_array_add(v->ledger, t);
	g_hash_table_insert(v->refs, t->ref, t);
	g_hash_table_insert(v->keys, g_strconcat(l->account, " ", l->key, NULL), t);
	v->o.took(v->o.arg, l, t);
	return t;
}

static void
result(GString *body, const char *ref, const char *status, const char *name,
    const char *value)
{
	g_string_append(
	    body, body->str[body->len - 1] == '[' ? "{\"ref\":" : ",{\"ref\":");
	quote_json(body, ref);
	quote_json_member(body, "status", status);
	quote_json_member(body, name, value);
	g_string_append_c(body, '}');
}

static void
take(struct vendor *v, const struct account *acc, const struct vendor_letter *l,
    GString *body)
{
	ms_t window = acc->window > 0 ? acc->window : WINDOW;
	struct vendor_taken *t = NULL;
	char *key;

	if (acc->settle == SETTLE_QUERY && l->signed_at > 0 &&
	    l->at - l->signed_at > window) {
		result(body, l->ref, "later", "code", "stale");
		return;
	}
	if (acc->settle == SETTLE_KEY) {
		key = g_strconcat(l->account, " ", l->key, NULL);
		t = g_hash_table_lookup(v->keys, key);
		g_free(key);
		if (t != NULL && l->at - t->at >= KEY_LIFE)
			t = NULL;
	}
	if (t != NULL && t->content != content_of(l)) {
		v->o.misused(v->o.arg, l);
		result(body, l->ref, "conflict", "code", "key_reused");
		return;
	}
	if (t != NULL)
		t->repeats++;
	else if (v->faults.refuse_address > 0 &&
		 rng_chance(&v->rng, v->faults.refuse_address)) {
		result(body, l->ref, "refused", "code", "bad_address");
		return;
	} else if (v->faults.refuse > 0 && rng_chance(&v->rng, v->faults.refuse)) {
		result(body, l->ref, "refused", "code", "content");
		return;
	} else
		t = enter(v, l);
	result(body, l->ref, "accepted", "id", t->id);
}

static ms_t
header_time(const struct sim_request *q)
{
	for (int i = 0; q->headers[i] != NULL; i++)
		if (g_ascii_strncasecmp(q->headers[i], "X-Sent-At: ", 11) == 0)
			return strtoll(q->headers[i] + 11, NULL, 10);
	return 0;
}

static void
messages(struct vendor *v, const struct sim_request *q, bool takes, struct sim_reply *r)
{
	json_t *root = json_read(q->body, q->body_len), *list, *one;
	const char *name = text_of(root, "account");
	const struct account *acc = v->o.account(v->o.arg, name);
	GString *body = g_string_new("{\"results\":[");
	size_t i;

	list = json_object_get(root, "messages");
	json_array_foreach(list, i, one)
	{
		struct vendor_letter l = { .account = g_intern_string(name),
			.left = q->left,
			.at = v->o.now(v->o.arg),
			.signed_at = header_time(q) };

		read_letter(one, &l);
		v->o.came(v->o.arg, &l);
		if (takes && acc != NULL)
			take(v, acc, &l, body);
	}
	g_string_append(body, "]}");
	r->status = acc == NULL ? 404 : 200;
	r->len = body->len;
	r->body = g_string_free(body, FALSE);
	json_decref(root);
}

/* What was taken shows in the index a little later. */
static void
query(struct vendor *v, const char *ref, struct sim_reply *r)
{
	const struct vendor_taken *t = g_hash_table_lookup(v->refs, ref);
	const struct account *acc = t == NULL ? NULL : v->o.account(v->o.arg, t->account);
	ms_t lag = acc != NULL && acc->lag > 0 ? acc->lag : LAG;

	r->status = 200;
	r->body = t == NULL || v->o.now(v->o.arg) - t->at < lag
		      ? g_strdup("{\"found\":false}")
		      : g_strdup_printf("{\"found\":true,\"id\":\"%s\"}", t->id);
	r->len = strlen(r->body);
}

/* ---- erring ---- */

static enum fault
draw(struct vendor *v)
{
	const struct vendor_faults *f = &v->faults;
	const double p[] = { f->error_before, f->error_after, f->throttle,
		f->silence_before, f->silence_after, f->cut_before, f->cut_after,
		f->garbage, f->slow };

	for (size_t i = 0; i < G_N_ELEMENTS(p); i++)
		if (p[i] > 0 && rng_chance(&v->rng, p[i]))
			return (enum fault)(FAULT_ERROR_BEFORE + (int)i);
	return FAULT_NONE;
}

static void
say(struct sim_reply *r, int status, const char *body)
{
	g_free(r->body);
	r->status = status;
	r->body = g_strdup(body);
	r->len = strlen(body);
}

static void
spoil(struct vendor *v, enum fault f, struct sim_reply *r)
{
	static const char *const garbage[] = {
		"<html><body>502 Bad Gateway</body></html>", "",
		"{\"results\":[{\"ref\":", "OK", "{\"results\":{}}",
		"{\"results\":[{},1,null]}"
	};

	switch (f) {
	case FAULT_ERROR_BEFORE:
	case FAULT_ERROR_AFTER:
		say(r, rng_chance(&v->rng, 0.3) ? 502 : 500, "{\"error\":\"internal\"}");
		break;
	case FAULT_THROTTLE:
		say(r, 429, "{\"error\":\"too many\"}");
		r->retry_after = rng_chance(&v->rng, 0.5) ? 2 * MS_SECOND : 0;
		break;
	case FAULT_SILENCE_BEFORE:
	case FAULT_SILENCE_AFTER:
		r->kind = SIM_SILENCE;
		break;
	case FAULT_CUT_BEFORE:
	case FAULT_CUT_AFTER:
		r->kind = SIM_CUT;
		break;
	case FAULT_GARBAGE:
		say(r, 200, garbage[rng_below(&v->rng, G_N_ELEMENTS(garbage))]);
		break;
	case FAULT_SLOW:
		r->after = rng_between(&v->rng, 2000, 25000);
		break;
	case FAULT_NONE:
		break;
	}
}

static bool
takes_all_the_same(struct vendor *v, enum fault f)
{
	switch (f) {
	case FAULT_ERROR_BEFORE:
	case FAULT_THROTTLE:
	case FAULT_SILENCE_BEFORE:
	case FAULT_CUT_BEFORE:
		return false;
	case FAULT_GARBAGE:
		return rng_chance(&v->rng, 0.5);
	default:
		return true;
	}
}

/* The town has its mail carried by the sandbox's dialect; there is no mail server. */
static void
no_mail_server(struct sim_reply *r)
{
	*r = (struct sim_reply){ .kind = SIM_ANSWER };
	say(r, 554, "CONNECT 5.7.1 no mail is taken in this world");
}

void
vendor_arrive(struct vendor *v, const struct sim_request *q, struct sim_reply *r)
{
	const char *ref = strstr(q->url, "/v1/messages?ref=");
	enum fault f = draw(v);

	if (q->mail) {
		no_mail_server(r);
		return;
	}
	r->kind = SIM_ANSWER;
	r->after = v->o.instant ? 50 : rng_about(&v->rng, 60);
	if (ref != NULL)
		query(v, ref + strlen("/v1/messages?ref="), r);
	else
		messages(v, q, takes_all_the_same(v, f), r);
	spoil(v, f, r);
}
