/* reply_wrong.c - "我不是车主": is it somebody else who answers?
 *
 * What is taken for it costs a customer his number, so only what can hardly be meant
 * otherwise is: 我不是很满意 and 我不是不想来 are a customer's words. */
#include <string.h>

#include <glib.h>

#include "reply_text.h"

/* What may stand before the sentence proper. */
static const char *const openings[] = { "不好意思", "对不起", "抱歉", "您好", "你好",
	"其实", "可是", "但是", "喂", "哎", "可", "但", NULL };
/* Which person: 这辆车的车主, 你要找的人. */
static const char *const which[] = { "原来", "现在", "真正", "号码", "手机", "这", "那",
	"该", "此", "辆", "台", "个", "部", "车的", "的", "原", "你们", "您们", "你",
	"您", "要找的", "找的", "号", NULL };
static const char *const persons[] = { "车主", "机主", "本人", "户主", "号主", "客户",
	"他", "她", NULL };
static const char *const titles[] = { "先生", "女士", "小姐", "太太", "老师", "师傅",
	"总", NULL };
static const char *const particles[] = { "了", "啊", "呀", "哦", "哈", "噢", "呢", "的",
	NULL };
/* Family names that hardly begin another word behind 不是, and what they would begin. */
static const char surnames[] =
    "王李张刘陈杨赵黄周吴徐孙胡朱林郭罗梁宋郑谢韩唐冯董萧肖曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁"
    "魏薛叶阎余潘杜戴夏钟汪田任姜范姚谭廖邹熊金陆郝孔崔邱秦顾侯邵孟段雷钱汤尹黎贺赖龚"
    "云马何柯骆倪严牛俞翁葛裴齐洪祝詹";
static const char *const no_names[] = { "周一", "周二", "周三", "周四", "周五", "周六",
	"周日", "周末", "周边", "周围", "金卡", "金融", "金额", "夏天", "夏季", "江苏",
	"苏州", "郑州", "许多", "许久", "谢谢", "马上", "马路", "何时", "何必", "何况",
	"任何", "任意", "曾经", "严重", "严格", "田里", "黄牛", "黄金", "黄色", "云南",
	"钱的", "钱多", "钱少", "钱不", "雷克", "叶子", "顾客", "顾虑", "顾着", "熊猫",
	"余额", "祝你", "祝您", "秦皇", "唐山", "牛人", "单位", "齐全", "洪水", "丁点",
	"胡说", "胡来", "胡闹", "朱红", "段时", "钟点", "汤臣", "林肯", "马自", "任务",
	"魏牌", "唐车", "宋车", "秦车", NULL };
static const char *const supposes[] = { "?", "？", "吗", "嗎", "如果", "要是", "假如",
	"万一", "难道", "是不是", "是否", NULL };

size_t
reply_begins(const char *s, const char *const *list)
{
	for (; *list != NULL; list++)
		if (g_str_has_prefix(s, *list))
			return strlen(*list);
	return 0;
}

static const char *
skip(const char *s, const char *const *list)
{
	for (size_t len; (len = reply_begins(s, list)) > 0;)
		s += len;
	return s;
}

static bool
is_all(const char *s, const char *const *list)
{
	return *skip(s, list) == '\0';
}

/* 车主, 这辆车的车主, 你要找的人. */
static bool
is_role(const char *s)
{
	const char *who = skip(s, which);
	size_t len = reply_begins(who, persons);

	if (len == 0 && who != s && g_str_has_prefix(who, "人"))
		len = strlen("人");
	return len > 0 && is_all(who + len, particles);
}

static bool
is_han(const char *s)
{
	return *s != '\0' &&
	       g_unichar_get_script(g_utf8_get_char(s)) == G_UNICODE_SCRIPT_HAN;
}

/* 张伟, 张先生, 小张: a family name and one or two characters, or a title. */
static bool
is_name(const char *s)
{
	bool familiar = g_str_has_prefix(s, "小") || g_str_has_prefix(s, "老");
	const char *first = familiar ? g_utf8_next_char(s) : s, *rest = first;
	size_t len;
	int more = 0;

	if (!is_han(first) || reply_begins(first, no_names) > 0 ||
	    g_utf8_strchr(surnames, -1, g_utf8_get_char(first)) == NULL)
		return false;
	rest = g_utf8_next_char(first);
	if ((len = reply_begins(rest, titles)) > 0)
		return is_all(rest + len, particles);
	for (;
	     !familiar && more < 2 && is_han(rest) && reply_begins(rest, particles) == 0;
	     more++)
		rest = g_utf8_next_char(rest);
	return (familiar || more > 0) && is_all(rest, particles);
}

static bool
supposes_or_asks(const char *text)
{
	for (const char *const *w = supposes; *w != NULL; w++)
		if (strstr(text, *w) != NULL)
			return true;
	return false;
}

bool
reply_is_other(const char *raw, const char *words, const char *phrase)
{
	char **sentences;
	bool found = false;

	if (!g_str_has_suffix(phrase, "不是") || supposes_or_asks(raw) ||
	    supposes_or_asks(words))
		return false;
	sentences = g_strsplit_set(words, " ,.;:!~()\"'", -1);
	for (char **s = sentences; *s != NULL && !found; s++) {
		char **parts = g_strsplit(*s, "。", -1);

		for (char **part = parts; *part != NULL; part++) {
			const char *at = skip(*part, openings);

			if (g_str_has_prefix(at, phrase)) {
				at += strlen(phrase);
				found |= is_role(at) || is_name(at);
			}
		}
		g_strfreev(parts);
	}
	g_strfreev(sentences);
	return found;
}
