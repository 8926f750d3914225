#include "people_names.h"

#include <glib.h>

/* splitmix64: its whole state is one number, so every person has a stream. */
uint64_t
people_names_random(uint64_t *state)
{
	uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return z ^ (z >> 31);
}

int
people_names_below(uint64_t *state, int n)
{
	return (int)(people_names_random(state) % (uint64_t)n);
}

/* The most frequent surnames, with people in ten thousand. */
static const struct {
	const char *name;
	int weight;
} surnames[] = {
	{ "王", 725 },
	{ "李", 719 },
	{ "张", 683 },
	{ "刘", 537 },
	{ "陈", 453 },
	{ "杨", 308 },
	{ "黄", 232 },
	{ "赵", 229 },
	{ "吴", 205 },
	{ "周", 202 },
	{ "徐", 166 },
	{ "孙", 154 },
	{ "马", 129 },
	{ "朱", 126 },
	{ "胡", 131 },
	{ "郭", 115 },
	{ "何", 117 },
	{ "林", 102 },
	{ "高", 108 },
	{ "罗", 104 },
	{ "郑", 93 },
	{ "梁", 85 },
	{ "谢", 76 },
	{ "宋", 81 },
	{ "唐", 69 },
	{ "许", 66 },
	{ "邓", 62 },
	{ "冯", 64 },
	{ "韩", 68 },
	{ "曹", 61 },
	{ "曾", 58 },
	{ "彭", 56 },
	{ "萧", 56 },
	{ "蔡", 53 },
	{ "潘", 54 },
	{ "田", 52 },
	{ "董", 51 },
	{ "袁", 50 },
	{ "于", 50 },
	{ "余", 49 },
	{ "叶", 47 },
	{ "蒋", 47 },
	{ "杜", 46 },
	{ "苏", 45 },
	{ "魏", 45 },
	{ "程", 44 },
	{ "吕", 44 },
	{ "丁", 43 },
	{ "沈", 42 },
	{ "任", 42 },
	{ "姚", 41 },
	{ "卢", 41 },
	{ "傅", 40 },
	{ "钟", 40 },
	{ "姜", 39 },
	{ "崔", 38 },
	{ "谭", 37 },
	{ "廖", 37 },
	{ "范", 36 },
	{ "汪", 36 },
	{ "陆", 35 },
	{ "金", 35 },
	{ "石", 34 },
	{ "戴", 34 },
	{ "贾", 33 },
	{ "韦", 32 },
	{ "夏", 32 },
	{ "邱", 32 },
	{ "方", 31 },
	{ "侯", 30 },
	{ "邹", 30 },
	{ "熊", 30 },
	{ "孟", 29 },
	{ "秦", 29 },
	{ "白", 28 },
	{ "江", 28 },
	{ "阎", 27 },
	{ "薛", 27 },
	{ "尹", 26 },
	{ "段", 24 },
	{ "雷", 24 },
	{ "黎", 22 },
	{ "史", 21 },
	{ "龙", 20 },
	{ "陶", 20 },
	{ "贺", 19 },
	{ "顾", 19 },
	{ "毛", 18 },
	{ "郝", 18 },
	{ "龚", 18 },
	{ "邵", 17 },
	{ "万", 17 },
	{ "钱", 17 },
	{ "严", 17 },
	{ "武", 16 },
	{ "欧阳", 9 },
	{ "上官", 3 },
	{ "司徒", 3 },
	{ "诸葛", 2 },
	{ "皇甫", 2 },
	{ "令狐", 1 },
};

/* Characters of given names: those of men, those of women, those of both. */
static const char *const men[] = { "伟", "强", "磊", "军", "勇", "杰", "涛", "超", "刚",
	"鹏", "斌", "浩", "波", "辉", "健", "峰", "亮", "龙", "宇", "飞", "凯", "东",
	"志", "建", "国", "俊", "博", "昊", "泽", "航", "睿", "轩", "毅", "成", "康",
	"振", "锋", "家", "永", "洪", "兵", "旭" };
static const char *const women[] = { "芳", "娜", "敏", "静", "丽", "艳", "娟", "霞", "秀",
	"燕", "玲", "桂", "婷", "雪", "倩", "梅", "琳", "莹", "慧", "颖", "萍", "红",
	"玉", "兰", "洁", "琴", "佳", "欣", "怡", "悦", "妍", "雅", "诗", "梦", "璐",
	"蕾", "月", "珊", "薇", "菲", "瑶", "岚" };
static const char *const either[] = { "文", "明", "华", "平", "海", "林", "云", "新",
	"春", "晓", "思", "子", "一", "雨", "天", "安", "宁", "晨", "然", "清", "乐",
	"立", "景", "远", "欣", "书" };

static const char *const uyghur_men[] = { "艾力", "买买提", "阿迪力", "吐尔逊",
	"阿不都拉", "艾合买提", "努尔", "依明", "玉苏甫", "伊力亚尔" };
static const char *const uyghur_women[] = { "阿依古丽", "古丽娜尔", "热娜", "阿依努尔",
	"帕提古丽", "迪丽拜尔", "茹仙", "米热古丽" };

#define pick(state, list) (list)[people_names_below(state, (int)G_N_ELEMENTS(list))]

static const char *
names_surname(uint64_t *state)
{
	int total = 0;

	for (size_t i = 0; i < G_N_ELEMENTS(surnames); i++)
		total += surnames[i].weight;
	int at = people_names_below(state, total);
	size_t i = 0;

	for (; at >= surnames[i].weight; i++)
		at -= surnames[i].weight;
	return surnames[i].name;
}

static const char *
names_given(uint64_t *state, bool female)
{
	if (people_names_below(state, 3) == 0)
		return pick(state, either);
	return female ? pick(state, women) : pick(state, men);
}

const char *
people_names_han(struct arena *a, uint64_t *state, bool female)
{
	const char *surname = names_surname(state);
	const char *first = names_given(state, female), *second = "";

	if (people_names_below(state, 100) < 78)
		second = names_given(state, female);
	return arena_printf(a, "%s%s%s", surname, first, second);
}

const char *
people_names_uyghur(struct arena *a, uint64_t *state, bool female)
{
	const char *own = female ? pick(state, uyghur_women) : pick(state, uyghur_men);

	return arena_printf(a, "%s·%s", own, pick(state, uyghur_men));
}
