/* heap.h - memory that is given back is kept for what comes next. */
#ifndef CMD_HEAP_H
#define CMD_HEAP_H

/* Arenas come and go many thousand times a second: without slack the kernel cuts and grows
 * the heap each time, a fifth of a rehearsal. Before any thread is started. */
void heap_keep(void);

#endif
