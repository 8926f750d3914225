#include "core/task.h"

#include <stddef.h>
#include <string.h>

#define ENDS (FSM_TO(TASK_DONE) | FSM_TO(TASK_WITHDRAWN) | FSM_TO(TASK_LAPSED))

/* Drawn in task.h. */
static const struct fsm_state states[TASK_STATES] = {
	[TASK_OPEN] = { "open", FSM_TO(TASK_WAITING) | FSM_TO(TASK_ESCALATED) | ENDS },
	[TASK_WAITING] = { "waiting", FSM_TO(TASK_OPEN) | FSM_TO(TASK_ESCALATED) | ENDS },
	[TASK_ESCALATED] = { "escalated", FSM_TO(TASK_WAITING) | ENDS },
	[TASK_DONE] = { "done", 0 },
	[TASK_WITHDRAWN] = { "withdrawn", 0 },
	[TASK_LAPSED] = { "lapsed", 0 },
};
const struct fsm task_fsm = { "task", states, TASK_STATES };

bool
task_is_live(int state)
{
	return state < TASK_DONE;
}

static const struct {
	const char *kind, *en, *zh;
} sentences[] = {
	{ TASK_COMPLAINT,
	    "The customer complained: answer in person. Nothing more is sent to him.",
	    "客户投诉了，请亲自回复。系统已停止发送任何消息。" },
	{ TASK_WRONG_PERSON,
	    "Whoever answers at this address says it is not the customer: find the right "
	    "one.",
	    "对方说不是本人，请核实正确的联系方式。" },
	{ TASK_ANSWER,
	    "The customer wrote something that a person must read: answer it. Marketing "
	    "waits meanwhile; if a stop word stands in it, it has been stopped.",
	    "客户发来的话需要人来看：请看原文并回复。这期间营销先等；如含退订字样，营销已停止。" },
};

const char *
task_sentence(const char *kind)
{
	for (size_t i = 0; i < sizeof(sentences) / sizeof(sentences[0]); i++)
		if (strcmp(sentences[i].kind, kind) == 0)
			return sentences[i].en;
	return "";
}

const char *
task_sentence_zh(const char *kind)
{
	for (size_t i = 0; i < sizeof(sentences) / sizeof(sentences[0]); i++)
		if (strcmp(sentences[i].kind, kind) == 0)
			return sentences[i].zh;
	return "";
}
