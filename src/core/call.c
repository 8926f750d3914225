#include "core/call.h"

#include <string.h>

const struct call_word call_words[] = {
	{ "reached", true, false, CALL_PLAIN, false, "", "已接通", "Reached" },
	{ "booked", true, false, CALL_PLAIN, false, "", "已约好时间", "Made an appointment" },
	{ "refused", true, false, CALL_PLAIN, false, "", "暂时不需要", "Does not want it" },
	{ "none", false, true, CALL_PLAIN, false, "", "没人接", "Nobody answered" },
	{ "wrong_number", false, true, CALL_WRONG_NUMBER, false, "", "号码不是本人",
	    "Wrong number" },
	{ "car_sold", true, false, CALL_PLAIN, false, "car-sold", "车已卖", "The car is sold" },
	{ "moved_away", true, false, CALL_PLAIN, false, "moved-away", "已搬走", "Moved away" },
	{ "opt_out", true, true, CALL_STOP, false, "", "不希望再被联系",
	    "Wants no more of this" },
	{ "complaint", true, true, CALL_COMPLAINT, false, "", "投诉", "Complained" },
	{ "settled", true, false, CALL_SETTLED, true, "", "已解决，客户认可",
	    "Settled, and he is content" },
	{ "open", true, false, CALL_PLAIN, true, "", "还要跟进", "Not settled yet" },
	{ "escalate", true, false, CALL_ESCALATE, true, "", "要总经理出面",
	    "For the general manager" },
	{ NULL, false, false, CALL_PLAIN, false, "", "", "" },
};

const struct call_word *
call_word(const char *name)
{
	for (const struct call_word *w = call_words; w->name != NULL; w++)
		if (strcmp(w->name, name) == 0)
			return w;
	return NULL;
}

bool
call_reached(const char *name)
{
	const struct call_word *w = call_word(name);

	return w == NULL || w->reached;
}
