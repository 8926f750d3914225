#include "heap.h"

#include <malloc.h>

void
heap_keep(void)
{
	mallopt(M_TRIM_THRESHOLD, 32 << 20);
	mallopt(M_TOP_PAD, 1 << 20);
}
