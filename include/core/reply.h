/* reply.h - what a customer's answer means. Pure.
 *
 * Normalised by NFKC, both scripts to simplified, case folded, spaces and
 * punctuation trimmed. Words of one or two Latin letters and 取消 count only as
 * the whole message; a phrase anywhere else counts too and asks for a person to
 * look (`doubtful`). A negated opt-out phrase (我没有退订) stops all the same;
 * 不要停 does not. When in doubt the answer is stop. A number is taken from its
 * customer only by a whole message or by 我不是 with a person behind it (我不是车主,
 * 我不是张伟); 我不是很满意 is a customer's, and a person looks. */
#ifndef CORE_REPLY_H
#define CORE_REPLY_H

#include <stdbool.h>

#include "base/arena.h"
#include "core/playbook.h"
#include "core/policy.h"

struct reply_meaning {
	bool opt_out, opt_in, complaint, wrong_person;
	bool perhaps_wrong; /* 我不是 inside a sentence: maybe somebody else, maybe not */
	bool doubtful; /* matched inside a longer text: a person should look */
	const char *word; /* the keyword that matched; NULL: none */
};

char *reply_normalise(struct arena *a, const char *text);
void reply_classify(struct arena *a, const struct policy *p, const char *text,
    struct reply_meaning *out);
/* Nothing but words of the list `courtesy`, an emoji or both: nobody needs to answer that.
 * What asks or refuses wins: a question mark, 吗, 不, 没, 别, no ..., an emoji of anger. */
bool reply_is_courtesy(struct arena *a, const struct policy *p, const char *text);
bool reply_is_doubt(const char *text);
/* ---- scores ----
 *
 * A whole message that is a number (5, ５分, 五星, 十分) is one; where each digit answers a
 * question of its own (the highest asked for has three or more), they may stand apart:
 * 1 2 4, 1、2、4, A1 B2 C4. Where a number was asked
 * for, one number with words around it is one too, if it is all of this:
 *
 *   the only number said     digits; Chinese numerals where 分, 星 or 打 mark them
 *   0 to 99, no more digits  neither a telephone number nor 4.5 nor 三四分
 *   marked                   by 分 or 星 behind it (4分，等太久 · 四分 · 5星), by 打, 给 or
 *                            评 before it (给你们4吧 · 打 3), or apart from the words
 *                            (4，等太久 · 5 谢谢 · 还可以，4)
 *   not something else       10点, 3号, 5元, 8折, 4S店, Q5, 第3, 周5, 分钟, 分店, 十分满意,
 *                            三星手机, 满分5分, "1." and "1、" of a list
 *   not taken back           不是, 没有, 别打, 给不了, 不到, 扣, 加, 最多; 4分半, 4分以上
 *   said of now, not asked   上次, 如果, 下次 before it; 吗 and ? anywhere
 *
 * Everything else is words, which a person reads: a score that is missed costs a look,
 * one that is mistaken sends somebody the wrong message. */
struct reply_score {
	int score;           /* -1: none */
	const char *comment; /* the words around it as written; of no score all; "" none */
};
/* One score with words around it. */
bool reply_score(struct arena *a, const char *text, struct reply_score *out);
/* "-5": a minus before the digits. */
bool reply_is_negative(const char *text);
/* The highest number a playbook asks for; -1: it asks for none. */
int reply_scale(const struct playbook *p);

/* The first reply rule of a playbook that matches, or NULL; what it read in *out. A phrase
 * counts where it is meant: not behind 不, 没, 不太 ..., nor inside a number. asked:
 * the message that was answered is this playbook's, so a number may have words. */
const struct reply_rule *reply_match(struct arena *a, const struct playbook *p,
    const char *text, bool asked, struct reply_score *out);

#endif
