#include "core/salutation.h"

#include <stdbool.h>
#include <string.h>

#include <glib.h>

/* The compound surnames in use. */
static const char *const compound[] = { "欧阳", "上官", "司马", "诸葛", "皇甫", "尉迟",
	"公孙", "慕容", "令狐", "司徒", "夏侯", "长孙", "宇文", "东方", "南宫", "端木",
	"百里", "东郭", "淳于", "单于", "申屠", "太史", "轩辕", "濮阳", "拓跋", "独孤",
	"呼延", "钟离", "闻人", "西门", "澹台", "赫连", "万俟", "公冶", "宗政", "第五",
	"司空", "鲜于", "闾丘", "乐正", "左丘", "谷梁", "梁丘", "亓官", "仲孙", "巫马",
	"公西", "漆雕", "壤驷", "公良", "夹谷", "宰父", "段干", "东门", "羊舌", "微生",
	"公羊", "子车", "颛孙", "司寇", NULL };

static const char *const company_words[] = { "公司", "集团", "厂", "商行", "中心", "车队",
	"事务所", "银行", "学校", "医院", "酒店", "委员会", "协会", "合作社", "经营部",
	"工作室", "Co.", "Ltd", "LLC", "Inc", "GmbH", NULL };

static const char *const titles[] = { "先生", "女士", "小姐", "太太", "老师", "总",
	"经理", NULL };

static bool
ends_with_one(const char *s, const char *const *words)
{
	for (; *words != NULL; words++)
		if (g_str_has_suffix(s, *words))
			return true;
	return false;
}

static bool
holds_one(const char *s, const char *const *words)
{
	for (; *words != NULL; words++)
		if (strstr(s, *words) != NULL)
			return true;
	return false;
}

/* All its characters are Chinese: no letters, no dot between parts of a foreign name. */
static bool
is_han(const char *s)
{
	for (; *s != '\0'; s = g_utf8_next_char(s))
		if (g_unichar_get_script(g_utf8_get_char(s)) != G_UNICODE_SCRIPT_HAN)
			return false;
	return true;
}

static size_t
surname_len(const char *name)
{
	/* 欧阳 alone may be 欧 and 阳: 欧阳先生 is right for both. */
	for (size_t i = 0; compound[i] != NULL; i++)
		if (g_str_has_prefix(name, compound[i]))
			return strlen(compound[i]);
	return (size_t)(g_utf8_next_char(name) - name);
}

const char *
salutation(struct arena *a, const char *name, const char *gender, const char *contact)
{
	const char *title = strcmp(gender, "male") == 0     ? "先生"
			    : strcmp(gender, "female") == 0 ? "女士"
							    : "";

	if (*name == '\0' && *contact == '\0')
		return "";
	if (*name == '\0' || holds_one(name, company_words)) {
		/* The gender is the person's only where the file means the person. */
		name = *contact != '\0' ? contact : name;
		if (holds_one(name, company_words))
			return arena_strdup(a, name);
	}
	if (*title == '\0' || ends_with_one(name, titles) || g_utf8_strlen(name, -1) < 2)
		return *title != '\0' && g_utf8_strlen(name, -1) == 1
			   ? arena_printf(a, "%s%s", name, title)
			   : arena_strdup(a, name);
	if (!is_han(name) || g_utf8_strlen(name, -1) > 4)
		return arena_printf(a, "%s%s%s", name,
		    g_ascii_isalpha(name[strlen(name) - 1]) ? " " : "", title);
	return arena_printf(a, "%.*s%s", (int)surname_len(name), name, title);
}

size_t
salutation_surname(const char *name)
{
	if (*name == '\0' || !is_han(name) || g_utf8_strlen(name, -1) > 4 ||
	    holds_one(name, company_words))
		return 0;
	return surname_len(name);
}
