#include "compose.h"

#include <string.h>

#include "core/gate.h"
#include "core/plain_text.h"
#include "core/segment.h"
#include "ref.h"
#include "registry.h"
#include "sender.h"
#include "spec/liquid.h"
#include "store/event.h"
#include "store/msg.h"
#include "turns.h"

struct making {
	struct work *w;
	const struct version *v;
	const struct message *m;
	struct composed *out;
	struct value_map message;
	struct value_pair pairs[2];
	struct scope scope;
	const char *signature;
};

static const struct liquid *
partial(void *arg, const char *name)
{
	const struct making *mk = arg;

	return g_hash_table_lookup(mk->v->partials, name);
}

static void
link_code(struct making *mk, char code[11])
{
	static const char base62[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
	uint8_t raw[32];

	if (mk->w->desk->rehearsal) {
		char name[64];

		g_snprintf(name, sizeof(name), "%" G_GINT64_FORMAT ":%d:%d", mk->m->id, mk->m->n,
		    mk->out->n_links);
		crypt_sha256(name, strlen(name), raw);
	} else {
		mk->w->world->secret(mk->w->world, raw, sizeof(raw));
	}
	/* 62 * 4 = 248: bytes above are dropped, so that no character is favoured */
	for (int i = 0, n = 0; n < 10; i = (i + 1) % 32) {
		if (raw[i] >= 248)
			crypt_sha256(raw, sizeof(raw), raw);
		else
			code[n++] = base62[raw[i] % 62];
	}
	code[10] = '\0';
}

/* A host that the texts of this version name: a field may not choose another. */
static bool
is_own_host(const struct making *mk, const char *target)
{
	const char *host = strstr(target, "://"), *p = mk->v->bundle,
		   *own = mk->w->cat->config->public_url;
	size_t len = host == NULL ? 0 : 3 + strcspn(host + 3, "/?#");

	if (len <= 3 ||
	    (!g_str_has_prefix(target, "https://") && !g_str_has_prefix(target, "http://")))
		return false;
	if (g_str_has_prefix(target, own) && target[strlen(own)] == '/')
		return true;
	while ((p = strstr(p, "://")) != NULL) {
		/* The bundle is JSON: what follows a host there is a mark or a backslash. */
		if (strncmp(p, host, len) == 0 && !g_ascii_isalnum(p[len]) &&
		    strchr("-._~:@%", p[len]) == NULL && (p[len] & 0x80) == 0)
			return true;
		p += 3;
	}
	return false;
}

static const char *
short_link(void *arg, struct arena *a, const char *target)
{
	struct making *mk = arg;
	struct composed_link *l;
	char *encoded;

	if (!is_own_host(mk, target))
		return NULL;
	if (mk->out->n_links == (int)G_N_ELEMENTS(mk->out->links))
		return target;
	l = &mk->out->links[mk->out->n_links];
	link_code(mk, l->code);
	/* What may not stand in an address is percent-encoded, what is stays. */
	encoded = g_uri_escape_string(target, ":/?#[]@!$&'()*+,;=%", FALSE);
	l->target = arena_strdup(a, encoded);
	g_free(encoded);
	mk->out->n_links++;
	return arena_printf(a, "%s/l/%s", mk->w->cat->config->public_url, l->code);
}

static int
render(struct making *mk, const struct liquid *l, enum liquid_escape escape, const struct person *p,
    const char **text, const char **detail, struct pos *at)
{
	struct liquid_env env = {
		.scope = &mk->scope,
		.escape = escape,
		.now = mk->w->now,
		.zone = p->zone,
		.partial = partial,
		.partial_arg = mk,
		.short_link = short_link,
		.link_arg = mk,
		.arena = mk->w->arena,
	};
	GString *s = g_string_sized_new(256);
	struct err e = { 0 };
	int rc = liquid_render(l, &env, s, &e);

	if (rc != 0) {
		*detail = arena_strdup(mk->w->arena, e.text);
		*at = e.at;
	} else {
		g_strstrip(s->str);
		*text = arena_strdup(mk->w->arena, s->str);
	}
	g_string_free(s, TRUE);
	return rc;
}

/* Before the end of the page, if it has one: what stands behind it some readers drop. */
static const char *
with_pixel(struct making *mk, const char *html)
{
	char *lower = g_ascii_strdown(html, -1), *end = g_strrstr(lower, "</body");
	size_t at = end == NULL ? strlen(html) : (size_t)(end - lower);

	g_free(lower);
	return arena_printf(mk->w->arena,
	    "%.*s\n<img src=\"%s/o/%s.gif\" width=\"1\" height=\"1\" alt=\"\">%s", (int)at,
	    html, mk->w->cat->config->public_url, mk->out->ref, html + at);
}

static int
email(struct making *mk, struct person *p, const struct template *t, const char **detail,
    struct pos *at)
{
	struct composed *out = mk->out;
	const char *body;
	const struct liquid *layout;

	if (t->subject != NULL &&
	    render(mk, t->subject, LIQUID_HEADER, p, &out->subject, detail, at) != 0)
		return -1;
	if (render(mk, t->body, LIQUID_HTML, p, &body, detail, at) != 0)
		return -1;
	out->html = body;
	if (t->layout != NULL) {
		layout = partial(mk, t->layout);
		mk->pairs[1] = (struct value_pair){ "content", value_str(body) };
		if (layout == NULL || render(mk, layout, LIQUID_HTML, p, &out->html, detail, at) != 0)
			return -1;
	}
	/* An empty body stays empty: its layout is no message. */
	if (t->text == NULL && *body != '\0')
		out->text = plain_text_of(mk->w->arena, out->html);
	out->html = with_pixel(mk, out->html);
	return t->text == NULL ? 0 :
				 render(mk, t->text, LIQUID_PLAIN, p, &out->text, detail, at);
}

static int
sms(struct making *mk, const struct account *acc, const struct capabilities *caps,
    const struct template *t, const char **detail)
{
	struct composed *out = mk->out;
	const char *sig = mk->signature;
	struct segments seg;
	int max = mk->w->cat->policy->max_segments;

	segment_count(SEGMENT_CHINA, sig, out->text, &seg);
	out->segments = seg.segments;
	if (t->category == CATEGORY_MARKETING && acc->optout_suffix != NULL &&
	    !g_str_has_suffix(out->text, acc->optout_suffix)) {
		*detail = arena_printf(mk->w->arena, "a marketing SMS must end with \"%s\"",
		    acc->optout_suffix);
		return 1;
	}
	if (seg.segments > max) {
		*detail = arena_printf(mk->w->arena, "%d segments, at most %d", seg.segments, max);
		return 1;
	}
	out->signature = sig;
	if (!caps->bare)
		out->text = arena_printf(mk->w->arena, "【%s】%s", sig, out->text);
	return 0;
}

/* The same message as its gateway knows it: a code, and what fills its places. */
static int
code(struct making *mk, struct person *p, const struct account *acc, const struct template *t,
    const char *said, const char **detail, struct pos *at)
{
	const struct registered *g = template_registered(t, acc->name, acc->type);
	struct arena *a = mk->w->arena;
	struct coded *c = arena_new_of(a, struct coded);
	const char **names, **values;

	if (g == NULL) {
		*detail = arena_printf(a, "the text has no code at \"%s\"", acc->name);
		return 1;
	}
	names = arena_array(a, const char *, g->n_params + 1);
	values = arena_array(a, const char *, g->n_params + 1);
	for (int i = 0; i < g->n_params; i++) {
		names[i] = g->params[i].name;
		if (render(mk, g->params[i].value, LIQUID_PLAIN, p, &values[i], detail, at) != 0)
			return -1;
	}
	*c = (struct coded){ g->code, names, values, g->n_params };
	mk->out->coded = c;
	return registry_judge(mk->w, acc, g, mk->out, said, detail, at);
}

static bool
own_names(const struct scope *s, const char *name, size_t len, struct value *out)
{
	const struct making *mk = s->arg;

	if (len == 7 && memcmp(name, "message", 7) == 0)
		*out = mk->pairs[0].value;
	else if (len == 7 && memcmp(name, "content", 7) == 0 && mk->pairs[1].key != NULL)
		*out = mk->pairs[1].value;
	else
		return false;
	return true;
}

/* The store's own before the account's: it is the one the customer knows. */
static const char *
signature(const struct work *w, struct person *p, const struct account *acc)
{
	const struct shop *s = person_shop(p);

	if (s != NULL && s->signature != NULL)
		return s->signature;
	return acc->signature != NULL ? acc->signature : w->cat->config->entity.name;
}

/* What services allow only so often, counted here: they would drop the rest. */
static int
had_since(struct work *w, const struct message *m, const struct account *acc, ms_t since)
{
	struct err e = { 0 };
	int n;

	return msg_had(w->store, m->customer, acc->name, since, &n, &e) != 0 ? G_MAXINT : n;
}

static struct had
had(struct work *w, const struct message *m, const struct account *acc)
{
	const struct zone *house = w->cat->config->entity.zone;
	struct had n = { 0 };
	struct capabilities caps = { 0 };
	int64_t today = desk_today(w);
	ms_t month, end;

	provider_find(acc->type)->capabilities(acc, &caps);
	if (caps.confirm == 0)
		return n;
	gate_period(CAP_MONTH, house, w->now, &month, &end);
	n.day = had_since(w, m, acc, zone_instant(house, today, 0));
	n.week = had_since(w, m, acc, zone_instant(house, today - 6, 0));
	n.month = had_since(w, m, acc, month);
	return n;
}

/* 1: a rule of the provider's own. */
static int
refused(struct work *w, const struct message *m, const struct template *t,
    const struct provider *provider, const struct account *acc, const struct composed *out,
    const char **detail)
{
	struct parcel p = compose_parcel(m, out);
	struct err e = { 0 };
	const char *why;

	p.channel = t->channel;
	p.category = t->category;
	p.begun_at = w->now;
	p.had = had(w, m, acc);
	if (turns_get(w, acc, (int)t->channel, out->to, &p.turn, &e) != 0) {
		*detail = "whether the customer has written cannot be read";
		return -1;
	}
	why = provider->refuses(acc, &p, w->arena);
	if (why == NULL)
		return 0;
	*detail = why;
	return 1;
}

struct parcel
compose_parcel(const struct message *m, const struct composed *c)
{
	return (struct parcel){
		.msg = m->id,
		.to = c->to,
		.devices = c->devices,
		.ref = c->ref,
		.call = "",
		.channel = (enum channel)m->channel,
		.category = (enum category)m->category,
		.subject = c->subject,
		.text = c->text,
		.html = c->html,
		.unsubscribe = c->unsubscribe,
		.customer = c->customer,
		.signature = c->signature,
		.sender = c->sender,
		.key = c->key,
		.coded = c->coded,
		.provider_id = "",
		.begun_at = m->begun_at,
		.expires_at = c->valid_until > 0 ? c->valid_until : m->expires_at,
	};
}

int
compose(struct work *w, struct person *p, const struct version *v, const struct message *m,
    const struct template *t, const struct account *acc, struct composed *out,
    const char **detail, struct pos *at)
{
	struct making mk = { .w = w, .v = v, .m = m, .out = out };
	struct value_map *message = value_map_new(w->arena);
	const struct provider *provider = provider_find(acc->type);
	struct capabilities caps = { 0 };
	const char *said;
	char ref[REF_TEXT];
	int rc;

	if (provider != NULL) /* people are no provider */
		provider->capabilities(acc, &caps);
	memset(out, 0, sizeof(*out));
	*detail = "";
	out->subject = out->html = out->text = out->signature = out->sender = "";
	out->segments = 1;
	out->keeps = caps.keeps;
	out->to = p->row.c.address[t->channel];
	out->customer = p->row.c.ext;
	out->ref = arena_strdup(w->arena, ref_make(store_crypt(w->store), m->id, m->n + 1, ref));
	out->unsubscribe =
	    arena_printf(w->arena, "%s/u/%s", w->cat->config->public_url, out->ref);
	value_map_set(w->arena, message, "unsubscribe", value_str(out->unsubscribe));
	mk.pairs[0] = (struct value_pair){ "message", value_map(message) };
	mk.scope = (struct scope){ .lookup = own_names, .arg = &mk, .outer = person_step_scope(p) };
	mk.signature = signature(w, p, acc);
	if (t->channel == CHANNEL_EMAIL)
		rc = email(&mk, p, t, detail, at);
	else
		rc = render(&mk, t->body, LIQUID_PLAIN, p, &out->text, detail, at);
	said = out->text;
	if (rc == 0 && t->channel == CHANNEL_SMS)
		rc = sms(&mk, acc, &caps, t, detail);
	if (rc == 0 && caps.registered)
		rc = code(&mk, p, acc, t, said, detail, at);
	if (rc == 0 && *out->text == '\0') {
		*detail = "the text is empty";
		rc = -1;
	}
	/* A text that is only tried is of no run: nobody's contact is asked to send it. */
	if (rc == 0 && caps.member && m->run != 0)
		rc = sender_set(w, p, acc, out, detail);
	if (rc == 0 && provider != NULL && provider->refuses != NULL)
		rc = refused(w, m, t, provider, acc, out, detail);
	out->cost = w->cat->policy->costs[t->channel] *
	    (t->channel == CHANNEL_SMS ? out->segments : 1);
	return rc;
}

int
compose_keep(
    struct work *w, const struct message *m, const struct composed *c, struct err *e)
{
	for (int i = 0; i < c->n_links; i++)
		if (link_add(w->store, c->links[i].code, m->id, m->n, c->links[i].target,
			w->now, e) != 0)
			return -1;
	return 0;
}
