/* mail_spf.c - SPF (RFC 7208) of the domain mails come back to: which machines may send for it. */
#include <string.h>

#include "mail_look.h"

/* More than so many questions and receivers stop asking (4.6.4). */
#define ASKED_MAX 10

/* What a record and all it includes come to. */
struct spf {
	int asked;
	bool lost; /* an include that is none */
	const char *lost_name;
};

/* The word without its sign, and whether it is that mechanism. */
static const char *
argument(const char *word, const char *name)
{
	size_t n = strlen(name);

	word += strspn(word, "+-~?");
	if (g_ascii_strncasecmp(word, name, n) != 0)
		return NULL;
	return word[n] == ':' || word[n] == '='    ? word + n + 1
	       : word[n] == '\0' || word[n] == '/' ? ""
						   : NULL;
}

/* Counts what is asked for; -1: nobody answers, and that is noted. */
static int
count(struct mail_look *l, const char *record, struct spf *out)
{
	static const char *const others[] = { "a", "mx", "ptr", "exists" };
	char **words = g_strsplit(record, " ", 128);
	int rc = 0;

	for (int i = 0; rc == 0 && words[i] != NULL && out->asked <= ASKED_MAX; i++) {
		const char *to = argument(words[i], "include");
		const char *const *all;

		if (to == NULL)
			to = argument(words[i], "redirect");
		for (size_t k = 0; k < G_N_ELEMENTS(others); k++)
			out->asked += argument(words[i], others[k]) != NULL;
		if (to == NULL || *to == '\0' || strchr(to, '%') != NULL)
			continue;
		out->asked++;
		rc = mail_texts(l, "spf", to, "v=spf1", &all);
		if (rc == 0 && !out->lost) {
			out->lost = true;
			out->lost_name = arena_strdup(l->dns->arena, to);
		}
		rc = rc < 0 ? -1 : rc > 0 ? count(l, all[0], out) : 0;
	}
	g_strfreev(words);
	return rc;
}

/* What it says of all others: '-', '~', '?', '+'; 0: nothing. */
static char
of_others(const char *record)
{
	char **words = g_strsplit(record, " ", 128), sign = 0;

	for (int i = 0; words[i] != NULL; i++) {
		const char *w = words[i] + strspn(words[i], "+-~?");

		if (g_ascii_strcasecmp(w, "all") == 0)
			sign = w > words[i] ? *words[i] : '+';
		else if (g_ascii_strncasecmp(w, "redirect=", 9) == 0)
			sign = '~';
	}
	g_strfreev(words);
	return sign;
}

static const char *
to_add(struct mail_look *l, const char *name)
{
	return MAIL_SAY(l, "TXT %s \"v=spf1 %s%s ~all\"", name,
	    *l->s->host != '\0' ? "a:" : "include:",
	    *l->s->host != '\0' ? l->s->host : "WHAT-YOUR-SERVICE-NAMES");
}

static void
bad(struct mail_look *l, const char *en, const char *zh, const char *next_en,
    const char *next_zh)
{
	mail_note(l, &(struct mail_found){ "spf", "failed", en, zh, next_en, next_zh });
}

static void
judge(struct mail_look *l, const char *name, const char *record)
{
	struct spf s = { 0 };
	char others = of_others(record);

	if (count(l, record, &s) < 0)
		return;
	if (s.lost)
		bad(l,
		    MAIL_SAY(
			l, "%s includes %s, which has no SPF record", name, s.lost_name),
		    MAIL_SAY(l, "%s 引用了 %s，而它没有 SPF 记录", name, s.lost_name),
		    MAIL_SAY(l, "take include:%s out of it", s.lost_name),
		    MAIL_SAY(l, "请删去 include:%s", s.lost_name));
	else if (s.asked > ASKED_MAX)
		bad(l,
		    MAIL_SAY(l, "%s needs more than %d questions: receivers give up",
			name, ASKED_MAX),
		    MAIL_SAY(l, "%s 要查的记录超过 %d 条，收件方会放弃", name, ASKED_MAX),
		    "take out the include: of services that no longer send",
		    "请删去不再使用的服务商的 include:");
	else if (others == '+' || others == 0)
		bad(l,
		    MAIL_SAY(
			l, "%s lets everybody send: it ends without ~all or -all", name),
		    MAIL_SAY(l, "%s 允许任何人代发：末尾没有 ~all 或 -all", name),
		    "let it end with ~all", "请让它以 ~all 结尾");
	else
		mail_note(l, &(struct mail_found){ "spf", others == '?' ? "note" : "ok",
				 MAIL_SAY(l, "%s: %s", name, record),
				 MAIL_SAY(l, "%s：%s", name, record),
				 others == '?' ? "let it end with ~all" : NULL,
				 others == '?' ? "请让它以 ~all 结尾" : NULL });
}

void
mail_look_spf(struct mail_look *l)
{
	bool own = *l->s->envelope != '\0';
	const char *name = own ? l->s->envelope : l->s->domain, *record = to_add(l, name);
	const char *const *all;
	int n = mail_texts(l, "spf", name, "v=spf1", &all);

	if (n < 0)
		return;
	if (n == 1) {
		judge(l, name, all[0]);
		return;
	}
	/* A service's mails come back to a domain of its own, or to one it has set up. */
	mail_note(
	    l, &(struct mail_found){ "spf", n == 0 && !own ? "note" : "failed",
		   n == 0 ? MAIL_SAY(l, "%s has no SPF record", name)
			  : MAIL_SAY(l, "%s has %d SPF records: none counts", name, n),
		   n == 0 ? MAIL_SAY(l, "%s 没有 SPF 记录", name)
			  : MAIL_SAY(l, "%s 有 %d 条 SPF 记录，等于没有", name, n),
		   n == 0 && !own ? "see in the service's console whether it asks for one"
		   : n == 0       ? MAIL_SAY(l, "add %s", record)
				  : MAIL_SAY(l, "make one of them, as %s", record),
		   n == 0 && !own ? "请在服务商控制台查看是否需要"
		   : n == 0       ? MAIL_SAY(l, "请添加 %s", record)
				  : MAIL_SAY(l, "请合成一条，如 %s", record) });
}
