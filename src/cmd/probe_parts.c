/* probe_parts.c - what is checked of an account beside its call: credentials, the key's verdict in
 * words, the address of its webhooks. */
#include <string.h>

#include "probe.h"
#include "provider/doctor.h"
#include "provider/provider.h"

/* ---- credentials ---- */

static void
add(GString *s, const char *name)
{
	if (name != NULL && strstr(s->str, name) == NULL)
		g_string_append_printf(s, "%s%s", s->len > 0 ? ", " : "", name);
}

/* A description names its own in headers and texts, and does not say which: all of them count. */
static void
sort_credentials(const struct trial *t, GString *there, GString *missing)
{
	const struct account *acc = t->acc;
	const struct config *cfg = t->cfg;

	for (int i = 0; i < acc->n_settings; i++)
		if (acc->settings[i].credential != NULL)
			add(acc->settings[i].value != NULL ? there : missing,
			    acc->settings[i].credential);
	if (acc->hook_credential != NULL)
		add(acc->hook_secret != NULL && *acc->hook_secret != '\0' ? there
									  : missing,
		    acc->hook_credential);
	for (int i = 0; acc->body != NULL && i < cfg->n_credentials; i++)
		if (cfg->credentials[i].value == NULL)
			add(missing, cfg->credentials[i].name);
}

void
probe_credentials(struct trial *t)
{
	GString *there = g_string_new(NULL), *missing = g_string_new(NULL);
	const char *dir = t->cfg->credentials_dir;

	sort_credentials(t, there, missing);
	if (missing->len > 0)
		probe_add(t,
		    &(struct probe_check){ "credentials", "failed",
			arena_printf(t->arena, "not there: %s", missing->str),
			arena_printf(t->arena, "找不到：%s", missing->str),
			arena_printf(t->arena,
			    "put each into a file of its name in %s, readable by you",
			    dir != NULL ? dir : "the directory that credentials: names"),
			arena_printf(t->arena,
			    "请把每份密钥放进 %s 下的同名文件，并保证可读",
			    dir != NULL ? dir : "credentials: 所指目录"),
			"" });
	else
		probe_add(t,
		    &(struct probe_check){ "credentials", "ok",
			there->len > 0 ? arena_printf(t->arena, "read: %s", there->str)
				       : "none needed",
			there->len > 0 ? arena_printf(t->arena, "已读取：%s", there->str)
				       : "不需要",
			NULL, NULL, "" });
	g_string_free(there, TRUE);
	g_string_free(missing, TRUE);
}

/* ---- the key ---- */

/* %s: the settings at fault. */
static const struct {
	const char *result, *en, *zh, *next_en, *next_zh;
} words[] = {
	[PROBED_ODD] = { "failed", "the answer is not understood", "看不懂对方的应答",
	    "is url that of the service? `reachd help provider TYPE` shows it",
	    "url 是该服务商的地址吗？`reachd help provider TYPE` 可查" },
	[PROBED_GOOD] = { "ok", "accepted", "有效", NULL, NULL },
	[PROBED_MAY_NOT] = { "note", "accepted, but it may not ask this question",
	    "有效，但无权查询", "nothing, if it may send; else give it the right there",
	    "若它有发送权限可不理会；否则请在服务商处授权" },
	[PROBED_KEY] = { "failed", "not accepted: %s", "不被接受：%s",
	    "copy it anew from the service's console", "请从服务商控制台重新复制" },
	[PROBED_SETTING] = { "failed", "the key is accepted, but not %s",
	    "密钥有效，但 %s 不对",
	    "compare it in reachd.yaml with the service's console",
	    "请对照服务商控制台核对 reachd.yaml 里的值" },
	[PROBED_CLOCK] = { "failed", "the time of the signature is refused",
	    "签名时间被拒绝", "set this machine's clock: timedatectl set-ntp true",
	    "请校准本机时钟：timedatectl set-ntp true" },
	[PROBED_PLACE] = { "failed", "this machine's address is not let in",
	    "本机地址不在白名单内",
	    "add its public address to those allowed in the service's console",
	    "请在服务商控制台把本机公网地址加入白名单" },
	[PROBED_STOPPED] = { "failed", "the account delivers nothing as it stands",
	    "账号目前发不出去", "see the service's console: balance, trial, suspension",
	    "请到服务商控制台查看：余额、试用限制、停用" },
	[PROBED_LATER] = { "failed", "the service says: not now", "服务商暂时无法应答",
	    "try again in a minute", "请一分钟后再试" },
};

