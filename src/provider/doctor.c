#include "provider/doctor.h"

#include <string.h>

#include <jansson.h>

#include "core/region.h"
#include "provider/mail_dns.h"
#include "provider/provider.h"

struct look {
	const struct catalog *cat;
	json_t *accounts, *findings;
	bool reachable;
};

/* How an account hears of what becomes of its messages. */
struct ways {
	bool hook, pull, query;
	bool replies; /* pull brings them, too */
	bool contacts; /* its webhook tells of contacts, and of nothing else */
};

static void
finding(const struct look *l, const char *level, const char *about, const char *en,
    const char *zh)
{
	json_array_append_new(
	    l->findings, json_pack("{ss ss ss ss}", "level", level, "about", about,
			     "text", en, "text_zh", zh));
}

static bool
is_this_machine(const char *host)
{
	return host == NULL || g_ascii_strcasecmp(host, "localhost") == 0 ||
	       g_str_has_suffix(host, ".localhost") || g_str_has_prefix(host, "127.") ||
	       strcmp(host, "::1") == 0 || strcmp(host, "0.0.0.0") == 0;
}

bool
doctor_reachable(const char *public_url)
{
	GUri *uri = g_uri_parse(public_url, G_URI_FLAGS_NONE, NULL);
	bool yes = uri != NULL && strcmp(g_uri_get_scheme(uri), "https") == 0 &&
		   !is_this_machine(g_uri_get_host(uri));

	if (uri != NULL)
		g_uri_unref(uri);
	return yes;
}

bool
doctor_hears(const struct account *acc)
{
	const struct provider *p = provider_find(acc->type);

	/* Who asks instead is told nothing. */
	return p->hook != NULL && !provider_is_set(acc, "pull") &&
	       (p->signs || acc->internal || acc->hook_secret != NULL ||
		   acc->hook_credential != NULL);
}

static struct ways
ways_of(const struct account *acc, const struct provider *p, const struct capabilities *c)
{
	return (struct ways){
		.hook = p->contacts == NULL && doctor_hears(acc),
		.pull = p->pull != NULL && c->pull > 0,
		.replies = !c->pulls_receipts,
		.query = p->query != NULL && c->tells,
		.contacts = p->contacts != NULL,
	};
}

static char *
named(const struct ways *w, bool observed, bool pull, bool by_query)
{
	GString *s = g_string_new("");

	if (observed && w->hook)
		g_string_append(s, "webhook");
	if (observed && pull)
		g_string_append_printf(s, "%spull", s->len > 0 ? "+" : "");
	if (by_query && w->query)
		g_string_append_printf(s, "%squery", s->len > 0 ? "+" : "");
	if (s->len == 0)
		g_string_append(s, "none");
	return g_string_free(s, FALSE);
}

static bool
markets(const struct catalog *cat)
{
	GHashTableIter it;
	gpointer t;

	g_hash_table_iter_init(&it, cat->templates);
	while (g_hash_table_iter_next(&it, NULL, &t))
		if (((struct template *)t)->channel == CHANNEL_SMS &&
		    ((struct template *)t)->category == CATEGORY_MARKETING)
			return true;
	return false;
}

static void
judge(const struct look *l, const struct account *acc, const struct capabilities *c,
    const struct ways *w)
{
	/* What is posted comes to a machine of the house, or to a public name. */
	bool hook = w->hook && (acc->internal || l->reachable);

	if (w->hook && !hook && w->pull && c->replies && !w->replies)
		finding(l, "note", acc->name,
		    "its webhooks need a public https address: until there is one, "
		    "receipts are only asked for, and replies are not heard",
		    "回调需要公网 https 地址：没有之前，回执只靠定时拉取，回复收不到");
	else if (w->hook && !hook && w->pull)
		finding(l, "note", acc->name,
		    "its webhooks need a public https address: until there is one, "
		    "receipts "
		    "and replies are only asked for",
		    "回调需要公网 https 地址：没有之前，回执和回复只靠定时拉取");
	else if (w->hook && !hook)
		finding(l, "warning", acc->name,
		    "its webhooks need a public https address: set public_url, or do "
		    "without them",
		    "回调需要公网 https 地址：请设置 public_url，否则收不到回调");
	if (w->contacts && !acc->internal && !l->reachable)
		finding(l, "note", acc->name,
		    "changes of its contacts are seen the next night: its callback needs "
		    "a "
		    "public https address",
		    "客户联系人的变化要到当晚才知道：回调需要公网 https 地址");
	if ((acc->channels & BIT(CHANNEL_SMS)) && markets(l->cat) &&
	    !(c->replies && (hook || (w->pull && w->replies))))
		finding(l, "error", acc->name,
		    "a marketing SMS account has no reply path: who answers R or TD is "
		    "not "
		    "heard",
		    "营销短信账号收不到上行回复：客户回复 R、TD 退订也不会被听到");
	if (c->receipts && (hook || w->pull))
		return;
	if (w->query)
		finding(l, "note", acc->name,
		    "what became of its messages is asked for, message by message: it is "
		    "known later than by webhook",
		    "消息的结果是逐条查询的，比回调晚知道");
	else
		finding(l, "warning", acc->name,
		    "nothing tells whether its messages arrive",
		    "没有途径得知消息是否送达");
}

