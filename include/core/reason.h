/* reason.h - why a message may not leave: one word, one fate, one sentence each.
 *
 * In the one order of the gate. The same table feeds the gate, the balance, `reachd why`
 * and `reachd help reasons`. */
#ifndef CORE_REASON_H
#define CORE_REASON_H

enum reason {
	REASON_NONE,
	REASON_PAUSED, REASON_NOT_APPROVED, REASON_FROZEN, REASON_DATA_STALE, REASON_IN_CONVERSATION,
	REASON_ERASED, REASON_COMPLAINT_BLOCK, REASON_SUPPRESSED, REASON_NO_CONSENT, REASON_EXITED,
	REASON_GOAL_MET, REASON_AUDIENCE_MISMATCH, REASON_PAST, REASON_MERGED, REASON_EXPIRED,
	REASON_NO_ADDRESS, REASON_NOT_REACHABLE, REASON_RESIDENCY,
	REASON_PROVIDER_RULE,
	REASON_CONTENT_LINT, REASON_TEMPLATE_ERROR,
	REASON_QUIET, REASON_MIN_GAP, REASON_RATE_LIMITED,
	REASON_CONTROL,
	REASON_CAPPED, REASON_CAPPED_RESERVED,
	REASONS
};

enum fate {
	FATE_GO,
	FATE_HOLD,  /* stays due, asked again when the cause ends, until it expires */
	FATE_END,   /* ends the message; the run goes on as the playbook says */
	FATE_NEXT,  /* next channel of the step's list, else ends */
	FATE_ALARM, /* ends, and the author is told */
	FATE_UNTIL, /* stays due until the instant the rule names */
	FATE_CAP    /* on_cap decides */
};

const char *reason_name(int reason);
int reason_find(const char *name); /* -1: none */
enum fate reason_fate(int reason);
const char *reason_sentence(int reason); /* English, one plain sentence */
const char *reason_sentence_zh(int reason);

#endif
