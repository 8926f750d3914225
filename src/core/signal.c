/* signal.c - the table of signals, in order of name, and how each is read. */
#include "core/signal.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "signal_read.h"

/* clang-format off */
#define SIGNALS(X) \
	X(answer_rate, SHARE, "messages, reply, answered", answer_rate, NULL, \
	    "of the last 16 touches that asked and could be answered, the share that was") \
	X(answer_trend, NUMBER, "messages, reply, answered", answer_trend, NULL, \
	    "answer rate of the last 4 of them less that of those before; needs 8") \
	X(asks_prices, NUMBER, "observation", asks_prices, asks_prices_next, \
	    "times seen asking for prices, in the window") \
	X(attended, NUMBER, "attended", attended, attended_next, "events attended, in 365 days") \
	X(basics_share, SHARE, "visit, order", basics_share, NULL, \
	    "share of the last 12 visits with nothing but the basics") \
	X(basics_streak, NUMBER, "visit, order", basics_streak, NULL, \
	    "visits in a row with nothing but the basics") \
	X(below_floor, BOOL, "messages, visits, the month", below_floor, month_next, \
	    "fewer touches this month than the tier's floor: being forgotten") \
	X(bookings, NUMBER, "booking", bookings, bookings_next, "appointments booked, in 365 days") \
	X(clv, NUMBER, "clv of lifecycle.yaml", clv, any_next, "value so far, in yuan, by the formula") \
	X(compares, NUMBER, "observation", compares, compares_next, \
	    "times seen comparing offers, in the window") \
	X(competitor_seen, NUMBER, "competitor_seen, observation", competitor_seen, \
	    competitor_seen_next, "times seen at a competitor's, in the window") \
	X(complaints, NUMBER, "complaint", complaints, complaints_next, "complaints, in the window") \
	X(complaints_open, NUMBER, "complaint, complaint_closed", complaints_open, NULL, \
	    "complaints not settled yet") \
	X(complaints_total, NUMBER, "complaint", complaints_total, NULL, "complaints, in all") \
	X(cycles_missed, NUMBER, "visit, order", cycles_missed, cycles_missed_next, \
	    "days since the last visit, in service cycles of his own") \
	X(days_in_stage, NUMBER, "stage_changed", days_in_stage, days_in_stage_next, \
	    "days since the stage was set") \
	X(days_overdue, NUMBER, "visit, order", days_overdue, days_overdue_next, \
	    "days past his own due date, the last visit plus his cycle; before it negative") \
	X(days_since_visit, NUMBER, "visit, order", days_since_visit, days_since_visit_next, \
	    "days since the last visit") \
	X(decides_slowly, NUMBER, "observation", decides_slowly, decides_slowly_next, \
	    "times seen deciding slowly, in the window") \
	X(distant, NUMBER, "observation", distant, distant_next, \
	    "times seen distant though he still comes, in the window") \
	X(doubting_signs, NUMBER, "signs of lifecycle.yaml", doubting_signs, signs_next, \
	    "signs of doubting that count today") \
	X(extras_share, SHARE, "visit, order", extras_share, NULL, \
	    "recommended extras accepted, of the last 12 visits") \
	X(haggles, NUMBER, "observation", haggles, haggles_next, \
	    "times seen haggling, in the window") \
	X(hesitates, NUMBER, "observation", hesitates, hesitates_next, \
	    "times seen hesitating, in the window") \
	X(invited, NUMBER, "invited", invited, invited_next, "invitations to events, in 365 days") \
	X(last_score, SHARE, "rating", last_score, NULL, "the last rating, as a share of its scale") \
	X(last_ticket, NUMBER, "visit, order", last_ticket, NULL, "yuan of the last visit") \
	X(missed_events, NUMBER, "invited, attended", missed_events, NULL, \
	    "latest invitations in a row he did not follow") \
	X(no_shows, NUMBER, "no_show", no_shows, no_shows_next, \
	    "appointments he did not come to, in the window") \
	X(nps, NUMBER, "rating with question: nps", nps, NULL, \
	    "promoters less detractors of his answers, -100 to 100; no mean of scores") \
	X(potential, NUMBER, "potential of lifecycle.yaml", potential, any_next, \
	    "future potential, by the table") \
	X(presence, SHARE, "visits, calls, messages", presence, presence_next, \
	    "how much of us he still remembers, 0 to 1") \
	X(priority, TEXT, "priority of lifecycle.yaml", priority, any_next, \
	    "of winning him back, by the table") \
	X(referrals, NUMBER, "referral", referrals, NULL, "customers he brought, in all") \
	X(refusals, NUMBER, "visit, order", refusals, NULL, \
	    "recommended extras refused since he last accepted one") \
	X(refused_calls, NUMBER, "call_refused", refused_calls, refused_calls_next, \
	    "calls refused, in the window") \
	X(reschedules, NUMBER, "reschedule", reschedules, reschedules_next, \
	    "appointments moved or cancelled, in the window") \
	X(score_falls, NUMBER, "rating", score_falls, NULL, \
	    "ratings in a row that were lower than the one before: 5, 4, 3 are 2") \
	X(score_mean, SHARE, "rating", score_mean, NULL, "mean of all ratings, as shares of their scales") \
	X(score_trend, NUMBER, "rating", score_trend, NULL, \
	    "the last rating less the mean of those before, as shares") \
	X(second_cars, NUMBER, "second_car", second_cars, NULL, "further cars bought, in all") \
	X(spend_12m, NUMBER, "visit, order, import", spend_12m, spend_12m_next, \
	    "yuan of the last 365 days") \
	X(spend_total, NUMBER, "visit, order, import", spend_total, NULL, "yuan of all orders known") \
	X(spend_trend, NUMBER, "visit, order", spend_trend, spend_trend_next, \
	    "yuan of the last 180 days against the 180 before: -0.3 is 30 % less") \
	X(stretch, NUMBER, "visit, order", stretch, stretch_next, \
	    "the longer of the last and the running interval, in his own means") \
	X(success_rate, SHARE, "success of lifecycle.yaml", success_rate, any_next, \
	    "chance of winning him back, by the table") \
	X(ticket_mean, NUMBER, "visit, order", ticket_mean, NULL, "yuan a visit, of the last 12") \
	X(ticket_trend, NUMBER, "visit, order", ticket_trend, NULL, \
	    "the last visit against the mean of those before: -0.3 is 30 % less") \
	X(touches, NUMBER, "messages", touches, NULL, "messages sent, in all") \
	X(touches_this_month, NUMBER, "messages, visits, the month", touches_this_month, month_next, \
	    "messages, visits, calls and chats this month") \
	X(trying_signs, NUMBER, "signs of lifecycle.yaml", trying_signs, signs_next, \
	    "signs of trying others that count today") \
	X(unanswered, NUMBER, "messages, reply, answered", unanswered, NULL, \
	    "latest touches in a row that asked, could be answered and were not") \
	X(value_score, NUMBER, "clv, success, potential", value_score, any_next, \
	    "clv x success rate x potential") \
	X(visit_interval, NUMBER, "visit, order, import", visit_interval, NULL, \
	    "days between his visits, his own mean") \
	X(visits_12m, NUMBER, "visit, order", visits_12m, visits_12m_next, "days he came, of the last 365") \
	X(visits_window, NUMBER, "visit, order", visits_window, visits_window_next, \
	    "days he came, in the window") \
	X(warranty_sales, NUMBER, "warranty_sale", warranty_sales, NULL, "warranties bought, in all")

#define LINE(name, type, from, read, next, help) \
	{ #name, SIGNAL_##type, from, read_##read, next_##next, help },
#define next_NULL NULL
static const struct signal table[] = { SIGNALS(LINE) };
#define NAME(name, ...) #name,
static const char *const names[] = { SIGNALS(NAME) NULL };
/* clang-format on */

#define N (sizeof(table) / sizeof(table[0]))

const struct signal *
signal_at(int i)
{
	return i >= 0 && (size_t)i < N ? &table[i] : NULL;
}

const char *const *
signal_names(void)
{
	return names;
}

const struct signal *
signal_find(const char *name, size_t len)
{
	size_t low = 0, high = N;

	while (low < high) {
		size_t mid = (low + high) / 2;
		int c = strncmp(name, table[mid].name, len);

		if (c == 0 && table[mid].name[len] != '\0')
			c = -1;
		if (c == 0)
			return &table[mid];
		if (c < 0)
			high = mid;
		else
			low = mid + 1;
	}
	return NULL;
}

const char *
signal_type_name(enum signal_type t)
{
	static const char *const types[] = { "number", "share", "true or false", "text" };

	return types[t];
}
