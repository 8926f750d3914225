/* sandbox_faults.c - the table of faults, its file, its dice. */
#include "sandbox_faults.h"

#include <inttypes.h>
#include <stddef.h>
#include <string.h>

#include <jansson.h>

#include "base/report.h"

static const char *const fault_names[FAULT_KINDS] = { "", "error_before", "error_after",
	"throttle", "timeout_before", "timeout_after", "drop_before", "drop_after", "cut",
	"garbage", "slow" };

struct setting {
	const char *name;
	size_t at;
	int64_t min, max;
};
#define ODDS(member)                                                   \
	{                                                              \
#member, offsetof(struct sandbox_faults, member), 0, 0 \
	}
#define WHOLE(member, min, max)                                            \
	{                                                                  \
#member, offsetof(struct sandbox_faults, member), min, max \
	}
static const struct setting odds[] = { ODDS(refuse), ODDS(receipt_lost),
	ODDS(receipt_doubled), ODDS(receipt_reordered), ODDS(receipt_late) };
static const struct setting whole[] = { WHOLE(slow_ms, 0, 3600000),
	WHOLE(timeout_ms, 0, 3600000), WHOLE(late_ms, 0, 864000000),
	WHOLE(retry_after_s, 0, 86400), WHOLE(cut_bytes, -1, 65536),
	WHOLE(only_first, 0, 1000000000) };
#define N(list) (sizeof(list) / sizeof((list)[0]))

const char sandbox_faults_help[] =
    "Faults file: a JSON object of odds between 0 and 1.\n"
    "  of a request (at most one befalls it):\n"
    "    error_before, error_after      500; nothing taken, or taken all the same\n"
    "    timeout_before, timeout_after  no answer within timeout_ms (20000)\n"
    "    drop_before, drop_after        connection closed without a byte\n"
    "    cut                            taken; the answer ends after cut_bytes (-1: "
    "drawn)\n"
    "    garbage                        200 with nonsense; taken every other time\n"
    "    slow                           taken, answered after slow_ms (1500)\n"
    "    throttle                       429, Retry-After: retry_after_s (1)\n"
    "    only_first                     so many requests meet faults, no later one (0: "
    "all)\n"
    "  of a message:  refuse            refused for its content\n"
    "  of what it posts:\n"
    "    receipt_lost                   never posted (replies are always posted)\n"
    "    receipt_doubled, receipt_reordered\n"
    "    receipt_late                   late_ms (7200000) later, in the people's time\n";

