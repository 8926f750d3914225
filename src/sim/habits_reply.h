/* habits_reply.h - the words people answer with. Pure; all texts are constants. */
#ifndef SIM_HABITS_REPLY_H
#define SIM_HABITS_REPLY_H

#include <stdint.h>

/* What a text that asks for a figure gets: 回复1 mostly "1", 回复1-5 mostly the
 * upper end. NULL when the text asks for none (回复TD is the way out, no question). */
const char *habits_reply_asked(const char *text, uint64_t luck);
const char *habits_reply_chat(uint64_t luck);
const char *habits_reply_stop(uint64_t luck);
const char *habits_reply_wrong(uint64_t luck);
const char *habits_reply_complaint(uint64_t luck);

#endif
