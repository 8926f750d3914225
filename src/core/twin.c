#include "core/twin.h"

#include <string.h>

#include <glib.h>

#include "twin_file.h"

#define HOLES 10

/* {1}, {2} ... are what stands there; the first pattern that fits is it, so that those with
 * fewer holes come first. clang-format off: a line each. */
/* clang-format off */
static const struct twin twins[] = {
	/* what a merge and its end do */
	{ "consent by {1}: {2} -> {3}", "{1}的同意级别：{2} → {3}" },
	{ "address by {1}: nothing -> {2}", "{1}的联系方式：无 → {2}" },
	{ "{1} vehicles, {2} appointments, {3} orders, {4} events, {5} offers, {6} open tasks, {7} arms of tests; {8} touches of this month or year", "车 {1} 辆，预约 {2} 个，工单 {3} 张，事件 {4} 条，权益 {5} 份，未办任务 {6} 项，测试分组 {7} 个；本月或本年触达 {8} 次" },
	{ "{1} companies he is spoken to for, {2} cars of others he drives", "他是联系人的公司 {1} 家，他驾驶的他人车辆 {2} 辆" },
	{ "{1} of his runs end", "他有 {1} 个剧本就此结束" },
	{ "{1} is as before", "{1} 恢复成合并前的样子" },
	{ "{1} has changed since and stays as it is", "{1} 之后改动过，保持现状" },
	/* the gate */
	{ "status is not live", "状态不是 live" },
	{ "visits were last heard of {1} ago", "到店数据已有 {1} 没有更新" },
	{ "at most until this instant", "最迟等到这个时刻" },
	{ "the {1} is no longer his, or over", "{1}已不属于该客户，或已结束" },
	{ "offer {1}: not granted, or used, or over", "权益 {1}：未批准、已使用或已过期" },
	{ "{1} address is known to be wrong", "{1}的联系方式已知有误" },
	{ "{1} is outside China and has no export_basis", "{1} 在境外，没有写 export_basis（出境依据）" },
	{ "tier {1} never gets {2}", "层级 {1} 从不用{2}" },
	{ "no provider serves {1}", "没有服务商提供{1}" },
	{ "every account of {1} is frozen", "{1}的所有账号都已冻结" },
	{ "{1} between marketing messages", "两条营销消息之间至少隔 {1}" },
	{ "kept for {1} (priority {2} over {3})", "留给 {1}（优先级 {2}，高于 {3}）" },
	{ "{1}: {2} of {3} used, this costs {4}", "{1}：已用 {2} 元，共 {3} 元，这条要 {4} 元" },
	{ "{1} of {2} to this address this {3}", "本{3}发到这个地址的已有 {1} 条，上限 {2} 条" },
	{ "{1} of {2} this {3}", "本{3}已有 {1} 条，上限 {2} 条" },
	{ "{1} of {2} today", "今天已有 {1} 条，上限 {2} 条" },
	{ "{1} of {2} of this playbook", "本剧本已有 {1} 条，上限 {2} 条" },
	{ "{1} of {2} calls today, the rest is kept for more important ones", "今天的电话已有 {1} 个，上限 {2} 个，余下的留给更要紧的" },
	{ "{1} of {2} calls today", "今天的电话已有 {1} 个，上限 {2} 个" },
	{ "{1} of {2} in {3}", "{3} 内已有 {1} 条，上限 {2} 条" },
	{ "{1} needs {2}", "{1}需要客户同意“{2}”" },
	{ "{1} a second", "每秒 {1} 条" },
	/* texts */
	{ "a marketing SMS must end with \"{1}\"", "营销短信必须以“{1}”结尾" },
	{ "{1} segments, at most {2}", "要拆成 {1} 条，最多 {2} 条" },
	{ "{1} does not take the signature (code {2}) until a person says that it is approved again", "{1} 不接受这个签名（代码 {2}），要等有人确认它重新审核通过" },
	{ "{1} does not take the text (code {2}) until a person says that it is approved again", "{1} 不接受这个模板（代码 {2}），要等有人确认它重新审核通过" },
	{ "the text has no code at \"{1}\"", "这条文案在“{1}”那里没有模板编号" },
	{ "{1} takes {2} characters in \"{3}\", not {4}", "{1} 的变量“{3}”最多 {2} 个字，这里有 {4} 个" },
	{ "{1} takes no link in \"{2}\"", "{1} 的变量“{2}”里不能有链接" },
	{ "the text is empty", "正文是空的" },
	{ "nobody of the staff at work has this customer as a contact", "在岗成员里没有人加了这位客户的企业微信" },
	{ "nobody of the staff is known to have this customer as a contact", "不知道有谁加了这位客户的企业微信" },
	/* steps */
	{ "goes with message {1}", "与消息 {1} 一起发" },
	{ "its date has moved into the past", "它的日期已经改到过去" },
	{ "its date is not known any more", "它的日期已无从得知" },
	{ "planned anew by a newer version", "由新版本重新排定" },
	/* calls */
	{ "a quiet window begins too soon", "离免打扰时段太近" },
	{ "calls succeed at other hours", "别的时段更容易接通" },
	/* launches */
	{ "held by hand, {1}: {2}", "由 {1} 手动暂停：{2}" },
	{ "held by hand: {1}", "手动暂停：{1}" },
	{ "held by hand, {1}", "由 {1} 手动暂停" },
	{ "held by hand", "手动暂停" },
	{ "recalled, {1}", "已撤回，{1}" },
	{ "the text of {1} has not been sent to anyone of ours: reachd testsend {2} --to STAFF", "{1} 的文案还没试发给自己人：reachd testsend {2} --to STAFF" },
	{ "{1} has stopped by itself: {2}: {3} of {4} sent ({5}), more than {6}; look, then {0}", "{1} 自动停下：{2}：已发 {4} 条中有 {3} 条（{5}），超过 {6}；请先查看，再用 reachd go 或 reachd recall" },
	{ "{1}: {2} of {3} sent ({4}), more than {5}", "{1}：已发 {3} 条中有 {2} 条（{4}），超过 {5}" },
	/* alarms */
	{ "an answer came from an address no customer has", "收到一条回复，但这个地址不属于任何客户" },
	{ "account {1} brings more refusals in an hour than the {2} it has ever brought: all of them count; if they prove false, change its hook_secret, then `reachd undo optouts --account {3}`", "账号 {1} 一小时内带来的退订远多于以往最多的 {2} 条：全部照样生效；若查明是假的，先换掉它的 hook_secret，再用 reachd undo optouts --account {3} 成批撤销" },
	{ "a customer complained: answer in person; nothing more is sent to him", "有客户投诉：请亲自回复；系统不再给他发任何消息" },
	{ "{1} run{0} of {2} stayed on an older version: a step had no counterpart", "{2} 有 {1} 位客户留在旧版本：有步骤对不上" },
	{ "provider {1} refused a message of step {2}: code {3}", "服务商 {1} 拒收步骤 {2} 的一条消息：代码 {3}" },
	{ "provider {1} says that a repeated call was not the same: code {2}; tell the makers of reachd", "服务商 {1} 说重复的请求与原来的不一样：代码 {2}；请告知 reachd 的作者" },
	{ "account {1} is frozen: its provider refuses it with code {2}; its messages wait. Set it right (reachd provider probe {3}), then reachd reload", "账号 {1} 已冻结：服务商拒绝了它，代码 {2}；它的消息都在等。请改好（用 reachd provider probe {3} 检查），再运行 reachd reload" },
	{ "marketing mail by {1} is paused: {2} of {3} mails in 7 days were called spam ({4}; mailboxes turn against a sender from 0.10% on). It goes on by itself when the rate has fallen; until then see whom it went to, and whether they agreed", "账号 {1} 的营销邮件已暂停：7 天内 {3} 封里有 {2} 封被举报为垃圾邮件（{4}；到 0.10% 邮箱就会开始拦截）。比例降下来后自动恢复；在此之前请看看发给了谁、是否都同意过" },
	{ "marketing mail by {1} has stopped: {2} of {3} mails in 7 days were called spam ({4}; from 0.30% on mailboxes refuse a sender). Find the campaign and hold it (reachd hold), then let the rest go on: reachd provider go {5} --by NAME --reason TEXT", "账号 {1} 的营销邮件已停止：7 天内 {3} 封里有 {2} 封被举报为垃圾邮件（{4}；到 0.30% 邮箱会拒收）。请找出是哪个活动并叫停（reachd hold），再恢复其余的：reachd provider go {5} --by 姓名 --reason 原因" },
	{ "a marketing mail went by {1} to somebody who had refused before it began: this must not happen; tell the makers of reachd", "有一封营销邮件在客户退订之后才开始发送（账号 {1}）：这不应发生，请告知 reachd 的作者" },
	{ "marketing mail by {1} waits until tomorrow: {2} lacked {3} when it was looked at on {4}, and {5} mails of {6} went today; from {7} a day on mailboxes refuse them. Set it right and look again: reachd check-dns", "账号 {1} 的营销邮件等到明天再发：{2} 在 {4} 检查时缺 {3}，{6} 今天已发 {5} 封；一天满 {7} 封，对方邮箱就会拒收。请补好记录，再运行 reachd check-dns" },
	{ "{1} lacked {2} on {3}; {4} mails of {5} today, at most {6}", "{1} 在 {3} 检查时缺 {2}；{5} 今天已发 {4} 封，最多 {6} 封" },
	{ "marketing mail by {1} has stopped: {2} of {3} called spam in 7 days", "账号 {1} 的营销邮件已停止：7 天内 {3} 封里有 {2} 封被举报为垃圾邮件" },
	{ "marketing mail by {1} is paused: {2} of {3} called spam in 7 days", "账号 {1} 的营销邮件已暂停：7 天内 {3} 封里有 {2} 封被举报为垃圾邮件" },
	{ "a bounce or complaint came to {1} that does not say of which mail: have the mail server keep the whole address it came to (bounce+...), or send the headers of the mail back", "{1} 收到一封退信或投诉，看不出是哪一封邮件的：请让邮件服务器保留完整的收件地址（bounce+…），或在退信里带回原邮件的邮件头" },
	{ "account {1} is frozen: mailboxes refuse its mails with code {2}, for its domain does not prove itself (SPF, DKIM, DMARC); its messages wait. See what is missing (reachd check-dns), set it right, then reachd reload", "账号 {1} 已冻结：对方邮箱拒收它的邮件，代码 {2}，因为发信域名没有通过验证（SPF、DKIM、DMARC）；它的消息都在等。请用 reachd check-dns 看缺什么，改好后运行 reachd reload" },
	{ "account {1} is frozen: its provider has answered {2} times running with code {3}, which reachd does not know; those messages may have gone and are not sent again, the others wait. Look the code up in the provider's papers, set the account right (reachd provider probe {4}), then reachd reload", "账号 {1} 已冻结：服务商连续 {2} 次返回 reachd 不认识的代码 {3}；这几条可能已发出，不会重发，其余的都在等。请在服务商文档里查这个代码，改好账号（用 reachd provider probe {4} 检查），再运行 reachd reload" },
	{ "{1} no longer takes the signature {2}: code {3}; its messages go another way or wait. When it is approved there: reachd template approve --signature {4} --account {5}", "{1} 不再接受签名“{2}”：代码 {3}；用它的消息改走别的路或等着。对方重新审核通过后运行：reachd template approve --signature {4} --account {5}" },
	{ "{1} no longer takes the text {2} under the signature {3}: code {4}; its messages go another way or wait. When it is approved there: reachd template approve {5} --account {6}", "{1} 不再接受模板 {2}（签名“{3}”）：代码 {4}；用它的消息改走别的路或等着。对方重新审核通过后运行：reachd template approve {5} --account {6}" },
	{ "a message may or may not have arrived: decide with `reachd settle`", "有一条消息不知是否送达：请用 reachd settle 决定" },
	{ "a customer was to be given up without a reason: set give_up_reason, or a tag, to one of give_up in lifecycle.yaml first", "要放弃一位客户却没有写明原因：请先把 give_up_reason 或标签设为 lifecycle.yaml 中 give_up 之一" },
	{ "{1} of {2} customers whose sleep ended this month were given up, more than give_up_warn of lifecycle.yaml: look whether it was too soon", "本月休眠期结束的 {2} 位客户中有 {1} 位被放弃，超过 lifecycle.yaml 的 give_up_warn：请看看是否放弃得太早" },
	{ "{1} row{0} of the list of {2} mean{0} nobody we know: `reachd status` shows them", "{2} 的名单中有 {1} 行对不上任何客户：见 reachd status" },
	{ "the day of {1}'s list was over when it was published: nobody has entered; write a day to come", "{1} 的名单在发布时日期已过：没有人进入；请改成将来的日期" },
	{ "{1} in the watched folder is a link, and none is followed: put the file itself there", "自动导入文件夹里的 {1} 是链接，不会跟着它去读：请把文件本身放进来" },
	{ "{1} in the watched folder is a folder, and none is looked into: put its files beside it", "自动导入文件夹里的 {1} 是文件夹，不会往里看：请把里面的文件直接放在外面这一层" },
	{ "{1} in the watched folder is no file: put a file there, under another name", "自动导入文件夹里的 {1} 不是普通文件：请换个文件名放入文件" },
	{ "{1} lies in the watched folder untouched: name it KIND-SOURCE.csv or .xlsx, as customers-dms.csv; kinds: {2}", "{1} 一直躺在自动导入的文件夹里：请改名为“种类-来源.csv”或 .xlsx，如 customers-dms.csv；种类：{2}" },
	{ "nobody has answered a complaint in time: see `reachd task list`", "有投诉逾期没人答复：见 reachd task list" },
	{ "a task was not done in time: see `reachd task show {1}`", "有任务逾期没做：见 reachd task show {1}" },
	/* what became of a report */
	{ "told: the customer answered", "已记下：客户回应了" },
	{ "done", "已完成" },
	{ "withdrawn", "已撤回" },
	{ "this was reported before", "之前已经报过" },
	{ "nobody answered: the call comes back at a better hour", "没人接：换个更容易接通的时段再打" },
	{ "nobody answered: the task stays on the list", "没人接：任务留在清单上" },
	{ "not settled: the complaint stays open and on the list", "还没解决：投诉不结案，任务留在清单上" },
	{ "the task is done already, with another outcome", "任务已经完成，报的是另一种结果" },
	{ "it is off the list, and comes back", "已移出清单，之后再回来" },
	{ "put off: it comes back in two hours or later", "已推迟：至少两小时后再回来" },
	{ "kept for the customer; the task itself was over already", "已记到客户名下；任务本身之前就结束了" },
};
/* clang-format on */

