/* schema_people.c - the keys that say who may do what, and what wants two. */
#include "spec/schema.h"

#define KEYS(ident, title, ...)                                                          \
	static const struct schema_key ident##_keys[] = { __VA_ARGS__, { NULL, NULL } }; \
	const struct schema schema_##ident = { title, ident##_keys }

/* One key a line. */
/* clang-format off */

KEYS(member, "people",
    { "name", "as others know him" },
    { "role", "admin | general-manager | manager | marketer | specialist | advisor | viewer | auditor" },
    { "user", "his user of this machine, or a list of them" },
    { "stores", "ids of stores.yaml; default every one" });

KEYS(approvals, "approvals",
    { "audience", "more people than so many want a second approver; default 5000; off" },
    { "cost", "more yuan than so many want a second approver; default 1000; off" },
    { "due", "more messages within the hour want another person, automatic or not; default 20000; off" },
    { "lapse", "so long may it wait, default 30d" });

/* clang-format on */
