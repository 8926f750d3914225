#include "core/call.h"

#include <string.h>

const struct call_word call_words[] = {
	{ "reached", true, false, CALL_PLAIN, "", "已接通", "Reached" },
	{ "booked", true, false, CALL_PLAIN, "", "已约好时间", "Made an appointment" },
	{ "refused", true, false, CALL_PLAIN, "", "暂时不需要", "Does not want it" },
	{ "none", false, true, CALL_PLAIN, "", "没人接", "Nobody answered" },
	{ "wrong_number", false, true, CALL_WRONG_NUMBER, "", "号码不是本人",
	    "Wrong number" },
	{ "car_sold", true, false, CALL_PLAIN, "car-sold", "车已卖", "The car is sold" },
	{ "moved_away", true, false, CALL_PLAIN, "moved-away", "已搬走", "Moved away" },
	{ "opt_out", true, true, CALL_STOP, "", "不希望再被联系",
	    "Wants no more of this" },
	{ "complaint", true, true, CALL_COMPLAINT, "", "投诉", "Complained" },
	{ NULL, false, false, CALL_PLAIN, "", "", "" },
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
