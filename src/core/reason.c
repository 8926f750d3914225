#include "core/reason.h"

#include <string.h>

static const struct {
	const char *name;
	enum fate fate;
	const char *en, *zh;
} reasons[REASONS] = {
	[REASON_NONE] = { "", FATE_GO, "It may go.", "可以发送。" },
	[REASON_PAUSED] = { "paused", FATE_HOLD, "The playbook is paused; it goes on when the playbook does.",
	    "剧本已暂停，恢复后继续。" },
	[REASON_NOT_APPROVED] = { "not_approved", FATE_HOLD, "This version of the playbook has not been approved.",
	    "剧本的这个版本尚未批准。" },
	[REASON_FROZEN] = { "frozen", FATE_HOLD, "Sending is stopped until the cause is gone.",
	    "发送已停止，原因消除后继续。" },
	[REASON_DATA_STALE] = { "data_stale", FATE_HOLD, "The data this playbook relies on is too old.",
	    "剧本所依据的数据太旧。" },
	[REASON_IN_CONVERSATION] = { "in_conversation", FATE_HOLD, "The customer is talking with us; marketing waits.",
	    "客户正在与我们沟通，营销消息先等一等。" },
	[REASON_ERASED] = { "erased", FATE_END, "The customer's data was erased.", "客户资料已删除。" },
	[REASON_COMPLAINT_BLOCK] = { "complaint_block", FATE_END, "The customer complained; nothing more is sent.",
	    "客户投诉过，不再发送。" },
	[REASON_SUPPRESSED] = { "suppressed", FATE_END, "The customer opted out of marketing on this channel.",
	    "客户已在此渠道退订营销消息。" },
	[REASON_NO_CONSENT] = { "no_consent", FATE_END, "There is no consent for this kind of message on this channel.",
	    "客户没有同意在此渠道接收这类消息。" },
	[REASON_EXITED] = { "exited", FATE_END, "The run was left before this step.", "客户在这一步之前已离开剧本。" },
	[REASON_GOAL_MET] = { "goal_met", FATE_END, "The goal was met, nothing more is needed.",
	    "目标已达成，无需再发。" },
	[REASON_AUDIENCE_MISMATCH] = { "audience_mismatch", FATE_END, "He is no longer meant: `while` does not hold, or he has not the offer it promises.",
	    "已不适用：剧本的 while 条件不成立，或者客户手上没有文中许诺的权益。" },
	[REASON_PAST] = { "past", FATE_END, "The step's time had passed when the run came to it.",
	    "走到这一步时，它的时间已经过去。" },
	[REASON_MERGED] = { "merged", FATE_END, "It went out inside another message.",
	    "已并入另一条一起发出。" },
	[REASON_EXPIRED] = { "expired", FATE_END, "It could not go before it lost its use.",
	    "在失效之前没有可以发送的时间。" },
	[REASON_NO_ADDRESS] = { "no_address", FATE_NEXT, "The customer has no address on this channel.",
	    "客户没有这个渠道的联系方式。" },
	[REASON_NOT_REACHABLE] = { "not_reachable", FATE_NEXT, "The customer cannot or must not be reached on this channel.",
	    "此渠道无法或不得联系该客户。" },
	[REASON_RESIDENCY] = { "residency", FATE_NEXT, "He is in China, and every account of this channel hands his data to a service abroad; nothing names the basis of the export.",
	    "客户在中国境内，而此渠道的账户都把资料交给境外服务商，也没有写明出境依据。" },
	[REASON_PROVIDER_RULE] = { "provider_rule", FATE_NEXT, "The provider would not take this message.",
	    "服务商不会接受这条消息。" },
	[REASON_CONTENT_LINT] = { "content_lint", FATE_ALARM, "The text breaks a rule of copy.", "文案违反规则。" },
	[REASON_TEMPLATE_ERROR] = { "template_error", FATE_ALARM, "The text could not be made without a hole.",
	    "文案缺少内容，无法生成完整的文字。" },
	[REASON_QUIET] = { "quiet", FATE_UNTIL, "It would disturb: this is a quiet window.", "正处于免打扰时段。" },
	[REASON_MIN_GAP] = { "min_gap", FATE_UNTIL, "The last marketing message was too recent.",
	    "距上一条营销消息太近。" },
	[REASON_RATE_LIMITED] = { "rate_limited", FATE_UNTIL, "It waits for its turn at the provider's pace.",
	    "按服务商的速率排队中。" },
	[REASON_CONTROL] = { "control", FATE_END, "Held out on purpose: the customer is in the control group.",
	    "客户属于对照组，特意不发。" },
	[REASON_CAPPED] = { "capped", FATE_CAP, "The customer has had as many messages as is decent.",
	    "客户本期收到的消息已达上限。" },
	[REASON_CAPPED_RESERVED] = { "capped_reserved", FATE_CAP, "The last free slot is kept for a playbook of higher priority.",
	    "最后的名额留给优先级更高的剧本。" },
};

const char *
reason_name(int reason)
{
	return reason >= 0 && reason < REASONS ? reasons[reason].name : "";
}

int
reason_find(const char *name)
{
	for (int i = 0; i < REASONS; i++)
		if (strcmp(reasons[i].name, name) == 0)
			return i;
	return -1;
}

enum fate
reason_fate(int reason)
{
	return reasons[reason].fate;
}

const char *
reason_sentence(int reason)
{
	return reasons[reason].en;
}

const char *
reason_sentence_zh(int reason)
{
	return reasons[reason].zh;
}
