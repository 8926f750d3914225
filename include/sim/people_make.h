/* people_make.h - plausible customers of a Chinese dealer group, out of a seed.
 *
 * Nobody of them exists: numbers begin with 154, which the ministry's numbering plan
 * has given to no operator; mailboxes are at example.com and example.org, which RFC
 * 2606 keeps empty; WeCom and push ids say demo. The nth person depends on seed, nth
 * and the day alone, so a longer list begins with the shorter one. Every person of a
 * seed has a number of their own. Any thread. */
#ifndef SIM_PEOPLE_MAKE_H
#define SIM_PEOPLE_MAKE_H

#include <stdint.h>

#include <glib.h>

#include "base/arena.h"
#include "core/customer.h"

#define PEOPLE_MAX 100000000 /* numbers there are */

/* nth from 0, below PEOPLE_MAX; today in days since 1970: nobody's last visit is
 * later than the day before. */
void people_make(
    struct arena *a, uint64_t seed, int64_t nth, int64_t today, struct customer *out);

/* The heading and one customer as lines of the CSV that `reachd import` reads. */
void people_make_heading(GString *out);
void people_make_row(const struct customer *c, GString *out);

#endif
