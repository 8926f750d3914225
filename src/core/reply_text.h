/* reply_text.h - characters as replies are compared by. Private to core/. */
#ifndef CORE_REPLY_TEXT_H
#define CORE_REPLY_TEXT_H

#include <glib.h>

/* Traditional to simplified; others stay. */
gunichar reply_simplify(gunichar c);

#endif
