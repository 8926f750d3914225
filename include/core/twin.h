/* twin.h - sentences of ours in Chinese, by the pattern they were made from.
 *
 * Details of verdicts, reasons of launches and alarms are written once, in English, with
 * their figures; whoever reads Chinese is told the twin. Pure; any thread. */
#ifndef CORE_TWIN_H
#define CORE_TWIN_H

#include <stdbool.h>
#include <stddef.h>

/* False when it is none of ours: a condition, somebody's own words. */
bool twin_zh(const char *en, char *out, size_t size);
#define TWIN_TEXT 1024

/* For the test: the n-th pattern and its twin; NULL at the end. */
const char *twin_at(int n, const char **zh);

#endif