/* What may stand in a hole. */
static const struct {
	const char *en, *zh;
} words[] = {
	{ "sms", "短信" },
	{ "wecom", "企业微信" },
	{ "email", "邮件" },
	{ "push", "App 推送" },
	{ "phone", "电话" },
	{ "marketing", "营销" },
	{ "service", "服务" },
	{ "transactional", "事务" },
	{ "none", "无" },
	{ "month", "月" },
	{ "year", "年" },
	{ "vehicle", "车" },
	{ "appointment", "预约" },
	{ "order", "订单" },
	{ "complaints", "投诉" },
	{ "opt-outs", "退订" },
	{ "errors", "出错" },
	{ "budget.day", "剧本每日预算" },
	{ "budget.total", "剧本总预算" },
	{ "budgets.day", "全店每日预算" },
	{ "budgets.month", "全店每月预算" },
	{ "budgets.store_day", "门店每日预算" },
	{ "budgets.store_month", "门店每月预算" },
};

struct hole {
	const char *at;
	size_t len;
};

static bool
is_hole(const char *p)
{
	return p[0] == '{' && g_ascii_isdigit(p[1]) && p[2] == '}';
}

/* {0} is left out: an ending, what is said in another way. */
static bool
fits(const char *pattern, const char *text, struct hole *holes)
{
	while (*pattern != '\0') {
		size_t n = 0;
		const char *end;
		char *next;

		if (!is_hole(pattern)) {
			if (*pattern++ != *text++)
				return false;
			continue;
		}
		end = pattern + 3;
		while (end[n] != '\0' && !is_hole(end + n))
			n++;
		next = g_strndup(end, n);
		end = n == 0 ? text + strlen(text) : strstr(text, next);
		g_free(next);
		if (end == NULL)
			return false;
		holes[pattern[1] - '0'] = (struct hole){ text, (size_t)(end - text) };
		text = end;
		pattern += 3;
	}
	return *text == '\0';
}

