#include "hand.h"

int
hand_forecast(struct hand *h, struct err *e)
{
	(void)e;
	return hand_no(h, 404, "later");
}
