#include "core/message.h"

#include "core/reason.h"

/* Drawn in message.h. */
static const struct fsm_state states[MSG_STATES] = {
	[MSG_DUE] = { "due", FSM_TO(MSG_SENDING) | FSM_TO(MSG_SUPPRESSED) | FSM_TO(MSG_LAPSED) },
	[MSG_SENDING] = { "sending",
	    FSM_TO(MSG_ACCEPTED) | FSM_TO(MSG_REJECTED) | FSM_TO(MSG_DUE) | FSM_TO(MSG_UNKNOWN) |
		FSM_TO(MSG_AWAITING) },
	[MSG_ACCEPTED] = { "accepted",
	    FSM_TO(MSG_DELIVERED) | FSM_TO(MSG_UNDELIVERED) | FSM_TO(MSG_NO_RECEIPT) },
	[MSG_DELIVERED] = { "delivered", 0 },
	[MSG_UNDELIVERED] = { "undelivered", FSM_TO(MSG_DELIVERED) },
	[MSG_NO_RECEIPT] = { "no_receipt", FSM_TO(MSG_DELIVERED) | FSM_TO(MSG_UNDELIVERED) },
	[MSG_AWAITING] = { "awaiting",
	    FSM_TO(MSG_DELIVERED) | FSM_TO(MSG_UNDELIVERED) | FSM_TO(MSG_LAPSED) | FSM_TO(MSG_DUE) },
	[MSG_LAPSED] = { "lapsed", FSM_TO(MSG_DUE) },
	[MSG_REJECTED] = { "rejected", FSM_TO(MSG_DUE) },
	[MSG_UNKNOWN] = { "unknown",
	    FSM_TO(MSG_DUE) | FSM_TO(MSG_ACCEPTED) | FSM_TO(MSG_REJECTED) | FSM_TO(MSG_PRESUMED) |
		FSM_TO(MSG_PARKED) | FSM_TO(MSG_AWAITING) },
	[MSG_PRESUMED] = { "presumed",
	    FSM_TO(MSG_ACCEPTED) | FSM_TO(MSG_DELIVERED) | FSM_TO(MSG_UNDELIVERED) },
	[MSG_PARKED] = { "parked",
	    FSM_TO(MSG_ACCEPTED) | FSM_TO(MSG_PRESUMED) | FSM_TO(MSG_REJECTED) },
	[MSG_SUPPRESSED] = { "suppressed", 0 },
};
const struct fsm message_fsm = { "message", states, MSG_STATES };

static const char *const columns[COLUMNS] = {
	[COLUMN_PLANNED] = "planned",
	[COLUMN_HELD] = "held",
	[COLUMN_AWAITING] = "awaiting",
	[COLUMN_SENT] = "sent",
	[COLUMN_UNKNOWN] = "unknown",
	[COLUMN_CAPPED] = "capped",
	[COLUMN_OPTED_OUT] = "opted_out",
	[COLUMN_EXPIRED] = "expired",
	[COLUMN_FAILED] = "failed",
	[COLUMN_LEFT] = "left",
	[COLUMN_CONTROL] = "control",
};

const char *
column_name(int column)
{
	return column >= 0 && column < COLUMNS ? columns[column] : "";
}

static enum column
suppressed_column(int reason)
{
	switch (reason) {
	case REASON_CAPPED:
	case REASON_CAPPED_RESERVED:
		return COLUMN_CAPPED;
	case REASON_SUPPRESSED:
	case REASON_COMPLAINT_BLOCK:
	case REASON_NO_CONSENT:
	case REASON_ERASED:
		return COLUMN_OPTED_OUT;
	case REASON_GOAL_MET:
	case REASON_EXITED:
	case REASON_AUDIENCE_MISMATCH:
	case REASON_PAST:
	case REASON_MERGED:
		return COLUMN_LEFT;
	case REASON_CONTROL:
		return COLUMN_CONTROL;
	case REASON_EXPIRED:
	case REASON_QUIET: /* on_quiet: drop */
		return COLUMN_EXPIRED;
	default:
		return COLUMN_FAILED;
	}
}

enum column
message_column(int state, int reason, int due)
{
	switch (state) {
	case MSG_DUE:
		return due ? COLUMN_HELD : COLUMN_PLANNED;
	case MSG_ACCEPTED:
	case MSG_DELIVERED:
	case MSG_UNDELIVERED:
	case MSG_NO_RECEIPT:
	case MSG_PRESUMED:
		return COLUMN_SENT;
	case MSG_SENDING:
	case MSG_UNKNOWN:
	case MSG_PARKED:
		return COLUMN_UNKNOWN;
	case MSG_AWAITING:
		return COLUMN_AWAITING;
	case MSG_SUPPRESSED:
		return suppressed_column(reason);
	default:
		return COLUMN_FAILED;
	}
}

int64_t
message_id(ms_t now, int64_t *last)
{
	int64_t id = now << 20;

	if (id <= *last)
		id = *last + 1;
	*last = id;
	return id;
}

ms_t
message_id_time(int64_t id)
{
	return id >> 20;
}
