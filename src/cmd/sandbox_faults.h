/* sandbox_faults.h - misbehaving: odds from a JSON file, luck from the seed.
 *
 *	{"error_before": 0.02, "receipt_lost": 0.05, "slow_ms": 800}
 *
 * Odds are per request, or per receipt where the name says so; at most one
 * befalls a request. Pure after loading; the n-th request of a seed meets the
 * same fate each time. */
#ifndef CMD_SANDBOX_FAULTS_H
#define CMD_SANDBOX_FAULTS_H

#include <stdint.h>

#include "base/err.h"

enum sandbox_fault {
	FAULT_NONE,
	FAULT_ERROR_BEFORE,   /* 500, nothing taken */
	FAULT_ERROR_AFTER,    /* 500, yet taken */
	FAULT_THROTTLE,       /* 429 with Retry-After, nothing taken */
	FAULT_TIMEOUT_BEFORE, /* no answer, nothing taken */
	FAULT_TIMEOUT_AFTER,  /* no answer, yet taken */
	FAULT_DROP_BEFORE,    /* connection closed without a byte, nothing taken */
	FAULT_DROP_AFTER,     /* the same, yet taken */
	FAULT_CUT,            /* taken; the answer breaks off after some bytes */
	FAULT_GARBAGE, /* 200 and something that is no answer; taken every other time */
	FAULT_SLOW,    /* taken, answered late */
	FAULT_KINDS
};

struct sandbox_faults {
	double odds[FAULT_KINDS];
	double refuse; /* per message: refused for its content */
	double receipt_lost, receipt_doubled, receipt_reordered, receipt_late;
	int64_t slow_ms, timeout_ms, late_ms; /* real, real, virtual */
	int64_t retry_after_s, cut_bytes;     /* cut_bytes -1: drawn */
	int64_t only_first; /* so many requests may meet a fault; 0: all */
	uint64_t seed, requests, messages, events;
};

/* path NULL: a faultless sandbox. */
int sandbox_faults_load(
    struct sandbox_faults *f, const char *path, uint64_t seed, struct err *e);
/* The fate of the next request; *luck decides its details. */
enum sandbox_fault sandbox_faults_request(struct sandbox_faults *f, uint64_t *luck);
int sandbox_faults_refuse(struct sandbox_faults *f);

struct sandbox_fate {
	int copies;    /* 0: lost, 2: doubled */
	int64_t delay; /* virtual ms */
};
/* may_lose: only what a gateway tells of its own accord is ever lost. */
struct sandbox_fate sandbox_faults_event(struct sandbox_faults *f, int may_lose);

/* For `reachd sandbox --help`. */
extern const char sandbox_faults_help[];

#endif
