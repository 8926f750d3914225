#include "core/spam.h"

#include <stdbool.h>

#define PAUSE_FROM 2
#define STOP_FROM 3

static bool
reaches(int64_t sent, int64_t complaints, int of_10000)
{
	return complaints * 10000 >= sent * of_10000;
}

enum spam_state
spam_judge(int64_t sent, int64_t complaints, enum spam_state before)
{
	if (before == SPAM_STOPPED ||
	    (complaints >= STOP_FROM && reaches(sent, complaints, 30)))
		return SPAM_STOPPED;
	return complaints >= PAUSE_FROM && reaches(sent, complaints, 10) ? SPAM_PAUSED
									 : SPAM_FINE;
}

const char *
spam_state_name(int state)
{
	static const char *const names[] = { "", "paused", "stopped" };

	return names[state];
}
