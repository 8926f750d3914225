/* signal_read.h - one reader a signal, and when time alone changes it. Private to core/.
 */
#ifndef CORE_SIGNAL_READ_H
#define CORE_SIGNAL_READ_H

#include "core/signal.h"

#define READ(name) struct value read_##name(struct view *v)
#define NEXT(name) int next_##name(struct view *v, double than)
#define BOTH(name)  \
	READ(name); \
	NEXT(name##_next)

/* signal_visit.c */
READ(basics_share);
READ(basics_streak);
READ(extras_share);
READ(last_ticket);
READ(refusals);
READ(spend_total);
READ(ticket_mean);
READ(ticket_trend);
READ(visit_interval);
BOTH(spend_12m);
BOTH(spend_trend);
BOTH(cycles_missed);
BOTH(days_overdue);
BOTH(days_since_visit);
BOTH(stretch);
BOTH(visits_12m);
BOTH(visits_window);

/* signal_count.c */
READ(complaints_open);
READ(complaints_total);
READ(missed_events);
READ(referrals);
READ(second_cars);
READ(warranty_sales);
BOTH(asks_prices);
BOTH(attended);
BOTH(bookings);
BOTH(compares);
BOTH(competitor_seen);
BOTH(complaints);
BOTH(decides_slowly);
BOTH(distant);
BOTH(haggles);
BOTH(hesitates);
BOTH(invited);
BOTH(no_shows);
BOTH(refused_calls);
BOTH(reschedules);

/* signal_answer.c */
READ(answer_rate);
READ(answer_trend);
READ(below_floor);
READ(last_score);
READ(nps);
READ(score_falls);
READ(score_mean);
READ(score_trend);
READ(touches);
READ(touches_this_month);
READ(unanswered);
NEXT(month_next);
BOTH(presence);

/* signal_stage.c */
READ(clv);
READ(doubting_signs);
READ(potential);
READ(priority);
READ(success_rate);
READ(trying_signs);
READ(value_score);
NEXT(signs_next);
NEXT(any_next);
BOTH(days_in_stage);

/* The first day after today on which a count of days from `anchor` passes `than`. */
int next_count(struct view *v, double anchor, double than);

#undef READ
#undef NEXT
#undef BOTH

#endif
