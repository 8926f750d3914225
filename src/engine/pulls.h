/* pulls.h - receipts and replies asked for, where a provider lets itself be asked. Loop thread.
 *
 * Every account whose service can be asked is, at the pace of its capabilities. Rows go the way
 * of a webhook's; the place reached is kept behind them, so what was read twice counts once. */
#ifndef ENGINE_PULLS_H
#define ENGINE_PULLS_H

#include "engine_impl.h"

struct pulls *pulls_new(struct engine *en);
void pulls_free(struct pulls *p);
/* The catalog is new, or the engine has started. */
void pulls_look(struct engine *en);
void pulls_stop(struct engine *en);

#endif