/* {9} is a sentence by itself, {8} is as it is. */
static void
fill_sentence(GString *out, struct hole h)
{
	char *en = g_strndup(h.at, h.len), zh[TWIN_TEXT];

	g_string_append(out, twin_zh(en, zh, sizeof(zh)) ? zh : en);
	g_free(en);
}

static void
fill(GString *out, struct hole h)
{
	for (size_t i = 0; i < G_N_ELEMENTS(words); i++)
		if (strlen(words[i].en) == h.len &&
		    memcmp(words[i].en, h.at, h.len) == 0) {
			g_string_append(out, words[i].zh);
			return;
		}
	g_string_append_len(out, h.at, (gssize)h.len);
}

/* The n-th of both tables, those of files first: they are longer. NULL at the end. */
static const struct twin *
nth(size_t n)
{
	size_t files = 0;

	while (twin_files[files].en != NULL)
		files++;
	if (n < files)
		return &twin_files[n];
	return n - files < G_N_ELEMENTS(twins) ? &twins[n - files] : NULL;
}

bool
twin_zh(const char *en, char *out, size_t size)
{
	struct hole holes[HOLES + 1] = { 0 };
	const struct twin *t;
	GString *zh;
	size_t i = 0;

	while ((t = nth(i)) != NULL && !fits(t->en, en, holes))
		i++;
	if (t == NULL)
		return false;
	zh = g_string_new("");
	for (const char *p = t->zh; *p != '\0';)
		if (is_hole(p)) {
			if (p[1] == '9')
				fill_sentence(zh, holes[9]);
			else if (p[1] == '8')
				g_string_append_len(
				    zh, holes[8].at, (gssize)holes[8].len);
			else
				fill(zh, holes[p[1] - '0']);
			p += 3;
		} else {
			g_string_append_c(zh, *p++);
		}
	g_utf8_strncpy(out, zh->str, (gsize)(size / 4 - 1));
	g_string_free(zh, TRUE);
	return true;
}

const char *
twin_at(int n, const char **zh)
{
	const struct twin *t = n < 0 ? NULL : nth((size_t)n);

	if (t == NULL)
		return NULL;
	*zh = t->zh;
	return t->en;
}