/* "access_key_secret" and where its value is kept, never the value. */
static const char *
named(const struct trial *t, const char *list, const char *either)
{
	char **names = g_strsplit(list, ", ", -1);
	GString *s = g_string_new(NULL);
	const char *kept;

	for (int i = 0; names[i] != NULL; i++) {
		g_string_append_printf(s, "%s%s", i > 0 ? either : "", names[i]);
		for (int k = 0; k < t->acc->n_settings; k++)
			if (strcmp(t->acc->settings[k].name, names[i]) == 0 &&
			    t->acc->settings[k].credential != NULL)
				g_string_append_printf(s, " (credential %s)",
				    t->acc->settings[k].credential);
	}
	kept = arena_strndup(t->arena, s->str, s->len);
	g_string_free(s, TRUE);
	g_strfreev(names);
	return kept;
}

static const char *
put(const struct trial *t, const char *text, const char *name)
{
	const char *at = strstr(text, "%s");

	return at == NULL ? text
			  : arena_printf(t->arena, "%.*s%s%s", (int)(at - text), text,
				name, at + 2);
}

void
probe_key(struct trial *t, const struct probed *p)
{
	const char *en = put(t, words[p->as].en, named(t, p->setting, ", or ")),
		   *zh = put(t, words[p->as].zh, named(t, p->setting, " 或 "));

	if (*p->told != '\0') {
		en = arena_printf(t->arena, "%s; %s", en, p->told);
		zh = arena_printf(t->arena, "%s；%s", zh, p->told);
	}
	probe_add(t, &(struct probe_check){ "key", words[p->as].result, en, zh,
			 words[p->as].next_en, words[p->as].next_zh,
			 p->as == PROBED_GOOD ? "" : p->perr });
}

/* ---- the webhook ---- */

/* The address the service is told; never the secret in it. */
static const char *
hook_of(const struct trial *t)
{
	return arena_printf(t->arena, "%s/hooks/%s/%s%s", t->cfg->public_url,
	    t->acc->type, t->acc->name, t->acc->hook_credential != NULL ? "/SECRET" : "");
}

static void
ask_itself(struct trial *t)
{
	struct provider_request r = { .method = "GET",
		.url = arena_printf(t->arena, "%s/healthz", t->cfg->public_url),
		.body = "",
		.headers = g_ptr_array_new() };
	struct probe_call c;
	bool good;

	/* Of one's own house, which may lie behind the same router. */
	probe_ask(t, &r, true, &c);
	good = c.http.end == HTTP_ANSWERED && c.reply.status == 200 &&
	       strcmp(c.reply.body, "ok\n") == 0;
	if (good)
		probe_add(t,
		    &(struct probe_check){ "webhook", "ok",
			arena_printf(t->arena, "%s answers, seen from here", hook_of(t)),
			arena_printf(t->arena, "%s 有应答（从本机看）", hook_of(t)), NULL,
			NULL, "" });
	else
		probe_add(t,
		    &(struct probe_check){ "webhook", "failed",
			arena_printf(t->arena, "%s does not lead to reachd: %s",
			    t->cfg->public_url,
			    c.http.end == HTTP_ANSWERED ? "somebody else answers"
							: c.http.error),
			arena_printf(t->arena, "%s 没有通到 reachd：%s",
			    t->cfg->public_url,
			    c.http.end == HTTP_ANSWERED ? "应答的不是它" : c.http.error),
			"let the proxy of that name pass everything to listen: public",
			"请让该域名的反向代理把请求转发到 listen: public", "" });
	g_ptr_array_unref(r.headers);
}

void
probe_webhook(struct trial *t, bool running)
{
	const char *url = t->cfg->public_url;

	if (!doctor_hears(t->acc) || url == NULL || *url == '\0')
		return;
	if (!t->acc->internal && !doctor_reachable(url))
		probe_add(
		    t, &(struct probe_check){ "webhook", "failed",
			   arena_printf(t->arena, "%s is no public https address", url),
			   arena_printf(t->arena, "%s 不是公网 https 地址", url),
			   "set public_url to the https name by which the world reaches "
			   "listen: public",
			   "请把 public_url 设为外网访问 listen: public 的 https 地址",
			   "" });
	else if (!running)
		probe_add(t,
		    &(struct probe_check){ "webhook", "skipped",
			arena_printf(
			    t->arena, "%s: not tried, reachd is not running", hook_of(t)),
			arena_printf(t->arena, "%s：未试，reachd 没有运行", hook_of(t)),
			NULL, NULL, "" });
	else
		ask_itself(t);
}