/* splitmix64 of (seed, stream, n): order of draws does not matter. */
static uint64_t
luck_of(uint64_t seed, uint64_t stream, uint64_t n)
{
	uint64_t x = seed * UINT64_C(0x9e3779b97f4a7c15) + (stream << 56) + n;
	for (int i = 0; i < 2; i++) {
		x += UINT64_C(0x9e3779b97f4a7c15);
		x = (x ^ (x >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
		x = (x ^ (x >> 27)) * UINT64_C(0x94d049bb133111eb);
		x ^= x >> 31;
	}
	return x;
}

static double
unit(uint64_t luck)
{
	return (double)(luck >> 11) * 0x1p-53;
}

static double *
find_odds(struct sandbox_faults *f, const char *name)
{
	for (int i = 1; i < FAULT_KINDS; i++)
		if (strcmp(fault_names[i], name) == 0)
			return &f->odds[i];
	for (size_t i = 0; i < N(odds); i++)
		if (strcmp(odds[i].name, name) == 0)
			return (double *)((char *)f + odds[i].at);
	return NULL;
}

static int
unknown_name(const char *path, const char *name, struct err *e)
{
	const char *names[FAULT_KINDS + N(odds) + N(whole) + 1] = { 0 };
	size_t n = 0;
	for (int i = 1; i < FAULT_KINDS; i++)
		names[n++] = fault_names[i];
	for (size_t i = 0; i < N(odds); i++)
		names[n++] = odds[i].name;
	for (size_t i = 0; i < N(whole); i++)
		names[n++] = whole[i].name;
	const char *near = report_nearest(name, names);
	return err_set(e, ERR_INPUT, "%s: unknown fault \"%s\"%s%s%s", path, name,
	    near != NULL ? "; did you mean \"" : "", near != NULL ? near : "",
	    near != NULL ? "\"?" : "; reachd sandbox --help lists them");
}

static int
read_setting(struct sandbox_faults *f, const char *path, const char *name,
    const json_t *v, struct err *e)
{
	double *p = find_odds(f, name);
	if (p != NULL) {
		if (!json_is_number(v) || json_number_value(v) < 0 ||
		    json_number_value(v) > 1)
			return err_set(e, ERR_INPUT,
			    "%s: \"%s\" is a number between 0 and 1", path, name);
		*p = json_number_value(v);
		return 0;
	}
	for (size_t i = 0; i < N(whole); i++) {
		if (strcmp(whole[i].name, name) != 0)
			continue;
		json_int_t n = json_integer_value(v);
		if (!json_is_integer(v) || n < whole[i].min || n > whole[i].max)
			return err_set(e, ERR_INPUT,
			    "%s: \"%s\" is a whole number between %" PRId64
			    " and %" PRId64,
			    path, name, whole[i].min, whole[i].max);
		*(int64_t *)((char *)f + whole[i].at) = n;
		return 0;
	}
	return unknown_name(path, name, e);
}

static int
check_sum(const struct sandbox_faults *f, const char *path, struct err *e)
{
	double sum = 0;
	for (int i = 1; i < FAULT_KINDS; i++)
		sum += f->odds[i];
	if (sum > 1.0 + 1e-9)
		return err_set(e, ERR_INPUT,
		    "%s: the odds of a request's faults add up to %.2f, "
		    "more than 1",
		    path, sum);
	return 0;
}

int
sandbox_faults_load(
    struct sandbox_faults *f, const char *path, uint64_t seed, struct err *e)
{
	*f = (struct sandbox_faults){ .slow_ms = 1500,
		.timeout_ms = 20000,
		.late_ms = 7200000,
		.retry_after_s = 1,
		.cut_bytes = -1,
		.seed = seed };
	if (path == NULL)
		return 0;
	json_error_t at;
	json_t *root = json_load_file(path, JSON_REJECT_DUPLICATES, &at);
	if (!json_is_object(root)) {
		json_decref(root);
		if (at.line <= 0)
			return err_set(e, ERR_INPUT, "%s: %s", path,
			    root == NULL ? at.text : "write one JSON object");
		struct pos pos = { path, at.line, at.column };
		return err_at(
		    e, pos, "%s", root == NULL ? at.text : "write one JSON object");
	}
	const char *name;
	json_t *v;
	int rc = 0;
	json_object_foreach(root, name, v)
	{
		rc = read_setting(f, path, name, v, e);
		if (rc != 0)
			break;
	}
	json_decref(root);
	return rc != 0 ? rc : check_sum(f, path, e);
}

enum sandbox_fault
sandbox_faults_request(struct sandbox_faults *f, uint64_t *luck)
{
	uint64_t n = f->requests++;
	double x = unit(luck_of(f->seed, 1, n));
	*luck = luck_of(f->seed, 2, n);
	if (f->only_first > 0 && n >= (uint64_t)f->only_first)
		return FAULT_NONE;
	for (int i = 1; i < FAULT_KINDS; i++) {
		if (x < f->odds[i])
			return (enum sandbox_fault)i;
		x -= f->odds[i];
	}
	return FAULT_NONE;
}

int
sandbox_faults_refuse(struct sandbox_faults *f)
{
	return f->refuse > 0 && unit(luck_of(f->seed, 3, f->messages++)) < f->refuse;
}

struct sandbox_fate
sandbox_faults_event(struct sandbox_faults *f, int may_lose)
{
	uint64_t n = f->events++;
	struct sandbox_fate fate = { .copies = 1 };
	if (may_lose && unit(luck_of(f->seed, 4, n)) < f->receipt_lost)
		fate.copies = 0;
	else if (unit(luck_of(f->seed, 5, n)) < f->receipt_doubled)
		fate.copies = 2;
	double order = unit(luck_of(f->seed, 6, n));
	if (order < f->receipt_reordered) /* behind what follows within ten minutes */
		fate.delay = (int64_t)(luck_of(f->seed, 7, n) % 600000);
	if (unit(luck_of(f->seed, 8, n)) < f->receipt_late)
		fate.delay += f->late_ms;
	return fate;
}
