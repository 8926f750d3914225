/* script.h - Chinese characters of both scripts as one. Pure. */
#ifndef CORE_SCRIPT_H
#define CORE_SCRIPT_H

#include <glib.h>

/* Traditional to simplified: the characters of keywords, of what people commonly answer
 * and of what advertising may not say; others stay. */
gunichar script_simplify(gunichar c);

#endif