static bool
is_abroad(const struct account *acc, const struct capabilities *c)
{
	return (c->region != REGION_NONE ? c->region : acc->region) == REGION_OUTSIDE;
}

/* Who its mails go out as: for whoever asks the DNS. */
static json_t *
sender_of(const struct account *acc)
{
	struct arena *a = arena_new();
	struct mail_sender s;
	json_t *j = NULL;

	if (mail_sender_of(acc, a, &s))
		j = json_pack("{ss ss ss ss ss}", "domain", s.domain, "envelope",
		    s.envelope, "selector", s.selector, "reply", s.reply, "host", s.host);
	arena_free(a);
	return j;
}

json_t *
doctor_account(const struct account *acc)
{
	const struct provider *p = provider_find(acc->type);
	struct capabilities c = { 0 };
	json_t *channels = json_array(), *row, *mail;
	char *receipts, *replies;
	struct ways w;

	p->capabilities(acc, &c);
	w = ways_of(acc, p, &c);
	receipts = named(&w, c.receipts, w.pull, true);
	replies = named(&w, c.replies, w.pull && w.replies, false);
	for (int i = 0; i < CHANNELS; i++)
		if (acc->channels & BIT(i))
			json_array_append_new(channels, json_string(channel_name(i)));
	row = json_pack("{ss ss so ss ss* ss ss sb sb ss}", "name", acc->name, "type",
	    acc->type, "channels", channels, "region",
	    is_abroad(acc, &c) ? "outside" : "cn", "export_basis", acc->export_basis,
	    "receipts", receipts, "replies", replies, "opens", c.opens, "clicks",
	    c.clicks, "unknown",
	    c.given ? "exactly once with a key"
	    : c.settle == SETTLE_KEY || c.settle == SETTLE_WINDOW ||
		    c.settle == SETTLE_QUERY
		? "exactly once"
		: "at most once");
	if ((mail = sender_of(acc)) != NULL)
		json_object_set_new(row, "mail", mail);
	g_free(receipts);
	g_free(replies);
	return row;
}

static void
look_at(const struct look *l, const struct account *acc)
{
	const struct provider *p = provider_find(acc->type);
	struct capabilities c = { 0 };
	struct ways w;

	p->capabilities(acc, &c);
	w = ways_of(acc, p, &c);
	json_array_append_new(l->accounts, doctor_account(acc));
	judge(l, acc, &c, &w);
	if (is_abroad(acc, &c) && acc->export_basis == NULL &&
	    region_is_china(l->cat->config->entity.zone))
		finding(l, "error", acc->name,
		    "it serves nobody in China: its service is abroad and no "
		    "export_basis "
		    "names what their data may go there by",
		    "境内客户一个也发不了：服务商在境外，又没有写 "
		    "export_basis（出境依据）");
}

/* Links, opens and refusals by one click are asked of us by customers' devices. */
static void
look_at_name(const struct look *l)
{
	const struct config *cfg = l->cat->config;
	bool outside = false;

	for (int i = 0; i < cfg->n_accounts; i++)
		outside = outside || !cfg->accounts[i].internal;
	if (!l->reachable)
		finding(l, outside ? "error" : "note", "public_url",
		    "no public https address: links in texts, opens of mails, one-click "
		    "unsubscribe and webhooks do not work from outside",
		    "没有公网 https "
		    "地址：短链、邮件打开统计、一键退订和回调从外网都不可用");
}

static void
look_at_credentials(const struct look *l)
{
	const struct config *cfg = l->cat->config;

	for (int i = 0; i < cfg->n_credentials; i++)
		if (cfg->credentials[i].value == NULL)
			finding(l, "error", cfg->credentials[i].name,
			    "this credential is named but its file is not there",
			    "引用了这份密钥，但找不到它的文件");
}

json_t *
doctor_look(const struct catalog *cat)
{
	const struct config *cfg = cat->config;
	struct look l = { cat, json_array(), json_array(),
		doctor_reachable(cfg->public_url) };

	look_at_name(&l);
	look_at_credentials(&l);
	for (int i = 0; i < cfg->n_accounts; i++)
		look_at(&l, &cfg->accounts[i]);
	return json_pack("{ss sb so so}", "public_url", cfg->public_url, "reachable",
	    l.reachable, "accounts", l.accounts, "findings", l.findings);
}
