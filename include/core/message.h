/* message.h - a touch and the message it becomes: its states, the moves between them, its columns.
 *
 *             T1                T2 (intent, durable)
 *  (none) ───────► DUE ─────────────────────────────► SENDING ──────────────────────────┐
 *                  ▲ │ gate: ends                      ├─ T3 taken ───► ACCEPTED ─► DELIVERED | UNDELIVERED | NO_RECEIPT
 *                  │ └──► SUPPRESSED(reason)           ├─ T3 refused ─► REJECTED ─► DUE (another channel)
 *                  ├─── T3 not written, refused for now┤
 *                  │                                   └─ no clear answer, crash, deadline ─► UNKNOWN
 *                  └── proved absent (key, query) ◄──────────────────────────────────────────┤
 *                               ACCEPTED ◄── found, same key ok, receipt ◄───────────────────┤
 *                               PRESUMED ◄── cannot be known: counts as sent ◄───────────────┤
 *       PRESUMED | REJECTED ◄── PARKED ◄── on_unknown: park, a person decides ◄──────────────┘
 *
 * A call goes on from SENDING in the same transaction: AWAITING ─► DELIVERED (spoken to)
 * | UNDELIVERED (nobody answered) | LAPSED (nobody called) | DUE (taken off the list
 * before a quiet window, or to be tried again). DUE ─► LAPSED: its deadline passed
 * while it was off the list.
 *
 * So does what a member of staff must send: SENDING | UNKNOWN ─► AWAITING ─► LAPSED ─► DUE (by
 * another channel of the step).
 *
 * PRESUMED and PARKED still rise when a receipt turns up; nothing leads from
 * PRESUMED to DUE. A save finds the row only where it may make the move. */
#ifndef CORE_MESSAGE_H
#define CORE_MESSAGE_H

#include <stdint.h>

#include "base/clock.h"
#include "base/fsm.h"
#include "core/words.h"

enum msg_state {
	MSG_DUE,
	MSG_SENDING,
	MSG_ACCEPTED,
	MSG_DELIVERED,
	MSG_UNDELIVERED,
	MSG_NO_RECEIPT,
	MSG_AWAITING, /* a person presses send, or calls */
	MSG_LAPSED,
	MSG_REJECTED,
	MSG_UNKNOWN,
	MSG_PRESUMED,
	MSG_PARKED,
	MSG_SUPPRESSED,
	MSG_STATES
};
extern const struct fsm message_fsm;

/* Scopes of which a message holds a slot (bits of message.slots); from SLOT_MONEY on one bit
 * for each kind of budget that pays for it. */
enum { SLOT_CUSTOMER = 1, SLOT_ADDRESS = 2, SLOT_PLAYBOOK = 4, SLOT_WINDOW = 8, SLOT_TURN = 16,
	SLOT_MONEY = 32 };

struct message {
	int64_t id; /* milliseconds << 20 | sequence: time-ordered */
	int64_t customer, run, version;
	int playbook; /* the store's number */
	const char *step;
	int occ;
	int state, reason; /* enum msg_state, enum reason */
	int channel, category, priority;
	ms_t planned_at, due_at, expires_at;
	/* The attempt under way, or the last one: */
	int n;             /* attempts begun */
	int64_t token;     /* of this attempt; random */
	int64_t epoch;     /* of the daemon that began it */
	const char *account;
	int64_t address;   /* keyed hash */
	ms_t begun_at;     /* T2, wall: the instant that counts for caps */
	ms_t key_at;       /* T2 of the first try under one idempotency key; 0: none */
	ms_t settle_at;    /* when to settle or look again; 0: nothing to do */
	int settle_n;      /* tries to settle so far */
	int slots, period; /* what is reserved; period is yyyymm, or yyyy */
	const char *variant; /* arm of the step's split; "" without */
	const char *template_;
	int segments;
	double cost;
	const char *provider_id, *perr;
};

/* Balance columns (ARCHITECTURE.md, Balance). */
enum column {
	COLUMN_PLANNED, COLUMN_HELD, COLUMN_AWAITING, COLUMN_SENT, COLUMN_UNKNOWN, COLUMN_CAPPED,
	COLUMN_OPTED_OUT, COLUMN_EXPIRED, COLUMN_FAILED, COLUMN_LEFT, COLUMN_CONTROL, COLUMNS
};
const char *column_name(int column);
/* due: its planned instant has come. */
enum column message_column(int state, int reason, int due);

/* ids: time-ordered, unique within one writer. *last is the highest given out. */
int64_t message_id(ms_t now, int64_t *last);
ms_t message_id_time(int64_t id);

#endif
