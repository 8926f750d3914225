/* sandbox_clock.c - virtual time over CLOCK_BOOTTIME. */
#include "sandbox_clock.h"

#include <time.h>

static ms_t
read_clock(clockid_t id)
{
	struct timespec t;
	clock_gettime(id, &t);
	return (ms_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

ms_t
sandbox_clock_boot(void)
{
	return read_clock(CLOCK_BOOTTIME);
}

ms_t
sandbox_clock_real(void)
{
	return read_clock(CLOCK_REALTIME);
}

ms_t
sandbox_clock_now(const struct sandbox_clock *c)
{
	return c->epoch + (ms_t)(c->speed * (double)(sandbox_clock_boot() - c->anchor));
}

void
sandbox_clock_heard(struct sandbox_clock *c, ms_t sent_at)
{
	if (c->agreed || sent_at <= 0)
		return;
	ms_t behind = sent_at - sandbox_clock_now(c);
	if (behind > 0 || !c->heard)
		c->epoch += behind;
	c->heard = true;
}

uint64_t
sandbox_clock_wait(const struct sandbox_clock *c, ms_t at)
{
	double left = (double)(at - sandbox_clock_now(c)) / c->speed;
	return left <= 0 ? 0 : (uint64_t)left + 1;
}
